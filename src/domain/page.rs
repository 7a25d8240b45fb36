//! What a source hands to the store: one page of changes and how to go on.

use super::{Object, Record, Timestamp};

/// Where a stream stands. Only its source reads it; everybody else keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor(pub String);

/// One page of a stream. Together with its cursor it is applied in one transaction; applying it twice changes nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// New and changed records.
    pub records: Vec<Stamped>,
    /// What was deleted.
    pub gone: Vec<Gone>,
    /// What was merged into another record.
    pub merged: Vec<Merged>,
    /// What could not be read; skipped, logged and counted by whoever applies the page.
    pub unreadable: Vec<Unreadable>,
    /// The complete listing that this page belongs to, if it does.
    pub sweep: Option<Sweep>,
    /// Records whose details (stage history, associations) are to be fetched.
    pub pending: Vec<PendingId>,
    /// Whether and how to go on.
    pub next: Next,
}

impl Page {
    /// A page without content.
    pub fn empty(next: Next) -> Page {
        Page {
            records: Vec::new(),
            gone: Vec::new(),
            merged: Vec::new(),
            unreadable: Vec::new(),
            sweep: None,
            pending: Vec::new(),
            next,
        }
    }
}

/// How to go on after a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// There is more: ask again at once, from here.
    More(Cursor),
    /// The stream is up to date: ask again from here at the next poll.
    UpToDate(Cursor),
}

impl Next {
    /// Where to go on.
    pub fn cursor(&self) -> &Cursor {
        match self {
            Next::More(cursor) | Next::UpToDate(cursor) => cursor,
        }
    }
}

/// A record with its id and the stamp that decides between two versions of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Stamped {
    /// The CRM's id.
    pub id: String,
    /// The CRM's modification time; where it has none, when the listing began. An older stamp never wins over a newer one.
    pub version: Timestamp,
    /// What the CRM says.
    pub record: Record<String>,
}

/// A record that was deleted in the CRM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gone {
    /// Its kind.
    pub object: Object,
    /// The CRM's id.
    pub id: String,
    /// When it was deleted, or when that was noticed. A record with a later stamp is alive again.
    pub at: Timestamp,
}

/// A record that was merged into another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    /// The kind of both.
    pub object: Object,
    /// The one that is no more.
    pub id: String,
    /// The survivor.
    pub into: String,
    /// When, or when that was noticed.
    pub at: Timestamp,
}

/// A record that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// Its kind.
    pub object: Object,
    /// The CRM's id, or where it stands (file and line).
    pub id: String,
    /// What is wrong, in a word: the value of the label `reason`.
    pub reason: Reason,
    /// What is wrong, in a sentence without personal data.
    pub detail: String,
}

/// Why a record could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// It has no id.
    MissingId,
    /// Its id stands twice in one listing.
    DuplicateId,
    /// A field that it cannot do without is missing.
    MissingField,
    /// A field holds what its type does not allow.
    InvalidValue,
    /// It is not in the expected form at all.
    Malformed,
}

impl Reason {
    /// The value of the label `reason`.
    pub const fn name(self) -> &'static str {
        match self {
            Reason::MissingId => "missing_id",
            Reason::DuplicateId => "duplicate_id",
            Reason::MissingField => "missing_field",
            Reason::InvalidValue => "invalid_value",
            Reason::Malformed => "malformed",
        }
    }
}

/// A page's place in a complete listing of some objects. When the listing ends, what it did not show is deleted: every
/// record of these objects and this source whose stamp is not after `began_at` and which was in no page of the listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sweep {
    /// When the listing began; also its name: pages with the same value belong together.
    pub began_at: Timestamp,
    /// What is listed.
    pub objects: Vec<Object>,
    /// Ids of records that exist but are not in the page's `records` (listings of bare ids, records that exist but could
    /// not be read). Records in the page need not be repeated here.
    pub seen: Vec<(Object, String)>,
    /// Whether this page is the last one.
    pub ends: bool,
}

/// A record whose details are to be fetched.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PendingId {
    /// Its kind.
    pub object: Object,
    /// The CRM's id.
    pub id: String,
}
