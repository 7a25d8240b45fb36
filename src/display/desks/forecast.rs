//! Will what is open bring what is missing?

use super::quota::{self, When};
use super::{cells, common, tiles};
use crate::display::dashboard::{
    AHEAD, AT_RISK, Board, Colour, Look, NEUTRAL, ON_PACE, Panel, QUIET, Query, Row, Steps, Transform, Unit, Variable,
    words,
};

/// The chosen pipelines of the chosen teams.
const OPEN: &str = r#"team=~"$team", pipeline=~"$pipeline""#;

pub(super) fn board() -> Board {
    let question = "Will what is open bring what is missing?";
    let reading =
        "The whole floor, or each team that is chosen. What is open is that of the chosen teams and pipelines.";
    common::of_teams("crm-forecast", "Forecast", question, reading)
        .over("now/fQ")
        .variable(quota::period())
        .variable(Variable::any("pipeline", "Pipeline", "label_values(crm_open_deals, pipeline)"))
        .row(Row::high(4).with(5, tiles::forecast()).with(5, missing()).with(5, tiles::coverage()).with(9, open()))
        .row(Row::high(9).with(13, course()).with(11, stages()))
        .row(Row::high(6).with(24, teams()))
        .row(Row::high(5).with(12, to_do()).with(12, a_day()))
}

fn missing() -> Panel {
    let meaning = "Target less value won so far, and the same spread over the working days that are left, today included. \
                   They are crm_goal_target less crm_goal_actual of the quota, and crm_goal_needed_per_working_day.";
    let (target, actual) =
        (quota::of_chosen(When::Now, "crm_goal_target"), quota::of_chosen(When::Now, "crm_goal_actual"));
    tiles::quiet_tile("What is missing? ($window)", meaning)
        .query(Query::now(format!("clamp_min(({target}) - ({actual}), 0)")).legend("to the target, {{ team }}"))
        .query(
            Query::now(quota::of_chosen(When::Now, "crm_goal_needed_per_working_day"))
                .legend("a working day, {{ team }}"),
        )
        .unit(Unit::Money)
        .decimals(1)
        .nothing("no quota for this period")
}

fn open() -> Panel {
    let meaning = "The open deals of the chosen teams and pipelines: how many, their value, the value that comes of them on \
                   average, and how many should have closed before today. They are crm_open_deals, \
                   crm_open_deals_value, crm_open_deals_weighted_value and crm_open_deals_overdue.";
    let of = |metric: &str| Query::now(format!("sum({metric}{{{OPEN}}})"));
    tiles::quiet_tile("What is open?", meaning)
        .query(of("crm_open_deals").legend("deals"))
        .query(of("crm_open_deals_value").legend("value"))
        .query(of("crm_open_deals_weighted_value").legend("weighted by chance"))
        .query(of("crm_open_deals_overdue").legend("deals overdue"))
        .nothing("nothing is open")
        .unit(Unit::Money)
        .decimals(1)
        .answer(0, [Look::Unit(Unit::Whole), Look::Decimals(0)])
        .answer(3, [Look::Unit(Unit::Whole), Look::Decimals(0), Look::Steps(Steps::only(ON_PACE).from(1.0, AT_RISK))])
}

fn course() -> Panel {
    let meaning = "How the forecast of the period's end went since the quarter began, with the value won by each day and \
                   what was expected by then. A forecast that sinks towards the target means that deals slip or are lost. \
                   It lies above p10 in nine of ten cases, above p90 in one of ten. They are crm_forecast_value, and \
                   crm_goal_target, crm_goal_actual and crm_goal_expected of the quota.";
    let quota = |metric: &str| quota::of_chosen(When::OverTime, metric);
    let lines: [(&str, String, Colour); 6] = [
        ("Won", quota("crm_goal_actual"), ON_PACE),
        ("Expected by then", quota("crm_goal_expected"), QUIET),
        ("Cautious (p10)", quota::forecast(When::OverTime, "p10"), NEUTRAL),
        ("Likely (p50)", quota::forecast(When::OverTime, "p50"), AHEAD),
        ("Hopeful (p90)", quota::forecast(When::OverTime, "p90"), NEUTRAL),
        ("Target", quota("crm_goal_target"), AT_RISK),
    ];
    let panel = Panel::lines("How did the forecast of the $window change since the quarter began?", meaning)
        .every("4h")
        .unit(Unit::Money)
        .decimals(1)
        .nothing("no history yet")
        .field("min", 0.into());
    let panel = lines.iter().enumerate().fold(panel, |panel, (place, (name, expr, colour))| {
        panel
            .query(Query::over_time(expr).legend(format!("{name}, {{{{ team }}}}")))
            .answer(place, [Look::Colour(colour)])
    });
    panel.answer(1, [Look::Dashed]).answer(5, [Look::Dashed])
}

fn stages() -> Panel {
    let meaning = "Open deals by the stage they are in: how many, their value, the chance that they are won, and the value \
                   that comes of them on average. The chance is the deal's own, else the stage's, else how often deals were \
                   won that had entered it in the last 365 days. They are crm_open_deals, crm_open_deals_value and \
                   crm_open_deals_weighted_value.";
    let of = |metric: &str| format!("sum by (pipeline, stage) ({metric}{{{OPEN}}})");
    let (value, weighted) = (of("crm_open_deals_value"), of("crm_open_deals_weighted_value"));
    Panel::table("What is open, by stage?", meaning)
        .query(Query::table(of("crm_open_deals")))
        .query(Query::table(&value))
        .query(Query::table(format!("{weighted} / ({value} > 0)")))
        .query(Query::table(weighted))
        .nothing("nothing is open")
        .then(Transform::merge())
        .then(Transform::columns(&[
            ("pipeline", "Pipeline"),
            ("stage", "Stage"),
            ("Value #A", "Deals"),
            ("Value #B", "Value"),
            ("Value #C", "Chance"),
            ("Value #D", "Weighted"),
        ]))
        .then(Transform::sort_up("Chance"))
        .then(Transform::sort_down("Pipeline"))
        .column("Deals", [Look::Decimals(0), Look::Width(70)])
        .column("Value", cells::bar(Unit::Money, NEUTRAL))
        .column("Value", [Look::Decimals(1)])
        .column("Chance", [Look::Unit(Unit::Ratio), Look::Decimals(0), Look::Width(80)])
        .column("Weighted", [Look::Unit(Unit::Money), Look::Decimals(1), Look::Width(95)])
}

fn teams() -> Panel {
    let meaning = "Each chosen team in the period: target, value won, forecast with its spread, what is missing, and whether \
                   its pipeline covers that; and of the chosen pipelines what is open, weighted by chance, and how many \
                   deals are overdue. They are crm_goal_target and crm_goal_actual of the quota, crm_forecast_value, \
                   crm_pipeline_coverage_ratio, crm_open_deals_value, crm_open_deals_weighted_value and \
                   crm_open_deals_overdue.";
    let forecast = |stat: &str| {
        let labels = format!("scope=\"team\", stat=\"{stat}\", window=\"$window\", {}", common::TEAMS);
        Query::table(format!("max by (team) (crm_forecast_value{{{labels}}})"))
    };
    let open = |metric: &str| Query::table(format!("sum by (team) ({metric}{{{OPEN}}}) > 0"));
    let (target, actual) = (quota::by_team("crm_goal_target"), quota::by_team("crm_goal_actual"));
    let coverage = format!("crm_pipeline_coverage_ratio{{scope=\"team\", window=\"$window\", {}}}", common::TEAMS);
    let panel = Panel::table("Which team needs pipeline? ($window)", meaning)
        .query(Query::table(&target))
        .query(Query::table(&actual))
        .query(forecast("p10"))
        .query(forecast("p50"))
        .query(forecast("p90"))
        .query(Query::table(quota::forecast_of_target_by_team()))
        .query(Query::table(quota::forecast_of_target_by_team()))
        .query(Query::table(format!("clamp_min({target} - {actual}, 0)")))
        .query(Query::table(format!("max by (team) ({coverage})")))
        .query(open("crm_open_deals_value"))
        .query(open("crm_open_deals_weighted_value"))
        .query(open("crm_open_deals_overdue"))
        .nothing("no teams")
        .then(Transform::join_by("team"))
        .then(Transform::columns(&[
            ("team", "Team"),
            ("Value #A", "Target"),
            ("Value #B", "Won"),
            ("Value #C", "Cautious (p10)"),
            ("Value #D", "Likely (p50)"),
            ("Value #E", "Hopeful (p90)"),
            ("Value #F", "Of target"),
            ("Value #G", "That is"),
            ("Value #H", "Missing"),
            ("Value #I", "Coverage"),
            ("Value #J", "Open"),
            ("Value #K", "Weighted"),
            ("Value #L", "Overdue"),
        ]))
        .then(Transform::sort_up("Of target"))
        .unit(Unit::Money)
        .decimals(2)
        .drawn("width", 145.into())
        .column("Team", [common::to_manager(), Look::Width(180)])
        .column(
            "Of target",
            [Look::Unit(Unit::Ratio), Look::Decimals(0), Look::Steps(tiles::enough()), Look::Background],
        )
        .column("That is", [Look::Words(tiles::enough_words())])
        .column(
            "Coverage",
            [Look::Unit(Unit::Times), Look::Decimals(1), Look::Steps(tiles::covered()), Look::Background],
        )
        .column("Overdue", [Look::Unit(Unit::Whole)])
        .column("Overdue", common::bad_above_none());
    ["Of target", "That is", "Coverage", "Overdue"]
        .iter()
        .fold(panel, |panel, name| panel.column(name, [Look::Width(110)]))
}

/// A column a team, a row a step of the plan.
fn plan(title: &str, meaning: &str, steps: &str) -> Panel {
    let figures = format!("crm_plan_required{{window=\"$window\", {}, {steps}}}", common::TEAMS);
    let texts = [("wins", "deals to win"), ("deals", "deals to create"), ("sql", "leads to qualify (SQL)")];
    let texts = texts.iter().map(|(step, text)| words::text(step, text)).collect();
    Panel::table(title, meaning)
        .query(Query::table(format!("max by (step, team) ({figures})")))
        .nothing("no quota for this period")
        .then(common::matrix("step", "team"))
        .column("step\\team", [Look::Name("Step"), Look::Words(texts), Look::Width(200)])
}

fn to_do() -> Panel {
    let meaning = "What each team still needs until the period ends, at its own rates of the last 180 days: missing value \
                   over average deal size, wins over win ratio, deals over deals per qualified lead. 0 once the target is \
                   met. It is crm_plan_required.";
    plan("What does the rest of the period take? ($window)", meaning, "step=~\"wins|deals|sql\"").decimals(0)
}

fn a_day() -> Panel {
    let meaning = "Key activities that each active rep of a team has to do on every working day that is left, at the team's \
                   own rates of the last 180 days. It is crm_plan_required.";
    plan("How much of what must each rep do a day? ($window)", meaning, "step!~\"wins|deals|sql\"")
        .decimals(2)
        .nothing("no key activities, or no quota for this period")
}
