//! Key accounts.

use super::activities::{activity, ids};
use super::{Asked, asked};
use crate::domain::{Account, Activity, Contact, CurrencyRate, Deal, Lead, Object, User};
use crate::facts::testing::{Org, decimal, when};

/// A Wednesday.
const NOW: &str = "2026-03-18T12:00:00Z";

fn org(accounts: &'static str) -> Org {
    let mut org = Org { accounts, ..Org::default() };
    org.user("Ana", "East").user("Bo", "West");
    org.deliver(Object::Activity);
    org
}

fn account(name: &str, owner: Option<&str>) -> Account<String> {
    Account { name: Some(name.into()), owner: owner.map(str::to_owned), key: Some(true), ..Default::default() }
}

fn won(account: &str, owner: &str, amount: &str, closed: &str) -> Deal<String> {
    Deal {
        account: Some(account.into()),
        owner: Some(owner.into()),
        status: Some("won".into()),
        amount: decimal(amount),
        currency: Some("USD".into()),
        closed_at: when(closed),
        ..Default::default()
    }
}

/// A done activity of the week that is linked to accounts.
fn with(kind: &str, owner: &str, at: &str, accounts: &[&str]) -> Activity<String> {
    Activity { accounts: ids(accounts), ..activity(kind, owner, at) }
}

fn of_28d(org: Org) -> Asked {
    asked(org, "{windows: {accounts: [28d]}}")
}

/// The accounts that are shown as key accounts: all of those put in are owned by Ana.
fn shown(asked: &Asked, now: &str) -> Vec<String> {
    let lines = asked.lines("crm_key_account_interactions", now);
    lines.iter().map(|line| line.split('"').nth(1).unwrap().to_owned()).collect()
}

#[test]
fn an_activity_concerns_the_accounts_of_all_that_it_is_linked_to_once() {
    let mut org = org("{}");
    org.put("acme", account("Acme", Some("Ana"))).put("bolt", account("Bolt", Some("Ana")));
    org.put("cog", Account { key: Some(false), ..account("Cog", Some("Ana")) });
    org.put("d", Deal { account: Some("acme".into()), ..Default::default() });
    org.put("c", Contact { account: Some("acme".into()), ..Default::default() });
    org.put("l", Lead { account: Some("bolt".into()), ..Default::default() });
    let minute = |activity| Activity { duration_seconds: Some(60), ..activity };
    // By every way to Acme: one interaction.
    org.put(
        "1",
        Activity {
            deals: ids(&["d"]),
            contacts: ids(&["c"]),
            ..minute(with("meeting", "Ana", "2026-03-17T09:00:00Z", &["acme"]))
        },
    );
    // Of two accounts: one of each, with its whole duration; inbound ones count.
    org.put(
        "2",
        Activity {
            contacts: ids(&["c"]),
            leads: ids(&["l"]),
            direction: Some("inbound".into()),
            ..minute(activity("call", "Bo", "2026-03-16T09:00:00Z"))
        },
    );
    // No key account, no interaction, not done, too early; and one without a duration.
    org.put("3", minute(with("call", "Bo", "2026-03-16T09:00:00Z", &["cog"])));
    org.put("4", minute(with("task", "Bo", "2026-03-16T09:00:00Z", &["acme"])));
    org.put("5", Activity { status: Some("cancelled".into()), ..minute(with("call", "Bo", "2026-03-16", &["acme"])) });
    org.put("6", minute(with("email", "Bo", "2026-02-18T23:59:59Z", &["acme"])));
    org.put("7", with("email", "Bo", "2026-02-19", &["acme"]));
    of_28d(org).figures_and_zeros(
        NOW,
        r#"
        crm_key_account_interactions{account="Acme",team="East",rep="Ana",window="28d"} 1
        crm_key_account_interactions{account="Acme",team="West",rep="Bo",window="28d"} 2
        crm_key_account_interactions{account="Bolt",team="East",rep="Ana",window="28d"} 0
        crm_key_account_interactions{account="Bolt",team="West",rep="Bo",window="28d"} 1
        crm_key_account_seconds{account="Acme",team="East",rep="Ana",window="28d"} 60
        crm_key_account_seconds{account="Acme",team="West",rep="Bo",window="28d"} 60
        crm_key_account_seconds{account="Bolt",team="East",rep="Ana",window="28d"} 0
        crm_key_account_seconds{account="Bolt",team="West",rep="Bo",window="28d"} 60
        crm_key_account_last_interaction_timestamp_seconds{account="Acme",team="East",rep="Ana"} 1773738000
        crm_key_account_last_interaction_timestamp_seconds{account="Acme",team="West",rep="Bo"} 1773651600
        crm_key_account_last_interaction_timestamp_seconds{account="Bolt",team="West",rep="Bo"} 1773651600
        "#,
    );
}

#[test]
fn what_is_deleted_leads_nowhere_and_what_is_merged_to_its_survivor() {
    let mut org = org("{}");
    org.put("acme", account("Acme", None)).put("gone", account("Gone", None));
    org.put_merged("copy", "acme", account("Acme", None));
    org.put("d", Deal { account: Some("copy".into()), ..Default::default() });
    org.put("d2", Deal { account: Some("acme".into()), ..Default::default() });
    org.put("c", Contact { account: Some("acme".into()), ..Default::default() });
    org.put("c2", Contact { account: Some("acme".into()), ..Default::default() });
    org.put_merged("c3", "c", Contact::default());
    org.put("l", Lead { account: Some("acme".into()), ..Default::default() });
    let call = |org: &mut Org, id: &str, call: Activity<String>| {
        org.put(id, Activity { owner: Some("Ana".into()), kind: Some("call".into()), at: when("2026-03-17"), ..call });
    };
    call(&mut org, "1", Activity { accounts: ids(&["copy"]), ..Default::default() });
    call(&mut org, "2", Activity { deals: ids(&["d"]), ..Default::default() });
    call(&mut org, "3", Activity { contacts: ids(&["c3"]), ..Default::default() });
    for (id, object) in [("c2", Object::Contact), ("d2", Object::Deal), ("l", Object::Lead), ("gone", Object::Account)]
    {
        org.delete(object, id);
    }
    call(&mut org, "4", Activity { contacts: ids(&["c2"]), ..Default::default() });
    call(&mut org, "5", Activity { deals: ids(&["d2"]), ..Default::default() });
    call(&mut org, "6", Activity { leads: ids(&["l"]), ..Default::default() });
    call(&mut org, "7", Activity { accounts: ids(&["gone"]), ..Default::default() });
    // Without an owner nobody reads 0.
    of_28d(org)
        .figures_and_zeros(NOW, r#"crm_key_account_interactions{account="Acme",team="East",rep="Ana",window="28d"} 3"#);
}

#[test]
fn one_condition_makes_a_key_account() {
    let mut org = org("{key: {min_annual_revenue: 1000, min_won_value: 500.5, tiers: [A], list: [Listed]}}");
    org.money = "{rates: {EUR: 2}}";
    let plain = |name: &str| Account { key: None, ..account(name, Some("Ana")) };
    let revenue = |name: &str, amount: &str, currency: &str| Account {
        annual_revenue: decimal(amount),
        currency: Some(currency.into()),
        ..plain(name)
    };
    org.put("1", plain("Plain")).put("2", account("Marked", Some("Ana")));
    org.put("3", Account { tier: Some("a".into()), ..plain("Tiered") }).put("4", plain("Listed"));
    org.put("5", revenue("Large", "500", "EUR")).put("6", revenue("Small", "999.99", "USD"));
    // No rate: nobody knows how large it is.
    org.put("7", revenue("Foreign", "100000", "GBP"));
    // 500.50 in two deals within 365 days; as much, but one deal a day too early.
    org.put("8", plain("Buyer")).put("9", plain("Former"));
    org.put("a", won("8", "Bo", "300", "2025-03-19")).put("b", won("8", "Bo", "200.5", "2026-03-18"));
    org.put("c", won("9", "Bo", "300", "2025-03-18T23:59:59Z")).put("d", won("9", "Bo", "200.5", "2026-03-18"));
    // Won, but without an account.
    org.put("e", Deal { account: None, ..won("9", "Bo", "9000", "2026-03-18") });
    assert_eq!(shown(&of_28d(org), NOW), ["Buyer", "Large", "Listed", "Marked", "Tiered"]);
}

#[test]
fn marks_do_not_count_where_the_settings_say_so() {
    let mut org = org("{key: {marked: false, min_annual_revenue: 1000}}");
    org.put("1", account("Marked", Some("Ana")));
    of_28d(org).figures(NOW, "crm_key_account_interactions absent");
}

#[test]
fn the_largest_are_shown_under_names_of_their_own() {
    let mut org = org("{}");
    let sized = |name: &str, revenue: Option<&str>| Account {
        annual_revenue: revenue.and_then(decimal),
        currency: Some("USD".into()),
        ..account(name, Some("Ana"))
    };
    org.put("1", sized("Acme", Some("10"))).put("2", sized("Acme", Some("30"))).put("3", sized("unknown", Some("20")));
    // Without a known revenue behind the others: by value won in a year, then by id.
    org.put("4", sized("Dot", None)).put("5", sized("Eel", None)).put("6", sized("Fox", None));
    org.put("a", won("5", "Ana", "1", "2026-03-18"));
    let mut asked = of_28d(org);
    for (most, expected) in [
        ("{key_accounts: 0}", &[][..]),
        ("{key_accounts: 1}", &["Acme 2"]),
        ("{key_accounts: 3}", &["Acme", "Acme 2", "unknown 2"]),
        ("{key_accounts: 4}", &["Acme", "Acme 2", "Eel", "unknown 2"]),
        ("{key_accounts: 5}", &["Acme", "Acme 2", "Dot", "Eel", "unknown 2"]),
    ] {
        asked.limits = most;
        assert_eq!(shown(&asked, NOW), expected, "{most}");
    }
}

#[test]
fn the_owner_reads_zero_whoever_he_is_and_hidden_people_have_no_name() {
    let mut org = org("{}");
    org.people = "{hidden: [bo@example.com, cy@example.com]}";
    let user = |name: &str, team: Option<&str>, active| User {
        name: Some(name.into()),
        email: Some(format!("{}@example.com", name.to_lowercase())),
        team: team.map(str::to_owned),
        active: Some(active),
        ..Default::default()
    };
    org.put("Bo", user("Bo", Some("West"), true)).put("Cy", user("Cy", Some("West"), true));
    org.put("Di", user("Di", None, false));
    org.put("1", account("Acme", Some("Bo"))).put("2", account("Bolt", Some("Di")));
    // An owner of whom nobody knows is nobody.
    org.put("3", account("Cog", Some("stranger"))).put("4", account("Dot", Some("Cy")));
    org.put("a", with("call", "Bo", "2026-03-17", &["1"])).put("b", with("call", "Cy", "2026-03-17", &["1"]));
    org.put("c", with("call", "stranger", "2026-03-16", &["1"])).put("d", with("call", "Ana", "2026-03-17", &["4"]));
    org.put("e", won("1", "Bo", "1.5", "2026-03-17")).put("f", won("1", "Cy", "2", "2026-03-17"));
    org.put("g", Deal { owner: None, ..won("1", "", "4", "2026-03-17") });
    of_28d(org).figures_and_zeros(
        NOW,
        r#"
        crm_key_account_interactions{account="Acme",team="West",rep="hidden",window="28d"} 2
        crm_key_account_interactions{account="Acme",team="unassigned",rep="unassigned",window="28d"} 1
        crm_key_account_interactions{account="Bolt",team="none",rep="Di",window="28d"} 0
        crm_key_account_interactions{account="Dot",team="East",rep="Ana",window="28d"} 1
        crm_key_account_interactions{account="Dot",team="West",rep="hidden",window="28d"} 0
        crm_key_account_last_interaction_timestamp_seconds{account="Acme",team="West",rep="hidden"} 1773705600
        crm_key_account_last_interaction_timestamp_seconds{account="Acme",team="unassigned",rep="unassigned"} 1773619200
        crm_key_account_last_interaction_timestamp_seconds{account="Dot",team="East",rep="Ana"} 1773705600
        crm_key_account_won_value{account="Acme",team="West",rep="hidden",window="28d"} 3.5
        crm_key_account_won_value{account="Acme",team="unassigned",rep="unassigned",window="28d"} 4
        "#,
    );
}

#[test]
fn value_is_won_in_the_reporting_currency_and_has_no_zeros() {
    let mut org = org("{}");
    org.put("1", account("Acme", Some("Ana"))).put("2", account("Bolt", Some("Ana")));
    let rate = CurrencyRate {
        currency: Some("GBP".into()),
        rate: decimal("1.25"),
        to: Some("USD".into()),
        ..Default::default()
    };
    org.put("rate", rate);
    org.put("a", Deal { currency: Some("GBP".into()), ..won("1", "Bo", "100", "2026-03-17") });
    // No rate, no amount: they add nothing, and are there.
    org.put("b", Deal { currency: Some("JPY".into()), ..won("2", "Bo", "100", "2026-03-17") });
    org.put("c", Deal { amount: None, ..won("2", "Ana", "0", "2026-03-17") });
    org.put("d", won("1", "Bo", "100", "2026-02-18"))
        .put("e", Deal { status: Some("lost".into()), ..won("1", "Bo", "1", "2026-03-17") });
    of_28d(org).figures_and_zeros(
        NOW,
        r#"
        crm_key_account_won_value{account="Acme",team="West",rep="Bo",window="28d"} 125
        crm_key_account_won_value{account="Bolt",team="East",rep="Ana",window="28d"} 0
        crm_key_account_won_value{account="Bolt",team="West",rep="Bo",window="28d"} 0
        "#,
    );
}

#[test]
fn in_the_past_later_accounts_deals_and_activities_are_not_there() {
    let mut org = org("{key: {marked: false, min_won_value: 100, tiers: [A]}}");
    org.coverage.polled_at = Some(NOW.parse().unwrap());
    let tiered = |name: &str, created: &str| Account {
        tier: Some("A".into()),
        created_at: when(created),
        ..account(name, Some("Ana"))
    };
    org.put("1", tiered("Old", "2026-01-01"))
        .put("2", tiered("New", "2026-03-17"))
        .put("3", account("Buyer", Some("Ana")));
    org.put("a", won("3", "Ana", "60", "2026-03-02")).put("b", won("3", "Ana", "60", "2026-03-17"));
    // A deal that comes later leads nowhere yet.
    org.put("c", Deal { account: Some("1".into()), created_at: when("2026-03-17"), ..Default::default() });
    org.put("x", Activity { deals: ids(&["c"]), ..activity("call", "Bo", "2026-03-03") });
    org.put("y", with("call", "Bo", "2026-03-17", &["1"]));
    let asked = of_28d(org);
    assert_eq!(shown(&asked, NOW), ["Buyer", "New", "Old", "Old"]);
    let then = "2026-03-10T12:00:00Z";
    asked
        .figures_and_zeros(then, r#"crm_key_account_interactions{account="Old",team="East",rep="Ana",window="28d"} 0"#);
    assert_eq!(asked.value("crm_key_account_won_value", &[("account", "Buyer")], NOW), Some(120.0));
    asked.figures(then, "crm_key_account_won_value absent");
}

#[test]
fn what_is_not_held_or_not_loaded_is_absent() {
    let mut org = org("{}");
    org.coverage.activities_since = Some("2026-03-01T00:00:00Z".parse().unwrap());
    org.put("1", account("Acme", Some("Ana"))).put("a", won("1", "Ana", "1", "2026-03-17"));
    let mut asked = asked(org, "{windows: {accounts: [7d, 28d]}}");
    asked.figures_and_zeros(
        NOW,
        r#"
        crm_key_account_interactions{account="Acme",team="East",rep="Ana",window="7d"} 0
        crm_key_account_won_value{account="Acme",team="East",rep="Ana",window="7d"} 1
        crm_key_account_won_value{account="Acme",team="East",rep="Ana",window="28d"} 1
        "#,
    );
    // A contact may lead to the account.
    asked.org.deliver_in_part(Object::Contact);
    asked.figures(NOW, "crm_key_account_interactions absent");
    assert_eq!(asked.lines("crm_key_account_won_value", NOW).len(), 2);
    asked.org.deliver_in_part(Object::Account);
    asked.figures(NOW, "crm_key_account_won_value absent");
}

#[test]
fn goals_may_be_on_an_account() {
    let mut org = org("{}");
    org.put("1", account("Acme", Some("Ana"))).put("2", account("Bolt", Some("Ana")));
    org.put("a", with("call", "Ana", "2026-03-17", &["1"])).put("b", with("call", "Ana", "2026-03-17", &["2"]));
    let goals =
        "{acme: {measure: 'crm_key_account_interactions{account=\"Acme\"}', window: week, target: {default: 2}}}";
    let asked = Asked { goals, ..of_28d(org) };
    assert_eq!(asked.value("crm_goal_actual", &[("rep", "Ana")], NOW), Some(1.0));
}
