//! Who leads, by percent of their own target? Once in results, once in actions.

use super::common;
use crate::display::dashboard::{Board, NEUTRAL, ON_PACE, Panel, Query, Row, Steps, Transform, Unit};

/// So many people are shown: those at the end of a list are nobody's business.
const PEOPLE: usize = 5;

/// By the primary goal of the longest period: what came of it.
pub(super) fn results() -> Board {
    board("crm-leaders", "Leaders", "Who leads?", "quarter", &common::RESULTS_FIRST)
}

/// By the primary goal of the week: what people do.
pub(super) fn actions() -> Board {
    board("crm-actions", "Leaders of the week", "Who does most this week?", "week", &common::ACTIONS_FIRST)
}

fn board(uid: &'static str, title: &'static str, question: &'static str, window: &str, windows: &[&str]) -> Board {
    Board::wall(uid, title, question)
        .over("now/d")
        .row(common::head(question, window))
        .row(Row::high(23).with(24, leaders(windows)))
}

fn leaders(windows: &[&str]) -> Panel {
    let ratio = |window: &str| format!("crm_goal_attainment_ratio{{scope=\"rep\", window=\"{window}\"}}");
    let meaning = "The five who have reached most, in percent of their own target of the primary goal \
                   (crm_goal_attainment_ratio): whoever started late or was away has a smaller target. Green: the target is reached.";
    Panel::bars("Percent of one's own target", meaning)
        .query(Query::table(format!("sort_desc(topk({PEOPLE}, {}))", common::first_of(windows, ratio))))
        .unit(Unit::Ratio)
        .decimals(0)
        .nothing("no goal")
        .steps(Steps::only(NEUTRAL).from(1.0, ON_PACE))
        .option("text.valueSize", 72.into())
        .between(0.0, 1.0)
        .then(Transform::columns(&[("rep", "rep"), ("Value", "Value")]))
        .then(Transform::sort_down("Value"))
        .then(Transform::limit(PEOPLE))
        .per_row("rep")
}
