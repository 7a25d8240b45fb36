//! How does the contest stand?

use super::common;
use crate::display::dashboard::{Board, NEUTRAL, Panel, Query, Row, Transform, Unit};

/// The contest that ends next, of those that are not over; else the one that ended last.
const CURRENT: &str = "(crm_contest_end_timestamp_seconds \
    == on () group_left () (min(crm_contest_end_timestamp_seconds > time()) or max(crm_contest_end_timestamp_seconds)))";

/// So many are shown.
const PLACES: usize = 5;

pub(super) fn board() -> Board {
    let question = "How does the contest stand?";
    Board::wall("crm-contest", "Contest", question)
        .over("now/d", "now")
        .row(common::head(question, "day"))
        .row(Row::high(15).with(24, people()))
        .row(Row::high(8).with(18, teams()).with(6, days_left()))
}

fn standings(title: &str, who: &str, selector: &str) -> Panel {
    let meaning = "Scores of the contest that ends next (crm_contest_score), highest first: at most five.";
    let score = format!("crm_contest_score{{{selector}}} and on (contest) {CURRENT}");
    Panel::bars(title, meaning)
        .query(Query::table(format!("sort_desc(topk({PLACES}, {score}))")))
        .unit(Unit::Whole)
        .decimals(0)
        .option("text.valueSize", 44.into())
        .field("min", 0.into())
        .coloured(NEUTRAL)
        .then(Transform::columns(&[(who, who), ("Value", "Value")]))
        .then(Transform::sort_down("Value"))
        .then(Transform::limit(PLACES))
        .per_row(who)
}

fn people() -> Panel {
    standings("People", "rep", "rep!=\"\"").nothing("no contest between people")
}

fn teams() -> Panel {
    standings("Teams", "team", "rep=\"\"").nothing("no contest between teams")
}

fn days_left() -> Panel {
    let meaning =
        "Days to the end of the contest, today included (crm_contest_end_timestamp_seconds); 0 once it is over.";
    common::tile("Days left", meaning)
        .query(Query::now(format!("clamp_min(ceil((max({CURRENT}) - time()) / 86400), 0)")).legend("days left"))
        .unit(Unit::Bare)
        .decimals(0)
        .nothing("none")
        .option("text.valueSize", 130.into())
}
