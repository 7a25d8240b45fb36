//! What boards for desks share: their head, the choice of teams, ways to other boards, and how pace is shown.

use serde_json::json;

use crate::display::dashboard::{
    AT_RISK, BEHIND, Board, Look, ON_PACE, Panel, Query, Row, Steps, Transform, Unit, Variable,
};

/// The windows of goals that a day alone does not settle.
pub(super) const LONG_PERIODS: &str = r#"window=~"week|month|quarter|year""#;

/// The teams that are chosen.
pub(super) const TEAMS: &str = r#"team=~"$team""#;

/// A board about the teams that are chosen, and its head.
pub(super) fn of_teams(uid: &'static str, title: &'static str, question: &'static str, reading: &str) -> Board {
    Board::desk(uid, title, question)
        .over("now-28d")
        .variable(Variable::any("team", "Team", "label_values(crm_team_info, team)"))
        .row(head(question, reading, "crm_exporter_team_data_timestamp_seconds{team=~\"$team\"}"))
}

/// The top of a board: what it answers, in a sentence how to read it, and how old the figures are. `read_at` tells when the
/// CRM was last read for those whom the board is about.
pub(super) fn head(question: &str, reading: &str, read_at: &str) -> Row {
    let text = Panel::text(question, "The question that this board answers.", &format!("**{question}** {reading}"));
    Row::high(2).with(20, text.without_title()).with(4, freshness(read_at))
}

/// How old the figures are: those that were read longest ago.
fn freshness(read_at: &str) -> Panel {
    let metric = read_at.split('{').next().unwrap_or(read_at);
    let meaning = format!(
        "Time since the CRM was last read completely: of what is chosen, where that is longest ago. Minutes are normal; after \
         hours look at the board of the exporter. It is {metric} held against the clock."
    );
    Panel::stat("Figures are", &meaning)
        .query(Query::now(format!("time() - min({read_at})")).legend("age of the figures"))
        .unit(Unit::Seconds)
        .decimals(0)
        .nothing("not read yet")
        .steps(Steps::only(ON_PACE).from(300.0, AT_RISK).from(3600.0, BEHIND))
        .option("textMode", "value_and_name".into())
        .option("colorMode", "value".into())
        .without_title()
}

/// The windows that a goal can have; beside them there are those of finished periods.
pub(super) const PERIODS: &str = r#"window=~"day|week|month|quarter|year""#;

/// Only once a tenth of the goal's period has passed: before that a pace says nothing yet.
pub(super) fn not_too_early(figures: &str) -> String {
    format!("{figures} and on (window) (crm_period_elapsed_ratio{{{LONG_PERIODS}}} > 0.1)")
}

/// The present figures of goals with the title of each: `metric` with these labels, for goals with those.
pub(super) fn of_goals(metric: &str, labels: &str, goals: &str) -> String {
    format!("{metric}{{{labels}}} * on (goal) group_left (title) crm_goal_info{{{goals}}}")
}

/// One row a value of `row`, one column a value of `column`; both in the order of the answer.
pub(super) fn matrix(row: &str, column: &str) -> Transform {
    let options = json!({"rowField": row, "columnField": column, "valueField": "Value", "emptyValue": "null"});
    Transform::other("groupingToMatrix", options)
}

/// A cell with a pacing ratio on its colour.
pub(super) fn pace_cell() -> [Look; 4] {
    [Look::Unit(Unit::Ratio), Look::Decimals(0), Look::Steps(Steps::pace()), Look::Background]
}

/// A click on a rep leads to the rep's own page.
pub(super) fn to_rep() -> Look {
    Look::Link("The rep's own page", address("crm-one-rep", "var-rep=${__value.raw:percentencode}&${team:queryparam}"))
}

/// A click on a team leads to its manager's board.
pub(super) fn to_manager() -> Look {
    Look::Link("The team's board", address("crm-manager", "var-team=${__value.raw:percentencode}"))
}

/// Another board, with the same data source.
fn address(uid: &str, variables: &str) -> String {
    format!("/d/{uid}?{variables}&${{datasource:queryparam}}")
}

/// A figure that is bad as soon as it is above 0.
pub(super) fn bad_above_none() -> [Look; 3] {
    [Look::Decimals(0), Look::Steps(Steps::only("transparent").from(1.0, AT_RISK)), Look::Background]
}
