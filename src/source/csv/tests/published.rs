//! Published files of other people's CRMs, where they are at hand.

use rust_decimal::Decimal;

use super::*;
use crate::domain::{Account, Activity};

/// The source that `objects` makes of a directory of published files; none, with a word, where it is absent.
fn published(directory: &str, objects: &str, rows_per_page: usize) -> Option<Csv> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared");
    let shared = std::env::var("CRM_EXPORTER_SHARED").unwrap_or_else(|_| beside.to_owned());
    let directory = Path::new(&shared).join("data").join(directory);
    if !directory.is_dir() {
        eprintln!("skipped: {} is not there", directory.display());
        return None;
    }
    let settings =
        setting::read::<Settings>(value(&format!("{{directory: {}, {objects}}}", directory.display()))).unwrap();
    Some(Csv::new(&settings, &context(Path::new("/")), rows_per_page).unwrap())
}

/// Long after the files were written.
const LATER: &str = "2100-01-01T00:00:00Z";

const MAVEN: &str = r#"
    objects: {
      users:    {file: sales_teams.csv, columns: {id: sales_agent, name: sales_agent, team: regional_office, manager: manager}},
      accounts: {file: accounts.csv, columns: {id: account, name: account, annual_revenue: {column: revenue, scale: 1000000}, employees: employees}},
      deals: {
        file: sales_pipeline.csv,
        columns: {id: opportunity_id, owner: sales_agent, account: account, stage: deal_stage, amount: close_value, created_at: engage_date, closed_at: close_date},
        dates: "%Y-%m-%d",
        currency: USD,
        pipeline: Sales,
        stages: {Prospecting: open, Engaging: open, Won: won, Lost: lost}
      }
    }"#;

#[test]
fn maven_is_read_completely() {
    let Some(source) = published("maven-crm", MAVEN, 1_000) else { return };
    let names: Vec<&str> = source.streams.iter().map(|stream| stream.name.as_str()).collect();
    assert_eq!(names, ["users", "accounts", "deals"]);

    let users = list(&source, "users", None, LATER).unwrap();
    assert_eq!((users.ids(Object::User).len(), users.ids(Object::Team)), (35, vec!["Central", "East", "West"]));

    let accounts = list(&source, "accounts", None, LATER).unwrap();
    assert_eq!(accounts.records.len(), 85);
    let Record::Account(Account { annual_revenue, employees, currency, .. }) = &accounts.records[0].record else {
        panic!()
    };
    assert_eq!(*annual_revenue, Some("1100040000".parse().unwrap()));
    assert_eq!((*employees, currency.as_deref()), (Some(2822), Some("USD")));

    let deals = list(&source, "deals", None, LATER).unwrap();
    assert_eq!((deals.pages, deals.ended, deals.unreadable.len()), (9, true, 0));
    let by_id = deals.by_id();
    let in_stage = |name: &str| {
        let of_stage =
            |stamped: &&Stamped| matches!(&stamped.record, Record::Deal(deal) if deal.stage.as_deref() == Some(name));
        by_id.values().copied().filter(of_stage).collect::<Vec<_>>()
    };
    let counts = ["Sales/Won", "Sales/Lost", "Sales/Engaging", "Sales/Prospecting"].map(|stage| in_stage(stage).len());
    assert_eq!(counts, [4_238, 2_473, 1_589, 500]);
    let amount = |stamped: &&Stamped| if let Record::Deal(deal) = &stamped.record { deal.amount } else { None };
    let won: Decimal = in_stage("Sales/Won").iter().filter_map(amount).sum();
    assert_eq!(won, Decimal::from(10_005_534));
    assert_eq!(
        (deal(&deals, "1C1I7A6R").created_at, deal(&deals, "1C1I7A6R").closed_at),
        (on("2016-10-20"), on("2017-03-01"))
    );
}

#[test]
fn olist_is_read_completely() {
    let objects = r#"objects: {
        leads: {file: olist_marketing_qualified_leads_dataset.csv,
          columns: {id: mql_id, mql_at: first_contact_date, created_at: first_contact_date, source: origin}},
        deals: {file: olist_closed_deals_dataset.csv, time_zone: America/Sao_Paulo, currency: BRL,
          columns: {id: mql_id, owner: sr_id, account: seller_id, closed_at: won_date, status: {default: won}}}}"#;
    let Some(source) = published("olist-funnel", objects, 5_000) else { return };
    let leads = list(&source, "leads", None, LATER).unwrap();
    assert_eq!((leads.ids(Object::Lead).len(), leads.pages, leads.unreadable.len()), (8_000, 2, 0));
    let without_source = |stamped: &&Stamped| matches!(&stamped.record, Record::Lead(lead) if lead.source.is_none());
    assert_eq!(leads.records.iter().filter(without_source).count(), 60);

    let deals = list(&source, "deals", None, LATER).unwrap();
    assert_eq!((deals.ids(Object::Deal).len(), deals.records.len(), deals.unreadable.len()), (842, 842, 0));
    let first = deal(&deals, "5420aad7fec3549a85876ba1c529bd84");
    // 19:58:54 in São Paulo, where summer time had ended eight days before.
    assert_eq!(first.closed_at, instant("2018-02-26T22:58:54Z"));
}

#[test]
fn hubspot_tables_are_read_completely() {
    let objects = r#"objects: {
        users: {file: owner_data.csv, columns: {id: owner_id, email: email, first_name: first_name}},
        deals: {file: deal_data.csv, columns: {id: deal_id, owner: owner_id, pipeline: deal_pipeline_id,
          stage: deal_pipeline_stage_id, status: {default: open}}},
        activities: [
          {file: engagement_data.csv, columns: {id: id, kind: type, at: timestamp, created_at: created_at, owner: owner_id}},
          {file: engagement_task_data.csv, columns: {kind: {default: TASK}, status: status, subject: subject,
            completed_at: {column: completion_date, format: epoch_millis}}},
          {file: engagement_meeting_data.csv, columns: {kind: {default: MEETING}, at: start_time, outcome: meeting_outcome,
            subject: title}},
          {file: engagement_call_data.csv, columns: {kind: {default: CALL}, outcome: disposition, subject: body,
            duration_seconds: {column: duration_milliseconds, scale: 0.001}}}]}"#;
    let Some(source) = published("hubspot-export-sample", objects, 70) else { return };
    assert_eq!(list(&source, "users", None, LATER).unwrap().records.len(), 100);

    let deals = list(&source, "deals", None, LATER).unwrap();
    assert_eq!(deals.ids(Object::Deal).len(), 100);
    let without_stage = |stamped: &&Stamped| matches!(&stamped.record, Record::Deal(deal) if deal.stage.is_none());
    assert_eq!(deals.records.iter().filter(without_stage).count(), 48);

    let activities = list(&source, "activities", None, LATER).unwrap();
    assert_eq!((activities.records.len(), activities.faults().len(), activities.pages), (400, 0, 8));
    let Record::Activity(note) = &activities.by_id()[&(Object::Activity, "3591630958")].record else { panic!() };
    assert_eq!((note.at, note.created_at), (instant("2019-05-01T18:26:00Z"), instant("2019-10-10T21:08:30.493Z")));
    let completed: Vec<_> = activities
        .records
        .iter()
        .filter_map(|stamped| match &stamped.record {
            Record::Activity(Activity { completed_at, .. }) => *completed_at,
            _ => None,
        })
        .collect();
    assert_eq!(Some(completed[0]), instant("2019-03-04T21:54:35.892Z"));
}
