//! How does the contest stand? One between people and one between teams.

use super::common;
use crate::display::dashboard::{Board, NEUTRAL, Panel, Query, Row, Transform, Unit};

/// So many are shown.
const PLACES: usize = 5;

/// Between whom contests are.
struct Sides {
    title: &'static str,
    /// The label that names a side.
    label: &'static str,
    /// What tells their scores from others'.
    selector: &'static str,
    nothing: &'static str,
}

const PEOPLE: Sides =
    Sides { title: "People", label: "rep", selector: "rep!=\"\"", nothing: "no contest between people" };
const TEAMS: Sides = Sides { title: "Teams", label: "team", selector: "rep=\"\"", nothing: "no contest between teams" };

pub(super) fn board() -> Board {
    let question = "How does the contest stand?";
    Board::wall("crm-contest", "Contest", question)
        .over("now/d")
        .row(common::head(question, "day"))
        .row(PEOPLE.row(14))
        .row(TEAMS.row(9))
}

impl Sides {
    fn row(&self, height: u32) -> Row {
        Row::high(height).with(6, self.contest()).with(18, self.standings())
    }

    /// The end of the contest that is shown: the next end of those that are not over, else the last one. Scores of two
    /// contests are never mixed, even if they end together.
    fn current(&self) -> String {
        let ends = format!(
            "max by (contest) (crm_contest_end_timestamp_seconds and on (contest) crm_contest_score{{{}}})",
            self.selector
        );
        format!("(bottomk(1, {ends} > time()) or on () topk(1, {ends}))")
    }

    fn contest(&self) -> Panel {
        let meaning = "The contest whose standings are beside it, and the days to its end, today included \
                       (crm_contest_end_timestamp_seconds); 0 once it is over.";
        common::tile(self.title, meaning)
            .query(
                Query::now(format!("clamp_min(ceil(({} - time()) / 86400), 0)", self.current()))
                    .legend("{{ contest }}"),
            )
            .decimals(0)
            .field("unit", "suffix: days".into())
            .nothing("none")
            .option("text.valueSize", 90.into())
    }

    fn standings(&self) -> Panel {
        let meaning = "Scores of the contest that ends next (crm_contest_score), highest first: at most five.";
        let score = format!("crm_contest_score{{{}}} and on (contest) {}", self.selector, self.current());
        Panel::bars(self.title, meaning)
            .query(Query::table(format!("sort_desc(topk({PLACES}, {score}))")))
            .unit(Unit::Whole)
            .decimals(0)
            .nothing(self.nothing)
            .option("text.valueSize", 44.into())
            .field("min", 0.into())
            .coloured(NEUTRAL)
            .then(Transform::columns(&[(self.label, self.label), ("Value", "Value")]))
            .then(Transform::sort_down("Value"))
            .then(Transform::limit(PLACES))
            .per_row(self.label)
    }
}
