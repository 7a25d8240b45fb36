//! What an account holds, whole, and how its service behaves where the published facts leave room.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use chrono_tz::Tz;
use crm_exporter::domain::Timestamp;

use super::access::Access;
use super::associations::Links;
use super::currencies::Currencies;
use super::kind::Kind;
use super::limits::Limiter;
use super::people::People;
use super::pipelines::Pipeline;
use super::record::Record;
use super::table::Table;
use crate::fake_crm::Clock;

/// Where the facts leave room, or accounts differ. Tests set what they are about.
#[derive(Debug, Clone)]
pub(crate) struct Behaviour {
    /// The search index shows what was true this long ago.
    pub(crate) index_lag_millis: i64,
    /// Versions of a property that histories show; as much as is said of HubSpot where none is set.
    pub(crate) history_versions: Option<usize>,
    /// Timestamps of histories as milliseconds since 1970 instead of ISO 8601.
    pub(crate) history_in_millis: bool,
    /// Ids in associations as numbers; where none is set, as the version of the path has them.
    pub(crate) numeric_association_ids: Option<bool>,
    /// Associated records in one answer for one record, inside batches and inline.
    pub(crate) associations_per_page: usize,
    /// Ids that are not there make a batch a partial failure instead of being left out.
    pub(crate) absent_ids_fail: bool,
    /// The subscription includes leads.
    pub(crate) has_leads: bool,
    /// The legacy path of call dispositions is there.
    pub(crate) has_dispositions: bool,
    /// Dated versions of paths that are there.
    pub(crate) versions: Vec<&'static str>,
}

impl Default for Behaviour {
    fn default() -> Behaviour {
        Behaviour {
            index_lag_millis: 0,
            history_versions: None,
            history_in_millis: false,
            numeric_association_ids: None,
            associations_per_page: 500,
            absent_ids_fail: false,
            has_leads: true,
            has_dispositions: true,
            versions: vec!["2026-03", "2026-09"],
        }
    }
}

/// An account of HubSpot.
#[derive(Debug)]
pub(crate) struct Account {
    pub(super) clock: Arc<Clock>,
    /// How the service behaves.
    pub(crate) behaviour: Behaviour,
    /// The account's time zone, at whose midnight the day's budget begins anew.
    pub(crate) zone: Tz,
    pub(super) tables: BTreeMap<Kind, Table>,
    pub(super) links: Links,
    pub(super) pipelines: BTreeMap<Kind, Vec<Pipeline>>,
    pub(super) audits: Vec<super::pipelines::Audit>,
    pub(super) people: People,
    pub(super) currencies: Currencies,
    pub(super) access: Access,
    pub(super) limiter: Limiter,
    /// Id and label.
    pub(super) dispositions: Vec<(String, String)>,
    /// Owner and share of those who split a deal.
    pub(super) splits: BTreeMap<u64, Vec<(String, String)>>,
    /// Records that fail in batches, and why.
    pub(super) failing: HashMap<(Kind, u64), String>,
}

impl Account {
    /// An account as it is on its first day: default pipelines, no record, nobody in it.
    pub(super) fn new(clock: Arc<Clock>) -> Account {
        let mut account = Account {
            currencies: Currencies::new("USD", clock.now()),
            limiter: Limiter::default(),
            clock,
            behaviour: Behaviour::default(),
            zone: Tz::Europe__Dublin,
            tables: Kind::ALL.into_iter().map(|kind| (kind, Table::new(kind))).collect(),
            links: Links::default(),
            pipelines: BTreeMap::new(),
            audits: Vec::new(),
            people: People::default(),
            access: Access::default(),
            dispositions: super::calling::defaults(),
            splits: BTreeMap::new(),
            failing: HashMap::new(),
        };
        account.add_default_pipelines();
        account.offer_dispositions();
        account
    }

    /// The time in the account.
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(super) fn table(&self, kind: Kind) -> &Table {
        &self.tables[&kind]
    }

    pub(super) fn table_mut(&mut self, kind: Kind) -> &mut Table {
        self.tables.get_mut(&kind).unwrap()
    }

    /// Sets the id of the next record of a kind; those after it count on from there.
    pub(crate) fn begin_ids_at(&mut self, kind: Kind, id: u64) {
        self.table_mut(kind).next_id = id;
    }

    /// Lets batches that ask for this record fail partly.
    pub(crate) fn fail_in_batches(&mut self, kind: Kind, id: u64, message: &str) {
        self.failing.insert((kind, id), message.to_owned());
    }

    /// Divides a deal among owners: their ids and shares, such as 0.5.
    pub(crate) fn split_deal(&mut self, deal: u64, shares: &[(&str, &str)]) {
        let shares = shares.iter().map(|(owner, share)| ((*owner).to_owned(), (*share).to_owned())).collect();
        self.splits.insert(deal, shares);
    }

    /// Everything of a kind that is neither erased nor merged away, by id, archived records included: the truth that a
    /// reader of the account should end with.
    pub(crate) fn truth(&self, kind: Kind) -> impl Iterator<Item = Truth<'_>> {
        let table = self.table(kind);
        table.from(0).map(move |record| Truth { table, record })
    }
}

/// A record as it truly is.
pub(crate) struct Truth<'a> {
    table: &'a Table,
    record: &'a Record,
}

impl Truth<'_> {
    pub(crate) fn id(&self) -> u64 {
        self.record.id
    }

    /// When it was put into the recycle bin, if it lies there.
    pub(crate) fn archived_at(&self) -> Option<Timestamp> {
        self.record.archived_at
    }

    /// What a property shows; nothing where it is empty.
    pub(crate) fn property(&self, name: &str) -> Option<String> {
        self.table.text(self.record.id, name)
    }

    /// All that a property ever showed, oldest first.
    pub(crate) fn history(&self, name: &str) -> Vec<(Timestamp, Option<String>)> {
        let number = self.table.property(name).unwrap();
        let versions = self.record.versions().iter().filter(|version| version.property == number);
        versions.map(|version| (version.at, version.value.text())).collect()
    }
}
