//! Are we on pace this month and quarter?

use serde_json::json;

use super::common;
use crate::display::dashboard::{Board, Look, ON_PACE, Panel, QUIET, Query, Row, Unit};

pub(super) fn board() -> Board {
    Board::wall("crm-pace", "Pace", "Are we on pace this month and quarter?")
        .over("now/M")
        .mark("Wins", "crm_recent_win_timestamp_seconds * 1000", "{{ deal }}")
        .row(common::head("Are we on pace?", "month"))
        .row(Row::high(10).with(12, common::pace("month", "no goal")).with(12, common::pace("quarter", "no goal")))
        .row(Row::high(13).with(24, month()))
}

/// The way to the month's target, in percent of it, so that any goal can be shown.
fn month() -> Panel {
    let target = "crm_goal_target{scope=\"org\", window=\"month\"}";
    let share = |figure: &str| common::primary(&format!("{figure}{{scope=\"org\", window=\"month\"}} / {target}"));
    let meaning = "What was reached (thick) and what was to be expected (dashed), in percent of the month's target: crm_goal_actual and \
                   crm_goal_expected over crm_goal_target, of everybody. Marks are wins.";
    Panel::lines("This month: reached (solid) and expected (dashed), in percent of the target", meaning)
        .query(Query::over_time(share("crm_goal_actual")).legend("reached"))
        .query(Query::over_time(share("crm_goal_expected")).legend("expected"))
        .unit(Unit::Ratio)
        .decimals(0)
        .nothing("no goal for this month")
        .field("min", 0.into())
        .drawn("lineWidth", 8.into())
        .option("legend.showLegend", false.into())
        .option("tooltip", json!({"mode": "none", "sort": "none"}))
        .answer(0, [Look::Colour(ON_PACE), Look::Other("custom.fillOpacity", 15.into())])
        .answer(1, [Look::Colour(QUIET), Look::Dashed, Look::Other("custom.lineWidth", 5.into())])
}
