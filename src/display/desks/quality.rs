//! Which records make the figures wrong, which figures, and whose are they?

use super::{cells, common};
use crate::display::dashboard::{
    AT_RISK, BEHIND, Board, Look, NEUTRAL, ON_PACE, Panel, Query, Row, Steps, Transform, Unit, Variable, words,
};

/// Each check: what fails it, and the figures that suffer.
const CHECKS: [(&str, &str, &str); 12] = [
    ("deal_without_amount", "Deals without an amount", "value won, deal size, coverage, forecast"),
    ("deal_unknown_currency", "Deals in a currency without a rate", "all amounts"),
    ("deal_without_close_date", "Deals without a close date", "coverage, forecast, the period of a win"),
    ("deal_overdue", "Open deals that should have closed", "coverage, forecast"),
    ("deal_closed_before_created", "Deals closed before they were created", "sales cycle"),
    ("record_without_owner", "Records without an owner", "every figure of a rep and team"),
    ("owner_inactive", "Open records of people who left", "follow-up; figures of reps"),
    ("activity_without_contact", "Activities with nobody", "contacts touched, follow-ups, response time"),
    ("activity_logged_late", "Activities logged late", "pace of the day and week"),
    ("call_too_short", "Calls that were no calls", "calls, live conversations"),
    ("lead_without_source", "Leads without a source", "leads by source"),
    ("account_duplicate", "Accounts that exist twice", "customers, key accounts"),
];

/// The records of the chosen teams that are looked at for the chosen checks.
const CHOSEN: &str = r#"team=~"$team", check=~"$check""#;

pub(super) fn board() -> Board {
    let question = "Which records make the figures wrong, and whose are they?";
    let reading = "Fix what fails most and harms what you look at. A record may fail several checks.";
    common::of_teams("crm-quality", "Data quality", question, reading)
        .variable(Variable::any("check", "Check", "label_values(crm_data_quality_checked, check)"))
        .row(Row::high(14).with(15, checks()).with(9, teams()))
        .row(Row::high(10).with(24, owners()))
}

/// Texts for the names of checks.
fn texts(of: impl Fn(&(&'static str, &'static str, &'static str)) -> &'static str) -> Vec<serde_json::Value> {
    CHECKS.iter().map(|check| words::text(check.0, of(check))).collect()
}

/// Failing records, of those looked at, by those labels.
fn share(by: &str) -> String {
    let sum = |metric: &str| format!("sum by ({by}) ({metric}{{{CHOSEN}}})");
    format!("{} / ({} > 0)", sum("crm_data_quality_issues"), sum("crm_data_quality_checked"))
}

/// Colours of a share that fails.
fn steps() -> Steps {
    Steps::only(ON_PACE).from(0.000_001, NEUTRAL).from(0.02, AT_RISK).from(0.1, BEHIND)
}

fn checks() -> Panel {
    let meaning = "Each check: how many records fail it now, of how many that it looks at, and which figures that makes \
                   wrong. From 2% on look at them, from 10% on do not trust those figures. They are \
                   crm_data_quality_issues and crm_data_quality_checked.";
    let sum = |metric: &str| Query::table(format!("sum by (check) ({metric}{{{CHOSEN}}})"));
    let copy = "label_replace(SHARE, \"harms\", \"$1\", \"check\", \"(.*)\")".replace("SHARE", &share("check"));
    let judged = words::from(&[(0.0, "clean"), (0.000_001, "few"), (0.02, "some"), (0.1, "many")]);
    Panel::table("What is wrong, and what does it harm?", meaning)
        .query(sum("crm_data_quality_issues"))
        .query(sum("crm_data_quality_checked"))
        .query(Query::table(share("check")))
        .query(Query::table(copy))
        .nothing("no records yet")
        .then(Transform::join_by("check"))
        .then(Transform::columns(&[
            ("check", "Check"),
            ("harms", "Figures that suffer"),
            ("Value #A", "Failing"),
            ("Value #B", "Looked at"),
            ("Value #C", "Share"),
            ("Value #D", "In words"),
        ]))
        .then(Transform::sort_down("Share"))
        .column("Check", [Look::Words(texts(|check| check.1)), Look::Width(285)])
        .column("Figures that suffer", [Look::Words(texts(|check| check.2)), Look::Width(315)])
        .column("Failing", [Look::Unit(Unit::Whole), Look::Width(85)])
        .column("Looked at", [Look::Unit(Unit::Whole), Look::Width(90)])
        .column("Share", cells::share(NEUTRAL))
        .column("Share", [Look::Decimals(1), Look::Max(0.25), Look::Steps(steps())])
        .column("In words", [Look::Words(judged), Look::Width(80)])
}

fn teams() -> Panel {
    let meaning = "The share of each team's records that fails each check: where a whole team has a habit, and where it is a \
                   single person. It is crm_data_quality_issues over crm_data_quality_checked.";
    let corner = "check\\team";
    Panel::table("In which team?", meaning)
        .query(Query::table(share("team, check")))
        .unit(Unit::Ratio)
        .decimals(1)
        .nothing("no records yet")
        .steps(Steps::only("transparent").from(0.02, AT_RISK).from(0.1, BEHIND))
        .drawn("cellOptions", serde_json::json!({"type": "color-background", "mode": "basic"}))
        .then(common::matrix("check", "team"))
        .column(corner, [Look::Name("Check"), Look::Words(texts(|check| check.1)), Look::Width(285)])
        .column(corner, [Look::Other("custom.cellOptions", serde_json::json!({"type": "auto"}))])
}

fn owners() -> Panel {
    let meaning = "Owners with records that fail the chosen checks: how many, and what most of it is. unassigned are records \
                   that nobody owns. A record may fail several checks and counts in each. They are crm_data_quality_issues \
                   and crm_data_quality_checked.";
    let issues = format!("sum by (team, rep) (crm_data_quality_issues{{{CHOSEN}}}) > 0");
    let each = format!("sum by (team, rep, check) (crm_data_quality_issues{{{CHOSEN}}}) > 0");
    Panel::table("Whose records are they?", meaning)
        .query(Query::table(format!("topk by (team, rep) (1, {each})")))
        .query(Query::table(&issues))
        .query(Query::table(format!("({}) and on (team, rep) ({issues})", share("team, rep"))))
        .nothing("nothing to fix")
        .then(Transform::merge())
        .then(Transform::columns(&[
            ("rep", "Owner"),
            ("team", "Team"),
            ("Value #B", "To fix"),
            ("Value #C", "Share of what is checked"),
            ("check", "Mostly"),
            ("Value #A", "Of these"),
        ]))
        .then(Transform::sort_down("To fix"))
        .column("Owner", [common::to_rep(), Look::Width(220)])
        .column("Team", [common::to_manager(), Look::Width(180)])
        .column("To fix", cells::bar(Unit::Whole, AT_RISK))
        .column("Share of what is checked", [Look::Unit(Unit::Ratio), Look::Decimals(1)])
        .column("Mostly", [Look::Words(texts(|check| check.1))])
        .column("Of these", [Look::Unit(Unit::Whole), Look::Width(100)])
}
