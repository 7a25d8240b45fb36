//! Leads.

use super::activities::activity;
use super::{Asked, asked};
use crate::domain::{Account, Activity, Contact, Deal, Lead, Object, StatusChange};
use crate::facts::testing::{Org, decimal, when};

/// A Wednesday.
const NOW: &str = "2026-03-18T12:00:00Z";

fn org(leads: &'static str) -> Org {
    let mut org = Org { leads, ..Org::default() };
    org.user("Ana", "East").user("Bo", "West");
    org.deliver(Object::Activity);
    org
}

fn lead(owner: &str, created: &str) -> Lead<String> {
    Lead { owner: Some(owner.into()), created_at: when(created), ..Default::default() }
}

fn statuses(org: &mut Org, lead: &str, changes: &[(&str, &str)]) {
    for (status, at) in changes {
        let change = StatusChange {
            lead: Some(lead.into()),
            status: Some((*status).into()),
            at: when(at),
            ..Default::default()
        };
        org.put(&format!("{lead} {status} {at}"), change);
    }
}

fn call(org: &mut Org, id: &str, rep: &str, at: &str, lead: &str) {
    org.put(id, Activity { leads: Some(vec![lead.into()]), ..activity("call", rep, at) });
}

fn of_week(org: Org) -> Asked {
    asked(org, "{windows: {leads: [week]}}")
}

#[test]
fn levels_are_reached_once_and_by_the_first_entry() {
    let mut org = org("{statuses: {mql: [Nurture], sql: [Ready, Accepted], disqualified: [Junk]}}");
    // Twice in the status: the first entry counts.
    org.put("1", Lead { status: Some("Ready".into()), ..lead("Ana", "2026-03-01") });
    statuses(&mut org, "1", &[("Nurture", "2026-03-10"), ("New", "2026-03-16"), ("nurture ", "2026-03-17")]);
    statuses(&mut org, "1", &[("Ready", "2026-03-17T08:00:00Z")]);
    // Straight to sql: mql at that time too.
    org.put("2", lead("Ana", "2026-03-16"));
    statuses(&mut org, "2", &[("Accepted", "2026-03-17")]);
    // The CRM's own date wins over an entry in this week.
    org.put("3", Lead { mql_at: when("2026-03-02"), ..lead("Bo", "2026-03-16") });
    statuses(&mut org, "3", &[("Nurture", "2026-03-17")]);
    // Without history a lead has entered only its present status, at its creation.
    org.put("4", Lead { status: Some("Nurture".into()), ..lead("Bo", "2026-03-17") });
    // Given up, and taken up again.
    org.put("5", Lead { status: Some("New".into()), ..lead("Bo", "2026-03-16") });
    statuses(&mut org, "5", &[("Junk", "2026-03-16"), ("New", "2026-03-17")]);
    org.put("6", Lead { status: Some("Junk".into()), ..lead("Bo", "2026-02-01") });
    statuses(&mut org, "6", &[("Junk", "2026-02-02"), ("New", "2026-02-03"), ("Junk", "2026-03-16")]);
    let asked = of_week(org);
    asked.figures(
        NOW,
        r#"
        crm_leads_created{team="East",rep="Ana",window="week"} 1
        crm_leads_created{team="West",rep="Bo",window="week"} 3
        crm_leads_qualified{team="East",rep="Ana",level="mql",window="week"} 1
        crm_leads_qualified{team="East",rep="Ana",level="sql",window="week"} 2
        crm_leads_qualified{team="West",rep="Bo",level="mql",window="week"} 1
        crm_leads_disqualified{team="West",rep="Bo",window="week"} 1
        crm_lead_qualified_ratio{scope="org",team="",rep="",level="mql",window="week"} 0.75
        crm_lead_qualified_ratio{scope="org",team="",rep="",level="sql",window="week"} 0.25
        crm_lead_qualified_ratio{scope="team",team="East",rep="",level="mql",window="week"} 1
        crm_lead_qualified_ratio{scope="team",team="East",rep="",level="sql",window="week"} 1
        crm_lead_qualified_ratio{scope="team",team="West",rep="",level="mql",window="week"} 0.6666666666666666
        crm_lead_qualified_ratio{scope="rep",team="East",rep="Ana",level="mql",window="week"} 1
        crm_lead_qualified_ratio{scope="rep",team="East",rep="Ana",level="sql",window="week"} 1
        crm_lead_qualified_ratio{scope="rep",team="West",rep="Bo",level="mql",window="week"} 0.6666666666666666
        "#,
    );
}

#[test]
fn conversions_count_with_a_deal_and_by_their_time() {
    let mut org = org("{}");
    org.put("d", Deal::default());
    let converted = |deal: Option<&str>, at: &str| Lead {
        deal: deal.map(str::to_owned),
        converted_at: when(at),
        ..lead("Ana", "2026-03-01")
    };
    org.put("1", converted(Some("d"), "2026-03-17"));
    org.put("2", converted(None, "2026-03-17"));
    org.put("3", converted(Some("d"), "2026-03-10"));
    of_week(org).figures(NOW, r#"crm_leads_converted{team="East",rep="Ana",window="week"} 1"#);
}

#[test]
fn sources_that_are_rare_are_folded_and_empty_ones_are_not() {
    let mut org = org("{}");
    let from = |source: &str, created| Lead { source: Some(source.into()), ..lead("Ana", created) };
    org.put("1", from("Web", "2026-03-16")).put("2", from(" Web", "2026-03-17"));
    org.put("3", from("Fair", "2026-03-16")).put("4", from("Ad", "2026-03-16"));
    org.put("5", from("", "2026-03-16"));
    let asked = Asked { limits: "{label_values: 1}", ..of_week(org) };
    asked.figures(
        NOW,
        r#"
        crm_leads_by_source{team="East",lead_source="Web",outcome="created",window="week"} 2
        crm_leads_by_source{team="East",lead_source="other",outcome="created",window="week"} 2
        crm_leads_by_source{team="East",lead_source="unknown",outcome="created",window="week"} 1
        "#,
    );
}

#[test]
fn answers_are_the_first_touch_since_the_creation_by_anyone() {
    let mut org = org("{sla: 1h, inbound: [Web, Demo request]}");
    let web = |created| Lead { source: Some("web ".into()), ..lead("Ana", created) };
    // Answered by Bo after half an hour; the call before the creation answers nothing.
    org.put("1", web("2026-03-16T09:00:00Z"));
    call(&mut org, "a", "Bo", "2026-03-16T08:00:00Z", "1");
    call(&mut org, "b", "Bo", "2026-03-16T09:30:00Z", "1");
    call(&mut org, "c", "Ana", "2026-03-16T10:00:00Z", "1");
    // Exactly in time, through the contact that the lead is.
    org.put("k", Contact::default());
    org.put("2", Lead { contact: Some("k".into()), ..web("2026-03-16T09:00:00Z") });
    org.put("d", Activity { contacts: Some(vec!["k".into()]), ..activity("email", "Ana", "2026-03-16T10:00:00Z") });
    // Too late, by its type inbound.
    org.put("3", Lead { kind: Some("demo request".into()), ..lead("Ana", "2026-03-16T09:00:00Z") });
    call(&mut org, "e", "Ana", "2026-03-16T11:00:00Z", "3");
    // Not answered, its time not yet run out; not answered since Monday; given up before and after its time ran out.
    org.put("4", web("2026-03-18T11:30:00Z"));
    org.put("5", web("2026-03-16T12:00:00Z"));
    org.put("6", Lead { disqualified_at: when("2026-03-16T09:10:00Z"), ..web("2026-03-16T09:00:00Z") });
    org.put("7", Lead { disqualified_at: when("2026-03-16T12:00:00Z"), ..web("2026-03-16T09:00:00Z") });
    // Not inbound.
    org.put("8", Lead { source: Some("Fair".into()), ..lead("Ana", "2026-03-16T09:00:00Z") });
    let asked = of_week(org);
    asked.figures(
        NOW,
        r#"
        crm_leads_unanswered{team="East",rep="Ana"} 2
        crm_leads_beyond_sla{team="East",rep="Ana"} 1
        crm_lead_unanswered_oldest_seconds{team="East",rep="Ana"} 172800
        crm_lead_response_within_sla_ratio{scope="org",team="",rep="",window="week"} 0.4
        crm_lead_response_within_sla_ratio{scope="team",team="East",rep="",window="week"} 0.4
        crm_lead_response_within_sla_ratio{scope="rep",team="East",rep="Ana",window="week"} 0.4
        crm_lead_response_seconds{scope="org",team="",rep="",window="week",stat="mean"} 4200
        crm_lead_response_seconds{scope="org",team="",rep="",window="week",stat="p50"} 3600
        crm_lead_response_seconds{scope="org",team="",rep="",window="week",stat="p90"} 6480
        crm_lead_response_seconds{scope="team",team="East",rep="",window="week",stat="mean"} 4200
        crm_lead_response_seconds{scope="team",team="East",rep="",window="week",stat="p50"} 3600
        crm_lead_response_seconds{scope="team",team="East",rep="",window="week",stat="p90"} 6480
        crm_lead_response_seconds{scope="rep",team="East",rep="Ana",window="week",stat="mean"} 4200
        crm_lead_response_seconds{scope="rep",team="East",rep="Ana",window="week",stat="p50"} 3600
        "#,
    );
    // As of Monday noon lead 5 has just come, lead 7 was given up at that very instant, and lead 3 was answered.
    assert_eq!(asked.value("crm_leads_unanswered", &[("rep", "Ana")], "2026-03-16T11:59:59Z"), Some(1.0));
}

#[test]
fn leads_wait_beyond_their_time_by_the_configured_clock() {
    let mut org = org("{sla: 1h, clock: working}");
    org.calendar = "{teams: {East: {working_hours: '09:00-12:00'}}}";
    // Fridays: an hour of East's working time, and three quarters of one, are over on Monday at 09:00 and at 09:15.
    org.put("1", lead("Ana", "2026-03-13T11:00:00Z")).put("2", lead("Ana", "2026-03-13T11:15:00Z"));
    // Nobody knows how long this one has waited.
    org.put("3", Lead { created_at: None, ..lead("Ana", "2026-03-13") });
    let asked = asked(org, "{}");
    let waiting = |now| asked.value("crm_leads_beyond_sla", &[("rep", "Ana")], now);
    assert_eq!(waiting("2026-03-16T09:00:00Z"), Some(0.0), "at the SLA is within it");
    assert_eq!(waiting("2026-03-16T09:00:01Z"), Some(1.0));
    assert_eq!(waiting("2026-03-16T09:16:00Z"), Some(2.0));
}

#[test]
fn the_clock_may_count_working_time_of_the_owner_s_team() {
    let mut org = org("{sla: 1h, clock: working, credit: creator}");
    org.calendar = "{teams: {East: {working_hours: '09:00-12:00'}}}";
    // Friday 11:30 to Monday 09:15: 45 minutes of East's working time. It counts for Bo, who created it.
    org.put("1", Lead { creator: Some("Bo".into()), ..lead("Ana", "2026-03-13T11:30:00Z") });
    call(&mut org, "a", "Ana", "2026-03-16T09:15:00Z", "1");
    let asked = asked(org, "{windows: {leads: [28d]}}");
    asked.figures(
        NOW,
        r#"
        crm_leads_created{team="West",rep="Bo",window="28d"} 1
        crm_lead_response_seconds{scope="org",team="",rep="",window="28d",stat="mean"} 2700
        crm_lead_response_seconds{scope="org",team="",rep="",window="28d",stat="p50"} 2700
        crm_lead_response_seconds{scope="org",team="",rep="",window="28d",stat="p90"} 2700
        crm_lead_response_seconds{scope="team",team="West",rep="",window="28d",stat="mean"} 2700
        crm_lead_response_seconds{scope="team",team="West",rep="",window="28d",stat="p50"} 2700
        crm_lead_response_seconds{scope="team",team="West",rep="",window="28d",stat="p90"} 2700
        crm_lead_response_seconds{scope="rep",team="West",rep="Bo",window="28d",stat="mean"} 2700
        crm_lead_response_seconds{scope="rep",team="West",rep="Bo",window="28d",stat="p50"} 2700
        crm_lead_response_within_sla_ratio{scope="org",team="",rep="",window="28d"} 1
        crm_lead_response_within_sla_ratio{scope="team",team="West",rep="",window="28d"} 1
        crm_lead_response_within_sla_ratio{scope="rep",team="West",rep="Bo",window="28d"} 1
        "#,
    );
}

#[test]
fn qualified_prospects_have_a_level_and_a_company() {
    let mut org = org("{}");
    org.money = "{rates: {EUR: 2}}";
    org.put(
        "acme",
        Account {
            annual_revenue: decimal("700"),
            employees: Some(9),
            currency: Some("USD".into()),
            ..Default::default()
        },
    );
    org.put("k", Contact { title: Some("Vice President".into()), ..Default::default() });
    let sql = |lead: Lead<String>| Lead { sql_at: when("2026-03-17"), ..lead };
    // The lead's own size wins over the account's, its own title over the contact's.
    let own = Lead {
        title: Some("CEO".into()),
        contact: Some("k".into()),
        account: Some("acme".into()),
        company_revenue: decimal("50"),
        currency: Some("EUR".into()),
        company_employees: Some(3),
        ..lead("Ana", "2026-03-01")
    };
    org.put("1", sql(own));
    let theirs = Lead { contact: Some("k".into()), account: Some("acme".into()), ..lead("Ana", "2026-03-01") };
    org.put("2", sql(theirs)).put("3", sql(lead("Ana", "2026-03-01")));
    org.put("4", lead("Ana", "2026-03-17"));
    of_week(org).figures(
        NOW,
        r#"
        crm_qualified_prospects{team="East",rep="Ana",contact_level="c_level",window="week"} 1
        crm_qualified_prospects{team="East",rep="Ana",contact_level="vp",window="week"} 1
        crm_qualified_prospects{team="East",rep="Ana",contact_level="unknown",window="week"} 1
        crm_qualified_prospect_company_revenue_value{scope="org",team="",rep="",window="week",stat="mean"} 400
        crm_qualified_prospect_company_revenue_value{scope="org",team="",rep="",window="week",stat="p50"} 400
        crm_qualified_prospect_company_revenue_value{scope="team",team="East",rep="",window="week",stat="mean"} 400
        crm_qualified_prospect_company_revenue_value{scope="team",team="East",rep="",window="week",stat="p50"} 400
        crm_qualified_prospect_company_revenue_value{scope="rep",team="East",rep="Ana",window="week",stat="mean"} 400
        crm_qualified_prospect_company_revenue_value{scope="rep",team="East",rep="Ana",window="week",stat="p50"} 400
        crm_qualified_prospect_company_employees{scope="org",team="",rep="",window="week",stat="mean"} 6
        crm_qualified_prospect_company_employees{scope="org",team="",rep="",window="week",stat="p50"} 6
        crm_qualified_prospect_company_employees{scope="team",team="East",rep="",window="week",stat="mean"} 6
        crm_qualified_prospect_company_employees{scope="team",team="East",rep="",window="week",stat="p50"} 6
        crm_qualified_prospect_company_employees{scope="rep",team="East",rep="Ana",window="week",stat="mean"} 6
        crm_qualified_prospect_company_employees{scope="rep",team="East",rep="Ana",window="week",stat="p50"} 6
        "#,
    );
}

#[test]
fn answers_are_not_told_of_windows_that_look_back_past_the_activities_held() {
    let mut org = org("{}");
    org.coverage.activities_since = Some("2026-03-10T00:00:00Z".parse().unwrap());
    org.put("1", lead("Ana", "2026-03-05T09:00:00Z")).put("2", lead("Ana", "2026-03-16T09:00:00Z"));
    call(&mut org, "a", "Ana", "2026-03-16T10:00:00Z", "2");
    let asked = asked(org, "{windows: {leads: [week, month]}}");
    let of = |name: &str, window: &str, stat: &[(&str, &str)]| {
        asked.value(name, &[&[("scope", "org"), ("window", window)], stat].concat(), NOW)
    };
    assert_eq!(of("crm_lead_response_seconds", "week", &[("stat", "mean")]), Some(3600.0));
    assert_eq!(of("crm_lead_response_seconds", "month", &[("stat", "mean")]), None);
    assert_eq!(of("crm_lead_response_within_sla_ratio", "week", &[]), Some(1.0));
    assert_eq!(of("crm_lead_response_within_sla_ratio", "month", &[]), None);
    // Leads themselves are held whole; of lead 1 nobody knows whether it was answered.
    assert_eq!(asked.value("crm_leads_created", &[("rep", "Ana"), ("window", "month")], NOW), Some(2.0));
    assert_eq!(asked.value("crm_leads_unanswered", &[("rep", "Ana")], NOW), Some(0.0));
}
