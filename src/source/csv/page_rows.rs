//! Rows of one file into the content of a page: records, what was named beside them, and what could not be read.

use std::collections::BTreeSet;

use super::header::Header;
use super::ledger::Ledger;
use super::mention::{self, Mention};
use super::part::Part;
use super::record::{Fault, RowReader};
use super::rows::{Batch, RawRow};
use crate::domain::{Next, Object, Page, Reason, Record, Stamped, Sweep, Timestamp, Unreadable, When};

const DAY_MILLIS: i64 = 86_400_000;

/// What the rows of a page come to.
pub(super) struct PageRows<'p> {
    part: &'p Part,
    version: Timestamp,
    /// Activities before this are only noted as existing.
    oldest: Option<Timestamp>,
    records: Vec<Stamped>,
    unreadable: Vec<Unreadable>,
    seen: Vec<(Object, String)>,
    mentions: BTreeSet<Mention>,
    /// Whether a row may have swallowed others.
    pub(super) doubtful: bool,
}

impl<'p> PageRows<'p> {
    /// Nothing yet, of a listing that began at `began_at`.
    pub(super) fn new(part: &'p Part, began_at: Timestamp, history_days: Option<u32>) -> Self {
        PageRows {
            part,
            version: began_at,
            oldest: history_days.map(|days| began_at.plus_millis(-i64::from(days) * DAY_MILLIS)),
            records: Vec::new(),
            unreadable: Vec::new(),
            seen: Vec::new(),
            mentions: BTreeSet::new(),
            doubtful: false,
        }
    }

    /// Takes what the settings name.
    pub(super) fn take_listed(&mut self) {
        self.mentions.extend(mention::listed(&self.part.mapping));
    }

    /// Takes the rows of `batch`.
    pub(super) fn take(&mut self, batch: &Batch, header: &Header, ledger: &mut Ledger) {
        let (whole, broken) = match batch.rows.split_last() {
            Some((last, whole)) if batch.unclosed => (whole, Some(last)),
            _ => (batch.rows.as_slice(), None),
        };
        for row in whole {
            self.take_row(row, RowReader::new(&self.part.mapping, header, row), ledger);
        }
        if let Some(row) = broken {
            self.doubtful = true;
            let text = "a quote is opened and not closed before the end of the file".to_owned();
            self.report(row, Fault { reason: Reason::Malformed, text });
        }
    }

    fn take_row(&mut self, row: &RawRow, reader: RowReader<'_>, ledger: &mut Ledger) {
        let object = self.part.mapping.object;
        if let Err(fault) = reader.check_width() {
            self.doubtful |= row.spans_lines;
            // Made of cells in wrong places, an id would be nobody's.
            if self.part.mapping.id.is_some() {
                self.seen.extend(reader.id().ok().map(|id| (object, id)));
            }
            return self.report(row, fault);
        }
        let id = match reader.identify(ledger) {
            Ok(id) => id,
            Err(fault) => return self.report(row, fault),
        };
        self.mentions.extend(reader.mentions());
        match reader.record() {
            Ok(record) if self.is_too_old(&record) => self.seen.push((object, id)),
            Ok(record) => self.records.push(Stamped { id, version: self.version, record }),
            Err(fault) => {
                self.seen.push((object, id));
                self.report(row, fault);
            }
        }
    }

    fn is_too_old(&self, record: &Record<String>) -> bool {
        let (Some(oldest), Record::Activity(activity)) = (self.oldest, record) else { return false };
        let at = activity.at.or(activity.completed_at).or(activity.due).or(activity.created_at);
        at.is_some_and(|at| match at {
            When::At(at) => at < oldest,
            When::On(day) => day < oldest.utc().date_naive(),
        })
    }

    fn report(&mut self, row: &RawRow, fault: Fault) {
        self.unreadable.push(Unreadable {
            object: self.part.mapping.object,
            id: format!("{}:{}", self.part.name, row.line),
            reason: fault.reason,
            detail: fault.text,
        });
    }

    /// The page of these rows.
    pub(super) fn into_page(self, next: Next, sweep: Sweep) -> Page {
        let version = self.version;
        let mut records: Vec<Stamped> = mention::records(&self.mentions, &self.part.mapping)
            .into_iter()
            .map(|(id, record)| Stamped { id, version, record })
            .collect();
        records.extend(self.records);
        let sweep = Sweep { seen: self.seen, ..sweep };
        Page { records, unreadable: self.unreadable, sweep: Some(sweep), ..Page::empty(next) }
    }
}
