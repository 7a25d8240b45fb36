//! Facts as they stand at one instant: what every figure of a snapshot is derived from.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{Datelike as _, Days};
use rust_decimal::Decimal;

use super::amounts::Amount;
use super::column::Column;
use super::deal_state::DealState;
use super::deals::NO_DAY;
use super::history::ByDeal;
use super::key_accounts::KeyAccounts;
use super::labels::{Labels, UNKNOWN};
use super::lead_state::LeadState;
use super::left_out::Listening;
use super::people::{People, PeopleRules};
use super::settings::Credit;
use super::stages::Stages;
use super::touches::Touches;
use super::{Facts, KeyRule, Linked, NONE, Quota, Rules};
use crate::calendar::{Calendar, Schedule, Window};
use crate::domain::{ActivityState, DealStatus, Minor, Object, Timestamp};

/// Times up to so long after `now` count as `now` while live: the CRM's clock differs from ours.
const CLOCK_TOLERANCE_MILLIS: i64 = 15 * 60 * 1000;

/// What the records at hand are good for.
#[derive(Debug, Clone, Default)]
pub struct Coverage {
    /// Objects that every source which delivers them has delivered completely at least once.
    pub complete: BTreeSet<Object>,
    /// When the last poll began; an earlier `now` is in the past. None: nothing was ever polled.
    pub polled_at: Option<Timestamp>,
    /// Activities before this may be missing; none: all are held.
    pub activities_since: Option<Timestamp>,
    /// When each source last succeeded.
    pub successes: BTreeMap<u32, Timestamp>,
}

/// Keys of the pipelines in which somebody owns a deal: per slot, and of all together.
#[derive(Debug)]
struct OwnedPipelines {
    by_slot: Vec<BTreeSet<u32>>,
    all: BTreeSet<u32>,
}

/// Facts at an instant. Whatever follows from several records is joined once, when it is first asked for.
pub struct View<'a> {
    /// The facts.
    pub facts: &'a Facts,
    /// The instant.
    pub now: Timestamp,
    /// Whether `now` is not before the last poll. Otherwise the view is as of a past instant.
    pub live: bool,
    /// What the records are good for.
    pub coverage: &'a Coverage,
    /// Everybody.
    pub people: People,
    /// Whether e-mail addresses of reps are shown.
    pub show_email: bool,
    labels: Labels,
    stages: Stages,
    /// Slots by the keys of owners, merged ones too.
    slots: Column<u32>,
    history: ByDeal,
    deal_states: OnceCell<Vec<Option<DealState>>>,
    touches: OnceCell<Touches>,
    lead_states: OnceCell<Vec<Option<LeadState>>>,
    answers: OnceCell<Vec<Option<Timestamp>>>,
    owned_pipelines: OnceCell<OwnedPipelines>,
    key_accounts: OnceCell<KeyAccounts>,
    first_activity: OnceCell<Option<Timestamp>>,
    first_deal: OnceCell<Option<Timestamp>>,
    first_lead: OnceCell<Option<Timestamp>>,
    pub(super) listening: Listening,
}

impl<'a> View<'a> {
    /// The facts as of `now`.
    pub fn new(facts: &'a Facts, people: &PeopleRules, coverage: &'a Coverage, now: Timestamp) -> View<'a> {
        let show_email = people.show_email();
        let live = coverage.polled_at.is_none_or(|polled_at| now >= polled_at);
        let owners = || owners(facts, now);
        let people = People::new(facts, people, owners);
        let labels = Labels::new(facts);
        let stages = Stages::new(&facts.directory, &facts.merges, &facts.rules, &labels);
        let history = facts.history.by_deal(facts.deals.len(), |stage| (stages.place(stage), labels.stage(stage)));
        View {
            facts,
            now,
            live,
            coverage,
            stages,
            slots: slots(facts, &people),
            people,
            show_email,
            labels,
            history,
            deal_states: OnceCell::new(),
            touches: OnceCell::new(),
            lead_states: OnceCell::new(),
            answers: OnceCell::new(),
            owned_pipelines: OnceCell::new(),
            key_accounts: OnceCell::new(),
            first_activity: OnceCell::new(),
            first_deal: OnceCell::new(),
            first_lead: OnceCell::new(),
            listening: Listening::default(),
        }
    }

    /// The business calendar.
    pub fn calendar(&self) -> &Calendar {
        &self.facts.calendar
    }

    /// When a team works: `team` is an index in the view's teams.
    pub fn schedule(&self, team: u32) -> &Schedule {
        let entry = &self.people.teams[team as usize];
        let own = |name: &str| self.calendar().own_schedule(name);
        let by_name = || entry.name.as_deref().and_then(own);
        own(&entry.label).or_else(by_name).unwrap_or(self.calendar().default_schedule())
    }

    /// The rules by which rows are read.
    pub fn rules(&self) -> &Rules {
        &self.facts.rules
    }

    /// A record's instant as seen from `now`: none if it is still to come. Live, a little later than `now` is `now`.
    pub fn seen(&self, at: Timestamp) -> Option<Timestamp> {
        match at.millis_since(self.now) {
            ..=0 => Some(at),
            1..=CLOCK_TOLERANCE_MILLIS if self.live => Some(self.now),
            _ => None,
        }
    }

    /// Names of pipelines and stages.
    pub fn labels(&self) -> &Labels {
        &self.labels
    }

    /// Whether ratios pool the deals of a pipeline.
    pub fn is_pooled(&self, pipeline: u32) -> bool {
        self.stages.is_pooled(pipeline)
    }

    /// What a stage says of deals in it; unknown stages are open.
    pub fn outcome(&self, stage: u32) -> DealStatus {
        self.stages.outcome(stage)
    }

    /// Order of a stage inside its pipeline, where the CRM has one.
    pub fn position(&self, stage: u32) -> Option<i64> {
        self.stages.position(stage)
    }

    /// Key of the pipeline of a stage of a deal, or [`NONE`]. Stages that pipelines share belong to the deal's.
    pub fn pipeline(&self, deal: usize, stage: u32) -> u32 {
        match self.stages.pipeline(stage) {
            NONE => self.survivor(Object::Pipeline, self.facts.deals.pipeline.get(deal)),
            pipeline => pipeline,
        }
    }

    /// Stage history.
    pub(super) fn history(&self) -> &ByDeal {
        &self.history
    }

    /// How every deal stands, by key; none for those that do not exist.
    pub(super) fn deal_states(&self) -> &[Option<DealState>] {
        self.deal_states.get_or_init(|| self.find_deal_states())
    }

    /// Touches of prospects up to `now`.
    pub fn touches(&self) -> &Touches {
        self.touches.get_or_init(|| self.unheard(|| Touches::new(self)))
    }

    /// How every lead stands, by key; none for those that do not exist.
    pub(super) fn lead_states(&self) -> &[Option<LeadState>] {
        self.lead_states.get_or_init(|| self.find_lead_states())
    }

    /// When a lead was first answered, by anyone.
    pub fn answered(&self, lead: usize) -> Option<Timestamp> {
        let answers = self.answers.get_or_init(|| self.unheard(|| self.touches().answers(self, self.lead_states())));
        answers.get(lead).copied().flatten()
    }

    /// Index of the slot that a lead counts for.
    pub fn lead_slot(&self, lead: usize) -> u32 {
        let leads = &self.facts.leads;
        match self.rules().leads().credit {
            Credit::Owner => self.slot(leads.owner.get(lead)),
            Credit::Creator => self.slot(leads.creator.get(lead)),
        }
    }

    /// When the team of a lead's owner works.
    pub fn schedule_of_lead(&self, lead: usize) -> &Schedule {
        let owner = self.slot(self.facts.leads.owner.get(lead));
        self.schedule(self.people.slots[owner as usize].team)
    }

    /// Contact level of a lead: by its own title, else by its contact's.
    pub fn level_of_lead(&self, lead: usize) -> u8 {
        let contact = |key| {
            let contact = self.survivor(Object::Contact, key) as usize;
            Some(contact).filter(|contact| self.facts.prospects.has_contact(*contact))
        };
        self.facts.prospects.lead_level(lead, contact, self.rules())
    }

    /// Revenue in a year of a lead's company in minor units: as the lead tells it, else as the account does.
    pub fn company_revenue(&self, lead: usize) -> Option<Minor> {
        let own = self.facts.leads.revenue.get(lead).and_then(|amount| self.minor(amount, self.now));
        own.or_else(|| self.annual_revenue(self.company(lead)?))
    }

    /// Number of people of a lead's company: as the lead tells it, else as the account does.
    pub fn company_employees(&self, lead: usize) -> Option<i64> {
        self.facts.leads.employees(lead).or_else(|| self.facts.accounts.employees(self.company(lead)?))
    }

    /// Key of the account of a lead, if the CRM has it.
    fn company(&self, lead: usize) -> Option<usize> {
        let account = self.survivor(Object::Account, self.facts.leads.account.get(lead)) as usize;
        self.facts.accounts.is_live(account).then_some(account)
    }

    /// Index of the team with that key; none for a team that nobody knows.
    pub fn team(&self, team: u32) -> Option<u32> {
        self.people.team(team)
    }

    /// From when on records of a kind are held; none: from their beginning.
    pub fn held_since(&self, object: Object) -> Option<Timestamp> {
        self.coverage.activities_since.filter(|_| object == Object::Activity)
    }

    /// The key accounts.
    pub fn key_accounts(&self) -> &KeyAccounts {
        self.key_accounts.get_or_init(|| KeyAccounts::new(self))
    }

    /// When the first record of a kind that figures are made of took place or was created; none without any.
    pub fn first(&self, object: Object) -> Option<Timestamp> {
        let activities = || self.facts.activities.dated().map(|(_, _, at)| at).min();
        let deals = || self.facts.deals.keys().filter_map(|deal| self.facts.deals.first_instant(deal)).min();
        let (leads, prospects) = (&self.facts.leads, &self.facts.prospects);
        let instants = |lead| [leads.created(lead), leads.mql(lead), leads.sql(lead), leads.converted(lead)];
        let known = || (0..prospects.leads()).filter(|lead| prospects.has_lead(*lead));
        let leads = || known().flat_map(instants).flatten().min();
        match object {
            Object::Activity => *self.first_activity.get_or_init(activities),
            Object::Lead => *self.first_lead.get_or_init(leads),
            Object::Survey => self.facts.surveys.iter().map(|answer| answer.at).min(),
            _ => *self.first_deal.get_or_init(deals),
        }
    }

    /// Index of the slot that records of an owner count for.
    pub fn slot(&self, owner: u32) -> u32 {
        self.slots.get(owner as usize)
    }

    /// Whether every source that delivers `object` has delivered it completely, and at least one delivers it.
    pub fn has(&self, object: Object) -> bool {
        self.coverage.complete.contains(&object)
    }

    /// Whether any source delivers `object` at all.
    pub fn is_delivered(&self, object: Object) -> bool {
        self.facts.is_delivered(object)
    }

    /// Keys of the pipelines in which somebody owns a deal, whatever became of it. Whoever owns none reads 0 in all that
    /// have deals.
    pub fn owned_pipelines(&self, slot: u32) -> &BTreeSet<u32> {
        let owned = self.owned_pipelines.get_or_init(|| {
            let mut by_slot: Vec<BTreeSet<u32>> = vec![BTreeSet::new(); self.people.slots.len()];
            for (deal, state) in self.deals() {
                let slot = self.slot(self.facts.deals.owner.get(deal));
                by_slot[slot as usize].insert(self.pipeline(deal, state.stage));
            }
            let all = by_slot.iter().flatten().copied().collect();
            OwnedPipelines { by_slot, all }
        });
        owned.by_slot.get(slot as usize).filter(|own| !own.is_empty()).unwrap_or(&owned.all)
    }

    /// A text, such as a loss reason, by its number.
    pub fn text(&self, number: u32) -> Option<&str> {
        self.facts.names.text(number)
    }

    /// Order of a stage among those of its pipeline.
    pub fn stage_order(&self, stage: u32) -> (Option<i64>, &str) {
        (self.position(stage), self.labels.stage(stage))
    }

    /// When an activity took place, if it is done; else why it is not.
    pub fn done(&self, activity: usize) -> Result<Timestamp, &'static str> {
        match self.facts.activities.state(activity) {
            None | Some(ActivityState::Done) => {
                self.seen(self.facts.activities.at(activity)).ok_or("its date is still to come")
            }
            Some(ActivityState::Open) => Err("not done: the CRM marks it as open"),
            Some(ActivityState::Cancelled) => Err("not done: the CRM marks it as cancelled"),
            Some(ActivityState::NoShow) => Err("not done: nobody showed up"),
        }
    }

    /// Whether an activity is planned: neither done nor called off, and dated from `since` on (one due on a date: from
    /// today on). Of those that the CRM does not mark, the ones that are still to come are planned.
    pub fn is_planned(&self, activity: usize, since: Timestamp) -> bool {
        let activities = &self.facts.activities;
        let at = activities.at(activity);
        match activities.state(activity) {
            Some(ActivityState::Open) if activities.is_on_date(activity) => at >= self.start_of_day(0),
            Some(ActivityState::Open) => at >= since,
            None => self.seen(at).is_none(),
            Some(ActivityState::Done | ActivityState::Cancelled | ActivityState::NoShow) => false,
        }
    }

    /// Whether there is a lead of that key, at the view's instant; also one that is only mentioned, where its CRM tells no
    /// more.
    pub(super) fn has_lead(&self, lead: usize) -> bool {
        let is_there = |created| self.seen(created).is_some();
        self.facts.prospects.has_lead(lead) && self.facts.leads.created(lead).is_none_or(is_there)
    }

    /// The record that a link leads to, after merges.
    pub fn survivor(&self, object: Object, key: u32) -> u32 {
        self.facts.merges.survivor(object, key)
    }

    /// The account of a deal, after merges; [`NONE`] if it has none that is known.
    pub fn account(&self, deal: u32) -> u32 {
        let account = self.survivor(Object::Account, self.facts.deals.account.get(deal as usize));
        if self.facts.account_titles.has(account) { account } else { NONE }
    }

    /// Labels of some deals, by key: unique among all deals.
    pub fn deal_labels(&self, deals: &[u32]) -> HashMap<u32, String> {
        self.facts.deal_titles.labels(deals, &[], &self.facts.names)
    }

    /// Labels of some accounts, by key: unique among all accounts, and none is `unknown`.
    pub fn account_labels(&self, accounts: &[u32]) -> HashMap<u32, String> {
        self.facts.account_titles.labels(accounts, &[UNKNOWN], &self.facts.names)
    }

    /// Keys of the deals that an activity is linked to, with repetitions.
    pub fn deals_of(&self, activity: usize) -> impl Iterator<Item = u32> + '_ {
        self.facts.activities.links(activity).filter_map(|link| match link {
            Linked::Deal(deal) => Some(self.survivor(Object::Deal, deal)),
            _ => None,
        })
    }

    /// Contact levels of the contacts and leads that an activity is linked to; deleted ones are no prospects.
    pub fn levels_of(&self, activity: usize) -> impl Iterator<Item = u8> + '_ {
        let (prospects, rules) = (&self.facts.prospects, &self.facts.rules);
        let contact = |key| self.survivor(Object::Contact, key) as usize;
        self.facts.activities.links(activity).filter_map(move |link| match link {
            Linked::Contact(key) => {
                let key = Some(contact(key)).filter(|key| prospects.has_contact(*key))?;
                Some(prospects.contact_level(key, rules))
            }
            Linked::Lead(key) => {
                let lead = self.survivor(Object::Lead, key) as usize;
                let contact = |key| Some(contact(key)).filter(|key| prospects.has_contact(*key));
                self.has_lead(lead).then(|| prospects.lead_level(lead, contact, rules))
            }
            Linked::Deal(_) | Linked::Account(_) => None,
        })
    }

    /// Whether the records are delivered that a key activity's conditions look at. Otherwise nobody can tell whether they
    /// hold.
    pub fn can_tell(&self, rule: &KeyRule) -> bool {
        let has_prospects = || self.is_delivered(Object::Contact) || self.is_delivered(Object::Lead);
        (rule.levels.is_empty() || has_prospects()) && (rule.stages.is_empty() || self.is_delivered(Object::Deal))
    }

    /// Whether a deal of the activity was in a stage of one of these names (in lower case) at the time.
    pub fn was_in(&self, activity: usize, stages: &[String]) -> bool {
        let at = self.facts.activities.at(activity);
        let mut entries = Vec::new();
        self.deals_of(activity).filter(|deal| self.facts.deals.is_live(*deal as usize)).any(|deal| {
            self.entries(deal as usize, &mut entries);
            let entered = entries.iter().rev().find(|entry| entry.at.is_none_or(|entered| entered <= at));
            let stage = entered.and_then(|entry| self.facts.directory.stages.get(&entry.stage));
            stage.is_some_and(|stage| stages.contains(&stage.name().trim().to_lowercase()))
        })
    }

    /// First instant of the day so many days after today, in the business zone.
    pub fn start_of_day(&self, days_ahead: u64) -> Timestamp {
        let today = self.today();
        self.calendar().start_of(today.checked_add_days(Days::new(days_ahead)).unwrap_or(today))
    }

    /// The local date of `now` in the business zone.
    pub fn today(&self) -> chrono::NaiveDate {
        self.calendar().date(self.now)
    }

    /// The targets that a source keeps.
    pub fn quotas(&self, source: u32) -> impl Iterator<Item = &Quota> {
        self.facts.quotas.of(source)
    }

    /// An amount of money in minor units of the reporting currency, by the configured rate, else by the source's that is in
    /// force at `at`. None without a rate.
    pub fn converted(&self, source: u32, amount: Decimal, currency: Option<&str>, at: Timestamp) -> Option<Minor> {
        let named = currency.map(|code| code.trim().to_uppercase());
        let code = named.as_deref().or_else(|| self.facts.rates.default_of(source));
        self.rated(source, amount, code, None, at)
    }

    /// Value of a deal in minor units of the reporting currency; none without an amount or a rate.
    pub fn value(&self, deal: usize, closed_at: Option<Timestamp>) -> Option<Minor> {
        self.minor(self.facts.deals.worth.get(deal)?, closed_at.unwrap_or(self.now))
    }

    /// An amount in minor units of the reporting currency: by the configured rate, else as the CRM converts it, else by the
    /// source's rate that is in force at `at`.
    pub(super) fn minor(&self, amount: Amount, at: Timestamp) -> Option<Minor> {
        match amount {
            Amount::Minor(minor) => Some(minor),
            Amount::Foreign { source, amount, currency, converted } => {
                let code = self.facts.names.text(currency).or_else(|| self.facts.rates.default_of(source));
                self.rated(source, amount, code, converted, at)
            }
        }
    }

    fn rated(
        &self,
        source: u32,
        amount: Decimal,
        code: Option<&str>,
        converted: Option<Minor>,
        at: Timestamp,
    ) -> Option<Minor> {
        let (rules, rates) = (&self.facts.rules, &self.facts.rates);
        let by = |rate: Decimal| rules.currency().minor(amount, rate);
        let configured = code.and_then(|code| rules.rate(code)).and_then(by);
        let in_force = || rates.in_force(source, code?, rules.currency(), at).and_then(by);
        configured.or(converted).or_else(in_force)
    }

    /// Whether anybody says when a deal is expected to close.
    pub fn is_close_expected(&self, deal: usize) -> bool {
        self.facts.deals.expected(deal) != NO_DAY
    }

    /// Whether an open deal's expected close date is before today.
    pub fn is_overdue(&self, deal: usize) -> bool {
        let expected = self.facts.deals.expected(deal);
        expected != NO_DAY && expected < self.today().num_days_from_ce()
    }

    /// Whether an open deal is expected to close from today to `last`, both included.
    pub fn is_expected_by(&self, deal: usize, last: chrono::NaiveDate) -> bool {
        let expected = self.facts.deals.expected(deal);
        expected != NO_DAY && (self.today().num_days_from_ce()..=last.num_days_from_ce()).contains(&expected)
    }
}

/// Slots by the keys of users; whoever is no known user counts for nobody.
fn slots(facts: &Facts, people: &People) -> Column<u32> {
    let mut slots = Column::new(people.slot(NONE));
    let users = facts.directory.users.keys().copied().chain(facts.merges.merged(Object::User));
    for user in users {
        slots.set(user as usize, people.slot(facts.merges.survivor(Object::User, user)));
    }
    slots
}

/// Users who own a deal or lead, or had an activity in the year before `now`.
fn owners(facts: &Facts, now: Timestamp) -> BTreeSet<u32> {
    let year = facts.calendar.span(Window::Days(365), now);
    let deals = facts.deals.keys().map(|deal| facts.deals.owner.get(deal));
    let is_done = |activity| matches!(facts.activities.state(activity), None | Some(ActivityState::Done));
    let recent = facts.activities.dated().filter(|(activity, _, at)| year.contains(*at) && is_done(*activity));
    let activities = recent.map(|(activity, _, _)| facts.activities.owner(activity));
    let owners: BTreeSet<u32> = deals.chain(facts.leads.owners()).chain(activities).collect();
    owners.into_iter().map(|owner| facts.merges.survivor(Object::User, owner)).collect()
}
