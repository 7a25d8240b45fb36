//! One rep's own page: my goals and what today takes, my streaks, records and contests, what waits with me, my funnel.

use serde_json::json;

use super::{cells, common};
use crate::display::dashboard::{
    AT_RISK, Board, Look, NEUTRAL, ON_PACE, Panel, Query, Row, Steps, Transform, Unit, Variable, words,
};

/// What is asked of the rep's own figures.
const OWN: &str = "rep=\"$rep\"";

/// Of the rep's own figures that do not add up.
const OWN_SCOPE: &str = "scope=\"rep\", rep=\"$rep\"";

/// Who the rep is, for what is said of the rep's team.
const WHO: &str = "crm_rep_info{rep=\"$rep\"}";

pub(super) fn board() -> Board {
    let question = "How am I doing, and what does today take?";
    let reading = "One rep's own page: goals and what they take, what waits, and where deals get lost.";
    let read_at = format!("crm_exporter_team_data_timestamp_seconds and on (team) {WHO}");
    Board::desk("crm-one-rep", "Rep", question)
        .over("now-14d")
        .variable(Variable::any("team", "Team", "label_values(crm_team_info, team)"))
        .variable(Variable::one("rep", "Rep", "label_values(crm_rep_info{team=~\"$team\", active=\"true\"}, rep)"))
        .row(common::head(question, reading, &read_at))
        .row(Row::high(8).with(14, goals()).with(10, takes()))
        .row(Row::high(4).with(14, reached()).with(10, waiting()))
        .row(Row::high(7).with(14, funnel()).with(10, records()))
        .row(Row::high(5).with(14, activities()).with(10, contests()))
}

fn own_goals(metric: &str, goals: &str) -> String {
    common::of_goals(metric, &format!("{OWN_SCOPE}, {}", common::PERIODS), goals)
}

fn goals() -> Panel {
    let meaning = "Your goals in their current periods: how much of the target you have, how much was expected by now with \
                   absences and ramp allowed for, and your pace, which is the one over the other. A streak counts the \
                   finished periods in a row in which you made it. They are crm_goal_attainment_ratio, crm_goal_expected, \
                   crm_pacing_ratio and crm_goal_streak_periods.";
    let periods = common::PERIODS;
    let expected = format!(
        "(crm_goal_expected{{{OWN_SCOPE}, {periods}}} / crm_goal_target{{{OWN_SCOPE}, {periods}}}) * on (goal) group_left (title) crm_goal_info{{direction=\"up\", unit!=\"ratio\"}}"
    );
    let streak = common::of_goals("crm_goal_streak_periods", &format!("{OWN}, {periods}"), "");
    let none = json!({"type": "value", "options": {"0": {"text": "–", "index": 1}}});
    Panel::table("How do my goals stand?", meaning)
        .query(Query::table(own_goals("crm_goal_attainment_ratio", "")))
        .query(Query::table(expected))
        .query(Query::table(own_goals("crm_pacing_ratio", "")))
        .query(Query::table(own_goals("crm_pacing_ratio", "")))
        .query(Query::table(streak))
        .unit(Unit::Ratio)
        .decimals(0)
        .nothing("no goals for this period")
        .then(Transform::merge())
        .then(Transform::columns(&[
            ("title", "Goal"),
            ("Value #A", "Of the target"),
            ("Value #B", "By now"),
            ("Value #C", "Pace"),
            ("Value #D", "So I am"),
            ("Value #E", "Streak"),
        ]))
        .then(Transform::sort_up("Pace"))
        .column("Goal", [Look::Width(280)])
        .column("Of the target", [Look::Min(0.0), Look::Max(1.2), Look::Steps(Steps::only(NEUTRAL)), Look::Bar])
        .column("By now", [Look::Width(80)])
        .column("Pace", common::pace_cell())
        .column("Pace", [Look::Width(75)])
        .column("So I am", [Look::Words(words::pace()), Look::Steps(Steps::pace()), Look::Width(85)])
        .column("So I am", [Look::Other("custom.cellOptions", json!({"type": "color-text"}))])
        .column("Streak", [Look::Unit(Unit::Count), Look::Words(vec![none]), Look::Width(75)])
}

fn takes() -> Panel {
    let meaning = "What is missing to each target, spread over the working days that are left in its period, today \
                   included. It is crm_goal_needed_per_working_day; rates and times have none.";
    let needed = |unit: &str| Query::now(own_goals("crm_goal_needed_per_working_day", unit)).legend("{{ title }}");
    let done = json!({"type": "value", "options": {"0": {"text": "done", "index": 1}}});
    tiles("What does it take a working day from here?", meaning)
        .query(needed("unit=\"count\""))
        .query(needed("unit=\"currency\""))
        .decimals(1)
        .nothing("no goals for this period")
        .words(vec![done])
        .option("text", json!({"titleSize": 14, "valueSize": 36}))
        .answer(1, [Look::Unit(Unit::Money)])
}

fn reached() -> Panel {
    let meaning = "What you have reached so far in the current period of each goal. It is crm_goal_actual.";
    let actual = |unit: &str| Query::now(own_goals("crm_goal_actual", unit)).legend("{{ title }}");
    tiles("What have I reached so far?", meaning)
        .query(actual("unit=\"count\""))
        .query(actual("unit=\"currency\""))
        .query(actual("unit=\"ratio\""))
        .query(actual("unit=\"seconds\""))
        .nothing("no goals for this period")
        .answer(1, [Look::Unit(Unit::Money), Look::Decimals(1)])
        .answer(2, [Look::Unit(Unit::Ratio), Look::Decimals(0)])
        .answer(3, [Look::Unit(Unit::Seconds), Look::Decimals(0)])
}

/// Figures side by side, each below its name.
fn tiles(title: &str, meaning: &str) -> Panel {
    Panel::stat(title, meaning)
        .option("colorMode", "value".into())
        .option("textMode", "value_and_name".into())
        .option("wideLayout", false.into())
        .option("text", json!({"titleSize": 13, "valueSize": 26}))
}

fn waiting() -> Panel {
    let meaning = "What waits with you now: leads that nobody has answered, those of them beyond the SLA, and open deals \
                   that stay too long in their stage, should have closed by now, or have nothing planned. They are \
                   crm_leads_unanswered, crm_leads_beyond_sla, crm_open_deals_stalled, crm_open_deals_overdue and \
                   crm_open_deals_without_next_step.";
    let none = json!({"type": "value", "options": {"0": {"text": "none", "index": 1}}});
    let figures = [
        ("leads unanswered", "crm_leads_unanswered"),
        ("beyond the SLA", "crm_leads_beyond_sla"),
        ("deals stalled", "crm_open_deals_stalled"),
        ("deals overdue", "crm_open_deals_overdue"),
        ("no next step", "crm_open_deals_without_next_step"),
    ];
    let panel = tiles("What waits with me?", meaning)
        .decimals(0)
        .nothing("not loaded yet")
        .words(vec![none])
        .steps(Steps::only(ON_PACE).from(1.0, AT_RISK));
    figures
        .iter()
        .fold(panel, |panel, (name, metric)| panel.query(Query::now(format!("sum({metric}{{{OWN}}})")).legend(*name)))
}

fn funnel() -> Panel {
    let meaning = "Your deals that entered each stage in the last 90 days: how many went on or were lost, and which share went \
                   on, beside that of your team. Where yours is lower, ask a colleague how it is done. \
                   They are crm_stage_entered, crm_stage_lost, crm_stage_lost_value and crm_stage_conversion_ratio.";
    let sum = |metric: &str| Query::table(format!("sum by (pipeline, stage) ({metric}{{{OWN}, window=\"90d\"}})"));
    let ratio = |labels: &str| format!("crm_stage_conversion_ratio{{{labels}, window=\"90d\"}}");
    let team = format!("{} and on (team) {WHO}", ratio("scope=\"team\""));
    Panel::table("Where do my deals get lost? (90 days)", meaning)
        .query(sum("crm_stage_entered"))
        .query(sum("crm_stage_lost"))
        .query(sum("crm_stage_lost_value"))
        .query(Query::table(format!("max by (pipeline, stage) ({})", ratio(OWN_SCOPE))))
        .query(Query::table(format!("max by (pipeline, stage) ({team})")))
        .decimals(0)
        .nothing("no deals entered a stage in 90 days")
        .then(Transform::merge())
        .then(Transform::columns(&[
            ("pipeline", "Pipeline"),
            ("stage", "Stage"),
            ("Value #A", "Entered"),
            ("Value #B", "Lost"),
            ("Value #C", "Amount lost"),
            ("Value #D", "I convert"),
            ("Value #E", "The team"),
        ]))
        .then(Transform::sort_down("Entered"))
        .then(Transform::sort_up("Pipeline"))
        .column("Amount lost", cells::bar(Unit::Money, NEUTRAL))
        .column("I convert", [Look::Unit(Unit::Ratio)])
        .column("The team", [Look::Unit(Unit::Ratio)])
}

fn records() -> Panel {
    let meaning = "Your best periods since records are held, the current one included, and when you reached them. \
                   They are crm_rep_record_value and crm_rep_record_timestamp_seconds.";
    let best = |measures: &str| {
        let labels = format!("{OWN}, {}, measure{measures}\".*_value.*\"", common::PERIODS);
        Query::table(format!("crm_rep_record_value{{{labels}}}"))
    };
    let when = format!("crm_rep_record_timestamp_seconds{{{OWN}, {}}} * 1000", common::PERIODS);
    Panel::table("What are my records?", meaning)
        .query(best("=~"))
        .query(best("!~"))
        .query(Query::table(when))
        .decimals(0)
        .nothing("no records yet")
        .then(Transform::merge())
        .then(Transform::columns(&[
            ("measure", "Most"),
            ("window", "In a"),
            ("Value #A", "Amount"),
            ("Value #B", "Number"),
            ("Value #C", "Reached on"),
        ]))
        .column("Most", [measures()])
        .column("Amount", [Look::Unit(Unit::Money), Look::Decimals(1)])
        .column("Reached on", [Look::Other("unit", "time:D MMM YYYY".into())])
}

fn contests() -> Panel {
    let meaning = "Where you and your team stand in contests: the place, among how many, and the score. Standings stay after \
                   the end. They are crm_contest_rank, crm_contest_score and crm_contest_end_timestamp_seconds.";
    let who = |name: &str, figures: &str| {
        format!("max by (contest, who) (label_replace({figures}, \"who\", \"{name}\", \"\", \"\"))")
    };
    let ours = |metric: &str| {
        let mine = format!("{metric}{{{OWN}}}");
        let team = format!("{metric}{{rep=\"\"}} and on (team) {WHO}");
        format!("{} or {}", who("I", &mine), who("my team", &team))
    };
    let ranks = ours("crm_contest_rank");
    let of = "count by (contest) (crm_contest_rank)";
    let end = "max by (contest) (crm_contest_end_timestamp_seconds) * 1000";
    let beside = |figures: &str| format!("({ranks}) * 0 + on (contest) group_left () ({figures})");
    Panel::table("How do I stand in contests?", meaning)
        .query(Query::table(ranks.clone()))
        .query(Query::table(beside(of)))
        .query(Query::table(ours("crm_contest_score")))
        .query(Query::table(beside(end)))
        .decimals(0)
        .nothing("no contests")
        .then(Transform::merge())
        .then(Transform::columns(&[
            ("contest", "Contest"),
            ("who", "Who"),
            ("Value #A", "Place"),
            ("Value #B", "Of"),
            ("Value #C", "Score"),
            ("Value #D", "Ends"),
        ]))
        .column("Place", [Look::Width(65)])
        .column("Of", [Look::Width(55)])
        .column("Score", [Look::Decimals(1)])
        .column("Ends", [Look::Unit(Unit::Since)])
}

fn activities() -> Panel {
    let meaning = "What you did each day by kind, growing over the day and starting anew with the next; the top of each \
                   hill is the day's total. It is crm_activities of the day.";
    let of_day = format!("sum by (kind) (crm_activities{{{OWN}, window=\"day\"}})");
    Panel::lines("What did I do each day? (14 days)", meaning)
        .query(Query::over_time(of_day).legend("{{ kind }}"))
        .decimals(0)
        .nothing("nothing done in 14 days")
        .drawn("fillOpacity", 45.into())
        .drawn("lineWidth", 1.into())
        .drawn("stacking", json!({"mode": "normal", "group": "A"}))
}

/// What figures are called that the settings name by metric and labels, in columns with their texts.
fn measures() -> Look {
    let named = [
        ("^crm_deals_won_value.*$", "amount won"),
        ("^crm_deals_won.*$", "deals won"),
        ("^crm_deals_created_value.*$", "pipeline created"),
        ("^crm_deals_created.*$", "deals created"),
        ("^crm_win_ratio.*$", "win ratio"),
        ("^crm_(?:key_)?activities\\{(?:kind|activity)=\"([^\"]+)\"\\}$", "done: $1"),
        ("^crm_leads_qualified\\{level=\"([^\"]+)\"\\}$", "leads qualified: $1"),
        ("^crm_(.+)$", "$1"),
    ];
    let word = |(place, (pattern, text)): (usize, &(&str, &str))| json!({"type": "regex", "options": {"pattern": pattern, "result": {"text": text, "index": place + 1}}});
    Look::Words(named.iter().enumerate().map(word).collect())
}
