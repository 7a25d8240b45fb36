//! What every connector over HTTP has to stand, whichever CRM it reads: one suite over a small interface, [`Subject`].
//!
//! A connector's own tests implement it with their fake and call the stories; what only one CRM can do (its requests, its
//! scopes, its histories) stays with them. After each story the store equals what the CRM truly holds, and the figures
//! equal those of the same records read from CSV files.

pub(crate) mod access;
pub(crate) mod acts;
pub(crate) mod faults;
pub(crate) mod figures;
pub(crate) mod kills;
pub(crate) mod listings;
pub(crate) mod times;

use std::path::Path;

use crm_exporter::domain::Timestamp;
use crm_exporter::sync::{PollOutcome, Verdict};

use crate::fake_crm::{Fault, Server};

pub(crate) const MINUTE: i64 = 60_000;
pub(crate) const HOUR: i64 = 60 * MINUTE;
pub(crate) const DAY: i64 = 24 * HOUR;

/// What subjects name their source, so that figures can be compared.
pub(crate) const SOURCE: &str = "hub";

/// Something that happens in a CRM.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Act {
    /// Nobody does anything.
    Nothing,
    /// One deal is lost, if it was not, and changes its amount, each time to another.
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
    /// A record of every kind is erased for good: nothing is left of it, in no bin either.
    Erase,
}

impl Act {
    /// All of them, in an order in which they make sense.
    pub(crate) const ALL: [Act; 11] = [
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
        Act::Erase,
    ];
}

/// How a poll went.
pub(crate) struct Polled {
    pub(crate) outcome: PollOutcome,
    /// Requests that the CRM saw.
    pub(crate) requests: usize,
}

impl Polled {
    /// Fails unless everything that was due has been taken over.
    pub(crate) fn assert_complete(&self, story: &str) {
        assert_eq!(self.outcome.verdict, Verdict::Complete, "{story}: {:?}", self.outcome.errors);
    }
}

/// Something that happens on the CRM's own thread.
pub(crate) type Happening = Box<dyn Fn() + Send + Sync>;

/// A fake CRM with some of everything in it, and the store that a connector fills from it.
pub(crate) trait Subject {
    /// The fake's server: its faults, its log.
    fn server(&self) -> &Server;

    /// The time in the CRM.
    fn now(&self) -> Timestamp;

    /// Does something in the CRM.
    fn act(&self, act: Act);

    /// The same a second later, to happen while something is asked for.
    fn acting(&self, act: Act) -> Happening;

    /// Lets time pass, in milliseconds, and polls.
    async fn poll(&mut self, millis: i64) -> Polled;

    /// The most requests that a poll takes because of an act that has happened once, beside those of a poll without
    /// changes: by the sizes of the CRM's pages and batches.
    fn requests_of(&self, act: Act) -> usize;

    /// Adds so many deals, all made long ago.
    fn add_deals(&self, count: usize);

    /// From now on, what is changed is found so much later, in milliseconds.
    fn set_lag(&self, millis: i64);

    /// Ends the credentials in use: a token for good, an access token that can be renewed until it is.
    fn end_credentials(&self) -> Happening;

    /// Gives out another token and puts it where the old one was.
    fn replace_token(&self);

    /// What all requests contain that list something page by page.
    fn listings(&self) -> &'static [&'static str];

    /// A page of a listing without records, though there are more.
    fn empty_page(&self) -> Fault;

    /// A listing that shows no record and its end, whatever there is.
    fn empty_listing(&self) -> Fault;

    /// What the CRM says when the requests of a day are used up.
    fn used_up(&self) -> Fault;

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
