//! How is today going?

use super::common;
use crate::display::dashboard::{AT_RISK, Board, Look, NEUTRAL, ON_PACE, Panel, Query, Row, Steps, Unit};

pub(super) fn board() -> Board {
    Board::wall("crm-today", "Today", "How is today going?")
        .over("now/d")
        .row(common::head("How is today going?", "day"))
        .row(Row::high(9).with(15, common::pace("day", "no goal")).with(9, to_go()))
        .row(Row::high(7).with(24, activities()))
        .row(Row::high(7).with(12, won()).with(6, created()).with(6, waiting()))
}

/// What is left to do today.
fn to_go() -> Panel {
    let missing =
        "clamp_min(crm_goal_target{scope=\"org\", window=\"day\"} - crm_goal_actual{scope=\"org\", window=\"day\"}, 0)";
    let meaning =
        "What is missing to today's target of everybody (crm_goal_target less crm_goal_actual); 0 once it is reached.";
    common::tile("Left for today", meaning)
        .option("text.valueSize", 150.into())
        .query(Query::now(common::primary(missing)).legend("left for today"))
        .decimals(0)
        .nothing("no goal")
}

fn activities() -> Panel {
    let meaning = "Activities done today by everybody, by kind (crm_activities).";
    common::tile("Done today", meaning)
        .option("text.valueSize", 100.into())
        .query(Query::now("sum by (kind) (crm_activities{window=\"day\"})").legend("{{ kind }}"))
        .decimals(0)
        .option("orientation", "vertical".into())
}

fn won() -> Panel {
    let meaning = "Deals won today and their value (crm_deals_won, crm_deals_won_value).";
    common::tile("Won today", meaning)
        .option("text.valueSize", 110.into())
        .query(Query::now("sum(crm_deals_won{window=\"day\"})").legend("deals won"))
        .query(Query::now("sum(crm_deals_won_value{window=\"day\"})").legend("won"))
        .decimals(0)
        .answer(1, [Look::Unit(Unit::Money)])
        .steps(Steps::only(NEUTRAL).from(1.0, ON_PACE))
}

fn created() -> Panel {
    let meaning = "Deals created today (crm_deals_created): what may be won later.";
    common::tile("New deals", meaning)
        .option("text.valueSize", 100.into())
        .query(Query::now("sum(crm_deals_created{window=\"day\"})").legend("new deals"))
        .decimals(0)
}

fn waiting() -> Panel {
    let meaning =
        "Leads that wait for an answer for longer than the floor wants to let anybody wait (crm_leads_beyond_sla).";
    common::signal("Leads that wait too long", meaning)
        .option("text.valueSize", 100.into())
        .query(Query::now("sum(crm_leads_beyond_sla)").legend("leads wait too long"))
        .decimals(0)
        .nothing("no leads")
        .steps(Steps::only(ON_PACE).from(1.0, AT_RISK))
}
