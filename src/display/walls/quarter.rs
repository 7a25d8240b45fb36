//! What is left before the quarter ends?

use super::common;
use crate::display::dashboard::{Board, Panel, Query, Row, Unit};

/// The goals of the quarter in money.
const OF_MONEY: &str = "on (goal) group_left (title) crm_goal_info{primary=\"true\", unit=\"currency\"}";

pub(super) fn board() -> Board {
    Board::wall("crm-quarter", "Rest of the quarter", "What is left before the quarter ends?")
        .over("now/fQ")
        .row(common::head("What is left?", "quarter"))
        .row(Row::high(12).with(9, left()).with(9, a_day()).with(6, days()))
        .row(Row::high(11).with(12, forecast()).with(6, target()).with(6, coverage()))
}

fn left() -> Panel {
    let meaning = "What is missing to the quarter's target of everybody (crm_goal_target less crm_goal_actual).";
    let missing = "clamp_min(crm_goal_target{scope=\"org\", window=\"quarter\"} - crm_goal_actual{scope=\"org\", window=\"quarter\"}, 0)";
    common::tile("Left to win", meaning)
        .query(Query::now(format!("{missing} * {OF_MONEY}")).legend("left to win"))
        .unit(Unit::Money)
        .decimals(1)
        .nothing("no value goal")
}

fn a_day() -> Panel {
    let meaning = "What each working day that is left, today included, has to bring (crm_goal_needed_per_working_day).";
    let needed = "crm_goal_needed_per_working_day{scope=\"org\", window=\"quarter\"}";
    common::tile("A working day", meaning)
        .query(Query::now(format!("{needed} * {OF_MONEY}")).legend("a working day"))
        .unit(Unit::Money)
        .decimals(1)
        .nothing("no value goal")
}

fn days() -> Panel {
    let meaning = "Calendar days to the end of the quarter, today included (crm_period_end_timestamp_seconds).";
    common::tile("Days left", meaning)
        .query(
            Query::now("ceil((crm_period_end_timestamp_seconds{window=\"quarter\"} - time()) / 86400)")
                .legend("days left"),
        )
        .unit(Unit::Count)
        .decimals(0)
}

fn forecast() -> Panel {
    let meaning = "What the quarter brings, by what is won and what is open (crm_forecast_value): the middle, and between which values it \
                   lies with a probability of 80%.";
    let of = |stat: &str| format!("crm_forecast_value{{scope=\"org\", window=\"quarter\", stat=\"{stat}\"}}");
    common::tile("Forecast", meaning)
        .query(Query::now(of("p50")).legend("forecast"))
        .query(Query::now(of("p10")).legend("at least"))
        .query(Query::now(of("p90")).legend("at most"))
        .unit(Unit::Money)
        .decimals(1)
        .nothing("no forecast yet")
}

fn target() -> Panel {
    let meaning = "The quarter's target of everybody (crm_goal_target).";
    common::tile("Target", meaning)
        .query(
            Query::now(format!("crm_goal_target{{scope=\"org\", window=\"quarter\"}} * {OF_MONEY}")).legend("target"),
        )
        .unit(Unit::Money)
        .decimals(1)
        .nothing("no value goal")
}

fn coverage() -> Panel {
    let meaning = "Open deals expected to close this quarter, over what is missing to the target (crm_pipeline_coverage_ratio): 3 is \
                   three times as much as is missing.";
    common::tile("Coverage", meaning)
        .query(Query::now("crm_pipeline_coverage_ratio{scope=\"org\", window=\"quarter\"}").legend("coverage"))
        .unit(Unit::Times)
        .decimals(1)
        .nothing("not known")
}
