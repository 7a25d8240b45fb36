//! What alerts are held back by, as series of their own: old data, the first days of a period, and figures too small to
//! mean anything. They also keep the expressions of the alerts short enough to read.
//!
//! A guard is a series that is there when an alert may be raised. Where data is missing, as during a first load, no guard
//! is there.

use super::rule::{Group, Record, Rule, Severity};
use super::scope::Scope;
use super::text::fill;
use super::values::{any_of, count, seconds, share};
use crate::display::settings::alerts::{Alerts, Fresh, Limits};

/// Age of the data of teams that are fresh.
pub(super) const TEAM_FRESH: &str = "team:crm_exporter_team_data:fresh";
/// Age of the oldest data, if all are fresh.
pub(super) const ALL_FRESH: &str = "org:crm_exporter_team_data:fresh";
/// 1, with whom to tell: one series a team, whatever two exporters say of it.
pub(super) const CONTACT: &str = "team:crm_team_info:contact";
/// Elapsed share of the periods that pace is judged in by now.
pub(super) const UNDER_WAY: &str = "window:crm_period_elapsed_ratio:under_way";
/// From which pace on an alert is raised, by `severity`.
pub(super) const LIMIT: &str = "window:crm_pacing_ratio:limit";

/// The guards, in the order in which they build on each other.
pub(super) fn group(alerts: &Alerts) -> Group {
    let mut rules = vec![
        record(TEAM_FRESH, fill(TEAM_FRESH_EXPR, &[("LIMIT", &oldest(&alerts.fresh))])),
        record(ALL_FRESH, fill(ALL_FRESH_EXPR, &[("LIMIT", &oldest(&alerts.fresh))])),
        record(CONTACT, fill(CONTACT_EXPR, &[])),
        record(UNDER_WAY, under_way(alerts)),
        limit(Severity::Warning, &alerts.pace.warning, alerts),
        limit(Severity::Critical, &alerts.pace.critical, alerts),
    ];
    rules.extend(Scope::ALL.map(|scope| record(scope.substantial(), substance(scope, alerts))));
    Group { name: "guards", rules }
}

fn record(name: &'static str, expr: String) -> Rule {
    Rule::Record(Record { name, labels: Vec::new(), expr })
}

/// How old data may be: a scalar.
pub(super) fn oldest(fresh: &Fresh) -> String {
    fill(
        "scalar(clamp_min(@POLLS@ * max(crm_exporter_source_interval_seconds), @SECONDS@))",
        &[("POLLS", &count(fresh.poll_intervals)), ("SECONDS", &seconds(fresh.at_least))],
    )
}

const TEAM_FRESH_EXPR: &str = "
    time() - min by (team) (crm_exporter_team_data_timestamp_seconds)
      < @LIMIT@
";

/// A source that has never succeeded tells its interval and no success.
const ALL_FRESH_EXPR: &str = "
    time() - min(crm_exporter_source_last_success_timestamp_seconds)
      < @LIMIT@
    and
      count(crm_exporter_source_last_success_timestamp_seconds)
        == count(crm_exporter_source_interval_seconds)
";

const CONTACT_EXPR: &str = "
    topk by (team) (1, max by (team, manager_email, chat_channel) (crm_team_info))
";

fn under_way(alerts: &Alerts) -> String {
    let windows = alerts.pace.windows.iter().map(|window| {
        fill(
            r#"max by (window) (crm_period_elapsed_ratio{window="@WINDOW@"}) >= @FROM@"#,
            &[("WINDOW", window), ("FROM", &share(alerts.pace.begins.of(window)))],
        )
    });
    windows.collect::<Vec<_>>().join("\nor\n")
}

fn limit(severity: Severity, limits: &Limits, alerts: &Alerts) -> Rule {
    let pace = &alerts.pace;
    let expr = fill(
        "
        (@UNDER_WAY@ < @EARLY_UNTIL@) * 0 + @EARLY@
        or
        (@UNDER_WAY@ >= @EARLY_UNTIL@ < @LATE_FROM@) * 0 + @MIDDLE@
        or
        (@UNDER_WAY@ >= @LATE_FROM@) * 0 + @LATE@
        ",
        &[
            ("UNDER_WAY", UNDER_WAY),
            ("EARLY_UNTIL", &share(pace.early_until)),
            ("LATE_FROM", &share(pace.late_from)),
            ("EARLY", &share(limits.early)),
            ("MIDDLE", &share(limits.middle)),
            ("LATE", &share(limits.late)),
        ],
    );
    Rule::Record(Record { name: LIMIT, labels: vec![("severity", severity.name())], expr })
}

/// Goals on which enough was expected, or done, to judge by: so many units, or the amount of so many average deals. Of how
/// many cases a ratio or an average is, goals do not tell: it counts late in the period, and for no single rep.
fn substance(scope: Scope, alerts: &Alerts) -> String {
    let pace = &alerts.pace;
    let deals = match pace.min_deals.0.is_zero() {
        true => CURRENCY_OF_ANY_SIZE,
        false => CURRENCY,
    };
    let parts = match scope {
        Scope::Org | Scope::Team => vec![COUNTS, deals, RATIOS],
        Scope::Rep => vec![COUNTS, deals],
    };
    let parts = parts.into_iter().map(|part| fill(part, &[])).collect::<Vec<_>>();
    fill(
        &parts.join("\nor\n"),
        &[
            ("SCOPE", scope.name()),
            ("BY", scope.by()),
            ("WINDOWS", &any_of(pace.windows.iter().map(String::as_str))),
            // A deal of one rep is no average.
            ("DEALS_SCOPE", if scope == Scope::Org { "org" } else { "team" }),
            ("UNITS", &count(pace.min_units)),
            ("DEALS", &share(pace.min_deals)),
            ("UNDER_WAY", UNDER_WAY),
            ("RATIOS_FROM", &share(pace.ratios_from)),
        ],
    )
}

const COUNTS: &str = r#"
    (
        max by (@BY@) (crm_goal_expected{scope="@SCOPE@", window=~"@WINDOWS@"}) >= @UNITS@
      or
        max by (@BY@) (crm_goal_actual{scope="@SCOPE@", window=~"@WINDOWS@"}) >= @UNITS@
    )
    and on (goal) crm_goal_info{unit="count"}
"#;

const CURRENCY: &str = r#"
    (
      max by (@BY@) (crm_goal_expected{scope="@SCOPE@", window=~"@WINDOWS@"}) and on (goal) crm_goal_info{unit="currency"}
    )
      >= on (team) group_left ()
    @DEALS@ * max by (team) (crm_deal_size_average{scope="@DEALS_SCOPE@", window="365d"})
"#;

const CURRENCY_OF_ANY_SIZE: &str = r#"
    max by (@BY@) (crm_goal_expected{scope="@SCOPE@", window=~"@WINDOWS@"}) and on (goal) crm_goal_info{unit="currency"}
"#;

const RATIOS: &str = r#"
    max by (@BY@) (crm_goal_expected{scope="@SCOPE@", window=~"@WINDOWS@"})
    and on (goal) crm_goal_info{unit=~"ratio|seconds"}
    and on (window) @UNDER_WAY@ >= @RATIOS_FROM@
"#;
