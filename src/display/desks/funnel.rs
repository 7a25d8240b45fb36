//! Where do deals leak, whose, how much money, and why?

use serde_json::json;

use super::{cells, common};
use crate::display::dashboard::{
    AT_RISK, BEHIND, Board, Look, NEUTRAL, Panel, Query, Row, Steps, Transform, Unit, Variable,
};

/// What is asked of deals: of the chosen teams and pipelines.
const DEALS: &str = r#"team=~"$team", pipeline=~"$pipeline""#;

pub(super) fn board() -> Board {
    let question = "Where do deals leak, whose, and how much money?";
    let reading = "Deals that entered each stage in the last 90 days, and what became of them.";
    common::of_teams("crm-funnel", "Funnel and leakage", question, reading)
        .variable(Variable::any("pipeline", "Pipeline", "label_values(crm_open_deals, pipeline)"))
        .row(Row::high(3).with(24, summary()))
        .row(Row::high(9).with(24, stages()))
        .row(Row::high(11).with(11, people()).with(5, reasons()).with(8, durations()))
}

/// The sum of an additive figure of the last 90 days.
fn sum(by: &str, metric: &str) -> String {
    sum_of(by, metric, "90d")
}

fn sum_of(by: &str, metric: &str, window: &str) -> String {
    format!("sum by ({by}) ({metric}{{{DEALS}, window=\"{window}\"}})")
}

/// Of the deals that left a stage, those that went on.
fn conversion(by: &str, window: &str) -> String {
    let went_on = sum_of(by, "crm_stage_advanced", window);
    format!("{went_on} / ({went_on} + {})", sum_of(by, "crm_stage_lost", window))
}

fn summary() -> Panel {
    let meaning = "The last 90 days at a glance: what was lost in all, from which stage the most money went, who lost the \
                   most, and what still waits to be decided. They are crm_stage_lost, crm_stage_lost_value and \
                   crm_stage_waiting.";
    let all = |metric: &str| format!("sum({metric}{{{DEALS}, window=\"90d\"}})");
    let most = |by: &str| format!("topk(1, {} > 0)", sum(by, "crm_stage_lost_value"));
    Panel::stat("What was lost in 90 days?", meaning)
        .query(Query::now(all("crm_stage_lost_value")).legend("lost in all"))
        .query(Query::now(all("crm_stage_lost")).legend("deals lost"))
        .query(Query::now(most("pipeline, stage")).legend("most at {{ stage }} ({{ pipeline }})"))
        .query(Query::now(most("team, rep")).legend("most by {{ rep }}"))
        .query(Query::now(all("crm_stage_waiting")).legend("still undecided"))
        .unit(Unit::Money)
        .decimals(1)
        .nothing("no deals entered a stage in 90 days")
        .option("colorMode", "value".into())
        .option("textMode", "value_and_name".into())
        .option("wideLayout", false.into())
        .option("text", json!({"titleSize": 13, "valueSize": 26}))
        .answer(1, [Look::Unit(Unit::Count), Look::Decimals(0)])
        .answer(4, [Look::Unit(Unit::Count), Look::Decimals(0)])
}

fn stages() -> Panel {
    let meaning = "For each stage, the deals that entered it first in the last 90 days: how many went on or were won, were \
                   lost or still wait, and the amount that was lost. Conversion is the share that went on of those that are \
                   decided, beside the finished quarter before. Points are the change since then. Look at the stage with the most money first. They are \
                   crm_stage_entered, crm_stage_advanced, crm_stage_lost, crm_stage_waiting, crm_stage_lost_value and \
                   crm_open_deals_value.";
    let by = "pipeline, stage";
    let change = format!("{} - {}", conversion(by, "90d"), conversion(by, "previous_quarter"));
    let share = |name: &'static str| (name, [Look::Unit(Unit::Ratio), Look::Decimals(0)]);
    let panel = Panel::table("Where do deals leak? (90 days)", meaning)
        .query(Query::table(sum(by, "crm_stage_entered")))
        .query(Query::table(sum(by, "crm_stage_advanced")))
        .query(Query::table(sum(by, "crm_stage_lost")))
        .query(Query::table(sum(by, "crm_stage_waiting")))
        .query(Query::table(conversion(by, "90d")))
        .query(Query::table(conversion(by, "previous_quarter")))
        .query(Query::table(change))
        .query(Query::table(sum(by, "crm_stage_lost_value")))
        .query(Query::table(format!("sum by ({by}) (crm_open_deals_value{{{DEALS}}})")))
        .decimals(0)
        .nothing("no deals entered a stage in 90 days")
        .then(Transform::merge())
        .then(Transform::columns(&[
            ("pipeline", "Pipeline"),
            ("stage", "Stage"),
            ("Value #A", "Entered"),
            ("Value #B", "Went on"),
            ("Value #C", "Lost"),
            ("Value #D", "Undecided"),
            ("Value #E", "Conversion"),
            ("Value #F", "Last quarter"),
            ("Value #G", "Points"),
            ("Value #H", "Amount lost"),
            ("Value #I", "Open now"),
        ]))
        .then(Transform::sort_down("Entered"))
        .then(Transform::sort_up("Pipeline"));
    let panel = [share("Conversion"), share("Last quarter"), share("Points")]
        .into_iter()
        .fold(panel, |panel, (name, looks)| panel.column(name, looks));
    let falling = Steps::only(BEHIND).from(-0.1, AT_RISK).from(-0.05, "transparent");
    panel
        .column("Points", [Look::Steps(falling), Look::Background])
        .column("Amount lost", cells::bar(Unit::Money, NEUTRAL))
        .column("Amount lost", [Look::Width(320), Look::Decimals(1)])
        .column("Open now", [Look::Unit(Unit::Money), Look::Decimals(1)])
}

fn people() -> Panel {
    let meaning = "Who lost the most money at which stage, of the deals that entered it in the last 90 days, and the rep's \
                   conversion there beside the team's. Much lost at the team's own rate is bad luck or large deals; a lower \
                   rate is for coaching. They are crm_stage_lost_value and crm_stage_conversion_ratio.";
    let by = "team, rep, pipeline, stage";
    let most = format!("topk(30, {} > 0)", sum(by, "crm_stage_lost_value"));
    let among = |figures: &str| Query::table(format!("{figures} and on ({by}) {most}"));
    let rate = |scope: &str| format!("crm_stage_conversion_ratio{{scope=\"{scope}\", {DEALS}, window=\"90d\"}}");
    let team = format!(
        "({most}) * 0 + on (team, pipeline, stage) group_left () max by (team, pipeline, stage) ({})",
        rate("team")
    );
    Panel::table("Whose deals leak where? (90 days)", meaning)
        .query(Query::table(most.clone()))
        .query(among(&sum(by, "crm_stage_lost")))
        .query(among(&format!("max by ({by}) ({})", rate("rep"))))
        .query(Query::table(team))
        .decimals(0)
        .nothing("nothing lost")
        .then(Transform::merge())
        .then(Transform::columns(&[
            ("rep", "Rep"),
            ("stage", "Stage"),
            ("Value #B", "Lost"),
            ("Value #A", "Amount lost"),
            ("Value #C", "Converts"),
            ("Value #D", "Team"),
        ]))
        .then(Transform::sort_down("Amount lost"))
        .column("Rep", [common::to_rep(), Look::Width(160)])
        .column("Stage", [Look::Width(120)])
        .column("Lost", [Look::Width(65)])
        .column("Amount lost", cells::bar(Unit::Money, NEUTRAL))
        .column("Converts", [Look::Unit(Unit::Ratio), Look::Width(85)])
        .column("Team", [Look::Unit(Unit::Ratio), Look::Width(75)])
}

fn reasons() -> Panel {
    let meaning = "Why the deals of this quarter were lost, as the CRM has it, and how often in the quarter before. \
                   A reason that grows is worth a look at its deals. It is crm_deals_lost_by_reason.";
    let lost = |window: &str| Query::table(format!("{} > 0", sum_of("reason", "crm_deals_lost_by_reason", window)));
    Panel::table("Why are they lost? (this quarter)", meaning)
        .query(lost("quarter"))
        .query(lost("previous_quarter"))
        .decimals(0)
        .nothing("no deal lost this quarter")
        .then(Transform::merge())
        .then(Transform::columns(&[("reason", "Reason"), ("Value #A", "Deals"), ("Value #B", "Before")]))
        .then(Transform::sort_down("Deals"))
        .column("Reason", [Look::Width(130)])
        .column("Deals", cells::bar(Unit::Count, NEUTRAL))
        .column("Before", [Look::Width(75)])
}

fn durations() -> Panel {
    let meaning = "How long deals stay in each stage, by team: the median of the stays that ended in the last 90 days. \
                   A team that takes much longer than the others is stuck there. It is crm_stage_duration_seconds.";
    let stays = format!("crm_stage_duration_seconds{{scope=\"team\", {DEALS}, window=\"90d\", stat=\"p50\"}} / 86400");
    let titled = format!("label_join({stays}, \"title\", \" · \", \"pipeline\", \"stage\")");
    Panel::table("How many days do deals stay? (median, 90 days)", meaning)
        .query(Query::table(titled))
        .unit(Unit::Bare)
        .decimals(1)
        .steps(Steps::only(NEUTRAL))
        .nothing("no stay ended in 90 days")
        .then(common::matrix("title", "team"))
        .then(Transform::other("organize", json!({"renameByName": {"title\\team": "Stage"}})))
        .column("Stage", [Look::Width(210)])
}
