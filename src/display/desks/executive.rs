//! Will we make the number, and is the way we sell getting better?

use super::quota::{self, When};
use super::tiles::{self, quiet_tile, tile};
use super::{cells, common};
use crate::display::dashboard::{
    AHEAD, AT_RISK, Board, Look, NEUTRAL, ON_PACE, Panel, QUIET, Query, Row, Steps, Transform, Unit, words,
};

/// The current periods of goals.
const PERIODS: &str = r#"window=~"day|week|month|quarter|year""#;

pub(super) fn board() -> Board {
    let question = "Will we make the number, and do we sell better than before?";
    let reading =
        "The figures of the whole floor, or of each team that is chosen. A team's name leads to its own board.";
    common::of_teams("crm-executive", "Executive", question, reading)
        .variable(quota::period())
        .row(
            Row::high(4)
                .with(4, reached())
                .with(4, pace())
                .with(4, tiles::forecast())
                .with(4, tiles::coverage())
                .with(8, growth()),
        )
        .row(Row::high(7).with(13, goals()).with(11, amounts()))
        .row(Row::high(4).with(6, win_ratio()).with(6, deal_size()).with(6, cycle()).with(6, cost()))
        .row(Row::high(4).with(6, customers()).with(6, retained()).with(6, repurchase()).with(6, satisfaction()))
        .row(Row::high(5).with(24, teams()))
}

fn reached() -> Panel {
    let meaning = "Value won in the period over the quota: the goal on value won, the largest if there are several. \
                   Held against time by the pace beside it. It is crm_goal_attainment_ratio.";
    quiet_tile("Won of the quota ($window)", meaning)
        .query(Query::now(quota::of_chosen(When::Now, "crm_goal_attainment_ratio")).legend("{{ team }}"))
        .unit(Unit::Ratio)
        .decimals(0)
        .nothing("no quota for this period")
}

fn pace() -> Panel {
    let meaning = "Value won over what was expected by now: by working time, or by how it came in earlier periods where \
                   the goal says so. 100% is on pace. It is crm_pacing_ratio of the quota.";
    tiles::judged("On pace? ($window)", meaning, &quota::of_chosen(When::Now, "crm_pacing_ratio"), words::pace())
        .unit(Unit::Ratio)
        .decimals(0)
        .nothing("no quota for this period")
        .steps(Steps::pace())
}

fn growth() -> Panel {
    let meaning = "Value won so far against the value won in the previous period until the same working time had passed: \
                   growth on equal terms. They are crm_deals_won_value over the quarter and over \
                   previous_quarter_to_date, over the month and over previous_month_to_date; and over the year so far \
                   with crm_deals_won of the same windows beside it.";
    let of = |metric: &str, window: &str| {
        let sum = |window: &str| format!("sum({metric}{{window=\"{window}\", {}}})", common::TEAMS);
        format!("{} / ({} > 0) - 1", sum(window), sum(&format!("previous_{window}_to_date")))
    };
    tile("Do we win more than in the last period by the same day?", meaning)
        .query(Query::now(of("crm_deals_won_value", "quarter")).legend("value, quarter"))
        .query(Query::now(of("crm_deals_won", "quarter")).legend("deals, quarter"))
        .query(Query::now(of("crm_deals_won_value", "month")).legend("value, month"))
        .query(Query::now(of("crm_deals_won", "month")).legend("deals, month"))
        .unit(Unit::Ratio)
        .decimals(0)
        .nothing("nothing won by then")
        .steps(Steps::only(AT_RISK).from(0.0, ON_PACE))
}

fn goals() -> Panel {
    let meaning = "The goals that matter most, each in its own current period: what was reached of the target, pace (what \
                   was reached over what was expected by now), and the share of reps who have already reached their own \
                   target. They are crm_goal_attainment_ratio, crm_pacing_ratio and crm_goal_attainers_ratio of goals \
                   that the settings mark as primary.";
    let of = |metric: &str| {
        let figures = quota::chosen(When::Now, metric, PERIODS);
        let titled = format!("({figures}) * on (goal) group_left (title) crm_goal_info{{primary=\"true\"}}");
        Query::table(format!("max by (title, team, window) ({titled})"))
    };
    Panel::table("How do our main goals stand?", meaning)
        .query(of("crm_goal_attainment_ratio"))
        .query(of("crm_pacing_ratio"))
        .query(of("crm_pacing_ratio"))
        .query(of("crm_goal_attainers_ratio"))
        .nothing("no primary goals")
        .then(Transform::merge())
        .then(Transform::columns(&[
            ("title", "Goal"),
            ("team", "Team"),
            ("window", "Period"),
            ("Value #A", "Reached"),
            ("Value #B", "Pace"),
            ("Value #C", "In words"),
            ("Value #D", "Reps at target"),
        ]))
        .then(Transform::sort_up("Pace"))
        .column("Team", [Look::Width(100)])
        .column("Reached", cells::share(NEUTRAL))
        .column("Reached", [Look::Width(190)])
        .column("Pace", common::pace_cell())
        .column("Pace", [Look::Width(80)])
        .column("In words", cells::pace_words())
        .column("In words", [Look::Width(90)])
        .column("Period", [Look::Width(80)])
        .column("Reps at target", [Look::Unit(Unit::Ratio), Look::Decimals(0), Look::Width(115)])
}

fn amounts() -> Panel {
    let meaning = "Value won so far and the forecast of the end of the period, against the quota. The forecast lies above \
                   p10 in nine of ten cases, above p90 in one of ten. They are crm_goal_actual and crm_goal_target of the \
                   quota, and crm_forecast_value.";
    let forecast = |stat: &str| quota::forecast(When::Now, stat);
    Panel::bars("Where will we end? ($window)", meaning)
        .query(Query::now(quota::of_chosen(When::Now, "crm_goal_actual")).legend("Won so far, {{ team }}"))
        .query(Query::now(quota::of_chosen(When::Now, "crm_goal_target")).legend("Target, {{ team }}"))
        .query(Query::now(forecast("p10")).legend("Cautious (p10), {{ team }}"))
        .query(Query::now(forecast("p50")).legend("Likely (p50), {{ team }}"))
        .query(Query::now(forecast("p90")).legend("Hopeful (p90), {{ team }}"))
        .unit(Unit::Money)
        .decimals(2)
        .nothing("no open or won deals")
        .field("min", 0.into())
        .answer(0, [Look::Steps(Steps::only(ON_PACE))])
        .answer(1, [Look::Steps(Steps::only(QUIET))])
        .answer(3, [Look::Steps(Steps::only(AHEAD))])
}

/// A ratio or average over 90 days, and for comparison over a year.
fn then_and_now(title: &str, meaning: &str, metric: &str, labels: &str) -> Panel {
    let of = |window: &str| quota::chosen(When::Now, metric, &format!("{labels}window=\"{window}\""));
    quiet_tile(title, meaning)
        .query(Query::now(of("90d")).legend("{{ team }}, 90 days"))
        .query(Query::now(of("365d")).legend("{{ team }}, 365 days"))
        .nothing("no deals closed")
        .answer(1, [Look::Steps(Steps::only(QUIET))])
}

fn win_ratio() -> Panel {
    let meaning = "Deals won over deals won and lost, by count, of those closed in the last 90 days; the last 365 days \
                   beside it show whether it gets better. It is crm_win_ratio.";
    then_and_now("How many deals do we win?", meaning, "crm_win_ratio", "").unit(Unit::Ratio).decimals(1)
}

fn deal_size() -> Panel {
    let meaning = "Mean value of the deals won in the last 90 days that have a value; the last 365 days beside it. \
                   It is crm_deal_size_average.";
    then_and_now("How large are they?", meaning, "crm_deal_size_average", "").unit(Unit::Money).decimals(1)
}

fn cycle() -> Panel {
    let meaning = "Time from creation to close of the deals won in the last 90 days, of which half took less; the last 365 \
                   days beside it. Shorter is better. It is crm_sales_cycle_seconds (p50).";
    then_and_now("How long do they take?", meaning, "crm_sales_cycle_seconds", "stat=\"p50\", ")
        .unit(Unit::Seconds)
        .decimals(1)
}

fn cost() -> Panel {
    let meaning = "Cost of the teams, as configured, over the value won in the last 90 days; the last 365 days beside it. \
                   Lower is better. It is crm_cost_of_sales_ratio.";
    then_and_now("What does a sale cost?", meaning, "crm_cost_of_sales_ratio", "")
        .unit(Unit::Ratio)
        .decimals(1)
        .nothing("no costs configured")
}

/// A figure of customers over 365 days.
fn of_customers(title: &str, meaning: &str, metric: &str, legend: &str) -> Panel {
    quiet_tile(title, meaning)
        .query(
            Query::now(quota::chosen(When::Now, metric, "window=\"365d\"")).legend(format!("{{{{ team }}}}, {legend}")),
        )
        .nothing("no customers a year ago")
}

fn customers() -> Panel {
    let meaning = "Accounts that bought in the year before the last 365 days: those of whom the next two tiles tell. \
                   It is crm_customers.";
    of_customers("Customers a year ago (365 days)", meaning, "crm_customers", "accounts").decimals(0)
}

fn retained() -> Panel {
    let meaning = "Share of the customers of a year ago who bought again in the last 365 days. \
                   It is crm_customers_retained_ratio.";
    of_customers("Do they buy again? (365 days)", meaning, "crm_customers_retained_ratio", "bought again")
        .unit(Unit::Ratio)
        .decimals(0)
}

fn repurchase() -> Panel {
    let meaning = "Value won from the customers of a year ago in the last 365 days over the value won from them in the \
                   year before: 100% means that they buy as much as they did. It is crm_customer_value_growth_ratio.";
    of_customers("Do they buy more? (365 days)", meaning, "crm_customer_value_growth_ratio", "of their value then")
        .unit(Unit::Ratio)
        .decimals(0)
        .steps(Steps::only(AT_RISK).from(1.0, ON_PACE))
}

fn satisfaction() -> Panel {
    let meaning = "Net promoter score of the survey answers of the last 90 days: the percentage of 9 and 10 less that of 0 \
                   to 6, from -100 to 100. It is crm_customer_satisfaction (nps).";
    quiet_tile("Would they recommend us? (90 days)", meaning)
        .query(
            Query::now(quota::chosen(When::Now, "crm_customer_satisfaction", "stat=\"nps\", window=\"90d\""))
                .legend("{{ team }}, {{ survey }}"),
        )
        .unit(Unit::Bare)
        .decimals(0)
        .nothing("no survey answers")
        .steps(Steps::only(AT_RISK).from(0.0, NEUTRAL).from(30.0, ON_PACE))
}

fn teams() -> Panel {
    let meaning = "Each chosen team: its quota in the chosen period with pace and forecast, growth of the quarter against \
                   the previous one by the same day, and how it sells over 90 days. They are crm_goal_attainment_ratio, \
                   crm_pacing_ratio, crm_forecast_value over crm_goal_target, crm_pipeline_coverage_ratio, \
                   crm_deals_won_value, crm_win_ratio, crm_deal_size_average, crm_sales_cycle_seconds (p50), \
                   crm_cost_of_sales_ratio and crm_customers_retained_ratio (365 days).";
    let of = |metric: &str, labels: &str| {
        Query::table(format!("max by (team) ({metric}{{scope=\"team\", {labels}, {}}})", common::TEAMS))
    };
    let won = |window: &str| format!("sum by (team) (crm_deals_won_value{{window=\"{window}\", {}}})", common::TEAMS);
    Panel::table("How does each team stand? ($window; how it sells: 90 days)", meaning)
        .query(Query::table(quota::by_team("crm_goal_attainment_ratio")))
        .query(Query::table(quota::by_team("crm_pacing_ratio")))
        .query(Query::table(quota::by_team("crm_pacing_ratio")))
        .query(Query::table(quota::forecast_of_target_by_team()))
        .query(of("crm_pipeline_coverage_ratio", "window=\"$window\""))
        .query(Query::table(format!("{} / ({} > 0) - 1", won("quarter"), won("previous_quarter_to_date"))))
        .query(of("crm_win_ratio", "window=\"90d\""))
        .query(of("crm_deal_size_average", "window=\"90d\""))
        .query(of("crm_sales_cycle_seconds", "stat=\"p50\", window=\"90d\""))
        .query(of("crm_cost_of_sales_ratio", "window=\"90d\""))
        .query(of("crm_customers_retained_ratio", "window=\"365d\""))
        .nothing("no teams")
        .then(Transform::join_by("team"))
        .then(Transform::columns(&[
            ("team", "Team"),
            ("Value #A", "Reached"),
            ("Value #B", "Pace"),
            ("Value #C", "In words"),
            ("Value #D", "Forecast of target"),
            ("Value #E", "Coverage"),
            ("Value #F", "Growth, quarter"),
            ("Value #G", "Win ratio"),
            ("Value #H", "Deal size"),
            ("Value #I", "Cycle"),
            ("Value #J", "Cost of sales"),
            ("Value #K", "Customers kept"),
        ]))
        .then(Transform::sort_down("Forecast of target"))
        .unit(Unit::Ratio)
        .decimals(0)
        .column("Team", [common::to_manager()])
        .column("Reached", cells::share(NEUTRAL))
        .column("Reached", [Look::Width(220)])
        .column("Pace", common::pace_cell())
        .column("In words", cells::pace_words())
        .column("Forecast of target", [Look::Steps(tiles::enough()), Look::Background])
        .column(
            "Coverage",
            [Look::Unit(Unit::Times), Look::Decimals(1), Look::Steps(tiles::covered()), Look::Background],
        )
        .column("Deal size", [Look::Unit(Unit::Money), Look::Decimals(1)])
        .column("Cycle", [Look::Unit(Unit::Seconds), Look::Decimals(1)])
        .column("Win ratio", [Look::Decimals(1)])
        .column("Cost of sales", [Look::Decimals(1)])
}
