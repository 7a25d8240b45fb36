//! Each trap of the API as a piece of JSON, and the record that it becomes.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::*;
use crate::domain::{
    Account, Activity, Contact, CurrencyRate, Deal, Goal, Lead, OwnerChange, Pipeline, Reason, Stage, StageChange,
    StatusChange, Team, User, When,
};
use crate::source::hubspot::types::End;
use crate::source::hubspot::wire::{self, Linked};

/// 2026-05-11T10:30:00Z
const CHANGED: Timestamp = Timestamp(1_778_495_400_000);

fn reading() -> Reading {
    Reading {
        life_cycle: false,
        tier_property: "account_class".into(),
        zone: chrono_tz::America::New_York,
        horizon: None,
        home_currency: Some("USD".into()),
        dispositions: BTreeMap::from([("custom-guid".into(), "Spoke to the gatekeeper".into())]),
    }
}

fn row(kind: Type, mut properties: Value) -> Row {
    properties[kind.modified()] = json!("2026-05-11T10:30:00.000Z");
    serde_json::from_value(json!({"id": "9001", "properties": properties, "archived": false})).unwrap()
}

fn linked(end: End, ids: &[u64]) -> Links {
    let to: Vec<Value> = ids.iter().map(|id| json!({"toObjectId": id, "associationTypes": []})).collect();
    let told: Linked = serde_json::from_value(json!({"from": {"id": "9001"}, "to": to})).unwrap();
    let (mut links, mut all) = (Links::default(), Links::default());
    links.add_linked(end, &told);
    all.replace(end, links);
    all
}

fn read(kind: Type, properties: Value, links: &Links) -> Result<Found, Fault> {
    record(kind, &row(kind, properties), links, &reading())
}

/// The only record that is found.
fn one(kind: Type, properties: Value) -> Record<String> {
    let mut found = read(kind, properties, &Links::default()).unwrap();
    assert_eq!((found.records.len(), found.merged.len()), (1, 0));
    let stamped = found.records.remove(0);
    assert_eq!((stamped.id, stamped.version), (kind.record_id("9001"), CHANGED));
    stamped.record
}

fn at(text: &str) -> Option<When> {
    Some(When::At(text.parse().unwrap()))
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn decimal(text: &str) -> Option<Decimal> {
    Some(text.parse().unwrap())
}

#[test]
fn a_deal_keeps_what_hubspot_says() {
    let properties = json!({
        "dealname": "Renewal", "amount": "12500.50", "deal_currency_code": "EUR", "amount_in_home_currency": "13600.2",
        "pipeline": "default", "dealstage": "presentationscheduled", "hs_deal_stage_probability": "0.6",
        "closedate": "2026-06-30T00:00:00Z", "createdate": "1777885200000", "hubspot_owner_id": "501",
        "hs_is_closed": "false", "hs_is_closed_won": "false", "hs_is_closed_lost": "false",
        "closed_lost_reason": null, "hs_analytics_source": "ORGANIC_SEARCH", "never_heard_of": "1",
    });
    let mut links = linked(End::Companies, &[9302, 9301]);
    links.replace(End::Contacts, linked(End::Contacts, &[9201]));
    let found = read(Type::Deals, properties, &links).unwrap();
    let deal = Deal {
        name: Some("Renewal".into()),
        owner: Some("501".into()),
        account: Some("9301".into()),
        contacts: Some(vec!["9201".into()]),
        pipeline: Some("default".into()),
        stage: Some("presentationscheduled".into()),
        status: Some("open".into()),
        amount: decimal("12500.50"),
        currency: Some("EUR".into()),
        converted_amount: decimal("13600.2"),
        converted_currency: Some("USD".into()),
        probability: decimal("0.6"),
        created_at: at("2026-05-04T09:00:00Z"),
        closed_at: at("2026-06-30T00:00:00Z"),
        source: Some("ORGANIC_SEARCH".into()),
        ..Deal::default()
    };
    assert_eq!(found.records, [Stamped { id: "9001".into(), version: CHANGED, record: deal.into() }]);
}

#[test]
fn a_won_deal_without_an_amount_is_a_deal() {
    let properties = json!({"amount": "", "amount_in_home_currency": null, "hs_is_closed": "true",
                            "hs_is_closed_won": "true", "hs_is_closed_lost": "false", "hubspot_owner_id": ""});
    let won = Deal { status: Some("won".into()), ..Deal::default() };
    assert_eq!(one(Type::Deals, properties), won.into());
}

#[test]
fn a_deal_is_what_its_flags_say() {
    for (closed, won, lost, status) in [
        (Some("true"), Some("true"), Some("false"), Some("won")),
        (Some("true"), Some("false"), Some("true"), Some("lost")),
        (Some("false"), Some("false"), Some("false"), Some("open")),
        (Some("true"), Some("false"), Some("false"), None),
        (None, None, None, None),
    ] {
        let properties = json!({"hs_is_closed": closed, "hs_is_closed_won": won, "hs_is_closed_lost": lost});
        let deal = Deal { status: status.map(str::to_owned), ..Deal::default() };
        assert_eq!(one(Type::Deals, properties), deal.into(), "{closed:?} {won:?} {lost:?}");
    }
}

#[test]
fn a_deal_whose_amount_is_no_number_cannot_be_read() {
    let fault = read(Type::Deals, json!({"amount": "N/A"}), &Links::default()).unwrap_err();
    assert_eq!((fault.reason, fault.detail.as_str()), (Reason::InvalidValue, "property `amount` holds no number"));
}

#[test]
fn what_was_merged_is_told_once_and_never_as_itself() {
    let properties =
        json!({"hs_merged_object_ids": "101;102;9001", "hs_calculated_merged_vids": "102:1688599123000;103"});
    let found = read(Type::Contacts, properties.clone(), &Links::default()).unwrap();
    let merged = |id: &str| Merged { object: Object::Contact, id: id.into(), into: "9001".into(), at: CHANGED };
    assert_eq!(found.merged, ["101", "102", "103"].map(merged));
    let found = read(Type::Deals, properties, &Links::default()).unwrap();
    assert_eq!(found.merged.iter().map(|merged| merged.id.as_str()).collect::<Vec<_>>(), ["101", "102"]);
}

#[test]
fn former_values_are_changes_with_ids_that_stay() {
    let row: Row = serde_json::from_value(json!({
        "id": "9001", "properties": {},
        "propertiesWithHistory": {
            "dealstage": [
                {"value": "closedwon", "timestamp": "2026-05-11T10:30:00.000Z", "sourceType": "CRM_UI"},
                {"value": "appointmentscheduled", "timestamp": "1777885200000", "sourceType": "IMPORT"},
                {"value": "", "timestamp": "2026-05-04T08:00:00Z"},
                {"value": "qualified", "timestamp": null}],
            "hubspot_owner_id": [{"value": null, "timestamp": "2026-05-05T09:00:00Z"}, {"value": "501", "timestamp": "2026-05-04T09:00:00Z"}],
            "amount": [{"value": "5", "timestamp": "2026-05-04T09:00:00Z"}]},
    }))
    .unwrap();
    let stage = |stage: &str, when: &str| {
        let at: Timestamp = when.parse().unwrap();
        let change = StageChange {
            deal: Some("9001".into()),
            stage: Some(stage.into()),
            at: Some(When::At(at)),
            ..StageChange::default()
        };
        Stamped { id: format!("deals/9001/{}/{stage}", at.0), version: at, record: change.into() }
    };
    let owner = |owner: Option<&str>, when: &str| {
        let at: Timestamp = when.parse().unwrap();
        let change = OwnerChange {
            deal: Some("9001".into()),
            owner: owner.map(str::to_owned),
            at: Some(When::At(at)),
            ..OwnerChange::default()
        };
        Stamped { id: format!("deals/9001/{}/{}", at.0, owner.unwrap_or_default()), version: at, record: change.into() }
    };
    let expected = [
        stage("closedwon", "2026-05-11T10:30:00Z"),
        stage("appointmentscheduled", "2026-05-04T09:00:00Z"),
        owner(None, "2026-05-05T09:00:00Z"),
        owner(Some("501"), "2026-05-04T09:00:00Z"),
    ];
    assert_eq!(changes(Type::Deals, &row), expected);
    assert_eq!(changes(Type::Leads, &row).len(), 2);
}

#[test]
fn a_lead_keeps_its_stage_and_its_way() {
    let properties = json!({"hs_pipeline_stage": "new-stage-id", "hs_lead_source": "Webinar", "hs_lead_type": "NEW_BUSINESS",
                            "hs_primary_contact_id": "9201", "hubspot_owner_id": "501",
                            "hs_createdate": "2026-05-04T09:00:00.000Z"});
    let found = read(Type::Leads, properties, &linked(End::Deals, &[70, 8])).unwrap();
    let lead = Lead {
        owner: Some("501".into()),
        source: Some("Webinar".into()),
        kind: Some("NEW_BUSINESS".into()),
        status: Some("new-stage-id".into()),
        contact: Some("9201".into()),
        deal: Some("8".into()),
        created_at: at("2026-05-04T09:00:00Z"),
        ..Lead::default()
    };
    assert_eq!(found.records, [Stamped { id: "9001".into(), version: CHANGED, record: lead.into() }]);
    let row: Row = serde_json::from_value(json!({"id": 9001, "propertiesWithHistory": {
        "hs_pipeline_stage": [{"value": "new-stage-id", "timestamp": 5}]}}))
    .unwrap();
    let change = StatusChange {
        lead: Some("9001".into()),
        status: Some("new-stage-id".into()),
        at: Some(When::At(Timestamp(5))),
        ..StatusChange::default()
    };
    let id = "leads/9001/5/new-stage-id".to_owned();
    assert_eq!(changes(Type::Leads, &row), [Stamped { id, version: Timestamp(5), record: change.into() }]);
}

#[test]
fn contacts_and_companies_keep_what_is_known() {
    let properties = json!({"jobtitle": "VP Operations", "associatedcompanyid": "9301", "email": null});
    let contact = Contact { title: Some("VP Operations".into()), account: Some("9301".into()), ..Contact::default() };
    assert_eq!(one(Type::Contacts, properties), contact.into());
    let properties = json!({"name": "Example Ltd", "domain": "example.com", "numberofemployees": "120.0",
                            "annualrevenue": "1.5E7", "hs_is_target_account": "true", "account_class": "A"});
    let company = Account {
        name: Some("Example Ltd".into()),
        domain: Some("example.com".into()),
        employees: Some(120),
        annual_revenue: decimal("15000000"),
        key: Some(true),
        tier: Some("A".into()),
        ..Account::default()
    };
    assert_eq!(one(Type::Companies, properties), company.into());
}

fn life_cycle(properties: Value) -> Vec<Stamped> {
    let reading = Reading { life_cycle: true, ..reading() };
    record(Type::Contacts, &row(Type::Contacts, properties), &Links::default(), &reading).unwrap().records
}

#[test]
fn a_contact_is_a_lead_once_its_life_cycle_says_so() {
    assert_eq!(life_cycle(json!({"lifecyclestage": "subscriber"})).len(), 1);
    assert_eq!(life_cycle(json!({})).len(), 1);
    assert_eq!(life_cycle(json!({"lifecyclestage": "lead"})).len(), 2);
    // Moved on to a stage of the account's own; the dates stay.
    let records = life_cycle(json!({
        "lifecyclestage": "123456", "createdate": "2026-05-01T00:00:00Z",
        "hs_v2_date_entered_marketingqualifiedlead": "2026-05-04T09:00:00Z",
        "hs_lifecyclestage_marketingqualifiedlead_date": "2026-05-03T09:00:00Z",
        "hs_lifecyclestage_salesqualifiedlead_date": "2026-05-06T09:00:00Z"}));
    let lead = Lead {
        status: Some("123456".into()),
        contact: Some("9001".into()),
        created_at: at("2026-05-01T00:00:00Z"),
        mql_at: at("2026-05-04T09:00:00Z"),
        sql_at: at("2026-05-06T09:00:00Z"),
        ..Lead::default()
    };
    assert_eq!(records[1], Stamped { id: "9001".into(), version: CHANGED, record: lead.into() });
    let ids: Vec<&str> = records[2..].iter().map(|record| record.id.as_str()).collect();
    assert_eq!(ids, ["9001/marketingqualifiedlead", "9001/salesqualifiedlead"]);
}

#[test]
fn calls_last_seconds_and_have_results_with_names() {
    let properties = |disposition: &str| {
        json!({"hs_timestamp": "2026-05-11T10:30:00.000Z", "hs_call_duration": "312400", "hs_call_status": "COMPLETED",
               "hs_call_direction": "OUTBOUND", "hs_call_disposition": disposition, "hs_call_title": "Intro"})
    };
    let call = |outcome: &str| Activity {
        kind: Some("calls".into()),
        at: at("2026-05-11T10:30:00Z"),
        duration_seconds: Some(312),
        status: Some("COMPLETED".into()),
        direction: Some("OUTBOUND".into()),
        outcome: Some(outcome.into()),
        subject: Some("Intro".into()),
        ..Activity::default()
    };
    let connected = "f240bbac-87c9-4f6e-bf70-924b57d47db7";
    assert_eq!(one(Type::Calls, properties(connected)), call(connected).into());
    assert_eq!(one(Type::Calls, properties("custom-guid")), call("Spoke to the gatekeeper").into());
    assert_eq!(one(Type::Calls, properties("unknown-guid")), call("unknown-guid").into());
}

#[test]
fn meetings_begin_at_their_start_and_may_have_no_outcome() {
    let properties = json!({"hs_timestamp": "2026-05-11T09:00:00Z", "hs_meeting_start_time": "2026-05-11T10:30:00Z",
                            "hs_meeting_end_time": "2026-05-11T11:00:00Z", "hs_meeting_outcome": null});
    let meeting = Activity {
        kind: Some("meetings".into()),
        at: at("2026-05-11T10:30:00Z"),
        duration_seconds: Some(1800),
        ..Activity::default()
    };
    assert_eq!(one(Type::Meetings, properties), meeting.clone().into());
    let properties = json!({"hs_timestamp": "2026-05-11T10:30:00Z", "hs_meeting_outcome": "NO_SHOW"});
    let no_show =
        Activity { duration_seconds: None, status: Some("NO_SHOW".into()), outcome: Some("NO_SHOW".into()), ..meeting };
    assert_eq!(one(Type::Meetings, properties), no_show.into());
}

#[test]
fn a_task_is_due_at_its_timestamp() {
    let properties = json!({"hs_timestamp": "2026-05-11T10:30:00Z", "hs_task_status": "COMPLETED",
                            "hs_task_completion_date": "2026-05-10T10:30:00Z", "hs_task_subject": "Send quote"});
    let task = Activity {
        kind: Some("tasks".into()),
        due: at("2026-05-11T10:30:00Z"),
        completed_at: at("2026-05-10T10:30:00Z"),
        status: Some("COMPLETED".into()),
        subject: Some("Send quote".into()),
        ..Activity::default()
    };
    assert_eq!(one(Type::Tasks, properties), task.into());
}

#[test]
fn emails_and_messages_keep_their_words() {
    let properties = json!({"hs_email_direction": "INCOMING_EMAIL", "hs_email_status": "SENT"});
    let email = Activity {
        kind: Some("emails".into()),
        direction: Some("INCOMING_EMAIL".into()),
        status: Some("SENT".into()),
        ..Activity::default()
    };
    assert_eq!(one(Type::Emails, properties), email.into());
    let message = Activity { kind: Some("WHATS_APP".into()), ..Activity::default() };
    assert_eq!(one(Type::Communications, json!({"hs_communication_channel_type": "WHATS_APP"})), message.into());
}

#[test]
fn activities_before_the_history_are_left_out() {
    let reading = Reading { horizon: Some(CHANGED), ..reading() };
    let count = |kind: Type, properties: Value| {
        record(kind, &row(kind, properties), &Links::default(), &reading).unwrap().records.len()
    };
    assert_eq!(count(Type::Calls, json!({"hs_timestamp": "2026-05-11T10:30:00.000Z"})), 1);
    assert_eq!(count(Type::Calls, json!({"hs_timestamp": "2026-05-11T10:29:59.999Z"})), 0);
    assert_eq!(count(Type::Calls, json!({})), 1);
    // Due long ago, done lately.
    let done = json!({"hs_timestamp": "2020-01-01T00:00:00Z", "hs_task_completion_date": "2026-05-12T00:00:00Z"});
    assert_eq!(count(Type::Tasks, done), 1);
}

#[test]
fn goals_are_somebodys_for_whole_days() {
    let goal = |properties: Value| match one(Type::Goals, properties) {
        Record::Goal(goal) => goal,
        other => panic!("{other:?}"),
    };
    let person = goal(json!({
        "hs_goal_name": "Q2 revenue", "hs_target_amount": "250000.00", "hs_goal_target_currency_code": "USD",
        "hs_start_datetime": "2026-04-01T00:00:00Z", "hs_end_datetime": "2026-06-30T23:59:59.999Z",
        "hubspot_owner_id": "501", "hubspot_team_id": "31", "hs_kpi_value": "90500.5"}));
    let expected = Goal {
        name: Some("Q2 revenue".into()),
        owner: Some("501".into()),
        target: decimal("250000.00"),
        currency: Some("USD".into()),
        starts_on: Some(day("2026-04-01")),
        ends_on: Some(day("2026-06-30")),
        ..Goal::default()
    };
    assert_eq!(person, expected);
    let team =
        goal(json!({"hs_assignee_property_name": "hubspot_team_id", "hubspot_owner_id": "7", "hubspot_team_id": "31"}));
    assert_eq!((team.owner, team.team.as_deref()), (None, Some("31")));
    // Midnights of New York, and an end that is written with its last second.
    let local =
        goal(json!({"hs_start_datetime": "2026-04-01T04:00:00Z", "hs_end_datetime": "2026-07-01T03:59:59.999Z"}));
    assert_eq!((local.starts_on, local.ends_on), (Some(day("2026-04-01")), Some(day("2026-06-30"))));
    let seconds = goal(json!({"hs_end_datetime": "2026-06-30T23:59:59Z"}));
    assert_eq!(seconds.ends_on, Some(day("2026-06-30")));
}

fn named_team(name: &str) -> Team<String> {
    Team { name: Some(name.into()), ..Team::default() }
}

#[test]
fn owners_are_people_also_when_they_have_left() {
    let read = |json: Value| owner(&serde_json::from_value::<wire::Owner>(json).unwrap(), CHANGED).unwrap();
    let records = read(json!({
        "id": "501", "email": "ana@example.com", "firstName": "Ana", "lastName": "Silva", "userId": 7001, "type": "PERSON",
        "teams": [{"id": "30", "name": "World", "primary": false}, {"id": "31", "name": "EMEA", "primary": true}],
        "archived": false}));
    let user = User {
        name: Some("Ana Silva".into()),
        first_name: Some("Ana".into()),
        email: Some("ana@example.com".into()),
        team: Some("31".into()),
        active: Some(true),
        ..User::default()
    };
    let stamped = |id: &str, record: Record<String>| Stamped { id: id.into(), version: CHANGED, record };
    let expected = [
        stamped("30", named_team("World").into()),
        stamped("31", named_team("EMEA").into()),
        stamped("501", user.into()),
    ];
    assert_eq!(records, expected);
    let left = User { active: Some(false), ..User::default() };
    assert_eq!(read(json!({"id": 502, "archived": true, "email": ""})), [stamped("502", left.into())]);
    assert!(read(json!({"id": "503", "type": "QUEUE", "archived": false})).is_empty());
    let nobody = owner(&serde_json::from_value(json!({})).unwrap(), CHANGED).unwrap_err();
    assert_eq!(nobody.reason, Reason::MissingId);
}

#[test]
fn stages_tell_their_outcome_in_texts() {
    let pipeline_of = |metadata: Value| {
        let json = json!({"id": "default", "label": "Sales", "displayOrder": 0,
                          "stages": [{"id": "7", "label": "Last", "displayOrder": 2, "metadata": metadata}]});
        pipeline(&serde_json::from_value::<wire::Pipeline>(json).unwrap(), CHANGED).unwrap()
    };
    for (metadata, probability, outcome) in [
        (json!({"probability": "1.0", "isClosed": "true"}), Some("1.0"), "won"),
        (json!({"probability": "0.0", "isClosed": "true"}), Some("0.0"), "lost"),
        (json!({"probability": "0.5", "isClosed": "true"}), Some("0.5"), "open"),
        (json!({"probability": "1.0", "isClosed": "false"}), Some("1.0"), "open"),
        (json!({"leadState": "NEW"}), None, "open"),
    ] {
        let records = pipeline_of(metadata.clone());
        let own = Pipeline { name: Some("Sales".into()), position: Some(0), ..Pipeline::default() };
        let stage = Stage {
            pipeline: Some("default".into()),
            name: Some("Last".into()),
            position: Some(2),
            outcome: Some(outcome.into()),
            probability: probability.and_then(decimal),
            ..Stage::default()
        };
        let stamped = |id: &str, record: Record<String>| Stamped { id: id.into(), version: CHANGED, record };
        assert_eq!(records, [stamped("default", own.into()), stamped("7", stage.into())], "{metadata}");
    }
}

#[test]
fn currencies_have_a_default_and_rates_from_a_day_on() {
    let account = account(&serde_json::from_value(json!({"portalId": 1, "companyCurrency": "USD"})).unwrap(), CHANGED);
    let default = CurrencyRate {
        currency: Some("USD".into()),
        rate: Some(Decimal::ONE),
        to: Some("USD".into()),
        is_default: Some(true),
        ..CurrencyRate::default()
    };
    assert_eq!(account.unwrap().record, default.into());
    let rate = |json: Value| exchange_rate(&serde_json::from_value(json).unwrap(), CHANGED);
    let found = rate(json!({"id": "77", "fromCurrencyCode": "EUR", "toCurrencyCode": "USD", "conversionRate": 1.088,
                            "effectiveAt": "2026-05-04T09:00:00.000Z", "visibleInUI": true}));
    let expected = CurrencyRate {
        currency: Some("EUR".into()),
        rate: decimal("1.088"),
        to: Some("USD".into()),
        effective_at: at("2026-05-04T09:00:00Z"),
        ..CurrencyRate::default()
    };
    assert_eq!(found.unwrap()[0].record, expected.into());
    for worth in [json!(0), json!("odd"), json!(null)] {
        let unreadable = rate(json!({"id": "77", "conversionRate": worth})).unwrap_err();
        assert_eq!((unreadable.id.as_str(), unreadable.reason), ("77", Reason::InvalidValue));
    }
}
