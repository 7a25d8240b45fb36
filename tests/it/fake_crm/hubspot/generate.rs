//! A whole organisation, invented from a seed: the same seed gives the same records.

use crm_exporter::domain::Timestamp;

use super::account::Account;
use super::kind::Kind;
use super::write::Field;

/// How much of everything there is to be.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Organisation {
    pub(crate) seed: u64,
    pub(crate) owners: usize,
    pub(crate) deals: usize,
    pub(crate) contacts: usize,
    pub(crate) companies: usize,
    pub(crate) leads: usize,
    /// Calls, meetings, emails, tasks and notes together.
    pub(crate) activities: usize,
}

impl Organisation {
    /// A small one with some of everything.
    pub(crate) const SMALL: Organisation =
        Organisation { seed: 1, owners: 6, deals: 60, contacts: 40, companies: 20, leads: 25, activities: 150 };
}

const DAY: i64 = 24 * 60 * 60 * 1000;

const MINUTE: i64 = 60 * 1000;

/// The second pipeline of every organisation; labels of its stages are those of the first.
const RENEWALS: [super::pipelines::StageDraft; 3] =
    [("7430001", "Contract Sent", "0.5"), ("7430002", "Closed Won", "1.0"), ("7430003", "Closed Lost", "0.0")];

impl Account {
    /// Fills the account with an organisation whose records began within the last year.
    pub(crate) fn fill(&mut self, organisation: &Organisation) {
        Generator::new(self, organisation).run();
    }
}

struct Generator<'a> {
    account: &'a mut Account,
    wanted: Organisation,
    random: fastrand::Rng,
    owners: Vec<String>,
    contacts: Vec<u64>,
    companies: Vec<u64>,
    deals: Vec<u64>,
}

impl Generator<'_> {
    fn new<'a>(account: &'a mut Account, wanted: &Organisation) -> Generator<'a> {
        let random = fastrand::Rng::with_seed(wanted.seed);
        let (owners, contacts, companies, deals) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Generator { account, wanted: *wanted, random, owners, contacts, companies, deals }
    }

    fn run(mut self) {
        self.account.add_pipeline(Kind::Deals, "7420001", "Renewals", &RENEWALS);
        self.account.set_rate("EUR", "1.088", self.account.now().plus_millis(-400 * DAY));
        self.people();
        (0..self.wanted.companies).for_each(|number| self.company(number));
        (0..self.wanted.contacts).for_each(|number| self.contact(number));
        (0..self.wanted.deals).for_each(|number| self.deal(number));
        (0..self.wanted.leads).for_each(|number| self.lead(number));
        (0..self.wanted.activities).for_each(|number| self.activity(number));
        self.goals();
    }

    fn people(&mut self) {
        let teams = [self.account.add_team("North"), self.account.add_team("South")];
        for number in 0..self.wanted.owners {
            let id = self.account.add_owner("Rep", &format!("Number{number}"), Some(teams[number % 2]));
            self.owners.push(id.to_string());
        }
        self.owners.push(self.account.add_queue("Inbound").to_string());
    }

    fn company(&mut self, number: usize) {
        let (name, domain) = (format!("Company {number}"), format!("company{number}.example.com"));
        let employees = self.random.u32(1..5000).to_string();
        let fields = [
            ("name", name.as_str()),
            ("domain", &domain),
            ("industry", pick(&mut self.random, &["COMPUTER_SOFTWARE", "BANKING", "RETAIL"])),
            ("numberofemployees", &employees),
            ("country", pick(&mut self.random, &["Ireland", "Germany", "France"])),
        ];
        let at = self.some_time();
        let id = self.account.create_at(Kind::Companies, at, &fields);
        self.companies.push(id);
    }

    fn contact(&mut self, number: usize) {
        let (email, last_name) = (format!("contact{number}@example.com"), format!("Contact{number}"));
        let owner = self.owner();
        let at = self.some_time();
        let mut fields: Vec<Field> = vec![("firstname", "Ann"), ("lastname", &last_name), ("hubspot_owner_id", &owner)];
        // Many have neither address nor title.
        if self.random.u8(0..10) < 7 {
            fields.extend([("email", email.as_str()), ("jobtitle", "VP Operations"), ("hs_seniority", "vp")]);
        }
        let id = self.account.create_at(Kind::Contacts, at, &fields);
        let mut entered = at;
        for stage in ["lead", "marketingqualifiedlead", "salesqualifiedlead", "opportunity", "customer"] {
            self.account.change_at(Kind::Contacts, id, entered, &[("lifecyclestage", stage)]);
            entered = self.later(entered);
            if self.random.bool() || entered >= self.account.now() {
                break;
            }
        }
        if let Some(company) = choose(&mut self.random, &self.companies) {
            self.account.link((Kind::Contacts, id), (Kind::Companies, company));
        }
        self.contacts.push(id);
    }

    fn deal(&mut self, number: usize) {
        let at = self.some_time();
        let (name, owner, close) = (format!("Deal {number}"), self.owner(), self.later(at).0.to_string());
        let amount = format!("{}.{:02}", self.random.u32(100..90_000), self.random.u8(0..100));
        let is_renewal = self.random.u8(0..4) == 0;
        let (pipeline, stages): (&str, &[&str]) = if is_renewal {
            ("7420001", &["7430001", "7430002"])
        } else {
            (
                "default",
                &["appointmentscheduled", "qualifiedtobuy", "presentationscheduled", "contractsent", "closedwon"],
            )
        };
        let currency = pick(&mut self.random, &["USD", "USD", "EUR"]);
        let mut fields = vec![
            ("dealname", name.as_str()),
            ("pipeline", pipeline),
            ("dealstage", stages[0]),
            ("hubspot_owner_id", &owner),
            ("deal_currency_code", currency),
            ("closedate", &close),
            ("dealtype", pick(&mut self.random, &["newbusiness", "existingbusiness"])),
        ];
        // Amounts are missing, empty or junk now and then.
        match self.random.u8(0..20) {
            0 => {}
            1 => fields.push(("amount", "")),
            2 => fields.push(("amount", "N/A")),
            _ => fields.push(("amount", &amount)),
        }
        let id = self.account.create_at(Kind::Deals, at, &fields);
        self.advance_deal(id, at, is_renewal, stages);
        if let Some(company) = choose(&mut self.random, &self.companies) {
            self.account.link((Kind::Deals, id), (Kind::Companies, company));
        }
        if let Some(contact) = choose(&mut self.random, &self.contacts) {
            self.account.link((Kind::Deals, id), (Kind::Contacts, contact));
        }
        self.deals.push(id);
    }

    /// Moves a deal through some of its stages; one in four is lost on the way.
    fn advance_deal(&mut self, id: u64, mut at: Timestamp, is_renewal: bool, stages: &[&str]) {
        for stage in &stages[1..] {
            at = self.later(at);
            if at >= self.account.now() || self.random.u8(0..5) == 0 {
                return;
            }
            let lost = self.random.u8(0..8) == 0;
            let stage = match (lost, is_renewal) {
                (true, true) => "7430003",
                (true, false) => "closedlost",
                (false, _) => stage,
            };
            let closed_at = at.0.to_string();
            let mut fields = vec![("dealstage", stage)];
            if lost || matches!(stage, "closedwon" | "7430002") {
                fields.push(("closedate", &closed_at));
            }
            if lost {
                fields.push(("closed_lost_reason", "Price"));
            }
            self.account.change_at(Kind::Deals, id, at, &fields);
            if lost {
                return;
            }
        }
    }

    fn lead(&mut self, number: usize) {
        let (name, owner) = (format!("Lead {number}"), self.owner());
        let at = self.some_time();
        let contact = choose(&mut self.random, &self.contacts);
        let primary = contact.map(|id| id.to_string()).unwrap_or_default();
        let fields = [
            ("hs_lead_name", name.as_str()),
            ("hs_lead_type", "NEW_BUSINESS"),
            ("hs_lead_label", pick(&mut self.random, &["HOT", "WARM", "COLD"])),
            ("hs_pipeline", "lead-pipeline-id"),
            ("hs_pipeline_stage", "new-stage-id"),
            ("hs_primary_contact_id", &primary),
            ("hubspot_owner_id", &owner),
        ];
        let id = self.account.create_at(Kind::Leads, at, &fields);
        let moved = self.later(at);
        if moved < self.account.now() {
            let stage = pick(&mut self.random, &["attempting-stage-id", "qualified-stage-id", "unqualified-stage-id"]);
            self.account.change_at(Kind::Leads, id, moved, &[("hs_pipeline_stage", stage)]);
        }
        if let Some(contact) = contact {
            self.account.link((Kind::Leads, id), (Kind::Contacts, contact));
        }
    }

    fn activity(&mut self, number: usize) {
        let at = self.some_time();
        let (time, end, owner) = (at.0.to_string(), at.plus_millis(30 * MINUTE).0.to_string(), self.owner());
        let duration = self.random.u32(0..1_200_000).to_string();
        let (kind, own): (Kind, Vec<Field>) = match number % 5 {
            0 => (
                Kind::Calls,
                vec![
                    ("hs_call_title", "Intro"),
                    ("hs_call_direction", pick(&mut self.random, &["OUTBOUND", "INBOUND"])),
                    ("hs_call_duration", &duration),
                    ("hs_call_disposition", pick(&mut self.random, &[CONNECTED, NO_ANSWER])),
                    ("hs_call_status", "COMPLETED"),
                ],
            ),
            1 => (
                Kind::Meetings,
                vec![
                    ("hs_meeting_title", "Demo"),
                    ("hs_meeting_start_time", &time),
                    ("hs_meeting_end_time", &end),
                    ("hs_meeting_outcome", pick(&mut self.random, &["SCHEDULED", "COMPLETED", "NO_SHOW"])),
                ],
            ),
            2 => (
                Kind::Emails,
                vec![
                    ("hs_email_direction", pick(&mut self.random, &["EMAIL", "INCOMING_EMAIL"])),
                    ("hs_email_status", "SENT"),
                    ("hs_email_subject", "Hello"),
                ],
            ),
            3 => (
                Kind::Tasks,
                vec![
                    ("hs_task_subject", "Call back"),
                    ("hs_task_status", pick(&mut self.random, &["NOT_STARTED", "COMPLETED"])),
                    ("hs_task_type", "TODO"),
                ],
            ),
            _ => (Kind::Notes, vec![("hs_note_body", "Spoke to them")]),
        };
        let fields: Vec<Field> =
            own.into_iter().chain([("hs_timestamp", time.as_str()), ("hubspot_owner_id", &owner)]).collect();
        let id = self.account.create_at(kind, at, &fields);
        if let Some(deal) = choose(&mut self.random, &self.deals) {
            self.account.link((kind, id), (Kind::Deals, deal));
        }
        if let Some(contact) = choose(&mut self.random, &self.contacts) {
            self.account.link((kind, id), (Kind::Contacts, contact));
        }
    }

    /// A quota of a month for every owner.
    fn goals(&mut self) {
        let now = self.account.now();
        let (start, end) = (now.plus_millis(-10 * DAY).0.to_string(), now.plus_millis(20 * DAY - 1).0.to_string());
        for owner in self.owners.clone() {
            let fields = [
                ("hs_goal_name", "Quota"),
                ("hs_goal_type", "sales_quota"),
                ("hs_milestone", "monthly"),
                ("hs_target_amount", "50000.00"),
                ("hs_start_datetime", start.as_str()),
                ("hs_end_datetime", &end),
                ("hs_kpi_property_name", "amount_in_home_currency"),
                ("hubspot_owner_id", &owner),
            ];
            self.account.create(Kind::GoalTargets, &fields);
        }
    }

    fn owner(&mut self) -> String {
        let number = self.random.usize(..self.owners.len());
        self.owners[number].clone()
    }

    /// Within the last year, an hour ago at the latest.
    fn some_time(&mut self) -> Timestamp {
        let ago = self.random.i64(60..365 * 24 * 60) * MINUTE;
        self.account.now().plus_millis(-ago)
    }

    /// Up to three weeks later.
    fn later(&mut self, at: Timestamp) -> Timestamp {
        at.plus_millis(self.random.i64(1..21 * 24 * 60) * MINUTE)
    }
}

const CONNECTED: &str = "f240bbac-87c9-4f6e-bf70-924b57d47db7";

const NO_ANSWER: &str = "73a0d17f-1163-4015-bdd5-ec830791da20";

fn pick<'t>(random: &mut fastrand::Rng, from: &[&'t str]) -> &'t str {
    from[random.usize(..from.len())]
}

fn choose(random: &mut fastrand::Rng, from: &[u64]) -> Option<u64> {
    (!from.is_empty()).then(|| from[random.usize(..from.len())])
}
