//! The quota: the goal on value won that boards hold forecasts and wins against, for the whole floor or chosen teams.
//!
//! Goals have any name. Those on value won are known by their plan; of several with one period the quota is the one with
//! the highest target, since the others are parts of it.

use super::common::TEAMS;
use crate::display::dashboard::Variable;

/// Which period the quota is of: a choice, the quarter at first.
pub(super) fn period() -> Variable {
    Variable::choice("window", "Period", &["quarter", "month"])
}

/// How a series is asked for.
#[derive(Clone, Copy)]
pub(super) enum When {
    /// As it is.
    Now,
    /// Along a line, between whose points there may be one sample: history is filled in with hours between.
    OverTime,
}

impl When {
    fn ask(self, selector: &str) -> String {
        match self {
            When::Now => selector.to_owned(),
            When::OverTime => format!("last_over_time({selector}[$__interval])"),
        }
    }
}

/// Figures that do not add up: the whole floor's while all teams are chosen, else those of each chosen team. `labels`
/// narrow them further. The label `team` names the team, or says that it is all teams.
pub(super) fn chosen(when: When, metric: &str, labels: &str) -> String {
    named(&of_floor_or_teams(when, metric, labels))
}

/// Figures of the quota in the chosen period, chosen as in [`chosen`].
pub(super) fn of_chosen(when: When, metric: &str) -> String {
    let figures = of_floor_or_teams(when, metric, "window=\"$window\"");
    named(&format!("({figures}) and on (goal, team) {}", quotas(when)))
}

fn of_floor_or_teams(when: When, metric: &str, labels: &str) -> String {
    // As many teams are chosen as there are.
    let count = |teams: &str| format!("count({})", when.ask(&format!("crm_team_info{teams}")));
    let all = format!("{} == {}", count(&format!("{{{TEAMS}}}")), count(""));
    let of_floor = when.ask(&format!("{metric}{{scope=\"org\", {labels}}}"));
    let of_team = when.ask(&format!("{metric}{{scope=\"team\", {TEAMS}, {labels}}}"));
    format!("({of_floor} and on () ({all})) or ({of_team} unless on () ({all}))")
}

fn named(figures: &str) -> String {
    format!("label_replace({figures}, \"team\", \"all teams\", \"team\", \"\")")
}

/// Figures of each chosen team's quota in the chosen period, by team.
pub(super) fn by_team(metric: &str) -> String {
    let figures = format!("{metric}{{scope=\"team\", window=\"$window\", {TEAMS}}}");
    format!("max by (team) ({figures} and on (goal, team) {})", quotas(When::Now))
}

/// The quota of the whole floor and that of each team.
fn quotas(when: When) -> String {
    let target = |scope: &str| when.ask(&format!("crm_goal_target{{scope=\"{scope}\", window=\"$window\"}}"));
    let planned = when.ask("crm_plan_required{step=\"wins\", window=\"$window\"}");
    format!("topk by (team) (1, ({} or {}) and on (goal) {planned})", target("org"), target("team"))
}

/// Forecast of the value won by the end of the chosen period, chosen as in [`chosen`].
pub(super) fn forecast(when: When, stat: &str) -> String {
    chosen(when, "crm_forecast_value", &format!("stat=\"{stat}\", window=\"$window\""))
}

/// Its median over the quota.
pub(super) fn forecast_of_target() -> String {
    let target = of_chosen(When::Now, "crm_goal_target");
    format!("({}) / on (team) (({target}) > 0)", forecast(When::Now, "p50"))
}

/// The same for each chosen team.
pub(super) fn forecast_of_target_by_team() -> String {
    let forecast = format!("crm_forecast_value{{scope=\"team\", stat=\"p50\", window=\"$window\", {TEAMS}}}");
    format!("max by (team) ({forecast}) / on (team) ({} > 0)", by_team("crm_goal_target"))
}
