//! What did we just win?

use super::common;
use crate::display::dashboard::{Board, NEUTRAL, ON_PACE, Panel, Query, Row, Transform, Unit};

const LAST: &str = "topk(1, crm_recent_win_timestamp_seconds)";

pub(super) fn board() -> Board {
    Board::wall("crm-wins", "Wins", "What did we just win?")
        .over("now/d")
        .row(common::head("What did we just win?", "week"))
        .row(Row::high(9).with(24, latest()))
        .row(Row::high(14).with(16, before()).with(8, won()))
}

fn latest() -> Panel {
    let meaning = "The deal that was won last (crm_recent_win_value of the latest crm_recent_win_timestamp_seconds): its account, who \
                   won it, and its value.";
    common::signal("The latest win", meaning)
        .query(
            Query::now(format!("crm_recent_win_value and on (deal, account, team, rep) {LAST}"))
                .legend("{{ account }} · {{ rep }}, {{ team }}"),
        )
        .unit(Unit::Money)
        .nothing("no win yet")
        .option("text.valueSize", 180.into())
        .coloured(ON_PACE)
}

fn before() -> Panel {
    let meaning = "The deals that were won before it, the last first (crm_recent_win_value): who won them, and from which account.";
    let others = format!("(topk(6, crm_recent_win_timestamp_seconds) unless {LAST})");
    Panel::bars("Before that", meaning)
        // Rows of both are merged where all labels agree: a metric's name is one that does not.
        .query(Query::table(format!(
            "sum by (deal, account) (crm_recent_win_value and on (deal, account, team, rep) {others})"
        )))
        .query(Query::table(format!("sum by (deal, account) ({others})")))
        .unit(Unit::Money)
        .decimals(1)
        .nothing("no win yet")
        .field("min", 0.into())
        .coloured(NEUTRAL)
        .then(Transform::merge())
        .then(Transform::sort_down("Value #B"))
        .then(Transform::columns(&[("account", "account"), ("Value #A", "Value #A")]))
        .then(Transform::limit(5))
        .per_row("account")
}

fn won() -> Panel {
    let meaning = "Value of the deals won this week and this month (crm_deals_won_value).";
    let value = |window: &str| format!("sum(crm_deals_won_value{{window=\"{window}\"}})");
    common::tile("Won", meaning)
        .query(Query::now(value("week")).legend("won this week"))
        .query(Query::now(value("month")).legend("won this month"))
        .unit(Unit::Money)
        .decimals(1)
        .option("orientation", "horizontal".into())
}
