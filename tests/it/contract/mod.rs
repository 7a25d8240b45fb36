//! What every connector over HTTP has to stand, whichever CRM it reads: one suite over a small interface, [`Subject`].
//!
//! A connector's own tests implement it with their fake and call the stories; what only one CRM can do (its requests, its
//! scopes, its histories) stays with them. After each story the store equals what the CRM truly holds, and the figures
//! equal those of the same records read from CSV files.

pub(crate) mod acts;
pub(crate) mod faults;
pub(crate) mod figures;
pub(crate) mod kills;

use std::path::Path;

use crm_exporter::domain::Timestamp;
use crm_exporter::sync::PollOutcome;

use crate::fake_crm::Server;

/// What subjects name their source, so that figures can be compared.
pub(crate) const SOURCE: &str = "hub";

/// Something that happens in a CRM.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Act {
    /// Nobody does anything.
    Nothing,
    /// One deal changes its stage and its amount.
    ChangeOne,
    /// All deals change within one instant.
    ChangeAll,
    /// A record of every kind is added.
    Add,
    /// A record of every kind is deleted, as people do it.
    Delete,
    /// They come back.
    Undelete,
    /// Two records become one, of every kind that can be merged.
    Merge,
    /// A deal takes a stage, an owner and a currency that nobody has heard of.
    NameUnknown,
    /// A deal's amount becomes one that cannot be read; what was known of the deal stays.
    Garble,
    /// Somebody leaves the company.
    Leave,
}

impl Act {
    /// All of them, in an order in which they make sense.
    pub(crate) const ALL: [Act; 10] = [
        Act::Nothing,
        Act::ChangeOne,
        Act::ChangeAll,
        Act::Add,
        Act::Delete,
        Act::Undelete,
        Act::Merge,
        Act::Leave,
        Act::NameUnknown,
        Act::Garble,
    ];
}

/// A fake CRM with some of everything in it, and the store that a connector fills from it.
pub(crate) trait Subject {
    /// The fake's server: its faults, its log.
    fn server(&self) -> &Server;

    /// The time in the CRM.
    fn now(&self) -> Timestamp;

    /// Does something in the CRM.
    fn act(&self, act: Act);

    /// Lets time pass, in milliseconds, and polls.
    async fn poll(&mut self, millis: i64) -> PollOutcome;

    /// Holds every object of the store against the CRM.
    fn assert_true(&self);

    /// The settings file: the source, named [`SOURCE`], and its store.
    fn settings(&self) -> &Path;

    /// Writes what the CRM truly holds as CSV files into a directory, and tells the `objects` of a source of kind `csv`
    /// that reads them, as lines of YAML.
    fn write_csv(&self, directory: &Path) -> String;

    /// Kinds of activity that the connector knows beside those that every source knows, as the setting
    /// `activities.kinds`: figures show a zero for each.
    fn activity_kinds(&self) -> &'static str;
}
