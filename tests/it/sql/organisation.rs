//! An invented organisation as CSV files of two CRMs, with every trap of the contract: several currencies, two versions of
//! the files (what is missing in the second was deleted), reopened deals, leads that become contacts, dates that come late
//! or are still to come, people who left, changed teams or are hidden. The same seed gives the same files.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use chrono::{DateTime, Duration, Utc};

/// The last poll: now, and before it the past.
pub(super) const POLLED_AT: &str = "2026-03-18T15:00:00Z";

/// What the files of both CRMs are mapped by, and how they are read.
pub(super) const SETTINGS: &str = r#"
currency: {reporting: USD, rates: {GBP: 1.255}}
calendar: {time_zone: America/New_York, fiscal_year_starts_in: february, holidays: [2026-02-16, 2026-03-02]}
people:
  identities: {ivy@example.com: [jo@example.com]}
  hidden: [dee@example.com, eve@example.com]
activities:
  kinds: {Brief: letter, Notiz: ""}
  key:
    long_call: {kind: call, min_duration: 2m}
    boss_talk: {kind: [call, meeting], contact_level: [c_level, vp]}
    late_talk: {deal_stage: [Offer]}
leads: {sla: 240h, statuses: {mql: [Warm], sql: [Hot], disqualified: [Junk]}}
deals: {ratio_pipelines: [Sales, Partner]}
data_quality: {logged_late_after: 2d, call_too_short_below: 20s}
accounts: {key: {min_annual_revenue: 6000000}}
goals:
  calls: {measure: 'crm_activities{kind="call"}', window: week, target: {default: 10}}
  quota: {measure: crm_deals_won_value, window: quarter, target: {default: 100000}}
  cover: {measure: crm_deals_won_value, window: month, target: {org: 9000000, team_totals: {East: 4000000, West: 3500000}}}
costs:
  East: [{from: 2025-03-10, monthly: 30000}, {from: 2025-11-15, monthly: 42000}]
  West: [{from: 2025-01-01, monthly: 25000.50}]
metrics: {windows: {coverage: [month]}}
limits: {recent_wins: 0}
sources:
  crm: {kind: csv, directory: crm, settle: 0s, objects: &objects {
    users: {file: users.csv, columns: {id: id, name: name, email: email, team: team, active: active, started_on: started_on}},
    accounts: {file: accounts.csv, columns: {id: id, name: name, domain: domain, owner: owner, annual_revenue: revenue, currency: currency, employees: employees, created_at: created_at}},
    contacts: {file: contacts.csv, columns: {id: id, title: title, account: account}},
    leads: {file: leads.csv, columns: {id: id, owner: owner, source: source, status: status, title: title, contact: contact, account: account, deal: deal, company_employees: employees, created_at: created_at, sql_at: sql_at, converted_at: converted_at}},
    status_changes: {file: status_changes.csv, columns: {id: id, lead: lead, status: status, at: at}},
    deals: {file: deals.csv, columns: {id: id, name: name, owner: owner, account: account, pipeline: pipeline, stage: stage, status: status, amount: amount, currency: currency, converted_amount: converted, converted_currency: converted_currency, probability: probability, created_at: created_at, closed_at: closed_at, expected_close: expected_close, status_changed_at: changed_at, lost_reason: reason}, stages: STAGES},
    stage_changes: {file: stage_changes.csv, columns: {id: id, deal: deal, pipeline: pipeline, stage: stage, from_stage: from_stage, at: at}},
    activities: {file: activities.csv, columns: {id: id, kind: kind, owner: owner, at: at, due: due, completed_at: completed_at, duration_seconds: seconds, status: status, direction: direction, outcome: outcome, contacts: {column: contacts, split: ";"}, leads: lead, deals: deal, accounts: account, created_at: created_at}}}}
"#;

/// Pipelines of the two CRMs, each with its stages in order.
pub(super) const PIPELINES: [[(&str, [&str; 5]); 2]; 2] = [
    [("Sales", ["New", "Talk", "Offer", "Won", "Lost"]), ("Renewals", ["Due", "Asked", "Offer", "Renewed", "Gone"])],
    [("Partner", ["New", "Talk", "Offer", "Won", "Lost"]), ("Services", ["Idea", "Plan", "Offer", "Sold", "Dropped"])],
];

/// The two CRMs by name.
pub(super) const CRMS: [&str; 2] = ["crm", "erp"];

/// Records a CRM.
const DEALS: u64 = 700;
const LEADS: u64 = 500;
const CONTACTS: u64 = 300;
const ACCOUNTS: u64 = 120;
const ACTIVITIES: u64 = 5000;

/// The settings file.
pub(super) fn settings() -> String {
    let (head, crm) = SETTINGS.split_once("  crm: ").unwrap();
    let stages = |crm: usize| {
        let pipeline = |(name, stages): &(&str, [&str; 5])| {
            let [first, second, third, won, lost] = stages;
            format!("{name}: {{{first}: open, {second}: open, {third}: open, {won}: won, {lost}: lost}}")
        };
        format!("{{{}}}", PIPELINES[crm].iter().map(pipeline).collect::<Vec<_>>().join(", "))
    };
    let crm = |place: usize| {
        let own = crm.replace("&objects ", "").replace("STAGES", &stages(place));
        format!(
            "  {name}: {}",
            own.replacen("directory: crm", &format!("directory: {}", CRMS[place]), 1),
            name = CRMS[place]
        )
    };
    format!("{head}{}{}", crm(0), crm(1))
}

/// A sequence of numbers that looks like chance.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    /// True in so many of a hundred cases.
    fn percent(&mut self, share: u64) -> bool {
        self.below(100) < share
    }

    fn of<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.below(choices.len() as u64) as usize]
    }

    /// An instant so many days before the last poll, at a whole minute of any hour.
    fn days_ago(&mut self, days: std::ops::Range<i64>) -> DateTime<Utc> {
        let minutes = (days.end - days.start) as u64 * 1440;
        polled_at() - Duration::days(days.start) - Duration::minutes(self.below(minutes) as i64)
    }

    /// An instant as a time, or in some cases as a date without one.
    fn written(&mut self, at: DateTime<Utc>, dates: u64) -> String {
        let form = if self.percent(dates) { "%Y-%m-%d" } else { "%Y-%m-%dT%H:%M:%SZ" };
        at.format(form).to_string()
    }

    /// An id below a bound, or in some cases nothing, or the id of what there is not.
    fn link(&mut self, count: u64, none: u64) -> String {
        match self.below(100) {
            place if place < none => String::new(),
            99 => "99999".to_owned(),
            _ => (1 + self.below(count)).to_string(),
        }
    }
}

fn polled_at() -> DateTime<Utc> {
    POLLED_AT.parse().unwrap()
}

/// A file in the making.
struct Table {
    text: String,
}

impl Table {
    fn new(header: &str) -> Table {
        Table { text: format!("{header}\n") }
    }

    fn row(&mut self, cells: &[&str]) {
        writeln!(self.text, "{}", cells.join(",")).unwrap();
    }

    /// Writes the file without the rows that `is_gone` names by their id.
    fn write(&self, path: &Path, is_gone: impl Fn(u64) -> bool) {
        let keep = |line: &&str| !line.split(',').next().and_then(|id| id.parse().ok()).is_some_and(&is_gone);
        let text: Vec<&str> = self.text.lines().filter(keep).collect();
        fs::write(path, text.join("\n") + "\n").unwrap();
    }
}

/// Writes the files of both CRMs below `root`: a first version, or the last one without what was deleted since.
pub(super) fn write(root: &Path, is_last: bool) {
    for (place, crm) in CRMS.iter().enumerate() {
        let directory = root.join(crm);
        fs::create_dir_all(&directory).unwrap();
        let mut chance = Chance(17 + place as u64);
        let every = |nth: u64| move |id: u64| is_last && id % nth == 7;
        users(place, is_last).write(&directory.join("users.csv"), |id| is_last && place == 1 && id == 5);
        accounts(&mut chance).write(&directory.join("accounts.csv"), every(40));
        contacts(&mut chance).write(&directory.join("contacts.csv"), every(30));
        let (leads, statuses) = leads(&mut chance);
        leads.write(&directory.join("leads.csv"), every(50));
        statuses.write(&directory.join("status_changes.csv"), |_| false);
        let (deals, changes) = deals(&mut chance, place);
        deals.write(&directory.join("deals.csv"), every(60));
        changes.write(&directory.join("stage_changes.csv"), every(500));
        activities(&mut chance).write(&directory.join("activities.csv"), every(70));
    }
}

fn users(crm: usize, is_last: bool) -> Table {
    let mut table = Table::new("id,name,email,team,active,started_on");
    let gus = if is_last { "East" } else { "West" };
    let rows: &[[&str; 6]] = match crm {
        0 => &[
            ["1", "Ana Silva", "ana@example.com", "East", "true", "2024-01-01"],
            ["2", "Ana Silva", "ana.silva@example.com", "East", "true", "2025-01-01"],
            ["3", "Bo", "bo@example.com", "West", "true", ""],
            ["4", "Cy", "cy@example.com", "West", "false", ""],
            ["5", "Dee", "dee@example.com", "East", "true", ""],
            ["6", "Eve", "Eve@example.com", "East", "true", ""],
            ["7", "Fay", "fay@example.com", "", "true", ""],
            ["8", "Gus", "gus@example.com", gus, "true", ""],
            ["9", "Bo", "bo.old@example.com", "West", "true", ""],
            ["10", "Idle", "idle@example.com", "West", "true", ""],
        ],
        _ => &[
            ["1", "A. Silva", "ANA@example.com", "North", "false", "2023-01-01"],
            ["2", "Hal", "hal@example.com", "North", "true", ""],
            ["3", "Ivy", "ivy@example.com", "North", "true", ""],
            ["4", "Jo", "jo@example.com", "", "false", ""],
            ["5", "Kim", "kim@example.com", "North", "true", ""],
        ],
    };
    rows.iter().for_each(|row| table.row(row));
    table
}

fn accounts(chance: &mut Chance) -> Table {
    let mut table = Table::new("id,name,domain,owner,revenue,currency,employees,created_at");
    for id in 1..=ACCOUNTS {
        let name = match chance.below(4) {
            0 => chance.of(&["Acme", " acme ", "ACME", "Bolt", ""]).to_owned(),
            _ => format!("Company {id}"),
        };
        let domain = match chance.below(4) {
            0 => String::new(),
            1 => chance.of(&["acme.example", "Bolt.example", "bolt.example"]).to_owned(),
            _ => format!("company{id}.example"),
        };
        let revenue = if chance.percent(60) { (chance.below(900) * 10_000).to_string() } else { String::new() };
        let employees = if chance.percent(60) { chance.below(5000).to_string() } else { String::new() };
        let created = chance.days_ago(0..700);
        let created = if chance.percent(90) { chance.written(created, 30) } else { String::new() };
        let owner = chance.link(10, 10);
        let currency = chance.of(&["", "GBP", "USD", "XAU"]);
        table.row(&[&id.to_string(), &name, &domain, &owner, &revenue, currency, &employees, &created]);
    }
    table
}

const TITLES: [&str; 8] =
    ["", "Chief Buyer", "CTO", "Vice President Sales", "VP", "Director of IT", "Head of Tools", "Clerk"];

fn contacts(chance: &mut Chance) -> Table {
    let mut table = Table::new("id,title,account");
    for id in 1..=CONTACTS {
        let title = chance.of(&TITLES);
        let account = chance.link(ACCOUNTS, 20);
        table.row(&[&id.to_string(), title, &account]);
    }
    table
}

fn leads(chance: &mut Chance) -> (Table, Table) {
    let mut table =
        Table::new("id,owner,source,status,title,contact,account,deal,employees,created_at,sql_at,converted_at");
    let mut changes = Table::new("id,lead,status,at");
    let mut change = 0;
    for id in 1..=LEADS {
        let created = chance.days_ago(-2..300);
        let mut at = created;
        let mut status = "New";
        if chance.percent(70) {
            for _ in 0..=chance.below(4) {
                at += Duration::minutes(1 + chance.below(20 * 1440) as i64);
                status = chance.of(&["Warm", "Hot", "Junk", "New", " warm "]);
                change += 1;
                // Some changes are still to come, says the clock of the CRM.
                changes.row(&[&change.to_string(), &id.to_string(), status, &chance.written(at, 0)]);
            }
        } else {
            status = chance.of(&["New", "Hot", "Junk", ""]);
        }
        let is_converted = status != "Junk" && chance.percent(20);
        let later = created + Duration::minutes(chance.below(60 * 1440) as i64);
        let sql = if chance.percent(10) { chance.written(later, 30) } else { String::new() };
        let (deal, converted) = match is_converted {
            true => (
                if chance.percent(80) { (1 + chance.below(DEALS)).to_string() } else { String::new() },
                chance.written(later, 30),
            ),
            false => (String::new(), String::new()),
        };
        let contact = if chance.percent(40) { chance.link(CONTACTS, 0) } else { String::new() };
        let (title, source) = (chance.of(&TITLES), chance.of(&["web", "Fair", " web ", "", "phone"]));
        let employees = if chance.percent(20) { chance.below(900).to_string() } else { String::new() };
        let (owner, account) = (chance.link(10, 8), chance.link(ACCOUNTS, 40));
        let created = if chance.percent(95) { chance.written(created, 10) } else { String::new() };
        let id = id.to_string();
        table.row(&[
            &id, &owner, source, status, title, &contact, &account, &deal, &employees, &created, &sql, &converted,
        ]);
    }
    (table, changes)
}

fn deals(chance: &mut Chance, crm: usize) -> (Table, Table) {
    let mut table = Table::new(
        "id,name,owner,account,pipeline,stage,status,amount,currency,converted,converted_currency,probability,created_at,\
         closed_at,expected_close,changed_at,reason",
    );
    let mut changes = Table::new("id,deal,pipeline,stage,from_stage,at");
    let mut change = 0;
    for id in 1..=DEALS {
        let (pipeline, stages) = PIPELINES[crm][usize::from(chance.percent(30))];
        let created = chance.days_ago(-1..800);
        let mut at = created;
        let mut stage = stages[chance.below(2) as usize];
        let initial = stage;
        let has_history = chance.percent(85);
        let mut tells_initial = has_history && chance.percent(50);
        let mut moves = Vec::new();
        if tells_initial {
            moves.push((stage, "", created));
        }
        for _ in 0..chance.below(6) {
            at += Duration::minutes(1 + chance.below(50 * 1440) as i64);
            let next = match stage == stages[3] || stage == stages[4] {
                // Few closed deals are opened again.
                true if chance.percent(90) => break,
                _ => chance.of(&stages),
            };
            let from = if tells_initial { "" } else { stage };
            tells_initial = true;
            moves.push((next, from, at));
            stage = next;
        }
        let mut present = stage;
        if !has_history {
            moves.clear();
            present = chance.of(&stages);
        } else if moves.is_empty() {
            present = initial;
        }
        for (stage, from, at) in moves {
            change += 1;
            let at = chance.written(at, 0);
            changes.row(&[&change.to_string(), &id.to_string(), pipeline, stage, from, &at]);
        }
        let is_closed = present == stages[3] || present == stages[4];
        // Back-dated, on another day than the move, without a date at all, and still to come.
        let close = at + Duration::minutes(chance.below(9 * 1440) as i64 - 4 * 1440);
        let close = if chance.percent(5) { created - Duration::days(3) } else { close };
        let closed = match (is_closed, chance.percent(90)) {
            (true, true) => chance.written(close, 50),
            (false, true) if chance.percent(50) => chance.written(weeks_after(at), 90),
            _ => String::new(),
        };
        let expected = if chance.percent(20) { chance.written(weeks_after(created), 90) } else { String::new() };
        let changed = if is_closed && chance.percent(15) { chance.written(at, 20) } else { String::new() };
        let status = match chance.below(40) {
            0 => "won",
            1 => "lost",
            2 => "open",
            _ => "",
        };
        let amount = match chance.below(10) {
            0 => String::new(),
            1 => "0".to_owned(),
            _ => format!("{}.{:02}", chance.below(50_000), chance.below(100)),
        };
        let currency = chance.of(&["USD", "USD", "GBP", "eur", "JPY", ""]);
        let (converted, to) = match !amount.is_empty() && chance.percent(10) {
            true => (chance.below(9_999).to_string(), chance.of(&["USD", "CHF"])),
            false => (String::new(), ""),
        };
        let probability = if chance.percent(20) { chance.of(&["0.25", "0.5", "0"]) } else { "" };
        let created = if chance.percent(96) { chance.written(created, 20) } else { String::new() };
        let reason = if present == stages[4] { chance.of(&["price", " price", "", "timing", "other"]) } else { "" };
        let (owner, account) = (chance.link(10, 6), chance.link(ACCOUNTS, 20));
        let (name, id) = (format!("Deal {id}"), id.to_string());
        table.row(&[
            &id,
            &name,
            &owner,
            &account,
            pipeline,
            present,
            status,
            &amount,
            currency,
            &converted,
            to,
            probability,
            &created,
            &closed,
            &expected,
            &changed,
            reason,
        ]);
    }
    (table, changes)
}

/// Expected to close some weeks after that.
fn weeks_after(at: DateTime<Utc>) -> DateTime<Utc> {
    at + Duration::days(40)
}

fn activities(chance: &mut Chance) -> Table {
    let mut table = Table::new(
        "id,kind,owner,at,due,completed_at,seconds,status,direction,outcome,contacts,lead,deal,account,created_at",
    );
    for id in 1..=ACTIVITIES {
        let kind = chance.of(&["call", "Call", "email", "meeting", "task", "Brief", "Notiz", "fax"]);
        // Most are recent, some are still to come.
        let at = if chance.percent(75) { chance.days_ago(-12..240) } else { chance.days_ago(-1..700) };
        let (mut start, mut due, mut completed) = (String::new(), String::new(), String::new());
        match (kind, chance.below(10)) {
            ("task", 0..4) => due = chance.written(at, 70),
            ("task", _) => {
                due = chance.written(at - Duration::days(3), 70);
                completed = chance.written(at, 20);
            }
            (_, 0) => due = chance.written(at, 50),
            _ => start = chance.written(at, 10),
        }
        let status = chance.of(&["", "", "", "done", "completed", "open", "planned", "cancelled"]);
        let outcome = chance.of(&["", "", "", "connected", "no show", "Cancelled"]);
        let direction = chance.of(&["", "outbound", "Outgoing", "inbound", "incoming"]);
        let seconds = if chance.percent(60) { chance.below(400).to_string() } else { String::new() };
        let contacts = match chance.below(4) {
            0 => String::new(),
            1 => format!("{};{}", chance.link(CONTACTS, 0), chance.link(CONTACTS, 0)),
            _ => chance.link(CONTACTS, 0),
        };
        let lead = if chance.percent(45) { chance.link(LEADS, 0) } else { String::new() };
        let deal = if chance.percent(40) { chance.link(DEALS, 0) } else { String::new() };
        let account = chance.link(ACCOUNTS, 80);
        let logged = at + Duration::minutes(chance.below(5 * 1440) as i64);
        let created = if chance.percent(70) { chance.written(logged, 20) } else { String::new() };
        let owner = chance.link(10, 5);
        table.row(&[
            &id.to_string(),
            kind,
            &owner,
            &start,
            &due,
            &completed,
            &seconds,
            status,
            direction,
            outcome,
            &contacts,
            &lead,
            &deal,
            &account,
            &created,
        ]);
    }
    table
}
