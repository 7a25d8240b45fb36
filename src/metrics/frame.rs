//! What figures of one snapshot share: the facts at an instant, the windows, and the settings of figures.

use std::cell::OnceCell;

use chrono::NaiveDate;
use indexmap::IndexMap;
use rust_decimal::Decimal;

use super::settings::{Limits, Sections};
use super::{Group, windows_of};
use crate::benchmarks::{Benchmarks, RepFigures};
use crate::calendar::{ParseWindowError, Period, Window};
use crate::contests::{self, Contest, Contests, Standing};
use crate::exposition::Labels;
use crate::facts::settings::CostStep;
use crate::facts::{Rules, View};
use crate::goals::{self, Best, Goal, Goals, Outcome, Resolved, Usual};
use crate::measures::wins::Win;
use crate::setting::{self, Problem};

/// The settings of figures, ready for use.
#[derive(Clone)]
pub struct Options {
    activities: Vec<Window>,
    leads: Vec<Window>,
    deals: Vec<Window>,
    deals_ratios: Vec<Window>,
    funnel: Vec<Window>,
    coverage: Vec<Window>,
    forecast: Vec<Window>,
    benchmark_windows: Vec<Window>,
    accounts: Vec<Window>,
    customers: Vec<Window>,
    disabled: Vec<String>,
    /// Bounds on the number of series.
    pub limits: Limits,
    /// What teams cost a month, by name, each from a date on, oldest first.
    pub costs: IndexMap<String, Vec<(NaiveDate, Decimal)>>,
    /// Goals, scorecards and records.
    pub goals: Goals,
    /// Place among the goals of the one that the pipeline is to cover; none: the first that fits.
    pub(super) coverage_goal: Option<usize>,
    /// Contests.
    pub contests: Contests,
    /// What is benchmarked.
    pub benchmarks: Benchmarks,
}

impl Options {
    /// Checks and prepares the settings. Problems name keys of the whole settings.
    pub fn new(sections: &Sections<'_>) -> Result<Options, Problem> {
        let Sections { metrics: settings, limits, deals, costs, goals, scorecards, records, contests, benchmarks } =
            sections;
        let windows = |group: &str, names: &[String]| {
            let key = format!("metrics.windows.{group}");
            let mut windows: Vec<Window> = Vec::new();
            for (index, name) in names.iter().enumerate() {
                let problem = |text: String| Problem::new(format!("{key}[{index}]"), text);
                let window = name.parse().map_err(|error: ParseWindowError| problem(error.to_string()))?;
                if windows.contains(&window) {
                    return Err(problem(format!("`{name}` is listed twice; write it once")));
                }
                windows.push(window);
            }
            let most = crate::measures::Spans::MAX;
            match windows.len() > most {
                true => Err(Problem::new(&key, format!("{} windows are more than the {most} possible", windows.len()))),
                false => Ok(windows),
            }
        };
        let periods = |group: &str, names: &[String]| {
            let windows = windows(group, names)?;
            match windows.iter().position(|window| !matches!(window, Window::Current(_))) {
                Some(index) => {
                    let text =
                        format!("`{}` has no end to come; write day, week, month, quarter or year", names[index]);
                    Err(Problem::new(format!("metrics.windows.{group}[{index}]"), text))
                }
                None => Ok(windows),
            }
        };
        for (index, name) in settings.disable.iter().enumerate() {
            if super::find(name).is_none() {
                return Err(Problem::new(format!("metrics.disable[{index}]"), unknown_metric(name)));
            }
        }
        let step = |step: &CostStep| (step.from, step.monthly.0);
        let costs = costs.iter().map(|(team, steps)| {
            let mut steps: Vec<_> = steps.iter().map(step).collect();
            steps.sort_by_key(|(from, _)| *from);
            (team.clone(), steps)
        });
        let goals = Goals::new(goals, scorecards, records, &super::measured::resolve)?;
        Ok(Options {
            coverage_goal: super::coverage::chosen(deals.coverage_goal.as_deref(), &goals)?,
            activities: windows("activities", &settings.windows.activities)?,
            leads: windows("leads", &settings.windows.leads)?,
            deals: windows("deals", &settings.windows.deals)?,
            deals_ratios: windows("deals_ratios", &settings.windows.deals_ratios)?,
            funnel: windows("funnel", &settings.windows.funnel)?,
            coverage: periods("coverage", &settings.windows.coverage)?,
            forecast: periods("forecast", &settings.windows.forecast)?,
            benchmark_windows: windows("benchmarks", &settings.windows.benchmarks)?,
            accounts: windows("accounts", &settings.windows.accounts)?,
            customers: of_customers(windows("customers", &settings.windows.customers)?)?,
            disabled: settings.disable.clone(),
            limits: (*limits).clone(),
            costs: costs.collect(),
            contests: Contests::new(contests, &goals, &super::measured::resolve)?,
            benchmarks: Benchmarks::new(benchmarks, &super::measured::resolve)?,
            goals,
        })
    }

    /// What the other settings say against them: words that no rule knows, sources that there are not.
    pub fn check(&self, rules: &Rules, sources: &[&str]) -> Result<(), Problem> {
        self.goals.check(rules, sources)?;
        self.contests.check(rules)?;
        self.benchmarks.check(rules)
    }

    /// The windows of a group.
    pub fn windows(&self, group: Group) -> &[Window] {
        match group {
            Group::Now | Group::Goals => &[],
            Group::Activities => &self.activities,
            Group::Leads => &self.leads,
            Group::Deals => &self.deals,
            Group::DealRatios => &self.deals_ratios,
            Group::Funnel => &self.funnel,
            Group::Coverage => &self.coverage,
            Group::Forecast => &self.forecast,
            Group::Benchmarks => &self.benchmark_windows,
            Group::Accounts => &self.accounts,
            Group::Customers => &self.customers,
        }
    }

    /// Whether a family is to be left out.
    pub fn is_disabled(&self, name: &str) -> bool {
        self.disabled.iter().any(|disabled| disabled == name)
    }
}

/// The same windows, if customers can be counted over them.
fn of_customers(windows: Vec<Window>) -> Result<Vec<Window>, Problem> {
    let covers_a_year = |window: &Window| match window {
        Window::Days(days) => *days >= 365,
        window => *window == Window::Previous(Period::Year),
    };
    match windows.iter().enumerate().find(|(_, window)| !covers_a_year(window)) {
        None => Ok(windows),
        Some((index, window)) => {
            let text =
                format!("`{window}` is too short to tell who buys again; write previous_year, or 365d or more days");
            Err(Problem::new(format!("metrics.windows.customers[{index}]"), text))
        }
    }
}

/// What to say of a name that no metric has.
pub fn unknown_metric(name: &str) -> String {
    match setting::nearest(name, super::catalogue().map(|metric| metric.name)) {
        Some(near) => format!("there is no metric `{name}`; did you mean `{near}`?"),
        None => format!("there is no metric `{name}`; `crm_exporter metrics` shows them all"),
    }
}

/// What figures of one snapshot share.
pub struct Frame<'a> {
    /// The facts at the instant.
    pub view: &'a View<'a>,
    /// The settings.
    pub options: &'a Options,
    outcomes: OnceCell<Vec<Option<Outcome>>>,
    bests: OnceCell<Vec<Bests<'a>>>,
    recent_wins: OnceCell<Vec<(Win, Labels)>>,
    standings: OnceCell<Vec<Option<Vec<Standing>>>>,
    benchmarked: OnceCell<Vec<RepFigures<'a>>>,
}

/// A measure, a kind of period, and the best of everybody.
pub(super) type Bests<'a> = (&'a Resolved, Period, Vec<Best>);

impl<'a> Frame<'a> {
    /// What figures of `view` share.
    pub fn new(view: &'a View<'a>, options: &'a Options) -> Frame<'a> {
        Frame {
            view,
            options,
            outcomes: OnceCell::new(),
            bests: OnceCell::new(),
            recent_wins: OnceCell::new(),
            standings: OnceCell::new(),
            benchmarked: OnceCell::new(),
        }
    }

    /// How the goals stand, in their order; none where the records at hand do not tell.
    pub fn outcomes(&self) -> &[Option<Outcome>] {
        self.outcomes.get_or_init(|| {
            let outcome = |goal: &Goal| self.is_known(&goal.measured).then(|| goals::evaluate(self.view, goal));
            self.options.goals.goals.iter().map(outcome).collect()
        })
    }

    /// Personal bests of the configured measures and periods that the records at hand tell.
    pub(super) fn bests(&self) -> &[Bests<'a>] {
        self.bests.get_or_init(|| {
            let records = &self.options.goals.records;
            let measures = records.measures.iter().filter(|measured| self.is_known(measured));
            let pairs = measures.flat_map(|measured| records.periods.iter().map(move |period| (measured, *period)));
            pairs.map(|(measured, period)| (measured, period, goals::best(self.view, measured, period))).collect()
        })
    }

    /// The deals won last, latest first, with their labels.
    pub(super) fn recent_wins(&self) -> &[(Win, Labels)] {
        self.recent_wins.get_or_init(|| super::wins::labelled(self.view, self.options.limits.recent_wins))
    }

    /// What reps usually reach in a period of what `selector` measures, by at most so many finished periods; none where the
    /// records at hand do not tell.
    ///
    /// # Errors
    /// A text that tells what is wrong with the selector.
    pub fn usual(&self, selector: &str, period: Period, most: usize) -> Result<Option<Usual>, String> {
        let measured = super::measured::resolve(selector)?;
        Ok(self.is_known(&measured).then(|| goals::usual(self.view, &measured, period, most)).flatten())
    }

    /// How the contests stand, in their order, hidden ones too; none where one has not begun or the records at hand do not
    /// tell.
    pub fn standings(&self) -> &[Option<Vec<Standing>>] {
        self.standings.get_or_init(|| {
            let is_known = |contest: &Contest| contest.measured().all(|(_, measured)| self.is_known(measured));
            let standings = |contest| is_known(contest).then(|| contests::standings(self.view, contest)).flatten();
            self.options.contests.contests.iter().map(standings).collect()
        })
    }

    /// The figures of reps that are benchmarked.
    pub(super) fn benchmarked(&self) -> &[RepFigures<'a>] {
        self.benchmarked.get_or_init(|| self.rep_figures(&self.options.benchmarks.measures))
    }

    /// The figures of reps by those of some measures that the records at hand tell.
    pub(super) fn rep_figures(&self, measures: &'a [Resolved]) -> Vec<RepFigures<'a>> {
        let figures = |measured: &'a Resolved| {
            let windows = windows_of(self, Group::Benchmarks, measured.measure.history());
            RepFigures::new(self.view, &self.options.benchmarks, measured, &windows)
        };
        measures.iter().filter(|measured| self.is_known(measured)).map(figures).collect()
    }

    /// Whether the records at hand tell what a selector measures.
    pub fn is_known(&self, measured: &Resolved) -> bool {
        let is_known = super::find(measured.metric).is_some_and(|metric| metric.is_known(self));
        is_known && measured.measure.can_be_told(self.view)
    }
}
