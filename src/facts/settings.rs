//! The settings that say how records are to be read: who is who, what an activity is, which deals count, what money is worth.

use chrono::NaiveDate;
use indexmap::IndexMap;
use serde::Deserialize;

use crate::setting::{self, Lasting, Number, OneOrMany};

/// `people`: who is a rep, who is one person, and what of people is shown.
#[derive(Debug, Clone, Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub struct People {
    /// Who is a rep. Without any rule: everyone who is in a team.
    pub reps: Reps,
    /// Which name is shown.
    pub display: Display,
    /// Names to show for persons, by e-mail address, with `display: alias`.
    pub aliases: IndexMap<String, String>,
    /// E-mail addresses that belong to the person with the e-mail address in front.
    pub identities: IndexMap<String, Vec<String>>,
    /// Roles by e-mail address; else the CRM's.
    pub roles: IndexMap<String, String>,
    /// First days by e-mail address; else the CRM's.
    #[serde(deserialize_with = "setting::days")]
    pub start_dates: IndexMap<String, NaiveDate>,
    /// E-mail addresses of people who are counted in team figures and never named.
    pub hidden: Vec<String>,
    /// What is to be known of teams, by name; else the CRM's.
    pub teams: IndexMap<String, TeamContact>,
    /// Whether `crm_rep_info` shows e-mail addresses.
    pub show_email: bool,
}

/// `people.reps`: a person is a rep who meets any of these.
#[derive(Debug, Clone, Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub struct Reps {
    /// In one of these teams; `*` is every team.
    pub teams: Vec<String>,
    /// With one of these roles.
    pub roles: Vec<String>,
    /// One of these e-mail addresses, or ids of users.
    pub list: Vec<String>,
}

/// `people.display`: what the label `rep` shows.
#[derive(Debug, Clone, Copy, Deserialize, Default, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Display {
    /// The full name.
    #[default]
    Name,
    /// The given name.
    FirstName,
    /// The e-mail address.
    Email,
    /// The alias of `people.aliases`, else the CRM's.
    Alias,
}

/// `people.teams.*`: for routing alerts.
#[derive(Debug, Clone, Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub struct TeamContact {
    /// E-mail address or name of the manager.
    pub manager: Option<String>,
    /// Where the team chats.
    pub chat_channel: Option<String>,
}

/// `activities`: what counts as which activity.
#[derive(Debug, Clone, Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub struct Activities {
    /// The CRM's type -> kind; amends what the source proposes. An empty kind takes a type out.
    pub kinds: IndexMap<String, String>,
    /// The CRM's status or outcome -> `done`, `open`, `cancelled` or `no_show`; amends what the source proposes.
    pub statuses: IndexMap<String, String>,
    /// The CRM's direction -> `inbound` or `outbound`; amends what the source proposes.
    pub directions: IndexMap<String, String>,
    /// The CRM's outcome -> the name that rules use for it; amends what the source proposes.
    pub outcomes: IndexMap<String, String>,
    /// Key activities: name -> the conditions that must all hold.
    pub key: IndexMap<String, KeyActivity>,
    /// Contact levels in order: name -> patterns in the job title.
    pub levels: Option<IndexMap<String, OneOrMany>>,
}

/// `activities.key.*`: all conditions that are given must hold.
#[derive(Debug, Clone, Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub struct KeyActivity {
    /// One of these kinds.
    pub kind: OneOrMany,
    /// `inbound` or `outbound`.
    pub direction: Option<String>,
    /// One of these outcomes.
    pub outcome: OneOrMany,
    /// At least this long; an unknown length fails.
    pub min_duration: Option<Lasting>,
    /// One of these patterns is found in the subject.
    pub subject: OneOrMany,
    /// One of the prospects has one of these levels.
    pub contact_level: OneOrMany,
    /// One of the deals was in a stage of one of these names.
    pub deal_stage: OneOrMany,
}

/// `leads`: how leads are read.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Leads {
    /// Within how long a lead is to be answered.
    pub sla: Lasting,
    /// By which clock that is measured.
    pub clock: Clock,
    /// For whom leads count.
    pub credit: Credit,
    /// Sources or types of the leads that come by themselves; none named: all do.
    pub inbound: Vec<String>,
    /// Which of the CRM's statuses stand for what.
    pub statuses: LeadStatuses,
}

impl Default for Leads {
    fn default() -> Self {
        Leads {
            sla: Lasting::seconds(3600),
            clock: Clock::default(),
            credit: Credit::default(),
            inbound: Vec::new(),
            statuses: LeadStatuses::default(),
        }
    }
}

/// `leads.clock`
#[derive(Debug, Clone, Copy, Deserialize, Default, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Clock {
    /// All time counts.
    #[default]
    Calendar,
    /// Working time of the owner's team counts.
    Working,
}

/// `leads.credit`
#[derive(Debug, Clone, Copy, Deserialize, Default, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Credit {
    /// Whoever owns the lead now.
    #[default]
    Owner,
    /// Whoever created it.
    Creator,
}

/// `leads.statuses`: the CRM's statuses, beyond what its source knows already.
#[derive(Debug, Clone, Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub struct LeadStatuses {
    /// Marketing qualified.
    pub mql: Vec<String>,
    /// Sales qualified.
    pub sql: Vec<String>,
    /// Disqualified.
    pub disqualified: Vec<String>,
}

/// `accounts`: which accounts are key accounts, and which surveys ask for a recommendation.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Accounts {
    /// An account that meets any of these conditions is a key account.
    pub key: KeyAccount,
    /// Surveys whose answers, from 0 to 10, have a net promoter score; `*` is every survey.
    pub nps_surveys: OneOrMany,
}

impl Default for Accounts {
    fn default() -> Self {
        Accounts { key: KeyAccount::default(), nps_surveys: OneOrMany(vec!["*".into()]) }
    }
}

/// `accounts.key`: one condition is enough. Amounts are in the reporting currency.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct KeyAccount {
    /// At least so much revenue in a year.
    pub min_annual_revenue: Option<Number>,
    /// At least so much value won from it in the last 365 days.
    pub min_won_value: Option<Number>,
    /// The CRM marks it.
    pub marked: bool,
    /// The CRM has it in one of these tiers.
    pub tiers: OneOrMany,
    /// Its name, domain or id is one of these.
    pub list: OneOrMany,
}

impl Default for KeyAccount {
    fn default() -> Self {
        KeyAccount {
            min_annual_revenue: None,
            min_won_value: None,
            marked: true,
            tiers: OneOrMany::default(),
            list: OneOrMany::default(),
        }
    }
}

/// The sections of the settings that say how records are read.
pub struct Readings<'a> {
    /// `activities`.
    pub activities: &'a Activities,
    /// `leads`.
    pub leads: &'a Leads,
    /// `deals`.
    pub deals: &'a Deals,
    /// `data_quality`.
    pub data_quality: &'a DataQuality,
    /// `accounts`.
    pub accounts: &'a Accounts,
    /// `currency`.
    pub currency: &'a Money,
}

/// `deals`: which deals count where.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Deals {
    /// Pipelines pooled in win ratios, averages, cycles and velocity; `*` is every pipeline.
    pub ratio_pipelines: Vec<String>,
    /// A deal is stalled when it stays longer than this many times the stage's median.
    pub stalled_multiple: Number,
    /// Whether (or for which sources) an amount of 0 means that nobody entered one.
    pub zero_is_missing: ZeroIsMissing,
    /// The goal that the pipeline is to cover, instead of the first on value won with that window.
    pub coverage_goal: Option<String>,
}

impl Default for Deals {
    fn default() -> Self {
        Deals {
            ratio_pipelines: vec!["*".into()],
            stalled_multiple: Number(rust_decimal::Decimal::TWO),
            zero_is_missing: ZeroIsMissing::All(false),
            coverage_goal: None,
        }
    }
}

/// `deals.zero_is_missing`.
#[derive(Debug, Clone, Deserialize, PartialEq, Eq)]
#[serde(untagged, expecting = "expected true, false or a list of sources")]
pub enum ZeroIsMissing {
    /// For every source or none.
    All(bool),
    /// For the sources named.
    Sources(Vec<String>),
}

/// `data_quality`: from where on a record fails a check.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DataQuality {
    /// An activity that was recorded later than this after its date was logged late.
    pub logged_late_after: Lasting,
    /// An outbound call that took less than this is too short.
    pub call_too_short_below: Lasting,
}

impl Default for DataQuality {
    fn default() -> Self {
        DataQuality { logged_late_after: Lasting::days(3), call_too_short_below: Lasting::seconds(10) }
    }
}

/// `currency`: what money is reported in, and what other money is worth.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Money {
    /// ISO code of the reporting currency.
    pub reporting: String,
    /// What one unit of a currency is worth in the reporting currency; wins over the CRM's own rates.
    pub rates: IndexMap<String, Number>,
}

impl Default for Money {
    fn default() -> Self {
        Money { reporting: "USD".into(), rates: IndexMap::new() }
    }
}

/// `costs.*`: what a team costs a month, from a date on.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CostStep {
    /// First day.
    #[serde(deserialize_with = "setting::day")]
    pub from: NaiveDate,
    /// Cost of a calendar month in the reporting currency.
    pub monthly: Number,
}
