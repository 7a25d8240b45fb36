//! Are we on pace this month and quarter?

use crate::display::dashboard::{Board, Panel, Query, Row, Steps, Unit};

pub(super) fn board() -> Board {
    Board::wall("crm-pace", "Pace", "Are we on pace this month and quarter?")
        .row(super::common::head("On pace?", "month"))
        .row(Row::high(11).with(12, pace("month")).with(12, pace("quarter")))
}

fn pace(window: &str) -> Panel {
    let expr = format!(
        "crm_pacing_ratio{{scope=\"org\", window=\"{window}\"}} * on (goal) group_left (title) crm_goal_info{{primary=\"true\"}}"
    );
    Panel::stat(window, "What was reached over what was expected by now.")
        .query(Query::now(expr).legend("{{ title }}"))
        .unit(Unit::Ratio)
        .decimals(0)
        .steps(Steps::pace())
}
