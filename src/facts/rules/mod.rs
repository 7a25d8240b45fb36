//! How records are read: the settings and the sources' dictionaries, compiled. Records keep the CRM's words; what they
//! mean is decided here, when a row becomes facts.

mod accounts;
mod key_activity;
mod leads;
mod levels;
mod quality;
#[cfg(test)]
mod tests;
mod words;

use std::collections::HashMap;

use indexmap::IndexMap;
use regex::{Regex, RegexBuilder};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use super::settings::Readings;
use crate::domain::{ActivityState, Currency, DealStatus, Dictionary, Direction};
use crate::setting::{OneOrMany, Problem};

use super::leads::{DISQUALIFIED, Levels};
use levels::levels;
use words::{Words, kinds, word};

pub use accounts::AccountRules;
pub use key_activity::KeyRule;
pub(crate) use key_activity::Seen;
pub use leads::LeadRules;
pub use quality::QualityRules;

/// A source whose records count.
#[derive(Debug, Clone)]
pub struct SourceInfo {
    /// The store's number of it.
    pub key: u32,
    /// Name in the settings.
    pub name: String,
    /// How its words are read.
    pub dictionary: Dictionary,
}

/// At most so many key activities can be told apart.
const MAX_KEY_ACTIVITIES: usize = 64;

/// All rules, ready to be applied to rows.
#[derive(Debug)]
pub struct Rules {
    sources: IndexMap<u32, Words>,
    kinds: Vec<String>,
    key_activities: Vec<KeyRule>,
    levels: Vec<(String, Vec<Regex>)>,
    currency: Currency,
    rates: HashMap<String, Decimal>,
    ratio_pipelines: Vec<String>,
    stalled_multiple: f64,
    leads: LeadRules,
    quality: QualityRules,
    accounts: AccountRules,
}

impl Rules {
    /// Compiles the rules for `sources`, which are in the order of the settings. Problems name keys of the whole settings.
    pub fn new(sources: &[SourceInfo], readings: &Readings<'_>) -> Result<Rules, Problem> {
        let Readings { activities, leads, deals, accounts, data_quality, currency: money } = readings;
        let currency = Currency::new(&money.reporting)
            .map_err(|unknown| Problem::new("currency.reporting", unknown.to_string()))?;
        let mut rates = HashMap::new();
        for (code, rate) in &money.rates {
            let key = format!("currency.rates.{code}");
            Currency::new(code).map_err(|unknown| Problem::new(&key, unknown.to_string()))?;
            if rate.0 <= Decimal::ZERO {
                return Err(Problem::new(key, "a rate must be above 0"));
            }
            rates.insert(code.to_uppercase(), rate.0);
        }
        let kinds = kinds(sources, activities)?;
        let levels = levels(activities.levels.as_ref())?;
        let level_names: Vec<&str> = levels.iter().map(|(name, _)| name.as_str()).collect();
        if activities.key.len() > MAX_KEY_ACTIVITIES {
            let text =
                format!("{} key activities are more than the {MAX_KEY_ACTIVITIES} possible", activities.key.len());
            return Err(Problem::new("activities.key", text));
        }
        let key_activities = activities
            .key
            .iter()
            .map(|(name, rule)| {
                KeyRule::new(name, rule, &kinds, &level_names)
                    .map_err(|problem| problem.under(&format!("activities.key.{name}")))
            })
            .collect::<Result<_, _>>()?;
        let sources = sources
            .iter()
            .map(|source| Ok((source.key, Words::new(source, &kinds, readings)?)))
            .collect::<Result<_, Problem>>()?;
        if deals.stalled_multiple.0 <= Decimal::ZERO {
            return Err(Problem::new("deals.stalled_multiple", "the multiple must be above 0"));
        }
        let stalled_multiple = deals.stalled_multiple.0.to_f64().unwrap_or(f64::INFINITY);
        let ratio_pipelines = deals.ratio_pipelines.clone();
        Ok(Rules {
            sources,
            kinds,
            key_activities,
            levels,
            currency,
            rates,
            ratio_pipelines,
            stalled_multiple,
            leads: LeadRules::new(leads),
            quality: QualityRules::new(data_quality),
            accounts: AccountRules::new(accounts, currency)?,
        })
    }

    /// Whether records of that source count.
    pub fn counts(&self, source: u32) -> bool {
        self.sources.contains_key(&source)
    }

    /// The sources whose records count.
    pub fn sources(&self) -> impl Iterator<Item = u32> + '_ {
        self.sources.keys().copied()
    }

    /// The store's number of the source of that name.
    pub fn source(&self, name: &str) -> Option<u32> {
        self.sources.iter().find(|(_, words)| words.name == name).map(|(key, _)| *key)
    }

    /// Name of a source whose records count.
    pub fn source_name(&self, source: u32) -> Option<&str> {
        self.sources.get(&source).map(|words| words.name.as_str())
    }

    /// Place of a source in the order of the settings.
    pub fn source_order(&self, source: u32) -> usize {
        self.sources.get_index_of(&source).unwrap_or(usize::MAX)
    }

    /// Names of the kinds of activity.
    pub fn kinds(&self) -> &[String] {
        &self.kinds
    }

    /// The number of a kind by its name.
    pub fn kind(&self, name: &str) -> Option<u8> {
        self.kinds.iter().position(|kind| kind == name).map(|index| index as u8)
    }

    /// The key activities.
    pub fn key_activities(&self) -> &[KeyRule] {
        &self.key_activities
    }

    /// The reporting currency.
    pub fn currency(&self) -> Currency {
        self.currency
    }

    /// The configured worth of one unit of a currency; 1 for the reporting currency itself.
    pub fn rate(&self, code: &str) -> Option<Decimal> {
        let own = || code.eq_ignore_ascii_case(self.currency.code()).then_some(Decimal::ONE);
        self.rates.get(code).copied().or_else(own)
    }

    /// Whether ratios pool the deals of a pipeline of that name.
    pub fn is_pooled(&self, pipeline: &str) -> bool {
        self.ratio_pipelines.iter().any(|name| name == "*" || name == pipeline)
    }

    /// So many times the usual stay, a deal is stalled.
    pub fn stalled_multiple(&self) -> f64 {
        self.stalled_multiple
    }

    /// Number of the contact level of a job title: a configured level, [`Rules::individual`] or [`Rules::unknown_level`].
    pub fn level(&self, title: Option<&str>) -> u8 {
        let Some(title) = title.map(str::trim).filter(|title| !title.is_empty()) else {
            return self.unknown_level();
        };
        let found = self.levels.iter().position(|(_, patterns)| patterns.iter().any(|pattern| pattern.is_match(title)));
        found.unwrap_or(self.levels.len()) as u8
    }

    /// Number of the level of titles that match no pattern.
    pub fn individual(&self) -> u8 {
        self.levels.len() as u8
    }

    /// Number of the level of people without a title.
    pub fn unknown_level(&self) -> u8 {
        self.levels.len() as u8 + 1
    }

    /// The kind of an activity of that type; none: it is no activity.
    pub fn kind_of(&self, source: u32, kind: Option<&str>) -> Option<u8> {
        *self.sources.get(&source)?.kinds.get(&word(kind?))?
    }

    /// What status and outcome say of an activity. An outcome counts only where it says that nothing took place.
    pub fn state(&self, source: u32, status: Option<&str>, outcome: Option<&str>) -> Option<ActivityState> {
        let words = &self.sources.get(&source)?.states;
        let of = |text: Option<&str>| text.and_then(|text| words.get(&word(text))).copied();
        match of(outcome) {
            Some(state @ (ActivityState::Cancelled | ActivityState::NoShow)) => Some(state),
            _ => of(status),
        }
    }

    /// The direction of an activity.
    pub fn direction(&self, source: u32, direction: Option<&str>) -> Option<Direction> {
        self.sources.get(&source)?.directions.get(&word(direction?)).copied()
    }

    /// Which accounts are key accounts.
    pub fn accounts(&self) -> &AccountRules {
        &self.accounts
    }

    /// How leads are read.
    pub fn leads(&self) -> &LeadRules {
        &self.leads
    }

    /// From where on records fail a check.
    pub fn quality(&self) -> &QualityRules {
        &self.quality
    }

    /// Whether a lead of that source and type came to us by itself.
    pub(crate) fn is_inbound(&self, source: Option<&str>, kind: Option<&str>) -> bool {
        self.leads.is_inbound(source, kind)
    }

    /// What a lead's status stands for.
    pub(crate) fn lead_levels(&self, source: u32, status: Option<&str>) -> Levels {
        let words = self.sources.get(&source).map(|words| &words.lead_levels);
        words.zip(status).and_then(|(words, status)| words.get(&word(status))).copied().unwrap_or(0)
    }

    /// Whether statuses of leads of a source say that they are disqualified.
    pub(crate) fn has_disqualified(&self, source: u32) -> bool {
        let words = self.sources.get(&source);
        words.is_some_and(|words| words.lead_levels.values().any(|levels| levels & DISQUALIFIED != 0))
    }

    /// Name of a contact level.
    pub fn level_name(&self, level: u8) -> &str {
        match self.levels.get(usize::from(level)) {
            Some((name, _)) => name,
            None if level == self.individual() => "individual",
            None => "unknown",
        }
    }

    /// What a deal's status or a stage's outcome says.
    pub fn status(&self, source: u32, status: Option<&str>) -> Option<DealStatus> {
        self.sources.get(&source)?.statuses.get(&word(status?)).copied()
    }

    /// Whether an amount of 0 means none in that source.
    pub fn zero_is_missing(&self, source: u32) -> bool {
        self.sources.get(&source).is_some_and(|words| words.zero_is_missing)
    }

    /// The key activities whose conditions on the activity itself hold: one bit each, in order.
    pub fn matching(&self, source: u32, seen: &Seen<'_>) -> u64 {
        let outcome = seen.outcome.map(|outcome| {
            let outcome = word(outcome);
            self.sources.get(&source).and_then(|words| words.outcomes.get(&outcome)).cloned().unwrap_or(outcome)
        });
        let holds = |(bit, rule): (usize, &KeyRule)| u64::from(rule.holds(seen, outcome.as_deref())) << bit;
        self.key_activities.iter().enumerate().map(holds).fold(0, |mask, bit| mask | bit)
    }
}

/// Patterns that are found anywhere, in any case.
fn patterns(key: &str, list: &OneOrMany) -> Result<Vec<Regex>, Problem> {
    let compile = |pattern: &String| {
        RegexBuilder::new(pattern).case_insensitive(true).build().map_err(|error| {
            // The last line says what is wrong; those before it draw an arrow below the pattern.
            let error = error.to_string();
            let reason = error.lines().last().unwrap_or_default().trim_start_matches("error: ");
            Problem::new(key, format!("`{pattern}` is no regular expression: {reason}"))
        })
    };
    list.0.iter().map(compile).collect()
}
