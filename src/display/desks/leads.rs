//! Do we answer leads in time, whose wait, and which sources bring good ones?

use serde_json::json;

use super::{cells, common};
use crate::display::dashboard::{
    AT_RISK, BEHIND, Board, Look, NEUTRAL, ON_PACE, Panel, Query, Row, Steps, Transform, Unit,
};

pub(super) fn board() -> Board {
    let question = "Do we answer leads in time, and what becomes of them?";
    let reading = "First what waits at this moment, then how fast we were, then which sources are worth the work.";
    common::of_teams("crm-leads", "Leads and response", question, reading)
        .row(Row::high(4).with(24, now()))
        .row(Row::high(7).with(12, teams()).with(12, over_time()))
        .row(Row::high(12).with(11, people()).with(13, sources()))
}

fn now() -> Panel {
    let teams = common::TEAMS;
    let meaning = "Inbound leads that nobody has answered at this moment, those of them beyond the SLA, how long the oldest \
                   has waited, and what came in. They are crm_leads_unanswered, crm_leads_beyond_sla, \
                   crm_lead_unanswered_oldest_seconds, crm_leads_created and crm_leads_qualified.";
    let none = json!({"type": "value", "options": {"0": {"text": "none", "index": 1}}});
    let level = |level: &str| format!("sum(crm_leads_qualified{{{teams}, level=\"{level}\", window=\"28d\"}})");
    let counted = || [Look::Steps(Steps::only(NEUTRAL)), Look::Decimals(0)];
    Panel::stat("What waits, and what came in?", meaning)
        .query(Query::now(format!("sum(crm_leads_unanswered{{{teams}}})")).legend("unanswered now"))
        .query(Query::now(format!("sum(crm_leads_beyond_sla{{{teams}}})")).legend("of them beyond the SLA"))
        .query(Query::now(format!("max(crm_lead_unanswered_oldest_seconds{{{teams}}})")).legend("oldest waits"))
        .query(Query::now(format!("sum(crm_leads_created{{{teams}, window=\"28d\"}})")).legend("came in 28 days"))
        .query(Query::now(level("mql")).legend("marketing qualified"))
        .query(Query::now(level("sql")).legend("sales qualified"))
        .decimals(0)
        .nothing("leads are not loaded yet")
        .words(vec![none])
        .steps(Steps::only(ON_PACE).from(1.0, AT_RISK))
        .option("colorMode", "value".into())
        .option("textMode", "value_and_name".into())
        .option("wideLayout", false.into())
        .option("text", json!({"titleSize": 14, "valueSize": 32}))
        .answer(2, [Look::Unit(Unit::Seconds), Look::Steps(Steps::only(NEUTRAL))])
        .answer(3, counted())
        .answer(4, counted())
        .answer(5, counted())
}

/// Shares within the SLA: from nine of ten on all is well.
fn promise() -> Steps {
    Steps::only(BEHIND).from(0.7, AT_RISK).from(0.9, ON_PACE)
}

fn teams() -> Panel {
    let meaning = "How fast each team answered the inbound leads of the last 28 days: the share within the SLA, this week \
                   beside it, and the time to the first touch, for half of the leads and for nine of ten. \
                   They are crm_lead_response_within_sla_ratio, crm_lead_response_seconds and crm_lead_qualified_ratio.";
    let of = |metric: &str, labels: &str| {
        Query::table(format!("max by (team) ({metric}{{scope=\"team\", {}, {labels}}})", common::TEAMS))
    };
    let sla = "crm_lead_response_within_sla_ratio";
    let response = "crm_lead_response_seconds";
    let share = || [Look::Unit(Unit::Ratio), Look::Steps(promise()), Look::Background];
    Panel::table("Which team keeps the SLA? (28 days)", meaning)
        .query(of(sla, "window=\"28d\""))
        .query(of(sla, "window=\"week\""))
        .query(of(response, "window=\"28d\", stat=\"p50\""))
        .query(of(response, "window=\"28d\", stat=\"p90\""))
        .query(of("crm_lead_qualified_ratio", "window=\"28d\", level=\"sql\""))
        .decimals(0)
        .nothing("no leads in 28 days")
        .then(Transform::merge())
        .then(Transform::columns(&[
            ("team", "Team"),
            ("Value #A", "In time"),
            ("Value #B", "This week"),
            ("Value #C", "Half answered in"),
            ("Value #D", "Nine of ten in"),
            ("Value #E", "Qualified"),
        ]))
        .then(Transform::sort_up("In time"))
        .column("Team", [common::to_manager()])
        .column("In time", share())
        .column("This week", share())
        .column("Half answered in", [Look::Unit(Unit::Seconds)])
        .column("Nine of ten in", [Look::Unit(Unit::Seconds)])
        .column("Qualified", [Look::Unit(Unit::Ratio)])
}

fn over_time() -> Panel {
    let meaning = "Share of the inbound leads of 28 days that was answered within the SLA, day by day for each team. A line that \
                   falls is a team that has lost its rhythm, or people. It is crm_lead_response_within_sla_ratio.";
    let share = format!("crm_lead_response_within_sla_ratio{{scope=\"team\", {}, window=\"28d\"}}", common::TEAMS);
    Panel::lines("Does it get better? (in time, of 28 days)", meaning)
        .query(Query::over_time(share).legend("{{ team }}"))
        .unit(Unit::Ratio)
        .decimals(0)
        .nothing("no leads in 28 days")
        .between(0.0, 1.0)
}

fn people() -> Panel {
    let meaning = "Whose inbound leads wait now, how long the oldest has waited, and how the same rep did with the leads of the \
                   last 28 days. Give leads of somebody who is away to others. They are crm_leads_unanswered, \
                   crm_leads_beyond_sla, crm_lead_unanswered_oldest_seconds, crm_lead_response_within_sla_ratio and \
                   crm_lead_response_seconds.";
    let teams = common::TEAMS;
    let of_rep = |metric: &str, labels: &str| {
        Query::table(format!("max by (team, rep) ({metric}{{scope=\"rep\", {teams}, window=\"28d\"{labels}}})"))
    };
    Panel::table("Whose leads wait?", meaning)
        .query(Query::table(format!("sum by (team, rep) (crm_leads_unanswered{{{teams}}}) > 0")))
        .query(Query::table(format!("sum by (team, rep) (crm_leads_beyond_sla{{{teams}}}) > 0")))
        .query(Query::table(format!("max by (team, rep) (crm_lead_unanswered_oldest_seconds{{{teams}}})")))
        .query(of_rep("crm_lead_response_within_sla_ratio", ""))
        .query(of_rep("crm_lead_response_seconds", ", stat=\"p50\""))
        .decimals(0)
        .nothing("no leads in 28 days, and none wait")
        .then(Transform::merge())
        .then(Transform::columns(&[
            ("rep", "Rep"),
            ("Value #A", "Waiting"),
            ("Value #B", "Beyond SLA"),
            ("Value #C", "Oldest"),
            ("Value #D", "In time (28 days)"),
            ("Value #E", "Half answered in"),
        ]))
        .then(Transform::sort_up("In time (28 days)"))
        .then(Transform::sort_down("Waiting"))
        .column("Rep", [common::to_rep(), Look::Width(165)])
        .column("Beyond SLA", common::bad_above_none())
        .column("Oldest", [Look::Unit(Unit::Seconds)])
        .column("In time (28 days)", [Look::Unit(Unit::Ratio), Look::Steps(promise()), Look::Background])
        .column("Half answered in", [Look::Unit(Unit::Seconds)])
}

fn sources() -> Panel {
    let meaning = "What became of the leads of each source in the last 28 days. The rate holds those that qualified for sales in \
                   that time against those that came in; few leads that qualify are worth more than many that do not. \
                   It is crm_leads_by_source.";
    let of = |outcome: &str| {
        format!(
            "sum by (lead_source) (crm_leads_by_source{{{}, outcome=\"{outcome}\", window=\"28d\"}})",
            common::TEAMS
        )
    };
    Panel::table("Which sources bring good leads? (28 days)", meaning)
        .query(Query::table(of("created")))
        .query(Query::table(of("mql")))
        .query(Query::table(of("sql")))
        .query(Query::table(of("converted")))
        .query(Query::table(of("disqualified")))
        .query(Query::table(format!("{} / {}", of("sql"), of("created"))))
        .decimals(0)
        .nothing("no leads in 28 days")
        .then(Transform::merge())
        .then(Transform::columns(&[
            ("lead_source", "Source"),
            ("Value #A", "Came in"),
            ("Value #B", "Marketing qualified"),
            ("Value #C", "Sales qualified"),
            ("Value #D", "Became deals"),
            ("Value #E", "Disqualified"),
            ("Value #F", "Qualified per lead"),
        ]))
        .then(Transform::sort_down("Qualified per lead"))
        .column("Source", [Look::Width(180)])
        .column("Qualified per lead", cells::bar(Unit::Ratio, NEUTRAL))
        .column("Qualified per lead", [Look::Width(230)])
}
