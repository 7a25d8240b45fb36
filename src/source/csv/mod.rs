//! Files: a directory of CSV exports, of any CRM or of a spreadsheet.
//!
//! The settings say which file holds which object and which column holds which field (`settings`, `build`, `fields`,
//! `mapping`, `hint`). Rows are read without holding a file whole (`encoding`, `rows`), their cells as numbers and dates
//! (`number`, `dates`), and their ids are noted (`ledger`).
#![expect(dead_code, reason = "the listing of files stands on it")]

mod build;
mod dates;
mod encoding;
mod fields;
mod hint;
mod ledger;
mod mapping;
mod number;
mod rows;
mod settings;
