//! The read model: what figures need of the records, compact and in memory.
//!
//! Columns are indexed by the store's keys. [`Facts::put`] takes rows one by one, at start all of them and later those
//! that each committed page changed; both ways lead to the same facts. What follows from several records (who is one
//! person, the first touch of a prospect, the stage at a time) is not kept but joined for one instant in [`View`].

mod accounts;
mod activities;
mod amounts;
mod answers;
mod column;
mod deal_state;
mod deals;
mod directory;
mod history;
mod ids;
mod key_accounts;
mod labels;
mod lead_history;
mod lead_state;
mod leads;
mod left_out;
mod merges;
mod names;
mod naming;
mod people;
mod prospects;
mod quotas;
mod rates;
mod rules;
pub mod settings;
mod sightings;
mod stages;
mod surveys;
#[cfg(test)]
pub mod testing;
mod titles;
mod touches;
mod view;

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::calendar::Calendar;
use crate::domain::{Object, Record, Row};

use accounts::Accounts;
use activities::Activities;
use deals::Deals;
use directory::{Directory, PipelineFacts, StageFacts, TeamFacts, UserFacts};
use history::History;
use lead_history::LeadHistory;
use leads::Leads;
use merges::Merges;
use names::Names;
use prospects::Prospects;
use quotas::Quotas;
use rates::Rates;
use sightings::Sightings;
use surveys::Surveys;
use titles::Titles;

pub use activities::Linked;
pub use column::NONE;
pub use deal_state::{DealState, Entry, Stay};
pub use key_accounts::KeyAccounts;
pub use labels::Labels;
pub use lead_state::{LeadState, Reached};
pub use left_out::LeftOut;
pub use people::{People, PeopleRules, Slot, SlotKind, TeamEntry};
pub use quotas::Quota;
pub use rules::{AccountRules, KeyRule, LeadRules, QualityRules, Rules, SourceInfo};
pub use surveys::Answer;
pub use touches::{Touch, Touches};
pub use view::{Coverage, View};

/// Everything that figures are made of.
#[derive(Debug)]
pub struct Facts {
    pub(crate) rules: Rules,
    pub(crate) calendar: Arc<Calendar>,
    pub(crate) directory: Directory,
    pub(crate) merges: Merges,
    pub(crate) names: Names,
    pub(crate) accounts: Accounts,
    pub(crate) prospects: Prospects,
    pub(crate) leads: Leads,
    pub(crate) lead_history: LeadHistory,
    pub(crate) deals: Deals,
    pub(crate) deal_titles: Titles,
    pub(crate) sightings: Sightings,
    pub(crate) account_titles: Titles,
    pub(crate) history: History,
    pub(crate) activities: Activities,
    pub(crate) rates: Rates,
    pub(crate) quotas: Quotas,
    pub(crate) surveys: Surveys,
    delivered: BTreeSet<(Option<u32>, Object)>,
    withheld: BTreeSet<(u32, Object)>,
}

impl Facts {
    /// No records yet. `delivered` says which source delivers which objects at all, by the store's number of the source
    /// (none: the store does not know it yet).
    pub fn new(rules: Rules, calendar: Arc<Calendar>, delivered: BTreeSet<(Option<u32>, Object)>) -> Facts {
        Facts {
            rules,
            calendar,
            directory: Directory::default(),
            merges: Merges::default(),
            names: Names::default(),
            accounts: Accounts::default(),
            prospects: Prospects::default(),
            leads: Leads::default(),
            lead_history: LeadHistory::default(),
            deals: Deals::default(),
            deal_titles: Titles::new("deal"),
            sightings: Sightings::default(),
            account_titles: Titles::new("account"),
            history: History::default(),
            activities: Activities::default(),
            rates: Rates::default(),
            quotas: Quotas::default(),
            surveys: Surveys::default(),
            delivered,
            withheld: BTreeSet::new(),
        }
    }

    /// The same without these objects of these sources, until facts are loaded that have them: their rows are as if nobody
    /// had told more of the records than their ids. To be called before the first row is put.
    pub fn without(self, withheld: BTreeSet<(u32, Object)>) -> Facts {
        Facts { withheld, ..self }
    }

    /// Puts other rules and another calendar in place. Rows must be read by them as they were by the former ones: kinds,
    /// states, levels, key activities, currency, business zone and sources are the same.
    pub fn set_rules(&mut self, rules: Rules, calendar: Arc<Calendar>) {
        self.rules = rules;
        self.calendar = calendar;
    }

    /// The objects that [`Facts::put`] looks at; rows of others need not be read.
    pub const OBJECTS: [Object; 14] = [
        Object::CurrencyRate,
        Object::Team,
        Object::User,
        Object::Pipeline,
        Object::Stage,
        Object::Account,
        Object::Contact,
        Object::Lead,
        Object::StatusChange,
        Object::Deal,
        Object::StageChange,
        Object::Activity,
        Object::Goal,
        Object::Survey,
    ];

    /// Makes room for rows with keys below `keys`, which saves memory before a load.
    pub fn reserve(&mut self, object: Object, keys: usize) {
        match object {
            Object::Account => {
                self.account_titles.reserve(keys);
                self.accounts.reserve(keys);
            }
            Object::Contact => self.prospects.reserve(keys, 0),
            Object::Lead => {
                self.prospects.reserve(0, keys);
                self.leads.reserve(keys);
            }
            Object::StatusChange => self.lead_history.reserve(keys),
            Object::Deal => {
                self.deals.reserve(keys);
                self.deal_titles.reserve(keys);
            }
            Object::StageChange => self.history.reserve(keys),
            Object::Activity => self.activities.reserve(keys),
            _ => {}
        }
    }

    /// Takes a row in, in place of what was known of its record. Rows of sources that do not count are as if deleted.
    pub fn put(&mut self, row: Row) {
        let Row { key, source, id, version, live, merged_into, sightings, record } = row;
        let counts = self.rules.counts(source);
        let is_withheld = !self.withheld.is_empty() && self.withheld.contains(&(source, record.object()));
        let known = version.is_some() && !is_withheld;
        let live = live && counts && !is_withheld;
        self.merges.set(record.object(), key, merged_into.filter(|_| !live && !is_withheld));
        let (rules, calendar) = (&self.rules, self.calendar.as_ref());
        let place = rules.source_order(source);
        // A contact or lead that is only mentioned is a prospect where nobody will ever tell more of it.
        let untold = counts && !known && !self.delivered.contains(&(Some(source), record.object()));
        let directory = &mut self.directory;
        match record {
            Record::User(user) if live => drop(directory.users.insert(key.0, UserFacts { source, id, user })),
            Record::User(_) => drop(directory.users.remove(&key.0)),
            // A team that users name is a team, even if nobody has described it.
            Record::Team(team) if counts && (live || !known) => {
                directory.teams.insert(key.0, TeamFacts { source, id, team });
            }
            Record::Team(_) => drop(directory.teams.remove(&key.0)),
            // Deals and history may name pipelines and stages that are gone: their names stay.
            Record::Pipeline(pipeline) => {
                directory.pipelines.insert(key.0, PipelineFacts { source, id, pipeline });
            }
            Record::Stage(stage) => {
                directory.stages.insert(key.0, StageFacts::new(rules, source, id, stage, live));
            }
            // An account that deals name is one, even if nobody has described it.
            Record::Account(account) if counts && (live || !known) => {
                self.account_titles.put(key, place, &id, account.name.as_deref(), &mut self.names);
                self.accounts.put(key, (source, &id), &account, rules, calendar, &mut self.names);
                if !live {
                    self.accounts.leave_untold(key);
                }
            }
            Record::Account(_) => {
                self.account_titles.remove(key);
                self.accounts.remove(key);
            }
            Record::Contact(contact) if live => self.prospects.put_contact(key, &contact, rules),
            Record::Contact(_) => self.prospects.remove_contact(key, untold),
            Record::Lead(lead) if live => {
                self.prospects.put_lead(key, &lead, rules);
                self.leads.put(key, source, &lead, rules, calendar, &mut self.names);
            }
            Record::Lead(_) => {
                self.prospects.remove_lead(key, untold);
                self.leads.remove(key);
            }
            Record::StatusChange(change) if live => self.lead_history.put(key, source, &change, rules, calendar),
            Record::StatusChange(_) => self.lead_history.remove(key),
            Record::Deal(deal) if live => {
                self.deals.put(key, source, &deal, rules, calendar, &mut self.names);
                self.deal_titles.put(key, place, &id, deal.name.as_deref(), &mut self.names);
                self.sightings.put(key, source, &sightings, rules);
            }
            Record::Deal(_) => {
                self.deals.remove(key);
                self.deal_titles.remove(key);
                self.sightings.remove(key);
            }
            Record::StageChange(change) if live => self.history.put(key, &change, calendar),
            Record::StageChange(_) => self.history.remove(key),
            Record::Activity(activity) if live => {
                self.activities.put(key, source, &id, &activity, rules, calendar);
            }
            Record::Activity(_) => self.activities.remove(key),
            Record::CurrencyRate(rate) if live => self.rates.put(key, source, &rate, calendar),
            Record::CurrencyRate(_) => self.rates.remove(key),
            Record::Goal(goal) if live => self.quotas.put(key, source, goal),
            Record::Goal(_) => self.quotas.remove(key),
            Record::Survey(survey) if live => self.surveys.put(key, &survey, calendar, &mut self.names),
            Record::Survey(_) => self.surveys.remove(key),
            // No figure is made of these yet.
            Record::OwnerChange(_) => {}
        }
    }

    /// Whether any source delivers such records at all.
    pub(crate) fn is_delivered(&self, object: Object) -> bool {
        self.delivered.iter().any(|(_, delivered)| *delivered == object)
    }

    /// The rules by which rows are read.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Contact, Deal, Key, Timestamp};

    fn row(key: u32, told: bool, record: impl Into<Record<Key>>) -> Row {
        let version = told.then_some(Timestamp(1));
        Row {
            key: Key(key),
            source: 0,
            id: key.to_string(),
            version,
            live: told,
            merged_into: None,
            sightings: Vec::new(),
            record: record.into(),
        }
    }

    /// Facts of one source that delivers these objects, without those.
    fn facts(delivered: &[Object], withheld: &[Object]) -> Facts {
        let source = SourceInfo { key: 0, name: "crm".into(), dictionary: Default::default() };
        let rules = Rules::new(&[source], &crate::settings::Settings::default().readings()).unwrap();
        let calendar = Calendar::new(&Default::default(), std::path::Path::new(".")).unwrap();
        let delivered = delivered.iter().map(|object| (Some(0), *object)).collect();
        Facts::new(rules, calendar.into(), delivered).without(withheld.iter().map(|object| (0, *object)).collect())
    }

    #[test]
    fn what_is_withheld_is_only_mentioned() {
        let title = Contact { title: Some("Chief".into()), ..Contact::default() };
        for (told, delivered, withheld, expected) in [
            // Nobody will tell more of it: it is a prospect.
            (false, &[Object::Deal][..], &[][..], true),
            // Somebody will.
            (false, &[Object::Deal, Object::Contact], &[], false),
            (true, &[Object::Deal, Object::Contact], &[], true),
            // What has been told of it already changes nothing.
            (false, &[Object::Deal], &[Object::Contact], true),
            (true, &[Object::Deal], &[Object::Contact], true),
        ] {
            let mut facts = facts(delivered, withheld);
            facts.put(row(3, told, title.clone()));
            assert_eq!(facts.prospects.has_contact(3), expected, "{told} {delivered:?} {withheld:?}");
            let is_read = facts.prospects.contact_level(3, &facts.rules) != facts.rules.unknown_level();
            assert_eq!(is_read, told && withheld.is_empty(), "{told} {delivered:?} {withheld:?}");
        }
        let mut facts = facts(&[Object::Contact], &[Object::Deal]);
        facts.put(row(0, true, Deal::default()));
        assert_eq!(facts.deals.len(), 0);
    }
}
