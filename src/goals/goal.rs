//! Goals as the settings describe them, ready for use.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use indexmap::IndexMap;
use rust_decimal::Decimal;

use super::plan::STEPS;
use super::settings::{self, Pace};
use crate::calendar::{Period, Window};
use crate::domain::Span;
use crate::facts::{Rules, View};
use crate::measures::quality::Check;
use crate::measures::{Dim, Fold, Measure, leads};
use crate::setting::{self, Number, Problem};

/// What a metric selector of the settings stands for.
#[derive(Clone)]
pub struct Resolved {
    /// Name of the metric.
    pub metric: &'static str,
    /// The selector as PromQL writes it.
    pub selector: String,
    /// The measure itself.
    pub measure: Measure,
}

impl Resolved {
    /// What the selector says that no rule knows: kinds and key activities.
    pub fn stranger(&self, rules: &Rules) -> Option<String> {
        let kinds: Vec<&str> = rules.kinds().iter().map(String::as_str).collect();
        let activities: Vec<&str> = rules.key_activities().iter().map(|rule| rule.name.as_str()).collect();
        let levels: Vec<&str> = (0..=rules.unknown_level()).map(|level| rules.level_name(level)).collect();
        let checks = Check::ALL.map(Check::name).to_vec();
        self.measure.only.iter().find_map(|(dim, text)| {
            let (what, known) = match dim {
                Dim::Kind => ("kind of activity", &kinds),
                Dim::KeyActivity => ("key activity", &activities),
                Dim::LeadLevel => ("level of leads", &leads::LEVELS.to_vec()),
                Dim::LeadOutcome => ("outcome of leads", &leads::OUTCOMES.to_vec()),
                Dim::ContactLevel => ("contact level", &levels),
                Dim::Check => ("check of the quality of data", &checks),
                Dim::Pipeline | Dim::Stage | Dim::Reason | Dim::LeadSource | Dim::Account | Dim::Survey => return None,
            };
            let is_known = known.contains(&text.as_str());
            (!is_known).then(|| format!("`{text}` is no {what}; {}", setting::instead(text, known)))
        })
    }
}

/// Finds what a selector stands for; a text tells what is wrong with it.
pub type Resolve<'r> = &'r dyn Fn(&str) -> Result<Resolved, String>;

/// A goal.
#[derive(Clone)]
pub struct Goal {
    /// Name: value of the label `goal`.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// What is measured.
    pub measured: Resolved,
    /// The period.
    pub period: Period,
    /// Whether less is better.
    pub lower_is_better: bool,
    /// Whether boards show it first.
    pub is_primary: bool,
    /// Who answers for it; empty if nobody.
    pub owner: String,
    /// What it is for; may be empty.
    pub objective: String,
    /// When it was last reviewed.
    pub reviewed_on: Option<NaiveDate>,
    pub(super) pace: Pace,
    /// Shares in the months after the start date.
    pub(super) ramp: Vec<f64>,
    /// Targets, each from a date on; the first from the beginning of time.
    versions: Vec<(NaiveDate, Version)>,
}

/// Targets as they hold from a date on, in the measure's units.
#[derive(Debug, Clone, Default)]
pub(super) struct Version {
    pub(super) default: Option<f64>,
    pub(super) roles: BTreeMap<String, f64>,
    pub(super) teams: BTreeMap<String, f64>,
    pub(super) reps: BTreeMap<String, f64>,
    pub(super) team_totals: BTreeMap<String, f64>,
    pub(super) org: Option<f64>,
    pub(super) source: Option<String>,
    pub(super) quota: Option<String>,
    /// The goal's key that the version was read from.
    key: String,
}

impl Goal {
    fn new(name: &str, settings: &settings::Goal, resolve: Resolve<'_>) -> Result<Goal, Problem> {
        if settings.measure.trim().is_empty() {
            return Err(Problem::new("measure", "is missing; write a metric such as crm_deals_won_value"));
        }
        let measured = resolve(&settings.measure).map_err(|text| Problem::new("measure", text))?;
        let period = period("window", &settings.window)?;
        if settings.pace == Pace::History && !measured.measure.accumulates() {
            let text = "`history` needs a measure that adds up over the period; take the line out";
            return Err(Problem::new("pace", text));
        }
        let ramp = settings.ramp.iter().enumerate().map(|(month, share)| {
            let is_share = (Decimal::ZERO..=Decimal::ONE).contains(&share.0);
            let problem = || Problem::new(format!("ramp[{month}]"), format!("`{}` is no share from 0 to 1", share.0));
            if is_share { Ok(share.float()) } else { Err(problem()) }
        });
        let mut versions = vec![(NaiveDate::MIN, Version::new(&settings.target, "target")?)];
        for (index, step) in settings.effective.iter().enumerate() {
            let version = Version::new(&step.target, &format!("effective[{index}].target"))?;
            if versions.iter().any(|(from, _)| *from == step.from) {
                let text = format!("two targets begin on {}; write one", step.from);
                return Err(Problem::new(format!("effective[{index}].from"), text));
            }
            versions.push((step.from, version));
        }
        versions.sort_by_key(|(from, _)| *from);
        if versions.iter().all(|(_, version)| version.is_empty()) {
            let text = "names nobody's target; write one, such as {default: 100}";
            return Err(Problem::new("target", text));
        }
        let text = |text: &Option<String>| text.as_deref().map(str::trim).unwrap_or_default().to_owned();
        Ok(Goal {
            name: name.to_owned(),
            title: settings.title.clone().unwrap_or_else(|| title(name)),
            measured,
            period,
            lower_is_better: settings.lower_is_better,
            is_primary: settings.primary,
            owner: text(&settings.owner),
            objective: text(&settings.objective),
            reviewed_on: settings.reviewed_on,
            pace: settings.pace,
            ramp: ramp.collect::<Result<_, _>>()?,
            versions,
        })
    }

    /// The label `window` of its figures.
    pub fn window(&self) -> Window {
        Window::Current(self.period)
    }

    /// Whether reps with a role (none: with any) have a target that is not theirs alone, on that day.
    pub fn is_for_role(&self, role: Option<&str>, on: NaiveDate) -> bool {
        let version = self.version(on);
        let by_role = role.map_or(!version.roles.is_empty(), |role| version.roles.contains_key(role));
        by_role || version.default.is_some() || version.source.is_some() || !version.teams.is_empty()
    }

    /// Whether figures of the period add up, so that what is expected grows while it runs.
    pub fn accumulates(&self) -> bool {
        self.measured.measure.accumulates()
    }

    /// Whether it is on a ratio, an average or a quantile.
    pub(super) fn is_ratio(&self) -> bool {
        !self.accumulates() && !matches!(self.measured.measure.fold, Fold::Level(_))
    }

    /// Whether an actual figure reaches a target.
    pub fn is_attained(&self, actual: f64, target: f64) -> bool {
        if self.lower_is_better { actual <= target } else { actual >= target }
    }

    /// The targets in force on a day: of those that have begun, the one that began last.
    pub(super) fn version(&self, on: NaiveDate) -> &Version {
        let begun = self.versions.partition_point(|(from, _)| *from <= on);
        &self.versions[begun.max(1) - 1].1
    }

    /// From when on the targets hold that are in force for a period, in words: of the current one those of today.
    pub fn in_force(&self, view: &View<'_>, span: Span) -> String {
        let on = view.calendar().date(span.end.plus_millis(-1)).min(view.today());
        let begun = self.versions.partition_point(|(from, _)| *from <= on);
        match &self.versions[begun.max(1) - 1] {
            (NaiveDate::MIN, version) => format!("{} of goals.{}", version.key, self.name),
            (from, version) => format!("{} of goals.{}, from {from} on", version.key, self.name),
        }
    }

    /// Whether targets are less in the first months.
    pub fn has_ramp(&self) -> bool {
        !self.ramp.is_empty()
    }

    /// The sources whose own targets count, each behind the key that names it.
    pub(super) fn sources(&self) -> impl Iterator<Item = (String, &str)> {
        let source = |version: &'_ Version| format!("{}.source", version.key);
        self.versions.iter().filter_map(move |(_, version)| Some((source(version), version.source.as_deref()?)))
    }
}

impl Version {
    /// Reads what stands under a key of the goal.
    fn new(settings: &settings::Target, key: &str) -> Result<Version, Problem> {
        let version = Version::read(settings).map_err(|problem| problem.under(key))?;
        Ok(Version { key: key.to_owned(), ..version })
    }

    fn read(settings: &settings::Target) -> Result<Version, Problem> {
        let table = |key: &str, table: &IndexMap<String, Number>| {
            let mut values = BTreeMap::new();
            for (name, value) in table {
                let folded = if key == "reps" { name.trim().to_lowercase() } else { name.trim().to_owned() };
                if values.insert(folded, positive(&format!("{key}.{name}"), *value)?).is_some() {
                    return Err(Problem::new(format!("{key}.{name}"), "is there twice; write it once"));
                }
            }
            Ok(values)
        };
        let single = |key: &str, value: Option<Number>| value.map(|value| positive(key, value)).transpose();
        if settings.quota.is_some() && settings.source.is_none() {
            return Err(Problem::new("quota", "is the name of a CRM's target; say in `source` of which CRM"));
        }
        Ok(Version {
            default: single("default", settings.default)?,
            roles: table("roles", &settings.roles)?,
            teams: table("teams", &settings.teams)?,
            reps: table("reps", &settings.reps)?,
            team_totals: table("team_totals", &settings.team_totals)?,
            org: single("org", settings.org)?,
            source: settings.source.clone(),
            quota: settings.quota.as_deref().map(|name| name.trim().to_lowercase()),
            key: String::new(),
        })
    }

    fn is_empty(&self) -> bool {
        let tables = [&self.roles, &self.teams, &self.reps, &self.team_totals];
        self.default.is_none() && self.org.is_none() && self.source.is_none() && tables.iter().all(|t| t.is_empty())
    }
}

/// The goals of the settings, in their order, and what is made of them.
#[derive(Clone, Default)]
pub struct Goals {
    /// The goals.
    pub goals: Vec<Goal>,
    /// Scorecards.
    pub scorecards: Vec<super::Scorecard>,
    /// Personal bests.
    pub records: super::RecordRules,
}

impl Goals {
    /// Checks and prepares the settings. Problems name keys of the whole settings.
    pub fn new(
        goals: &IndexMap<String, settings::Goal>,
        scorecards: &IndexMap<String, settings::Scorecard>,
        records: &settings::Records,
        resolve: Resolve<'_>,
    ) -> Result<Goals, Problem> {
        let goal = |(name, goal): (&String, &settings::Goal)| {
            Goal::new(name, goal, resolve).map_err(|problem| problem.under(name).under("goals"))
        };
        let goals: Vec<Goal> = goals.iter().map(goal).collect::<Result<_, _>>()?;
        let scorecard = |(name, scorecard): (&String, &settings::Scorecard)| {
            let scorecard = super::Scorecard::new(name, scorecard, &goals);
            scorecard.map_err(|problem| problem.under(name).under("scorecards"))
        };
        let scorecards = scorecards.iter().map(scorecard).collect::<Result<_, _>>()?;
        let records = super::RecordRules::new(records, resolve).map_err(|problem| problem.under("records"))?;
        Ok(Goals { goals, scorecards, records })
    }

    /// What the other settings say against them: words that no rule knows, sources that there are not.
    pub fn check(&self, rules: &Rules, sources: &[&str]) -> Result<(), Problem> {
        for goal in &self.goals {
            let problem = |key: &str, text: String| Problem::new(format!("goals.{}.{key}", goal.name), text);
            if let Some(text) = goal.measured.stranger(rules) {
                return Err(problem("measure", text));
            }
            if let Some((key, name)) = goal.sources().find(|(_, name)| !sources.contains(name)) {
                let text = format!("`{name}` is no source; {}", setting::instead(name, sources));
                return Err(problem(&key, text));
            }
        }
        self.check_steps(rules)?;
        self.records.check(rules)
    }

    /// Steps of plans are told apart by their names.
    fn check_steps(&self, rules: &Rules) -> Result<(), Problem> {
        let mut names = rules.key_activities().iter().map(|rule| rule.name.as_str());
        let taken = names.find(|name| STEPS.contains(name)).filter(|_| self.goals.iter().any(Goal::is_planned));
        match taken {
            Some(name) => {
                let text = "is also a step of crm_plan_required; give the key activity another name";
                Err(Problem::new(format!("activities.key.{name}"), text))
            }
            None => Ok(()),
        }
    }
}

/// Reads the name of a period of the calendar.
pub(super) fn period(key: &str, name: &str) -> Result<Period, Problem> {
    let found = Period::ALL.into_iter().find(|period| period.name() == name);
    found.ok_or_else(|| {
        let text = match name {
            "" => "is missing; write day, week, month, quarter or year".to_owned(),
            name => format!("`{name}` is no period; write day, week, month, quarter or year"),
        };
        Problem::new(key, text)
    })
}

fn positive(key: &str, value: Number) -> Result<f64, Problem> {
    if value.0 < Decimal::ZERO {
        return Err(Problem::new(key, format!("`{}` is below 0", value.0)));
    }
    Ok(value.float())
}

/// A name as people would write it: `weekly_calls` is `Weekly calls`.
fn title(name: &str) -> String {
    let words = name.replace(['_', '-'], " ");
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
