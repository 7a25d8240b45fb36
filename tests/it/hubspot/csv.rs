//! What an account truly holds, as CSV files that somebody might have exported: read from the fake's own state, put into
//! words that every CSV source understands, without any code of the connector.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use chrono::{DateTime, Duration};
use rust_decimal::Decimal;

use crate::fake_crm::hubspot::{Account, Kind};

/// A property by its name.
type Property<'a> = &'a dyn Fn(&str) -> String;

/// Writes the files, and tells the `objects` of their source.
pub(super) fn write(account: &Account, directory: &Path) -> String {
    let mut objects = String::new();
    let mut put = |name: &str, extra: &str, columns: &[&str], rows: Vec<Vec<String>>| {
        let file = format!("{name}.csv");
        let cell = |cell: &String| format!("\"{}\"", cell.replace('"', "\"\""));
        let line = |row: &Vec<String>| row.iter().map(cell).collect::<Vec<_>>().join(",");
        let body: Vec<String> = rows.iter().map(line).collect();
        fs::write(directory.join(&file), format!("{}\n{}\n", columns.join(","), body.join("\n"))).unwrap();
        let several = ["contacts", "deals", "accounts"];
        let column = |column: &&str| match several.contains(column) {
            true => format!("{column}: {{column: {column}, split: \";\"}}"),
            false => format!("{column}: {column}"),
        };
        let columns: Vec<String> = columns.iter().map(column).collect();
        writeln!(objects, "{name}: {{file: {file}, columns: {{{}}}{extra}}}", columns.join(", ")).unwrap();
    };
    put("teams", "", &["id", "name"], teams(account));
    put("users", "", &["id", "name", "first_name", "email", "team", "active"], users(account));
    put("accounts", "", &["id", "name", "domain", "employees", "created_at"], companies(account));
    put("contacts", "", &["id", "title", "owner", "created_at"], contacts(account));
    put("leads", "", &["id", "owner", "kind", "status", "contact", "created_at"], leads(account));
    put("deals", &format!(", stages: {{{}}}", stages(account)), DEAL, deals(account));
    put("stage_changes", "", &["deal", "pipeline", "stage", "at"], stage_changes(account));
    put("status_changes", "", &["lead", "status", "at"], status_changes(account));
    put("owner_changes", "", &["deal", "lead", "owner", "at"], owner_changes(account));
    put("activities", "", ACTIVITY, activities(account));
    put("goals", "", &["id", "name", "owner", "target", "starts_on", "ends_on"], goals(account));
    objects
}

const DEAL: &[&str] = &[
    "id",
    "name",
    "owner",
    "account",
    "contacts",
    "pipeline",
    "stage",
    "status",
    "amount",
    "currency",
    "converted_amount",
    "converted_currency",
    "probability",
    "created_at",
    "closed_at",
    "lost_reason",
];

const ACTIVITY: &[&str] = &[
    "id",
    "kind",
    "owner",
    "at",
    "due",
    "completed_at",
    "created_at",
    "duration_seconds",
    "status",
    "direction",
    "outcome",
    "subject",
    "contacts",
    "deals",
    "accounts",
];

fn owned<const N: usize>(row: [&str; N]) -> Vec<String> {
    row.map(str::to_owned).into()
}

fn teams(account: &Account) -> Vec<Vec<String>> {
    account.teams().iter().map(|team| owned([&team.id.to_string(), &team.name])).collect()
}

/// People; queues are none.
fn users(account: &Account) -> Vec<Vec<String>> {
    let people = account.owners().iter().filter(|owner| owner.user_id.is_some());
    let row = |owner: &crate::fake_crm::hubspot::Owner| {
        let name = format!("{} {}", owner.first_name, owner.last_name);
        let team = owner.team.map(|team| team.to_string()).unwrap_or_default();
        let active = if owner.archived { "no" } else { "yes" };
        let email = owner.email().unwrap_or_default();
        owned([&owner.id.to_string(), &name, &owner.first_name, &email, &team, active])
    };
    people.map(row).collect()
}

/// What is there and can be read, a row each.
fn rows(account: &Account, kind: Kind, row: impl Fn(u64, Property) -> Vec<String>) -> Vec<Vec<String>> {
    let there = account.truth(kind).filter(|record| record.archived_at().is_none());
    let readable = there.filter(|record| {
        record.property("amount").is_none_or(|amount| amount.is_empty() || amount.parse::<Decimal>().is_ok())
    });
    readable.map(|record| row(record.id(), &|name| record.property(name).unwrap_or_default())).collect()
}

/// Those records of another kind that a record is linked to and that are there.
fn linked(account: &Account, from: (Kind, u64), to: Kind) -> Vec<u64> {
    let there: BTreeSet<u64> = account.linked(from, to).into_iter().collect();
    let is_there = |id: &u64| account.truth(to).any(|record| record.id() == *id && record.archived_at().is_none());
    there.into_iter().filter(is_there).collect()
}

fn list(ids: &[u64]) -> String {
    ids.iter().map(u64::to_string).collect::<Vec<_>>().join(";")
}

/// An instant in either of HubSpot's forms, as ISO 8601.
fn instant(text: &str) -> String {
    let millis = text.parse::<i64>().ok().and_then(DateTime::from_timestamp_millis);
    millis.map_or_else(|| text.to_owned(), |at| at.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string())
}

fn companies(account: &Account) -> Vec<Vec<String>> {
    rows(account, Kind::Companies, |id, of| {
        owned([&id.to_string(), &of("name"), &of("domain"), &of("numberofemployees"), &instant(&of("createdate"))])
    })
}

fn contacts(account: &Account) -> Vec<Vec<String>> {
    rows(account, Kind::Contacts, |id, of| {
        owned([&id.to_string(), &of("jobtitle"), &of("hubspot_owner_id"), &instant(&of("createdate"))])
    })
}

fn lead_status(stage: &str) -> &str {
    match stage {
        "qualified-stage-id" => "sql",
        "unqualified-stage-id" => "disqualified",
        other => other,
    }
}

fn leads(account: &Account) -> Vec<Vec<String>> {
    rows(account, Kind::Leads, |id, of| {
        owned([
            &id.to_string(),
            &of("hubspot_owner_id"),
            &of("hs_lead_type"),
            lead_status(&of("hs_pipeline_stage")),
            &of("hs_primary_contact_id"),
            &instant(&of("hs_createdate")),
        ])
    })
}

/// Pipelines with their stages, and what these say of deals.
fn stages(account: &Account) -> String {
    let outcome = |stage: &crate::fake_crm::hubspot::Stage| match stage.metadata_value("probability") {
        Some("1.0") => "won",
        Some("0.0") => "lost",
        _ => "open",
    };
    let pipelines = account.pipelines(Kind::Deals).iter().map(|pipeline| {
        let stages: Vec<String> =
            pipeline.stages.iter().map(|stage| format!("{}: {}", stage.label, outcome(stage))).collect();
        format!("{}: {{{}}}", pipeline.label, stages.join(", "))
    });
    pipelines.collect::<Vec<_>>().join(", ")
}

/// Labels of pipeline and stage; of a stage that nobody knows, its id.
fn stage_names(account: &Account, pipeline: &str, stage: &str) -> (String, String) {
    let known = account.pipelines(Kind::Deals).iter().find(|known| known.id == pipeline);
    let label = known.and_then(|known| known.stages.iter().find(|known| known.id == stage));
    (
        known.map_or_else(|| pipeline.to_owned(), |known| known.label.clone()),
        label.map_or_else(|| stage.to_owned(), |label| label.label.clone()),
    )
}

fn deals(account: &Account) -> Vec<Vec<String>> {
    rows(account, Kind::Deals, |id, of| {
        let (pipeline, stage) = stage_names(account, &of("pipeline"), &of("dealstage"));
        let converted = of("amount_in_home_currency");
        let home = if converted.is_empty() { "" } else { "USD" };
        let status = match (of("hs_is_closed_won").as_str(), of("hs_is_closed_lost").as_str()) {
            ("true", _) => "won",
            (_, "true") => "lost",
            ("", "") => "",
            _ => "open",
        };
        let company = linked(account, (Kind::Deals, id), Kind::Companies).first().map(u64::to_string);
        let contacts = list(&linked(account, (Kind::Deals, id), Kind::Contacts));
        owned([
            &id.to_string(),
            &of("dealname"),
            &of("hubspot_owner_id"),
            &company.unwrap_or_default(),
            &contacts,
            &pipeline,
            &stage,
            status,
            &of("amount"),
            &of("deal_currency_code"),
            &converted,
            home,
            &of("hs_deal_stage_probability"),
            &instant(&of("createdate")),
            &instant(&of("closedate")),
            &of("closed_lost_reason"),
        ])
    })
}

/// Every value that a property ever had, of records that are there: record, instant, value.
fn history(account: &Account, kind: Kind, property: &str) -> Vec<(String, String, String)> {
    let there: BTreeSet<String> = rows(account, kind, |id, _| vec![id.to_string()]).concat().into_iter().collect();
    let records = account.truth(kind).filter(|record| there.contains(&record.id().to_string()));
    let entries = records.flat_map(|record| {
        let id = record.id().to_string();
        record
            .history(property)
            .into_iter()
            .map(move |(at, value)| (id.clone(), instant(&at.0.to_string()), value.unwrap_or_default()))
    });
    let entries: BTreeSet<_> = entries.filter(|(.., value)| !value.is_empty()).collect();
    entries.into_iter().collect()
}

fn stage_changes(account: &Account) -> Vec<Vec<String>> {
    let pipeline_of = |deal: &str| {
        let deal = account.truth(Kind::Deals).find(|known| known.id().to_string() == deal);
        deal.and_then(|deal| deal.property("pipeline")).unwrap_or_default()
    };
    let row = |(deal, at, stage): (String, String, String)| {
        let (pipeline, stage) = stage_names(account, &pipeline_of(&deal), &stage);
        vec![deal, pipeline, stage, at]
    };
    history(account, Kind::Deals, "dealstage").into_iter().map(row).collect()
}

fn status_changes(account: &Account) -> Vec<Vec<String>> {
    let changes = history(account, Kind::Leads, "hs_pipeline_stage").into_iter();
    changes.map(|(lead, at, status)| owned([&lead, lead_status(&status), &at])).collect()
}

fn owner_changes(account: &Account) -> Vec<Vec<String>> {
    let of_deals = history(account, Kind::Deals, "hubspot_owner_id").into_iter();
    let of_deals = of_deals.map(|(deal, at, owner)| owned([&deal, "", &owner, &at]));
    let of_leads = history(account, Kind::Leads, "hubspot_owner_id").into_iter();
    of_deals.chain(of_leads.map(|(lead, at, owner)| owned(["", &lead, &owner, &at]))).collect()
}

fn activities(account: &Account) -> Vec<Vec<String>> {
    let kinds = [(Kind::Calls, "call"), (Kind::Meetings, "meeting"), (Kind::Emails, "email"), (Kind::Tasks, "task")];
    kinds
        .into_iter()
        .flat_map(|(kind, word)| rows(account, kind, |id, of| activity(account, kind, word, id, of)))
        .collect()
}

fn activity(account: &Account, kind: Kind, word: &str, id: u64, of: Property) -> Vec<String> {
    let at = instant(&of("hs_timestamp"));
    let (at, due) = if kind == Kind::Tasks { (String::new(), at) } else { (at, String::new()) };
    let start = instant(&of("hs_meeting_start_time"));
    let at = if start.is_empty() { at } else { start };
    let status = match kind {
        Kind::Calls => of("hs_call_status"),
        Kind::Meetings => of("hs_meeting_outcome"),
        Kind::Emails => if of("hs_email_status") == "SENT" { "done" } else { "" }.to_owned(),
        _ => of("hs_task_status").replace("NOT_STARTED", "open"),
    };
    let direction = match of("hs_email_direction").as_str() {
        "EMAIL" => "outbound".to_owned(),
        "INCOMING_EMAIL" => "inbound".to_owned(),
        _ => of("hs_call_direction"),
    };
    let outcome = match of("hs_call_disposition").as_str() {
        "f240bbac-87c9-4f6e-bf70-924b57d47db7" => "connected".to_owned(),
        "73a0d17f-1163-4015-bdd5-ec830791da20" => "no_answer".to_owned(),
        _ => of("hs_meeting_outcome"),
    };
    let subject = ["hs_call_title", "hs_meeting_title", "hs_email_subject", "hs_task_subject"].map(of).concat();
    let to = |other| list(&linked(account, (kind, id), other));
    owned([
        &format!("{}/{id}", kind.name()),
        word,
        &of("hubspot_owner_id"),
        &at,
        &due,
        &instant(&of("hs_task_completion_date")),
        &instant(&of("hs_createdate")),
        &seconds(of),
        &status,
        &direction,
        &outcome,
        &subject,
        &to(Kind::Contacts),
        &to(Kind::Deals),
        &to(Kind::Companies),
    ])
}

/// Length of a call, in milliseconds there, or of a meeting.
fn seconds(of: Property) -> String {
    let number = |name: &str| of(name).parse::<i64>().ok();
    if let Some(millis) = number("hs_call_duration") {
        return Decimal::new(millis, 3).round().to_string();
    }
    let meeting = number("hs_meeting_end_time").zip(number("hs_meeting_start_time"));
    meeting.map(|(end, start)| ((end - start) / 1000).to_string()).unwrap_or_default()
}

/// Periods are instants there; in UTC here, as the account's goals are written.
fn goals(account: &Account) -> Vec<Vec<String>> {
    let day = |text: String, after: Duration| {
        let at = text.parse::<i64>().ok().and_then(DateTime::from_timestamp_millis);
        at.map(|at| (at + after).date_naive().to_string()).unwrap_or_default()
    };
    rows(account, Kind::GoalTargets, |id, of| {
        owned([
            &id.to_string(),
            &of("hs_goal_name"),
            &of("hubspot_owner_id"),
            &of("hs_target_amount"),
            &day(of("hs_start_datetime"), Duration::zero()),
            &day(of("hs_end_datetime"), Duration::zero()),
        ])
    })
}
