//! Which team leads?

use super::common;
use crate::display::dashboard::{Board, NEUTRAL, ON_PACE, Panel, Query, Row, Steps, Transform, Unit};

/// So many teams are shown of each period.
const TEAMS: usize = 5;

pub(super) fn board() -> Board {
    Board::wall("crm-teams", "Teams", "Which team leads?")
        .over("now/d")
        .row(common::head("Which team leads?", "day"))
        .row(of("quarter", 12))
        .row(of("month", 11))
}

fn of(window: &str, height: u32) -> Row {
    Row::high(height).with(5, common::period(window)).with(19, teams(window))
}

fn teams(window: &str) -> Panel {
    let ratio = format!("crm_goal_attainment_ratio{{scope=\"team\", window=\"{window}\"}}");
    let meaning = "What a team has reached, in percent of its own target of the primary goal (crm_goal_attainment_ratio). \
                   It is green once the target is reached.";
    Panel::bars("Percent of the team's target", meaning)
        .query(Query::table(format!("sort_desc(topk({TEAMS}, {}))", common::primary(&ratio))))
        .unit(Unit::Ratio)
        .decimals(0)
        .nothing("no goal")
        .steps(Steps::only(NEUTRAL).from(1.0, ON_PACE))
        .option("text.valueSize", 50.into())
        .between(0.0, 1.0)
        .then(Transform::columns(&[("team", "team"), ("Value", "Value")]))
        .then(Transform::sort_down("Value"))
        .then(Transform::limit(TEAMS))
        .per_row("team")
}
