//! From a value target back to what has to be done for it: wins, deals, qualified leads, key activities.
//!
//! Rates are the team's own of the last 180 days, made of the same measures as the metrics that show them, and of all the
//! team's records.

use std::collections::HashMap;

use super::days;
use super::goal::Goal;
use super::outcome::Outcome;
use super::quotas::Quotas;
use super::target::{Targets, members};
use crate::calendar::Window;
use crate::domain::{Object, Span};
use crate::facts::View;
use crate::measures::fold::{self, Scope};
use crate::measures::stats::{Stat, ratio};
use crate::measures::{Dim, Dims, Fold, Measure, Spans, Tally, activities, deals, leads};

/// The metric on whose goals plans are made.
pub const PLANNED: &str = "crm_deals_won_value";

/// Steps of a plan that are no key activities: values of the label `step`.
pub const STEPS: [&str; 3] = ["wins", "deals", "sql"];

/// The window of the rates.
const WINDOW: Window = Window::Days(180);

/// The rates of all teams.
pub struct Rates<'a> {
    view: &'a View<'a>,
    deal_size: Option<Tally>,
    win_ratio: Option<Tally>,
    cycle: Option<Tally>,
    created: Option<Tally>,
    sqls: Option<Tally>,
    /// Counts of key activities by population and rule.
    activities: Option<HashMap<(Scope, Dims), Vec<f64>>>,
}

/// The rates of a team; none where nothing tells them.
#[derive(Debug, Clone, PartialEq)]
pub struct TeamRates {
    /// Mean value of a deal won, in the reporting currency.
    pub deal_size: Option<f64>,
    /// Won by won and lost.
    pub win_ratio: Option<f64>,
    /// Median from creation to close of the deals won, in seconds.
    pub cycle_seconds: Option<f64>,
    /// Deals created.
    pub created: Option<f64>,
    /// Leads that reached `sql`.
    pub sqls: Option<f64>,
    /// Key activities by name.
    pub activities: Vec<(String, Option<f64>)>,
}

impl<'a> Rates<'a> {
    /// The rates at the view's instant. `is_known` says whether the records at hand tell a metric.
    pub fn new(view: &'a View<'_>, is_known: impl Fn(&str) -> bool) -> Rates<'a> {
        let span = view.calendar().span(WINDOW, view.now);
        let spans = Spans::new(vec![span]);
        let tells = |metric: &str, history: Object| {
            is_known(metric) && view.held_since(history).is_none_or(|since| since <= span.start)
        };
        let tally = |metric: &str, fold: Fold, only: Vec<(Dim, String)>| {
            let measure = Measure { fold, only };
            tells(metric, measure.history()).then(|| Tally::new(view, &measure, &spans))
        };
        let sql = vec![(Dim::LeadLevel, "sql".to_owned())];
        let key = tells("crm_key_activities", activities::KEY.history);
        Rates {
            view,
            deal_size: tally("crm_deal_size_average", Fold::Stat(&deals::POOLED_WON_SIZE, Stat::Mean), vec![]),
            win_ratio: tally("crm_win_ratio", Fold::Ratio(&deals::POOLED_WON, &deals::POOLED_CLOSED), vec![]),
            cycle: tally("crm_sales_cycle_seconds", Fold::Stat(&deals::CYCLE, Stat::P50), vec![]),
            created: tally("crm_deals_created", Fold::Sum(&deals::CREATED), vec![]),
            sqls: tally("crm_leads_qualified", Fold::Sum(&leads::QUALIFIED), sql),
            activities: key.then(|| fold::sums(view, &activities::KEY, &spans).by_scope(view)),
        }
    }

    /// The rates of a team, by its index.
    pub fn of(&self, team: u32) -> TeamRates {
        let slots = members(self.view, Scope::Team(team));
        let figure = |tally: &Option<Tally>| tally.as_ref().and_then(|tally| tally.of(&slots, 0));
        let rules = (0..).zip(self.view.rules().key_activities());
        let count = |number: u32| {
            let counts = self.activities.as_ref()?;
            Some(counts.get(&(Scope::Team(team), [number, 0])).map_or(0.0, |counts| counts[0]))
        };
        let activities =
            rules.map(|(number, rule)| (rule.name.clone(), count(number).filter(|_| self.view.can_tell(rule))));
        TeamRates {
            deal_size: figure(&self.deal_size),
            win_ratio: figure(&self.win_ratio),
            cycle_seconds: figure(&self.cycle),
            created: figure(&self.created),
            sqls: figure(&self.sqls),
            activities: activities.collect(),
        }
    }
}

/// What a team has to do for its target.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Name of the goal.
    pub goal: String,
    /// Label of the team.
    pub team: String,
    /// The period of the target.
    pub period: Span,
    /// The target, in the reporting currency.
    pub target: f64,
    /// What is won of it.
    pub won: f64,
    /// The team's own rates.
    pub rates: TeamRates,
    /// When a deal has to be created to be won inside the period, if it takes as long as half of them do: the period, one
    /// median cycle earlier. None without a cycle.
    pub creation: Option<Span>,
    /// Active reps.
    pub reps: u32,
    /// Working days over which key activities are spread.
    pub days: u32,
    /// Working days of an ordinary week, holidays taken off evenly.
    pub days_a_week: f64,
    /// Deals to be won.
    pub wins: Option<f64>,
    /// Deals to be created.
    pub deals: Option<f64>,
    /// Leads that have to reach `sql`.
    pub sqls: Option<f64>,
    /// Key activities by name, each per active rep and working day.
    pub activities: Vec<(String, Option<f64>)>,
}

impl Goal {
    /// Whether there are plans for it.
    pub fn is_planned(&self) -> bool {
        self.measured.metric == PLANNED
    }
}

/// What the rest of the current period needs, a plan a team with a target.
pub fn rest(view: &View<'_>, goal: &Goal, outcome: &Outcome, rates: &Rates<'_>) -> Vec<Plan> {
    let period = view.calendar().period(goal.period, view.now);
    let plan = |figure: &super::Figure| {
        let Scope::Team(team) = figure.scope else { return None };
        let base = Base { team, period, target: figure.target, won: figure.actual?, spread: Some(period) };
        Some(base.plan(view, goal, rates.of(team)))
    };
    outcome.figures.iter().filter_map(plan).collect()
}

/// What the next period needs, a plan a team with a target. Its deals have to be created one median cycle earlier, so what
/// leads to them is spread over the working days of that time that are still to come.
pub fn next(view: &View<'_>, goal: &Goal, rates: &Rates<'_>) -> Vec<Plan> {
    let current = view.calendar().period(goal.period, view.now);
    let period = view.calendar().period(goal.period, current.end);
    let targets = Targets::new(view, goal, &Quotas::new(view, goal), period, view.calendar().date(period.start));
    let plan = |target: &super::target::GroupTarget| {
        let Scope::Team(team) = target.scope else { return None };
        let base = Base { team, period, target: target.value, won: 0.0, spread: None };
        Some(base.plan(view, goal, rates.of(team)))
    };
    targets.groups.iter().filter_map(plan).collect()
}

/// What a plan starts from.
struct Base {
    team: u32,
    period: Span,
    target: f64,
    won: f64,
    /// Over which time activities are spread; none: the time in which deals have to be created.
    spread: Option<Span>,
}

impl Base {
    fn plan(self, view: &View<'_>, goal: &Goal, rates: TeamRates) -> Plan {
        let Base { team, period, target, won, spread } = self;
        let schedule = view.schedule(team);
        let creation = rates.cycle_seconds.map(|seconds| {
            let cycle = (seconds * 1000.0).round() as i64;
            Span { start: period.start.plus_millis(-cycle), end: period.end.plus_millis(-cycle) }
        });
        let spread = spread.or(creation).unwrap_or(period);
        let days = days::left(schedule, spread, view.now.max(spread.start));
        let days = days.map_or(0, |(first, last)| schedule.working_days(first, last));
        let slots = view.people.slots.iter();
        let reps = slots.filter(|slot| slot.team == team && slot.has_zeros()).count() as u32;
        let missing = (target - won).max(0.0);
        let wins = over(missing, rates.deal_size);
        let deals = wins.and_then(|wins| over(wins, rates.win_ratio));
        // Nothing more is needed, whatever it takes; what nobody knows stays unknown.
        let met = |step: Option<f64>| if missing > 0.0 { step } else { Some(0.0) };
        let per_deal = |count: Option<f64>| ratio(count?, rates.created?);
        let sqls = rates.sqls.and_then(|count| met(per_deal(Some(count)).and_then(|each| Some(deals? * each))));
        let each_day = |count: &Option<f64>| {
            let step = || ratio(deals? * per_deal(*count)?, f64::from(reps) * f64::from(days));
            count.and_then(|_| met(step()))
        };
        let activities = rates.activities.iter().map(|(name, count)| (name.clone(), each_day(count))).collect();
        let today = view.today();
        let in_a_year = today.checked_add_days(chrono::Days::new(363)).unwrap_or(today);
        Plan {
            goal: goal.name.clone(),
            team: view.people.teams[team as usize].label.clone(),
            period,
            target,
            won,
            creation,
            reps,
            days,
            days_a_week: f64::from(schedule.working_days(today, in_a_year)) / 52.0,
            wins: met(wins),
            deals: met(deals),
            sqls,
            activities,
            rates,
        }
    }
}

fn over(amount: f64, rate: Option<f64>) -> Option<f64> {
    ratio(amount, rate?)
}
