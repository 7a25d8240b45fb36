//! The settings of alerts: from where on somebody is told.

use indexmap::IndexMap;
use rust_decimal::Decimal;
use serde::Deserialize;

use crate::setting::{self, Lasting, Number, Problem};

/// `alerts`: the limits of alerting rules.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Alerts {
    /// Where docs/alerts.md is read: alerts link to their part of it.
    pub runbook_url: String,
    /// Alerts that are left out, by name.
    pub disable: Vec<String>,
    /// From when on data is too old to judge by.
    pub fresh: Fresh,
    /// Who is behind pace.
    pub pace: Pace,
    /// Leads that wait.
    pub leads: Leads,
    /// Open deals that lie idle.
    pub deals: Deals,
    /// Stages in which more deals are lost than before.
    pub leakage: Leakage,
    /// Key accounts nobody speaks to.
    pub accounts: Accounts,
    /// Pipelines that are too thin.
    pub coverage: Coverage,
    /// Targets that will be missed.
    pub forecast: Forecast,
    /// Records that fail checks.
    pub quality: Quality,
    /// Goals that nobody has looked at for long.
    pub goals: Reviews,
    /// Good news.
    pub celebrations: Celebrations,
    /// The exporter and its sources.
    pub exporter: Exporter,
}

impl Default for Alerts {
    fn default() -> Self {
        Alerts {
            runbook_url: "docs/alerts.md".to_owned(),
            disable: Vec::new(),
            fresh: Fresh::default(),
            pace: Pace::default(),
            leads: Leads::default(),
            deals: Deals::default(),
            leakage: Leakage::default(),
            accounts: Accounts::default(),
            coverage: Coverage::default(),
            forecast: Forecast::default(),
            quality: Quality::default(),
            goals: Reviews::default(),
            celebrations: Celebrations::default(),
            exporter: Exporter::default(),
        }
    }
}

/// Declares a part: its fields with their defaults.
macro_rules! part {
    ($(#[$doc:meta])* $name:ident { $( $(#[$field_doc:meta])* $field:ident: $type:ty = $default:expr, )+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Deserialize)]
        #[serde(deny_unknown_fields, default)]
        pub struct $name {
            $( $(#[$field_doc])* pub $field: $type, )+
        }

        impl Default for $name {
            fn default() -> Self {
                $name { $( $field: $default, )+ }
            }
        }
    };
}

part!(
    /// `alerts.fresh`
    Fresh {
        /// Data is old that is older than so many poll intervals of the slowest source.
        poll_intervals: u32 = 3,
        /// It is never old before that.
        at_least: Lasting = minutes(10),
    }
);

part!(
    /// `alerts.pace`
    Pace {
        /// Windows of goals that are watched.
        windows: Vec<String> = names(&["week", "month", "quarter", "year"]),
        /// From which elapsed share of the period on.
        begins: Begins = Begins::default(),
        /// Up to this elapsed share a period is early.
        early_until: Number = hundredths(50),
        /// From this one on it is late.
        late_from: Number = hundredths(80),
        /// Pace below which there is a warning.
        warning: Limits = Limits { early: hundredths(70), middle: hundredths(80), late: hundredths(90) },
        /// Pace below which it is critical.
        critical: Limits = Limits { early: hundredths(50), middle: hundredths(60), late: hundredths(75) },
        /// Counts are judged that are at least so large.
        min_units: u32 = 5,
        /// Amounts are judged that are at least so many average deals.
        min_deals: Number = hundredths(100),
        /// Ratios and averages of teams are judged from this elapsed share on.
        ratios_from: Number = hundredths(50),
        /// How long before somebody is told.
        #[serde(rename = "for")]
        for_: Lasting = minutes(120),
        /// How long it counts as so after it no longer is.
        keep_firing_for: Lasting = minutes(30),
    }
);

part!(
    /// `alerts.pace.begins`: elapsed shares of periods.
    Begins {
        /// Of a day.
        day: Number = hundredths(50),
        /// Of a week.
        week: Number = hundredths(40),
        /// Of a month.
        month: Number = hundredths(20),
        /// Of a quarter.
        quarter: Number = hundredths(20),
        /// Of a year.
        year: Number = hundredths(20),
    }
);

impl Begins {
    /// Of a window that goals can have; no other is ever asked for.
    pub(in crate::display) fn of(&self, window: &str) -> Number {
        match window {
            "day" => self.day,
            "week" => self.week,
            "month" => self.month,
            "quarter" => self.quarter,
            _ => self.year,
        }
    }
}

/// `alerts.pace.warning` and `critical`: limits by how far the period has gone.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// While it is early.
    pub early: Number,
    /// Between.
    pub middle: Number,
    /// When it is late.
    pub late: Number,
}

part!(
    /// `alerts.leads`
    Leads {
        /// So many leads of a team wait longer than the SLA.
        beyond_sla: u32 = 1,
        /// How long before somebody is told.
        #[serde(rename = "for")]
        for_: Lasting = minutes(10),
    }
);

part!(
    /// `alerts.deals`: shares of a team's open deals.
    Deals {
        /// Share that is stalled.
        stalled_over: Number = hundredths(30),
        /// Share that is overdue.
        overdue_over: Number = hundredths(20),
        /// Share that has no next step.
        without_next_step_over: Number = hundredths(50),
        /// It is at least so many deals.
        min_deals: u32 = 5,
        /// How long before somebody is told.
        #[serde(rename = "for")]
        for_: Lasting = minutes(60),
    }
);

part!(
    /// `alerts.leakage`: a stage's conversion in 90 days against that of the previous quarter.
    Leakage {
        /// It is below so much of what it was,
        below: Number = hundredths(75),
        /// lower by more than so many standard errors,
        standard_errors: Number = hundredths(200),
        /// of at least so many deals that have left the stage, now and then.
        min_deals: u32 = 10,
        /// How long before somebody is told.
        #[serde(rename = "for")]
        for_: Lasting = minutes(360),
    }
);

part!(
    /// `alerts.accounts`
    Accounts {
        /// Nobody has spoken to a key account for so long.
        silent_for: Lasting = Lasting::days(30),
        /// How long before somebody is told.
        #[serde(rename = "for")]
        for_: Lasting = minutes(60),
    }
);

part!(
    /// `alerts.coverage`
    Coverage {
        /// Windows that are watched; `metrics.windows.coverage` has them too.
        windows: Vec<String> = names(&["quarter"]),
        /// The pipeline is less than so many times what is missing.
        below: Number = hundredths(200),
        /// Until which elapsed share of the period.
        until: Number = hundredths(80),
        /// How long before somebody is told.
        #[serde(rename = "for")]
        for_: Lasting = minutes(120),
    }
);

part!(
    /// `alerts.forecast`
    Forecast {
        /// Windows that are watched; `metrics.windows.forecast` has them too.
        windows: Vec<String> = names(&["month", "quarter"]),
        /// Goals whose targets the forecast is held against; none: those on crm_deals_won_value.
        goals: Vec<String> = Vec::new(),
        /// From which elapsed share of the period on.
        from: Number = hundredths(75),
        /// How long before somebody is told.
        #[serde(rename = "for")]
        for_: Lasting = minutes(120),
    }
);

part!(
    /// `alerts.quality`
    Quality {
        /// Share of the records looked at that fails a check.
        failing_over: Number = hundredths(25),
        /// Checks with limits of their own.
        checks: IndexMap<String, Number> = [("deal_unknown_currency".to_owned(), hundredths(1))].into(),
        /// So many records are looked at.
        min_records: u32 = 20,
        /// How long before somebody is told.
        #[serde(rename = "for")]
        for_: Lasting = minutes(360),
    }
);

part!(
    /// `alerts.goals`
    Reviews {
        /// The last review is longer ago than that.
        not_reviewed_for: Lasting = Lasting::days(365),
    }
);

part!(
    /// `alerts.celebrations`
    Celebrations {
        /// How long news is news.
        lasting: Lasting = minutes(10),
        /// The same, of what happens at midnight: until the floor is at work.
        overnight: Lasting = minutes(720),
        /// Windows of goals and records that are celebrated.
        windows: Vec<String> = names(&["week", "month", "quarter", "year"]),
        /// Deals of at least that value.
        win_at_least: Number = hundredths(0),
        /// A target that turns out to have been met longer ago is no news.
        met_within: Lasting = Lasting::days(2),
        /// Streaks of at least so many periods.
        streak_from: u32 = 3,
        /// Contests are announced that end so soon.
        contest_ends_within: Lasting = Lasting::days(2),
    }
);

part!(
    /// `alerts.exporter`
    Exporter {
        /// How many targets are meant to serve figures.
        targets: u32 = 1,
        /// It is down, or its own alarm signs last, for so long.
        down_for: Lasting = minutes(5),
        /// A source cannot be polled for so long.
        source_down_for: Lasting = minutes(15),
        /// The first load of a source takes so long.
        first_load_for: Lasting = Lasting::days(1),
        /// Figures are missing, or there twice, for so long.
        missing_for: Lasting = minutes(15),
        /// Share of a request budget that is left.
        budget_below: Number = hundredths(10),
        /// More records than that are unreadable within an hour.
        record_errors: u32 = 10,
        /// Figures were derived so long ago.
        snapshot_older_than: Lasting = minutes(5),
    }
);

fn hundredths(number: i64) -> Number {
    Number(Decimal::new(number, 2).normalize())
}

fn minutes(number: u64) -> Lasting {
    Lasting::seconds(number * 60)
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// The windows that goals have.
const WINDOWS: [&str; 5] = ["day", "week", "month", "quarter", "year"];

impl Alerts {
    /// Whether the limits make sense.
    ///
    /// # Errors
    /// Tells the first that does not, by its key below `alerts`.
    pub fn check(&self) -> Result<(), Problem> {
        for (key, windows) in [
            ("pace.windows", &self.pace.windows),
            ("coverage.windows", &self.coverage.windows),
            ("forecast.windows", &self.forecast.windows),
            ("celebrations.windows", &self.celebrations.windows),
        ] {
            check_windows(key, windows)?;
        }
        self.check_shares()?;
        self.check_order()
    }

    fn check_shares(&self) -> Result<(), Problem> {
        let Begins { day, week, month, quarter, year } = self.pace.begins;
        let checks = self.quality.checks.iter().map(|(check, share)| (format!("quality.checks.{check}"), *share));
        let shares = [
            ("pace.begins.day", day),
            ("pace.begins.week", week),
            ("pace.begins.month", month),
            ("pace.begins.quarter", quarter),
            ("pace.begins.year", year),
            ("pace.early_until", self.pace.early_until),
            ("pace.late_from", self.pace.late_from),
            ("pace.ratios_from", self.pace.ratios_from),
            ("deals.stalled_over", self.deals.stalled_over),
            ("deals.overdue_over", self.deals.overdue_over),
            ("deals.without_next_step_over", self.deals.without_next_step_over),
            ("leakage.below", self.leakage.below),
            ("coverage.until", self.coverage.until),
            ("forecast.from", self.forecast.from),
            ("quality.failing_over", self.quality.failing_over),
            ("exporter.budget_below", self.exporter.budget_below),
        ];
        for (key, share) in shares.map(|(key, share)| (key.to_owned(), share)).into_iter().chain(checks) {
            if share.0 < Decimal::ZERO || share.0 > Decimal::ONE {
                return Err(Problem::new(key, "is no share; write a number from 0 to 1"));
            }
        }
        Ok(())
    }

    fn check_order(&self) -> Result<(), Problem> {
        if self.pace.early_until > self.pace.late_from {
            let text = "lies after `late_from`; a period is early before it is late";
            return Err(Problem::new("pace.early_until", text));
        }
        let (warning, critical) = (&self.pace.warning, &self.pace.critical);
        for (key, warning, critical) in [
            ("pace.critical.early", warning.early, critical.early),
            ("pace.critical.middle", warning.middle, critical.middle),
            ("pace.critical.late", warning.late, critical.late),
        ] {
            if critical > warning {
                return Err(Problem::new(key, "is above the limit of the warning, which would never come first"));
            }
        }
        for (key, number) in [
            ("pace.min_deals", self.pace.min_deals),
            ("leakage.standard_errors", self.leakage.standard_errors),
            ("coverage.below", self.coverage.below),
            ("celebrations.win_at_least", self.celebrations.win_at_least),
        ] {
            if number.0 < Decimal::ZERO {
                return Err(Problem::new(key, "is negative; write 0 or more"));
            }
        }
        Ok(())
    }
}

fn check_windows(key: &str, windows: &[String]) -> Result<(), Problem> {
    for (index, window) in windows.iter().enumerate() {
        if !WINDOWS.contains(&window.as_str()) {
            let text = format!("`{window}` is no window of goals; {}", setting::instead(window, &WINDOWS));
            return Err(Problem::new(format!("{key}[{index}]"), text));
        }
    }
    match windows {
        [] => Err(Problem::new(key, "names no window; to be told nothing, put the alert into alerts.disable")),
        _ => Ok(()),
    }
}
