//! Files: a directory of CSV exports, of any CRM or of a spreadsheet.
//!
//! Rows are read without holding a file whole (`encoding`, `rows`), their cells as numbers and dates (`number`, `dates`),
//! and their ids are noted (`ledger`).
#![expect(dead_code, reason = "the listing of files stands on it")]

mod dates;
mod encoding;
mod ledger;
mod number;
mod rows;
