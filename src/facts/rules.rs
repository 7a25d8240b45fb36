//! How records are read: the settings and the sources' dictionaries, compiled. Records keep the CRM's words; what they
//! mean is decided here, when a row becomes facts.

use std::collections::{BTreeSet, HashMap};

use indexmap::IndexMap;
use regex::{Regex, RegexBuilder};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use super::settings::{Activities, Deals, KeyActivity, Money, ZeroIsMissing};
use crate::domain::{ActivityState, Currency, DealStatus, Dictionary, Direction};
use crate::setting::{OneOrMany, Problem};

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
}

/// One source's words.
#[derive(Debug)]
struct Words {
    kinds: HashMap<String, Option<u8>>,
    states: HashMap<String, ActivityState>,
    directions: HashMap<String, Direction>,
    outcomes: HashMap<String, String>,
    statuses: HashMap<String, DealStatus>,
    zero_is_missing: bool,
}

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

fn word(text: &str) -> String {
    text.trim().to_lowercase()
}

impl Rules {
    /// Compiles the rules for `sources`, which are in the order of the settings. Problems name keys of the whole settings.
    pub fn new(
        sources: &[SourceInfo],
        activities: &Activities,
        deals: &Deals,
        money: &Money,
    ) -> Result<Rules, Problem> {
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
            .map(|source| Ok((source.key, Words::new(source, &kinds, activities, deals)?)))
            .collect::<Result<_, Problem>>()?;
        if deals.stalled_multiple.0 <= Decimal::ZERO {
            return Err(Problem::new("deals.stalled_multiple", "the multiple must be above 0"));
        }
        let stalled_multiple = deals.stalled_multiple.0.to_f64().unwrap_or(f64::INFINITY);
        let ratio_pipelines = deals.ratio_pipelines.clone();
        Ok(Rules { sources, kinds, key_activities, levels, currency, rates, ratio_pipelines, stalled_multiple })
    }

    /// Whether records of that source count.
    pub fn counts(&self, source: u32) -> bool {
        self.sources.contains_key(&source)
    }

    /// The sources whose records count.
    pub fn sources(&self) -> impl Iterator<Item = u32> + '_ {
        self.sources.keys().copied()
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

impl Words {
    fn new(source: &SourceInfo, kinds: &[String], activities: &Activities, deals: &Deals) -> Result<Words, Problem> {
        let both = [Dictionary::COMMON, source.dictionary];
        let kind = |name: &str| kinds.iter().position(|kind| kind == name).map(|index| index as u8);
        let mut words = Words {
            kinds: both.iter().flat_map(|d| d.kinds).map(|(type_, name)| (word(type_), kind(name))).collect(),
            states: both.iter().flat_map(|d| d.states).map(|(text, state)| (word(text), *state)).collect(),
            directions: both.iter().flat_map(|d| d.directions).map(|(text, to)| (word(text), *to)).collect(),
            outcomes: both.iter().flat_map(|d| d.outcomes).map(|(text, name)| (word(text), word(name))).collect(),
            statuses: both.iter().flat_map(|d| d.statuses).map(|(text, status)| (word(text), *status)).collect(),
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
        for (text, to) in &activities.directions {
            let to = direction(to).map_err(|problem| problem.under(&format!("activities.directions.{text}")))?;
            words.directions.insert(word(text), to);
        }
        Ok(words)
    }
}

impl KeyRule {
    fn new(name: &str, rule: &KeyActivity, kinds: &[String], levels: &[&str]) -> Result<KeyRule, Problem> {
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

    fn holds(&self, seen: &Seen<'_>, outcome: Option<&str>) -> bool {
        (self.kinds.is_empty() || self.kinds.contains(&seen.kind))
            && (self.direction.is_none() || self.direction == seen.direction)
            && (self.outcomes.is_empty() || outcome.is_some_and(|outcome| self.outcomes.iter().any(|o| o == outcome)))
            && self.min_seconds.is_none_or(|least| seen.seconds.is_some_and(|seconds| seconds >= least))
            && (self.subjects.is_empty()
                || seen.subject.is_some_and(|subject| self.subjects.iter().any(|pattern| pattern.is_match(subject))))
    }
}

fn direction(text: &str) -> Result<Direction, Problem> {
    match text {
        "inbound" => Ok(Direction::Inbound),
        "outbound" => Ok(Direction::Outbound),
        other => Err(Problem::new("", format!("`{other}` is neither inbound nor outbound"))),
    }
}

/// All kinds that any source or the settings know, in order of their names.
fn kinds(sources: &[SourceInfo], activities: &Activities) -> Result<Vec<String>, Problem> {
    let proposed = std::iter::once(&Dictionary::COMMON).chain(sources.iter().map(|source| &source.dictionary));
    let proposed = proposed.flat_map(|dictionary| dictionary.kinds).map(|(_, kind)| (*kind).to_owned());
    let configured = activities.kinds.values().map(|kind| kind.trim().to_owned()).filter(|kind| !kind.is_empty());
    let kinds: BTreeSet<String> = proposed.chain(configured).collect();
    if kinds.len() > usize::from(u8::MAX) {
        return Err(Problem::new("activities.kinds", format!("{} kinds are more than the 255 possible", kinds.len())));
    }
    Ok(kinds.into_iter().collect())
}

fn levels(configured: Option<&IndexMap<String, OneOrMany>>) -> Result<Vec<(String, Vec<Regex>)>, Problem> {
    let Some(configured) = configured else {
        let defaults: [(&str, &[&str]); 4] = [
            ("c_level", &["chief", r"^c[etfo]o\b"]),
            ("vp", &["vice president", r"\bvp\b"]),
            ("director", &["director"]),
            ("manager", &["manager", "head of"]),
        ];
        let own = |list: &[&str]| OneOrMany(list.iter().map(|pattern| (*pattern).to_owned()).collect());
        let level = |(name, list): &(&str, &[&str])| Ok(((*name).to_owned(), patterns(name, &own(list))?));
        return defaults.iter().map(level).collect();
    };
    let reserved = |name: &str| {
        let text = format!("`{name}` is what titles without a level are called: choose another name");
        Err(Problem::new("activities.levels", text))
    };
    let level = |(name, list): (&String, &OneOrMany)| match name.as_str() {
        "individual" | "unknown" => reserved(name),
        _ => Ok((name.clone(), patterns(&format!("activities.levels.{name}"), list)?)),
    };
    configured.iter().map(level).collect()
}

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

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(yaml: &str) -> Result<Rules, Problem> {
        let source = SourceInfo { key: 0, name: "crm".into(), dictionary: Dictionary::default() };
        let file = config::File::from_str(yaml, config::FileFormat::Yaml);
        let activities = config::Config::builder().add_source(file).build().unwrap().try_deserialize().unwrap();
        Rules::new(&[source], &activities, &Deals::default(), &Money::default())
    }

    #[test]
    fn titles_have_the_first_level_that_is_found() {
        let rules = rules("{}").unwrap();
        let names = ["c_level", "vp", "director", "manager", "individual", "unknown"];
        for (title, level) in [
            ("Chief Revenue Officer", "c_level"),
            ("CEO", "c_level"),
            ("cto & founder", "c_level"),
            ("Coordinator", "individual"),
            ("Senior Vice President, Sales", "vp"),
            ("VP Director", "vp"),
            ("Managing Director", "director"),
            ("Head of IT", "manager"),
            ("Engineer", "individual"),
            ("  ", "unknown"),
        ] {
            assert_eq!(names[usize::from(rules.level(Some(title)))], level, "{title}");
        }
        assert_eq!(rules.level(None), rules.unknown_level());
    }

    #[test]
    fn all_conditions_of_a_key_activity_must_hold() {
        let rules = rules(
            "{key: {talk: {kind: call, outcome: [Connected], min_duration: 2m, direction: outbound, subject: 'demo|pilot'}}}",
        )
        .unwrap();
        let call = rules.kind("call").unwrap();
        let good = Seen {
            kind: call,
            direction: Some(Direction::Outbound),
            outcome: Some(" CONNECTED"),
            seconds: Some(120),
            subject: Some("A Demo for you"),
        };
        assert_eq!(rules.matching(0, &good), 1);
        assert_eq!(rules.matching(0, &Seen { seconds: Some(119), ..good }), 0);
        assert_eq!(rules.matching(0, &Seen { seconds: None, ..good }), 0);
        assert_eq!(rules.matching(0, &Seen { direction: None, ..good }), 0);
        assert_eq!(rules.matching(0, &Seen { outcome: Some("busy"), ..good }), 0);
        assert_eq!(rules.matching(0, &Seen { subject: Some("hello"), ..good }), 0);
        assert_eq!(rules.matching(0, &Seen { kind: call + 1, ..good }), 0);
    }

    #[test]
    fn words_of_the_settings_amend_those_of_the_source() {
        let rules = rules("{kinds: {Gespräch: call, Task: '', Demo: demo}, statuses: {erledigt: done}}").unwrap();
        assert_eq!(rules.kinds(), ["call", "demo", "email", "meeting", "task"]);
        assert_eq!(rules.kind_of(0, Some("GESPRÄCH")), rules.kind("call"));
        assert_eq!(rules.kind_of(0, Some("task")), None);
        assert_eq!(rules.kind_of(0, Some("fax")), None);
        assert_eq!(rules.state(0, Some("Erledigt"), None), Some(ActivityState::Done));
        assert_eq!(rules.state(0, Some("done"), Some("no show")), Some(ActivityState::NoShow));
        assert_eq!(rules.state(0, Some("open"), Some("completed")), Some(ActivityState::Open));
    }

    #[test]
    fn wrong_rules_name_their_key() {
        for (yaml, message) in [
            ("{key: {a: {kind: fax}}}", "activities.key.a.kind: `fax` is none of call, email, meeting, task"),
            ("{key: {a: {direction: up}}}", "activities.key.a.direction: `up` is neither inbound nor outbound"),
            ("{statuses: {x: maybe}}", "activities.statuses.x: `maybe` is none of done, open, cancelled, no_show"),
            (
                "{levels: {individual: x}}",
                "activities.levels: `individual` is what titles without a level are called: choose another name",
            ),
            (
                "{key: {a: {contact_level: boss}}}",
                "activities.key.a.contact_level: `boss` is none of c_level, vp, director, manager, individual, unknown",
            ),
        ] {
            assert_eq!(rules(yaml).unwrap_err().to_string(), message);
        }
        let pattern = rules("{key: {a: {subject: '('}}}").unwrap_err().to_string();
        assert!(pattern.starts_with("activities.key.a.subject: `(` is no regular expression"), "{pattern}");
    }
}
