//! Who is behind on what, what does it take per day, what waits, and whom to coach on what?

use serde_json::json;

use super::common;
use crate::display::dashboard::{
    AT_RISK, BEHIND, Board, Look, NEUTRAL, ON_PACE, Panel, Query, Row, Steps, Transform, Unit, words,
};

/// Cases from which on a conversion says something of a rep.
const ENOUGH: u32 = 10;

pub(super) fn board() -> Board {
    let question = "Who is behind on what, and what helps?";
    let reading = "Teams and what waits, then people: furthest behind first. A name leads to the rep's own page.";
    common::of_teams("crm-manager", "Manager", question, reading)
        .row(Row::high(6).with(16, teams()).with(8, waiting()))
        .row(Row::high(9).with(13, behind()).with(11, coaching()))
        .row(
            Row::high(9)
                .with(10, takes("What does it take a day? Counts", "count", Unit::Count))
                .with(7, takes("And amounts?", "currency", Unit::Money))
                .with(7, waits_with()),
        )
}

fn teams() -> Panel {
    let meaning = "Pace of each team by goal: what was reached over what was expected by now, in the goal's own current \
                   period. 100% is on pace; below 95% the team will miss the target if it goes on like this. \
                   It is crm_pacing_ratio of the team.";
    pace_by_goal("Where is each team behind?", meaning, "team").column("Team", [common::to_manager(), Look::Width(130)])
}

fn behind() -> Panel {
    let meaning = "Pace of each rep by goal: what was reached over what was expected by now, with absences and ramp \
                   allowed for; shown once a tenth of the period has passed. Whoever is furthest behind on any goal stands first; talk about that goal first. \
                   It is crm_pacing_ratio of the rep.";
    pace_by_goal("Who is behind on what?", meaning, "rep").column("Rep", [common::to_rep(), Look::Width(170)])
}

/// What is asked of goals: of one scope, for the chosen teams. A day is over before a manager can help, so its goals are
/// left to the boards on the wall and to the rep's own page.
fn labels(scope: &str) -> String {
    format!("scope=\"{scope}\", {}, {}", common::LONG_PERIODS, common::TEAMS)
}

/// Rows of teams or reps, columns of goals, and in words how the worst of them stands.
fn pace_by_goal(title: &str, meaning: &str, row: &str) -> Panel {
    let figures = common::of_goals("crm_pacing_ratio", &labels(row), "");
    let (corner, name) = (format!("{row}\\title"), if row == "rep" { "Rep" } else { "Team" });
    let worst = json!({"mode": "reduceRow", "alias": "Furthest", "reduce": {"reducer": "min"}, "replaceFields": false});
    let order = json!({"indexByName": {corner.clone(): 0, "Furthest": 1}, "renameByName": {corner: name}});
    let panel = Panel::table(title, meaning)
        .query(Query::table(common::not_too_early(&figures)))
        .unit(Unit::Ratio)
        .decimals(0)
        .nothing("no goals, or too early to tell")
        .steps(Steps::pace())
        .drawn("cellOptions", json!({"type": "color-background", "mode": "basic"}))
        .then(common::matrix(row, "title"))
        .then(Transform::other("calculateField", worst))
        .then(Transform::sort_up("Furthest"))
        .then(Transform::other("organize", order));
    panel
        .column(name, [Look::Other("custom.cellOptions", json!({"type": "auto"}))])
        .column("Furthest", [Look::Words(words::pace()), Look::Width(100)])
}

fn waiting() -> Panel {
    let meaning = "What waits at this moment for the chosen teams: leads that nobody has answered, and open deals that \
                   stay too long in a stage, should have closed by now, or have nothing planned. \
                   They are crm_leads_unanswered, crm_leads_beyond_sla, crm_lead_unanswered_oldest_seconds, \
                   crm_open_deals_stalled, crm_open_deals_overdue and crm_open_deals_without_next_step.";
    let none = json!({"type": "value", "options": {"0": {"text": "none", "index": 1}}});
    let figures = [
        ("leads unanswered", "sum(crm_leads_unanswered{T})"),
        ("beyond the SLA", "sum(crm_leads_beyond_sla{T})"),
        ("oldest lead", "max(crm_lead_unanswered_oldest_seconds{T})"),
        ("deals stalled", "sum(crm_open_deals_stalled{T})"),
        ("deals overdue", "sum(crm_open_deals_overdue{T})"),
        ("no next step", "sum(crm_open_deals_without_next_step{T})"),
    ];
    let panel = Panel::stat("What waits now?", meaning)
        .decimals(0)
        .nothing("not loaded yet")
        .words(vec![none])
        .steps(Steps::only(ON_PACE).from(1.0, AT_RISK))
        .option("colorMode", "value".into())
        .option("textMode", "value_and_name".into())
        .option("wideLayout", false.into())
        .option("text", json!({"titleSize": 13, "valueSize": 26}));
    let panel = figures
        .iter()
        .fold(panel, |panel, (name, expr)| panel.query(Query::now(expr.replace('T', common::TEAMS)).legend(*name)));
    panel.answer(2, [Look::Unit(Unit::Seconds), Look::Steps(Steps::only(NEUTRAL))])
}

/// Whoever is behind on goals of that unit, by how much, and what it takes.
fn takes(title: &str, unit: &str, shown: Unit) -> Panel {
    let meaning = "Reps whose pace is below 95% on goals of this kind: what was reached, what was expected by now, and what \
                   is missing to the target spread over the working days that are left in the goal's period, today \
                   included. They are crm_goal_actual, crm_goal_expected and crm_goal_needed_per_working_day.";
    let goals = format!("unit=\"{unit}\"");
    let behind = common::not_too_early(&format!("crm_pacing_ratio{{{}}} < 0.95", labels("rep")));
    let of = |metric: &str| {
        let figures = common::of_goals(metric, &labels("rep"), &goals);
        Query::table(format!("{figures} and on (team, rep, goal) ({behind})"))
    };
    let figure = |decimals| [Look::Unit(shown), Look::Decimals(decimals), Look::Width(78)];
    Panel::table(title, meaning)
        .query(of("crm_pacing_ratio"))
        .query(of("crm_goal_actual"))
        .query(of("crm_goal_expected"))
        .query(of("crm_goal_needed_per_working_day"))
        .nothing("nobody is behind, or too early to tell")
        .then(Transform::merge())
        .then(Transform::columns(&[
            ("rep", "Rep"),
            ("title", "Goal"),
            ("Value #A", "Pace"),
            ("Value #B", "Reached"),
            ("Value #C", "By now"),
            ("Value #D", "A day"),
        ]))
        .then(Transform::sort_up("Pace"))
        .column("Rep", [common::to_rep(), Look::Width(155)])
        .column("Pace", common::pace_cell())
        .column("Pace", [Look::Width(62)])
        .column("Reached", figure(0))
        .column("By now", figure(0))
        .column("A day", figure(1))
}

fn waits_with() -> Panel {
    let meaning = "What waits with whom at this moment: leads that nobody has answered, those of them beyond the SLA, and \
                   open deals that stay too long in their stage, should have closed by now or have nothing planned. \
                   They are crm_leads_unanswered, crm_leads_beyond_sla, crm_open_deals_stalled, crm_open_deals_overdue and \
                   crm_open_deals_without_next_step.";
    let of = |metric: &str| Query::table(format!("sum by (team, rep) ({metric}{{{}}}) > 0", common::TEAMS));
    let columns = [
        ("Value #A", "Leads"),
        ("Value #B", "Late"),
        ("Value #C", "Stalled"),
        ("Value #D", "Overdue"),
        ("Value #E", "No step"),
    ];
    let panel = Panel::table("With whom do leads and deals wait?", meaning)
        .query(of("crm_leads_unanswered"))
        .query(of("crm_leads_beyond_sla"))
        .query(of("crm_open_deals_stalled"))
        .query(of("crm_open_deals_overdue"))
        .query(of("crm_open_deals_without_next_step"))
        .decimals(0)
        .nothing("nothing waits, or nothing is loaded yet")
        .then(Transform::merge())
        .then(Transform::columns(&[&[("rep", "Rep")], columns.as_slice()].concat()))
        .then(Transform::sort_down("No step"))
        .then(Transform::sort_down("Stalled"))
        .then(Transform::sort_down("Leads"))
        .column("Rep", [common::to_rep(), Look::Width(160)]);
    ["Late", "Stalled", "Overdue"].iter().fold(panel, |panel, name| panel.column(name, common::bad_above_none()))
}

fn coaching() -> Panel {
    let meaning = "Where a rep turns clearly fewer deals into progress than others, in the last 90 days: at a stage against \
                   the own team (crm_stage_conversion_ratio), in wins against the median of the role (crm_win_ratio against \
                   crm_benchmark, where that is set up). Reps with fewer than 10 cases are left out. \
                   Listen to a call or join a meeting at that point.";
    let level = format!("{} or {}", stages_against_team(), wins_against_role());
    let below = format!("({level}) < 0.85");
    let own = format!("({} or {}) and on (team, rep, topic) ({below})", stages(), wins());
    let others = json!({
        "mode": "binary",
        "alias": "Others",
        "binary": {"left": "Value #A", "operator": "/", "right": "Value #B"},
        "replaceFields": false,
    });
    let narrow = || Look::Width(80);
    Panel::table("Whom to coach on what? (90 days)", meaning)
        .query(Query::table(own))
        .query(Query::table(below))
        .unit(Unit::Ratio)
        .decimals(0)
        .nothing("nobody is clearly below the others, or too few cases")
        .then(Transform::merge())
        .then(Transform::other("calculateField", others))
        .then(Transform::columns(&[
            ("rep", "Rep"),
            ("topic", "Converts less at"),
            ("Value #A", "Own"),
            ("Others", "Others"),
            ("Value #B", "Level"),
        ]))
        .then(Transform::sort_up("Level"))
        .column("Rep", [common::to_rep(), Look::Width(160)])
        .column("Own", [narrow()])
        .column("Others", [narrow()])
        .column("Level", [Look::Steps(Steps::only(BEHIND).from(0.6, AT_RISK)), Look::Background, narrow()])
}

/// Deals that went on from a stage or were lost from it.
fn cases() -> String {
    let teams = common::TEAMS;
    format!("(crm_stage_advanced{{window=\"90d\", {teams}}} + crm_stage_lost{{window=\"90d\", {teams}}})")
}

/// Conversion of each rep by stage, where there are enough cases.
fn stages() -> String {
    let own = format!("crm_stage_conversion_ratio{{scope=\"rep\", window=\"90d\", {}}}", common::TEAMS);
    let enough = format!("{own} and on (team, rep, pipeline, stage) ({} >= {ENOUGH})", cases());
    by_topic("team, rep", &enough)
}

/// The same over that of the team.
fn stages_against_team() -> String {
    let team = format!("crm_stage_conversion_ratio{{scope=\"team\", window=\"90d\", {}}}", common::TEAMS);
    format!("{} / on (team, topic) group_left () {}", stages(), by_topic("team", &team))
}

/// Pipeline and stage together as what to coach on.
fn by_topic(by: &str, figures: &str) -> String {
    format!("max by ({by}, topic) (label_join({figures}, \"topic\", \" · \", \"pipeline\", \"stage\"))")
}

/// Win ratio of each rep with enough cases.
fn wins() -> String {
    as_wins(&won_by_role())
}

/// The same over the median of those who have the same role.
fn wins_against_role() -> String {
    let median = "max by (role) (crm_benchmark{measure=\"crm_win_ratio\", stat=\"p50\", window=\"90d\"})";
    as_wins(&format!("{} / on (role) group_left () {median}", won_by_role()))
}

fn won_by_role() -> String {
    let own = format!("crm_win_ratio{{scope=\"rep\", window=\"90d\", {}}}", common::TEAMS);
    let enough = format!("sum by (team, rep) ({}) >= {ENOUGH}", cases());
    format!("({own} and on (team, rep) ({enough})) * on (team, rep) group_left (role) crm_rep_info{{active=\"true\"}}")
}

fn as_wins(figures: &str) -> String {
    format!("max by (team, rep, topic) (label_replace({figures}, \"topic\", \"win or loss\", \"\", \"\"))")
}
