//! The words of one source: its dictionary, amended by the settings.

use std::collections::{BTreeSet, HashMap};

use super::SourceInfo;
use super::key_activity::direction;
use crate::domain::{ActivityState, DealStatus, Dictionary, Direction, LeadLevel};
use crate::facts::activities::MAX_KINDS;
use crate::facts::leads::{DISQUALIFIED, Levels, MQL, SQL};
use crate::facts::settings::{Activities, Readings, ZeroIsMissing};
use crate::setting::Problem;

/// A word as it is compared: without regard to case and outer blanks.
pub(super) fn word(text: &str) -> String {
    text.trim().to_lowercase()
}

/// One source's words.
#[derive(Debug)]
pub(super) struct Words {
    /// The source's name in the settings.
    pub(super) name: String,
    pub(super) kinds: HashMap<String, Option<u8>>,
    pub(super) states: HashMap<String, ActivityState>,
    pub(super) directions: HashMap<String, Direction>,
    pub(super) outcomes: HashMap<String, String>,
    pub(super) statuses: HashMap<String, DealStatus>,
    pub(super) lead_levels: HashMap<String, Levels>,
    pub(super) zero_is_missing: bool,
}

impl Words {
    pub(super) fn new(source: &SourceInfo, kinds: &[String], readings: &Readings<'_>) -> Result<Words, Problem> {
        let Readings { activities, leads, deals, .. } = readings;
        let both = [Dictionary::COMMON, source.dictionary];
        let kind = |name: &str| kinds.iter().position(|kind| kind == name).map(|index| index as u8);
        let mut words = Words {
            name: source.name.clone(),
            kinds: both.iter().flat_map(|d| d.kinds).map(|(type_, name)| (word(type_), kind(name))).collect(),
            states: both.iter().flat_map(|d| d.states).map(|(text, state)| (word(text), *state)).collect(),
            directions: both.iter().flat_map(|d| d.directions).map(|(text, to)| (word(text), *to)).collect(),
            outcomes: both.iter().flat_map(|d| d.outcomes).map(|(text, name)| (word(text), word(name))).collect(),
            statuses: both.iter().flat_map(|d| d.statuses).map(|(text, status)| (word(text), *status)).collect(),
            lead_levels: HashMap::new(),
            zero_is_missing: match &deals.zero_is_missing {
                ZeroIsMissing::All(all) => *all,
                ZeroIsMissing::Sources(names) => names.contains(&source.name),
            },
        };
        words.kinds.extend(activities.kinds.iter().map(|(type_, name)| (word(type_), kind(name.trim()))));
        words.outcomes.extend(activities.outcomes.iter().map(|(text, name)| (word(text), word(name))));
        for (text, state) in &activities.statuses {
            let state = match state.as_str() {
                "done" => ActivityState::Done,
                "open" => ActivityState::Open,
                "cancelled" => ActivityState::Cancelled,
                "no_show" => ActivityState::NoShow,
                other => {
                    let text_ = format!("`{other}` is none of done, open, cancelled, no_show");
                    return Err(Problem::new(format!("activities.statuses.{text}"), text_));
                }
            };
            words.states.insert(word(text), state);
        }
        let statuses = &leads.statuses;
        let proposed = both.iter().flat_map(|d| d.lead_statuses).map(|(text, level)| (word(text), bit(*level)));
        let configured = [(&statuses.mql, MQL), (&statuses.sql, SQL), (&statuses.disqualified, DISQUALIFIED)];
        let configured =
            configured.into_iter().flat_map(|(texts, bit)| texts.iter().map(move |text| (word(text), bit)));
        for (text, bit) in proposed.chain(configured) {
            *words.lead_levels.entry(text).or_default() |= bit;
        }
        for (text, to) in &activities.directions {
            let to = direction(to).map_err(|problem| problem.under(&format!("activities.directions.{text}")))?;
            words.directions.insert(word(text), to);
        }
        Ok(words)
    }
}

fn bit(level: LeadLevel) -> Levels {
    match level {
        LeadLevel::Mql => MQL,
        LeadLevel::Sql => SQL,
        LeadLevel::Disqualified => DISQUALIFIED,
    }
}

/// All kinds that any source or the settings know, in order of their names.
pub(super) fn kinds(sources: &[SourceInfo], activities: &Activities) -> Result<Vec<String>, Problem> {
    let proposed = std::iter::once(&Dictionary::COMMON).chain(sources.iter().map(|source| &source.dictionary));
    let proposed = proposed.flat_map(|dictionary| dictionary.kinds).map(|(_, kind)| (*kind).to_owned());
    let configured = activities.kinds.values().map(|kind| kind.trim().to_owned()).filter(|kind| !kind.is_empty());
    let kinds: BTreeSet<String> = proposed.chain(configured).collect();
    if kinds.len() > MAX_KINDS {
        let text = format!("{} kinds are more than the {MAX_KINDS} possible", kinds.len());
        return Err(Problem::new("activities.kinds", text));
    }
    Ok(kinds.into_iter().collect())
}
