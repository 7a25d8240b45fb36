//! Which key accounts are looked after, which are neglected, and do customers stay?

use serde_json::json;

use super::{cells, common};
use crate::display::dashboard::{
    AT_RISK, BEHIND, Board, Look, NEUTRAL, ON_PACE, Panel, Query, Row, Steps, Transform, Unit,
};

pub(super) fn board() -> Board {
    let question = "Are our key accounts looked after, and do customers stay?";
    let reading = "Neglected means no call, e-mail or meeting of the chosen teams in 28 days.";
    common::of_teams("crm-accounts", "Key accounts", question, reading)
        .row(Row::high(3).with(24, summary()))
        .row(Row::high(10).with(10, neglected()).with(14, best()))
        .row(Row::high(9).with(8, people()).with(8, customers()).with(8, satisfaction()))
}

/// Calls, e-mails and meetings with each account.
fn interactions(by: &str, window: &str) -> String {
    format!("sum by ({by}) (crm_key_account_interactions{{{}, window=\"{window}\"}})", common::TEAMS)
}

fn untouched() -> String {
    format!("{} == 0", interactions("account", "28d"))
}

/// Time since somebody of the chosen teams had to do with the account.
fn silence() -> String {
    format!("time() - max by (account) (crm_key_account_last_interaction_timestamp_seconds{{{}}})", common::TEAMS)
}

fn won(by: &str) -> String {
    format!("sum by ({by}) (crm_key_account_won_value{{{}, window=\"365d\"}})", common::TEAMS)
}

fn summary() -> Panel {
    let meaning = "How many key accounts the chosen teams look after, how many of them nobody has touched in 28 days and what \
                   those have bought in a year, what all of them have bought, and how long the quietest has been left alone. \
                   They are crm_key_account_interactions, crm_key_account_last_interaction_timestamp_seconds and \
                   crm_key_account_won_value.";
    let neglected = untouched();
    let at_stake = format!("sum(({}) and on (account) ({neglected}))", won("account"));
    let none = json!({"type": "value", "options": {"0": {"text": "none", "index": 1}}});
    let bad = || [Look::Steps(Steps::only(ON_PACE).from(1.0, AT_RISK))];
    Panel::stat("Key accounts at a glance", meaning)
        .query(Query::now(format!("count({})", interactions("account", "365d"))).legend("key accounts"))
        .query(Query::now(format!("sum({} == bool 0)", interactions("account", "28d"))).legend("neglected"))
        .query(Query::now(at_stake).legend("bought by the neglected in a year"))
        .query(Query::now(format!("sum({})", won("account"))).legend("bought by all in a year"))
        .query(Query::now(format!("max({})", silence())).legend("longest silence"))
        .decimals(0)
        .nothing("no key accounts in these teams")
        .words(vec![none])
        .option("colorMode", "value".into())
        .option("textMode", "value_and_name".into())
        .option("wideLayout", false.into())
        .option("text", json!({"titleSize": 13, "valueSize": 26}))
        .answer(1, bad())
        .answer(2, [Look::Unit(Unit::Money), Look::Decimals(1)])
        .answer(3, [Look::Unit(Unit::Money), Look::Decimals(1)])
        .answer(4, [Look::Unit(Unit::Seconds)])
}

/// Days without a touch after which an account is going quiet, and after which it is neglected.
fn quiet() -> Steps {
    let day = 86_400.0;
    Steps::only("transparent").from(14.0 * day, AT_RISK).from(28.0 * day, BEHIND)
}

fn neglected() -> Panel {
    let meaning = "Key accounts that nobody of the chosen teams has called, written to or met for long, who had to do with \
                   them last, and what they bought in a year. From two weeks on an account goes quiet, from 28 days on it is \
                   neglected: call it this week. They are crm_key_account_last_interaction_timestamp_seconds and \
                   crm_key_account_won_value.";
    let last = "crm_key_account_last_interaction_timestamp_seconds";
    let who = format!("topk by (account) (1, max by (account, team, rep) ({last}{{{}}}))", common::TEAMS);
    let rows = format!("topk(30, {}) or {}", silence(), untouched());
    Panel::table("Which key accounts are quiet or neglected?", meaning)
        .query(Query::table(rows.clone()))
        .query(Query::table(format!("time() - {who} and on (account) ({rows})")))
        .query(Query::table(format!("{} and on (account) ({rows})", won("account"))))
        .decimals(0)
        .nothing("no key accounts in these teams")
        .then(Transform::merge())
        .then(Transform::columns(&[
            ("account", "Account"),
            ("Value #B", "Silent for"),
            ("rep", "Last with"),
            ("Value #C", "Bought in a year"),
        ]))
        .then(Transform::sort_down("Bought in a year"))
        .then(Transform::sort_down("Silent for"))
        .column("Last with", [common::to_rep()])
        .column("Silent for", [Look::Unit(Unit::Seconds), Look::Decimals(1), Look::Width(120)])
        .column("Silent for", [Look::Steps(quiet()), Look::Background])
        .column("Bought in a year", [Look::Unit(Unit::Money), Look::Decimals(1), Look::Width(140)])
}

fn best() -> Panel {
    let meaning = "The key accounts that bought most from the chosen teams in a year, when somebody last had to do with them, and \
                   how much attention they had. A large account with few touches is a risk. They are \
                   crm_key_account_won_value, crm_key_account_last_interaction_timestamp_seconds, \
                   crm_key_account_interactions and crm_key_account_seconds.";
    let hours = format!("sum by (account) (crm_key_account_seconds{{{}, window=\"90d\"}})", common::TEAMS);
    let largest = format!("topk(50, {} > 0)", won("account"));
    let of = |figures: &str| Query::table(format!("{figures} and on (account) {largest}"));
    Panel::table("How well are the largest looked after?", meaning)
        .query(Query::table(largest.clone()))
        .query(of(&silence()))
        .query(of(&interactions("account", "28d")))
        .query(of(&interactions("account", "90d")))
        .query(of(&hours))
        .decimals(0)
        .nothing("no key account bought in a year")
        .then(Transform::merge())
        .then(Transform::columns(&[
            ("account", "Account"),
            ("Value #A", "Bought in a year"),
            ("Value #B", "Last touch before"),
            ("Value #C", "Touches 28 days"),
            ("Value #D", "Touches 90 days"),
            ("Value #E", "Time in 90 days"),
        ]))
        .then(Transform::sort_down("Bought in a year"))
        .column("Account", [Look::Width(190)])
        .column("Bought in a year", cells::bar(Unit::Money, NEUTRAL))
        .column("Bought in a year", [Look::Decimals(1)])
        .column(
            "Last touch before",
            [Look::Unit(Unit::Seconds), Look::Decimals(1), Look::Steps(quiet()), Look::Background],
        )
        .column("Time in 90 days", [Look::Unit(Unit::Seconds), Look::Decimals(1)])
}

fn people() -> Panel {
    let meaning = "How many key accounts each rep has had to do with in 28 days, how often, and what the rep won from key \
                   accounts in a year. They are crm_key_account_interactions and crm_key_account_won_value.";
    let touched = format!("count by (team, rep) ({} > 0)", interactions("account, team, rep", "28d"));
    Panel::table("Who looks after them? (28 days)", meaning)
        .query(Query::table(touched))
        .query(Query::table(format!("{} > 0", interactions("team, rep", "28d"))))
        .query(Query::table(won("team, rep")))
        .decimals(0)
        .nothing("nobody touched a key account in 28 days")
        .then(Transform::merge())
        .then(Transform::columns(&[
            ("rep", "Rep"),
            ("Value #A", "Accounts"),
            ("Value #B", "Touches"),
            ("Value #C", "Won in a year"),
        ]))
        .then(Transform::sort_down("Touches"))
        .column("Rep", [common::to_rep(), Look::Width(165)])
        .column("Touches", cells::bar(Unit::Count, NEUTRAL))
        .column("Won in a year", [Look::Unit(Unit::Money), Look::Decimals(1)])
}

fn customers() -> Panel {
    let meaning = "Of the accounts that bought in the year before, the share that bought again in the last 365 days, and how \
                   much those accounts bought against the year before: above 100% they grow. They are crm_customers, \
                   crm_customers_retained_ratio and crm_customer_value_growth_ratio.";
    let of = |metric: &str, window: &str| {
        Query::table(format!("max by (team) ({metric}{{scope=\"team\", {}, window=\"{window}\"}})", common::TEAMS))
    };
    let share = || [Look::Unit(Unit::Ratio), Look::Decimals(0)];
    let grown = || [Look::Steps(Steps::only(AT_RISK).from(1.0, ON_PACE)), Look::Background];
    Panel::table("Do customers stay and grow? (365 days)", meaning)
        .query(of("crm_customers", "365d"))
        .query(of("crm_customers_retained_ratio", "365d"))
        .query(of("crm_customers_retained_ratio", "previous_year"))
        .query(of("crm_customer_value_growth_ratio", "365d"))
        .nothing("nobody bought before last year")
        .then(Transform::merge())
        .then(Transform::columns(&[
            ("team", "Team"),
            ("Value #A", "Customers"),
            ("Value #B", "Bought again"),
            ("Value #C", "Last year"),
            ("Value #D", "Amount against before"),
        ]))
        .then(Transform::sort_up("Bought again"))
        .column("Team", [common::to_manager()])
        .column("Bought again", share())
        .column("Last year", share())
        .column("Amount against before", share())
        .column("Amount against before", grown())
}

fn satisfaction() -> Panel {
    let meaning = "What customers answered in surveys of the last 90 days: the mean, and the net promoter score, which is the share \
                   of 9 and 10 less the share of 0 to 6. Below 0 there are more critics than friends. \
                   It is crm_customer_satisfaction.";
    let of = |stat: &str, window: &str| {
        let labels = format!("scope=\"team\", {}, stat=\"{stat}\", window=\"{window}\"", common::TEAMS);
        Query::table(format!("max by (team, survey) (crm_customer_satisfaction{{{labels}}})"))
    };
    Panel::table("Are they satisfied? (90 days)", meaning)
        .query(of("mean", "90d"))
        .query(of("nps", "90d"))
        .query(of("nps", "365d"))
        .unit(Unit::Bare)
        .decimals(1)
        .nothing("no surveys")
        .steps(Steps::only(NEUTRAL))
        .then(Transform::merge())
        .then(Transform::columns(&[
            ("team", "Team"),
            ("survey", "Survey"),
            ("Value #A", "Mean"),
            ("Value #B", "NPS"),
            ("Value #C", "NPS, year"),
        ]))
        .then(Transform::sort_up("NPS"))
        .column(
            "NPS",
            [Look::Decimals(0), Look::Steps(Steps::only(AT_RISK).from(0.0, "transparent")), Look::Background],
        )
        .column("NPS, year", [Look::Decimals(0)])
}
