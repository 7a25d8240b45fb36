//! What do good reps do differently, and where does each rep stand?

use super::{cells, common};
use crate::display::dashboard::{
    AT_RISK, Board, Look, NEUTRAL, ON_PACE, Panel, Query, Row, Steps, Transform, Unit, Variable, words,
};

/// Reps of a role from which on their median says something.
const ENOUGH: u32 = 4;

pub(super) fn board() -> Board {
    let question = "What do good reps do differently, and where does each rep stand?";
    let reading = "Spread and links are those of the measures under benchmarks in the settings. A name leads to the rep's own page.";
    common::of_teams("crm-benchmarks", "Benchmarks and drivers", question, reading)
        .variable(Variable::any("role", "Role", "label_values(crm_rep_info, role)"))
        .variable(Variable::choice("window", "Period", &["90d", "28d"]))
        .row(Row::high(8).with(13, amounts()).with(11, shares()))
        .row(
            Row::high(7)
                .with(8, drivers("Who sells more: what goes with it? ($window)", "crm_deals_won_value"))
                .with(8, drivers("Who wins more often: what goes with it? ($window)", "crm_win_ratio"))
                .with(3, people())
                .with(5, caution()),
        )
        .row(Row::high(9).with(24, reps()))
}

/// The series with a label `name` that says in short which measure it is of: `activities: call`, `win_ratio`.
fn named(figures: &str) -> String {
    let plain = format!("label_replace({figures}, \"name\", \"$1\", \"measure\", \"crm_([a-z0-9_]+).*\")");
    let narrowed = r#"crm_([a-z0-9_]+)\\{[a-z_]+=\"([^\"]*)\".*"#;
    format!("label_replace({plain}, \"name\", \"$1: $2\", \"measure\", \"{narrowed}\")")
}

/// Quartiles of the measures whose names match, a row a measure and role.
fn spread(title: &str, meaning: &str, measures: &str) -> Panel {
    let of = |stat: &str| {
        let labels = format!("stat=\"{stat}\", window=\"$window\", role=~\"$role\"");
        Query::table(format!("max by (name, role) ({})", named(&format!("crm_benchmark{{{labels}, {measures}}}"))))
    };
    Panel::table(title, meaning)
        .query(of("p25"))
        .query(of("p50"))
        .query(of("p75"))
        .query(of("p90"))
        .nothing("no such measure under benchmarks, or fewer than 4 reps of a role")
        .then(Transform::merge())
        .then(Transform::columns(&[
            ("name", "Measure"),
            ("role", "Role"),
            ("Value #A", "Lower quarter"),
            ("Value #B", "Median"),
            ("Value #C", "Upper quarter"),
            ("Value #D", "Upper tenth"),
        ]))
        .then(Transform::sort_up("Measure"))
        .column("Measure", [Look::Width(250)])
        .column("Role", [Look::Width(160)])
        .column("Median", [Look::Steps(Steps::only(NEUTRAL)), Look::Other("custom.cellOptions", text_colour())])
}

/// Figures in a colour of their own.
fn text_colour() -> serde_json::Value {
    serde_json::json!({"type": "color-text"})
}

fn amounts() -> Panel {
    let meaning = "How the figures of the active reps of a role spread: a quarter of them is below the first column, half \
                   below the median, a quarter above the third, a tenth above the last. A wide gap between median and upper \
                   quarter shows where coaching pays. It is crm_benchmark of counts, amounts and durations (in seconds).";
    spread("How far apart are reps of a role? ($window)", meaning, "measure!~\"crm_[a-z_]+_ratio.*\"").unit(Unit::Whole)
}

fn shares() -> Panel {
    let meaning = "The same for shares, such as the win ratio. Where lower is better, the best are below the first column. \
                   It is crm_benchmark of ratios.";
    spread("How far apart are their rates? ($window)", meaning, "measure=~\"crm_[a-z_]+_ratio.*\"")
        .unit(Unit::Ratio)
        .decimals(1)
}

/// How many reps are compared.
fn compared() -> &'static str {
    "crm_rep_info{active=\"true\"} and on (role) crm_benchmark{window=\"$window\"}"
}

fn drivers(title: &str, outcome: &str) -> Panel {
    let meaning = "Whether reps who have more of a measure also have more of the result: 1 means that their order is the \
                   same, 0 that there is no link, -1 that it is the reverse. The last column tells whether a link of that \
                   size may be chance among so few reps: beyond two standard errors it hardly is. A link is no cause. \
                   It is crm_driver_correlation.";
    let figures =
        named(&format!("crm_driver_correlation{{outcome=\"{outcome}\", measure!=\"{outcome}\", window=\"$window\"}}"));
    let figures = format!("max by (name) ({figures})");
    let errors = format!("abs({figures}) * scalar(sqrt(count({}) - 1))", compared());
    let strength = words::from(&[(-1.0, "the reverse"), (-0.3, "no link"), (0.3, "some link"), (0.6, "strong link")]);
    Panel::table(title, meaning)
        .query(Query::table(&figures))
        .query(Query::table(&figures))
        .query(Query::table(errors))
        .nothing("no measures under benchmarks, or fewer than 8 reps")
        .then(Transform::merge())
        .then(Transform::columns(&[
            ("name", "Measure"),
            ("Value #A", "Link"),
            ("Value #B", "In words"),
            ("Value #C", "Chance?"),
        ]))
        .then(Transform::sort_down("Link"))
        .column("Measure", [Look::Width(250)])
        .column("Link", [Look::Decimals(2), Look::Unit(Unit::Bare), Look::Min(-1.0), Look::Max(1.0), Look::Bar])
        .column("Link", [Look::Steps(Steps::only(AT_RISK).from(-0.3, "#999999").from(0.3, NEUTRAL).from(0.6, ON_PACE))])
        .column("In words", [Look::Words(strength), Look::Width(100)])
        .column("Chance?", [Look::Words(words::from(&[(0.0, "may be"), (2.0, "hardly")])), Look::Width(80)])
}

fn people() -> Panel {
    let meaning = "How many active reps of each role are compared. Few reps make weak evidence. \
                   It is crm_rep_info, counted for the roles of crm_benchmark.";
    Panel::table("Among how many?", meaning)
        .query(Query::table(format!("count by (role) ({})", compared())))
        .decimals(0)
        .nothing("nobody is compared")
        .then(Transform::columns(&[("role", "Role"), ("Value", "Reps")]))
        .column("Reps", [Look::Width(60)])
}

fn caution() -> Panel {
    let text = "**A link is no cause.** Who sells more may do more of something *because* there is more to sell.\n\n\
                Take a strong link that is hardly chance as an idea: ask the best how they do it, let two reps try it for \
                a month, and look again.";
    Panel::text("How to read this", "What a correlation tells, and what it does not.", text)
}

fn reps() -> Panel {
    let meaning = "Each active rep, and each figure held against the median of all reps of the same role (100%): value won in \
                   the quarter, win ratio, mean deal size and median cycle over 90 days, activities of the month. Of the \
                   cycle less is better. They are crm_deals_won_value, crm_win_ratio, crm_deal_size_average, \
                   crm_sales_cycle_seconds and crm_activities.";
    let measures = [
        "sum by (team, rep) (crm_deals_won_value{window=\"quarter\"})",
        "crm_win_ratio{scope=\"rep\", window=\"90d\"}",
        "crm_deal_size_average{scope=\"rep\", window=\"90d\"}",
        "crm_sales_cycle_seconds{scope=\"rep\", window=\"90d\", stat=\"p50\"}",
        "sum by (team, rep) (crm_activities{window=\"month\"})",
    ];
    let panel = measures.iter().fold(
        Panel::table("Where does each rep stand against the median of the role?", meaning),
        |panel, measure| {
            panel.query(Query::table(chosen(&of_role(measure)))).query(Query::table(chosen(&of_median(measure))))
        },
    );
    let panel = panel
        .unit(Unit::Ratio)
        .decimals(0)
        .nothing("no active reps in the chosen teams and roles")
        .then(Transform::merge())
        .then(Transform::columns(&[
            ("rep", "Rep"),
            ("team", "Team"),
            ("role", "Role"),
            ("Value #A", "Won (quarter)"),
            ("Value #B", "Won, of median"),
            ("Value #C", "Win ratio (90d)"),
            ("Value #D", "Ratio, of median"),
            ("Value #E", "Deal size (90d)"),
            ("Value #F", "Size, of median"),
            ("Value #G", "Cycle (90d)"),
            ("Value #H", "Cycle, of median"),
            ("Value #I", "Activities (month)"),
            ("Value #J", "Activities, of median"),
        ]))
        .then(Transform::sort_down("Won (quarter)"))
        .column("Rep", [common::to_rep(), Look::Width(180)])
        .column("Team", [common::to_manager()])
        .column("Won (quarter)", [Look::Unit(Unit::Money), Look::Decimals(1)])
        .column("Deal size (90d)", [Look::Unit(Unit::Money), Look::Decimals(1)])
        .column("Cycle (90d)", [Look::Unit(Unit::Seconds), Look::Decimals(1)])
        .column("Activities (month)", [Look::Unit(Unit::Whole)]);
    let more = Steps::only(AT_RISK).from(0.75, "transparent").from(1.25, ON_PACE);
    let less = Steps::only(ON_PACE).from(0.8, "transparent").from(1.33, AT_RISK);
    ["Won, of median", "Ratio, of median", "Size, of median", "Activities, of median"]
        .iter()
        .fold(panel, |panel, name| panel.column(name, cells::painted(more.clone())))
        .column("Cycle, of median", cells::painted(less))
}

/// Figures of active reps, with the role of each.
fn of_role(figures: &str) -> String {
    format!("{figures} * on (team, rep) group_left (role) crm_rep_info{{active=\"true\"}}")
}

/// The same over the median of the role, where enough reps have the figure and the median is above 0.
fn of_median(figures: &str) -> String {
    let figures = of_role(figures);
    let median = format!("quantile by (role) (0.5, {figures}) > 0 and count by (role) ({figures}) >= {ENOUGH}");
    format!("({figures}) / on (role) group_left () ({median})")
}

/// Those of the chosen teams and roles.
fn chosen(figures: &str) -> String {
    format!(
        "max by (team, rep, role) ({figures}) and on (team, rep) crm_rep_info{{{}, role=~\"$role\"}}",
        common::TEAMS
    )
}
