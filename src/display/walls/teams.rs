//! Which team leads?

use super::common;
use crate::display::dashboard::{Board, NEUTRAL, ON_PACE, Panel, Query, Row, Steps, Transform, Unit};

/// So many teams are shown of each period.
const TEAMS: usize = 5;

pub(super) fn board() -> Board {
    Board::wall("crm-teams", "Teams", "Which team leads?")
        .over("now/d", "now")
        .row(common::head("Which team leads?", "quarter"))
        .row(Row::high(12).with(24, teams("quarter", "This quarter: percent of the team's target")))
        .row(Row::high(11).with(24, teams("month", "This month: percent of the team's target")))
}

fn teams(window: &str, title: &str) -> Panel {
    let ratio = format!("crm_goal_attainment_ratio{{scope=\"team\", window=\"{window}\"}}");
    let meaning = "What a team has reached, in percent of its own target of the primary goal (crm_goal_attainment_ratio). \
                   It is green once the target is reached.";
    Panel::bars(title, meaning)
        .query(Query::table(format!("sort_desc(topk({TEAMS}, {}))", common::primary(&ratio))))
        .unit(Unit::Ratio)
        .decimals(0)
        .nothing("no goal for this period")
        .steps(Steps::only(NEUTRAL).from(1.0, ON_PACE))
        .field("min", 0.into())
        .then(Transform::columns(&[("team", "team"), ("Value", "Value")]))
        .then(Transform::sort_down("Value"))
        .then(Transform::limit(TEAMS))
        .per_row("team")
}
