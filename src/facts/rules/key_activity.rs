//! Key activities: named rules that activities may match.

use regex::Regex;

use super::patterns;
use super::words::word;
use crate::domain::Direction;
use crate::facts::settings::KeyActivity;
use crate::setting::Problem;

/// A key activity: conditions on the activity itself are checked once, when its row is read; those on its prospects and
/// deals at each refresh, since other records decide them.
#[derive(Debug)]
pub struct KeyRule {
    /// Name, the value of the label `activity`.
    pub name: String,
    kinds: Vec<u8>,
    direction: Option<Direction>,
    outcomes: Vec<String>,
    min_seconds: Option<u64>,
    subjects: Vec<Regex>,
    /// Contact levels of which a prospect must have one; empty: any.
    pub levels: Vec<u8>,
    /// Names of stages, in lower case, of which a deal must have been in one; empty: any.
    pub stages: Vec<String>,
}

/// What the rules see of an activity.
pub struct Seen<'a> {
    /// Its kind.
    pub kind: u8,
    /// Its direction.
    pub direction: Option<Direction>,
    /// Its outcome, in the CRM's words.
    pub outcome: Option<&'a str>,
    /// Its length in seconds.
    pub seconds: Option<u64>,
    /// Its subject.
    pub subject: Option<&'a str>,
}

impl KeyRule {
    pub(super) fn new(name: &str, rule: &KeyActivity, kinds: &[String], levels: &[&str]) -> Result<KeyRule, Problem> {
        let number = |key: &str, known: &[&str], name: &String| {
            known
                .iter()
                .position(|known| known == name)
                .map(|index| index as u8)
                .ok_or_else(|| Problem::new(key, format!("`{name}` is none of {}", known.join(", "))))
        };
        let kinds: Vec<&str> = kinds.iter().map(String::as_str).collect();
        let levels: Vec<&str> = levels.iter().copied().chain(["individual", "unknown"]).collect();
        Ok(KeyRule {
            name: name.to_owned(),
            kinds: rule.kind.0.iter().map(|name| number("kind", &kinds, name)).collect::<Result<_, _>>()?,
            direction: rule
                .direction
                .as_deref()
                .map(|text| direction(text).map_err(|problem| problem.under("direction")))
                .transpose()?,
            outcomes: rule.outcome.0.iter().map(|outcome| word(outcome)).collect(),
            min_seconds: rule.min_duration.map(|lasting| lasting.0.as_secs()),
            subjects: patterns("subject", &rule.subject)?,
            levels: rule
                .contact_level
                .0
                .iter()
                .map(|name| number("contact_level", &levels, name))
                .collect::<Result<_, _>>()?,
            stages: rule.deal_stage.0.iter().map(|name| word(name)).collect(),
        })
    }

    pub(super) fn holds(&self, seen: &Seen<'_>, outcome: Option<&str>) -> bool {
        (self.kinds.is_empty() || self.kinds.contains(&seen.kind))
            && (self.direction.is_none() || self.direction == seen.direction)
            && (self.outcomes.is_empty() || outcome.is_some_and(|outcome| self.outcomes.iter().any(|o| o == outcome)))
            && self.min_seconds.is_none_or(|least| seen.seconds.is_some_and(|seconds| seconds >= least))
            && (self.subjects.is_empty()
                || seen.subject.is_some_and(|subject| self.subjects.iter().any(|pattern| pattern.is_match(subject))))
    }
}

/// A direction as the settings write it.
pub(super) fn direction(text: &str) -> Result<Direction, Problem> {
    match text {
        "inbound" => Ok(Direction::Inbound),
        "outbound" => Ok(Direction::Outbound),
        other => Err(Problem::new("", format!("`{other}` is neither inbound nor outbound"))),
    }
}
