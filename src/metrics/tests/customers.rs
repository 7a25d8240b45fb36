//! Customers, and how satisfied they are.

use super::{Asked, asked};
use crate::domain::{Account, Deal, Object, Survey, User};
use crate::facts::testing::{Org, decimal, when};

/// A Wednesday. The last 365 days begin on 19 March 2025, the year before them on 19 March 2024.
const NOW: &str = "2026-03-18T12:00:00Z";

fn org() -> Org {
    let mut org = Org::default();
    org.user("Ana", "East").user("Bo", "West");
    org
}

fn win(org: &mut Org, account: Option<&str>, owner: &str, amount: &str, closed: &str) {
    let deal = Deal {
        account: account.map(str::to_owned),
        owner: Some(owner.into()),
        status: Some("won".into()),
        amount: decimal(amount),
        currency: Some("USD".into()),
        closed_at: when(closed),
        created_at: when("2023-01-01"),
        ..Default::default()
    };
    org.put(&format!("{account:?} {owner} {amount} {closed}"), deal);
}

#[test]
fn customers_bought_in_the_year_before_and_may_buy_again() {
    let mut org = org();
    for name in ["stays", "leaves", "comes", "early", "copy"] {
        org.put(name, Account { name: Some(name.into()), ..Default::default() });
    }
    org.put_merged("copy", "stays", Account::default());
    org.deliver(Object::Account);
    // The first and the last instant of the year before, and the first of the window: one account, by way of a merged one.
    win(&mut org, Some("stays"), "Ana", "100", "2024-03-19");
    win(&mut org, Some("copy"), "Ana", "60", "2025-03-18T23:59:59Z");
    win(&mut org, Some("stays"), "Bo", "40", "2025-03-19");
    win(&mut org, Some("leaves"), "Ana", "40", "2024-12-24");
    win(&mut org, Some("comes"), "Bo", "500", "2026-01-01");
    win(&mut org, Some("early"), "Bo", "500", "2024-03-18T23:59:59Z");
    win(&mut org, Some("early"), "Bo", "500", "2026-01-01");
    // Nobody knows from whom.
    win(&mut org, None, "Bo", "500", "2024-12-24");
    // West has no customers by its own deals: a team with an active rep reads 0.
    asked(org, "{windows: {customers: [365d]}}").figures_and_zeros(
        NOW,
        r#"
        crm_customers{scope="org",team="",window="365d"} 2
        crm_customers{scope="team",team="East",window="365d"} 2
        crm_customers{scope="team",team="West",window="365d"} 0
        crm_customers_retained_ratio{scope="org",team="",window="365d"} 0.5
        crm_customers_retained_ratio{scope="team",team="East",window="365d"} 0
        crm_customer_value_growth_ratio{scope="org",team="",window="365d"} 0.2
        crm_customer_value_growth_ratio{scope="team",team="East",window="365d"} 0
        "#,
    );
}

#[test]
fn the_previous_year_is_the_fiscal_one_and_the_year_before_it_too() {
    let mut org = org();
    org.calendar = "{fiscal_year_starts_in: february, time_zone: America/New_York}";
    // The previous fiscal year is from February 2025 to January 2026.
    win(&mut org, Some("1"), "Ana", "100", "2024-02-01");
    win(&mut org, Some("1"), "Ana", "150", "2026-01-31");
    win(&mut org, Some("2"), "Ana", "100", "2024-01-31");
    win(&mut org, Some("3"), "Ana", "100", "2025-01-31");
    win(&mut org, Some("3"), "Ana", "100", "2026-02-01");
    asked(org, "{windows: {customers: [previous_year]}}").figures(
        NOW,
        r#"
        crm_customers{scope="org",team="",window="previous_year"} 2
        crm_customers{scope="team",team="East",window="previous_year"} 2
        crm_customers_retained_ratio{scope="org",team="",window="previous_year"} 0.5
        crm_customers_retained_ratio{scope="team",team="East",window="previous_year"} 0.5
        crm_customer_value_growth_ratio{scope="org",team="",window="previous_year"} 0.75
        crm_customer_value_growth_ratio{scope="team",team="East",window="previous_year"} 0.75
        "#,
    );
}

#[test]
fn without_owner_value_or_customers_there_is_nothing_to_divide() {
    let mut org = org();
    org.put("gone", Account::default()).delete(Object::Account, "gone");
    win(&mut org, Some("gone"), "Ana", "100", "2024-06-24");
    // Of no owner, and of one who is no known user: both count for nobody.
    win(&mut org, Some("1"), "stranger", "0", "2024-06-24");
    win(&mut org, Some("1"), "Ana", "70", "2025-12-24");
    let mut asked = asked(org, "{windows: {customers: [365d]}}");
    let expected = r#"
        crm_customers{scope="org",team="",window="365d"} 1
        crm_customers{scope="team",team="East",window="365d"} 0
        crm_customers{scope="team",team="West",window="365d"} 0
        crm_customers{scope="team",team="unassigned",window="365d"} 1
        crm_customers_retained_ratio{scope="org",team="",window="365d"} 1
        crm_customers_retained_ratio{scope="team",team="unassigned",window="365d"} 0
        crm_customer_value_growth_ratio absent
        "#;
    asked.figures_and_zeros(NOW, expected);
    // Before the win of December nobody has come again.
    asked.org.coverage.polled_at = Some(NOW.parse().unwrap());
    let then = "2025-12-01T12:00:00Z";
    assert_eq!(asked.value("crm_customers_retained_ratio", &[("scope", "org")], then), Some(0.0));
    asked.org.deliver_in_part(Object::Deal);
    asked.figures(NOW, "crm_customers absent");
}

fn answer(survey: &str, score: &str, owner: Option<&str>, at: &str) -> Survey<String> {
    Survey {
        survey: Some(survey.into()),
        score: decimal(score),
        owner: owner.map(str::to_owned),
        at: when(at),
        ..Default::default()
    }
}

fn of_28d(org: Org) -> Asked {
    asked(org, "{windows: {accounts: [28d]}}")
}

#[test]
fn promoters_less_detractors_are_the_net_promoter_score() {
    let mut org = org();
    let mut put = |id: &str, survey: &str, score: &str, owner: &str, at: &str| {
        org.put(id, answer(survey, score, Some(owner), at));
    };
    // East: two promoters, one passive, one detractor of four: 25. West: one detractor.
    for (id, score) in [("1", "10"), ("2", "9"), ("3", "8"), ("4", "0")] {
        put(id, "After purchase", score, "Ana", "2026-03-17");
    }
    put("5", " After purchase ", "6", "Bo", "2026-02-19");
    put("6", "After purchase", "10", "Bo", "2026-02-18T23:59:59Z");
    of_28d(org).figures_and_zeros(
        NOW,
        r#"
        crm_customer_satisfaction{scope="org",team="",rep="",survey="After purchase",window="28d",stat="mean"} 6.6
        crm_customer_satisfaction{scope="team",team="East",rep="",survey="After purchase",window="28d",stat="mean"} 6.75
        crm_customer_satisfaction{scope="team",team="West",rep="",survey="After purchase",window="28d",stat="mean"} 6
        crm_customer_satisfaction{scope="rep",team="East",rep="Ana",survey="After purchase",window="28d",stat="mean"} 6.75
        crm_customer_satisfaction{scope="rep",team="West",rep="Bo",survey="After purchase",window="28d",stat="mean"} 6
        crm_customer_satisfaction{scope="org",team="",rep="",survey="After purchase",window="28d",stat="nps"} 0
        crm_customer_satisfaction{scope="team",team="East",rep="",survey="After purchase",window="28d",stat="nps"} 25
        crm_customer_satisfaction{scope="team",team="West",rep="",survey="After purchase",window="28d",stat="nps"} -100
        "#,
    );
}

#[test]
fn surveys_of_another_scale_have_no_net_promoter_score() {
    let mut org = org();
    org.accounts = "{nps_surveys: [likely, percent]}";
    org.put("1", answer("Stars", "4.5", None, "2026-03-17")).put("2", answer("Likely", "6.5", None, "2026-03-17"));
    // Whatever was answered in the window: once somebody answered 80.
    org.put("3", answer("Percent", "9", None, "2026-03-17")).put("4", answer("Percent", "80", None, "2025-01-01"));
    org.put("5", answer("", "3", None, "2026-03-17"));
    of_28d(org).figures_and_zeros(
        NOW,
        r#"
        crm_customer_satisfaction{scope="org",team="",rep="",survey="Likely",window="28d",stat="mean"} 6.5
        crm_customer_satisfaction{scope="org",team="",rep="",survey="Percent",window="28d",stat="mean"} 9
        crm_customer_satisfaction{scope="org",team="",rep="",survey="Stars",window="28d",stat="mean"} 4.5
        crm_customer_satisfaction{scope="org",team="",rep="",survey="unknown",window="28d",stat="mean"} 3
        crm_customer_satisfaction{scope="team",team="unassigned",rep="",survey="Likely",window="28d",stat="mean"} 6.5
        crm_customer_satisfaction{scope="team",team="unassigned",rep="",survey="Percent",window="28d",stat="mean"} 9
        crm_customer_satisfaction{scope="team",team="unassigned",rep="",survey="Stars",window="28d",stat="mean"} 4.5
        crm_customer_satisfaction{scope="team",team="unassigned",rep="",survey="unknown",window="28d",stat="mean"} 3
        crm_customer_satisfaction{scope="rep",team="unassigned",rep="unassigned",survey="Likely",window="28d",stat="mean"} 6.5
        crm_customer_satisfaction{scope="rep",team="unassigned",rep="unassigned",survey="Percent",window="28d",stat="mean"} 9
        crm_customer_satisfaction{scope="rep",team="unassigned",rep="unassigned",survey="Stars",window="28d",stat="mean"} 4.5
        crm_customer_satisfaction{scope="rep",team="unassigned",rep="unassigned",survey="unknown",window="28d",stat="mean"} 3
        crm_customer_satisfaction{scope="org",team="",rep="",survey="Likely",window="28d",stat="nps"} 0
        crm_customer_satisfaction{scope="team",team="unassigned",rep="",survey="Likely",window="28d",stat="nps"} 0
        "#,
    );
}

#[test]
fn an_answer_without_an_owner_is_that_of_the_deal_s_else_the_account_s() {
    let mut org = org();
    org.people = "{hidden: [bo@example.com]}";
    let (name, team, email) = (Some("Bo".to_owned()), Some("West".to_owned()), Some("bo@example.com".to_owned()));
    org.put("Bo", User { name, team, email, ..Default::default() });
    org.put("account", Account { owner: Some("Bo".into()), ..Default::default() });
    org.put("deal", Deal { owner: Some("Ana".into()), ..Default::default() });
    org.put("deleted", Deal { owner: Some("Ana".into()), ..Default::default() }).delete(Object::Deal, "deleted");
    let about = |deal: Option<&str>, score| Survey {
        deal: deal.map(str::to_owned),
        account: Some("account".into()),
        ..answer("S", score, None, "2026-03-17")
    };
    org.put("1", about(Some("deal"), "1")).put("2", about(Some("deleted"), "4")).put("3", about(None, "5"));
    org.put("4", Survey { owner: Some("Ana".into()), ..about(None, "3") });
    // Without an answer or a time there is nothing to tell; a deleted one is not there.
    org.put("5", Survey { score: None, ..about(None, "9") }).put("6", Survey { at: None, ..about(None, "9") });
    org.put("7", about(None, "9")).delete(Object::Survey, "7");
    let mut asked = of_28d(org);
    let mean = |asked: &Asked, labels: &[(&str, &str)]| {
        asked.value("crm_customer_satisfaction", &[labels, &[("stat", "mean")]].concat(), NOW)
    };
    assert_eq!(mean(&asked, &[("scope", "rep"), ("rep", "Ana")]), Some(2.0));
    assert_eq!(mean(&asked, &[("scope", "team"), ("team", "West")]), Some(4.5));
    assert_eq!(mean(&asked, &[("scope", "org")]), Some(3.25));
    assert!(asked.lines("crm_customer_satisfaction", NOW).iter().all(|line| !line.contains("hidden")));
    // Surveys go as far back as the past that is asked for.
    asked.org.coverage.polled_at = Some(NOW.parse().unwrap());
    asked.figures("2026-03-16T00:00:00Z", "crm_customer_satisfaction absent");
    asked.org.deliver_in_part(Object::Survey);
    asked.figures(NOW, "crm_customer_satisfaction absent");
}

#[test]
fn goals_may_be_on_satisfaction() {
    let mut org = org();
    org.put("1", answer("S", "8", Some("Ana"), "2026-03-17"));
    let goals = "{liked: {measure: 'crm_customer_satisfaction{survey=\"S\",stat=\"mean\"}', window: month, target: {default: 9}}}";
    let asked = Asked { goals, ..of_28d(org) };
    assert_eq!(asked.value("crm_goal_actual", &[("scope", "rep"), ("rep", "Ana")], NOW), Some(8.0));
}
