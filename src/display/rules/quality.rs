//! Whether the figures can be relied on, and whether goals are still the right ones.

use super::rule::{Alert, Audience, Board, Category, Group, Rule, Severity, Timing};
use super::scope::Scope;
use super::text::{TITLE, fill};
use super::values::{any_of, count, days, share};
use crate::display::settings::alerts::{Alerts, Quality};

pub(super) fn group(alerts: &Alerts) -> Group {
    Group { name: "quality", rules: vec![failing(alerts), not_reviewed(alerts)] }
}

fn failing(alerts: &Alerts) -> Rule {
    let quality = &alerts.quality;
    let values = [
        ("OVER", &*over(quality)),
        ("RECORDS", &count(quality.min_records)),
        ("CONTACTS", Scope::Team.contacts()),
        ("FRESH", Scope::Team.fresh()),
    ];
    Rule::Alert(Alert {
        name: "CrmDataQualityPoor",
        expr: fill(FAILING, &values),
        timing: Timing::after(quality.for_),
        severity: Severity::Info,
        category: Category::Quality,
        audience: Audience::Sales,
        summary: fill(
            r#"
            {{ $labels.team }}: {{ $value | humanizePercentage }} of the records looked at fail the check "{{ $labels.check | reReplaceAll "_" " " }}"
            "#,
            &[],
        ),
        description: fill(
            r#"
            {{ $series := printf "team=%q,check=%q" $labels.team $labels.check -}}
            {{ with query (printf "sum(crm_data_quality_issues{%s})" $series) }}{{ . | first | value | printf "%.0f" }}{{ end }} of
            {{- with query (printf "sum(crm_data_quality_checked{%s})" $series) }} {{ . | first | value | printf "%.0f" }}{{ end }} records. Figures that rest on them are off by as much; the dashboard tells whose they are.
            "#,
            &[],
        ),
        board: Board { uid: "crm-quality", labels: &["team"] },
    })
}

/// The shares that are too large. Some checks have limits of their own.
fn over(quality: &Quality) -> String {
    let failing = |selector: &str, limit: &str| {
        fill(
            "
            round(
              sum by (team, check) (crm_data_quality_issues@SELECTOR@)
                / (sum by (team, check) (crm_data_quality_checked@SELECTOR@) > 0),
              0.001
            ) > @LIMIT@
            ",
            &[("SELECTOR", selector), ("LIMIT", limit)],
        )
    };
    // Of overdue deals there is an alert of its own.
    let own = any_of(quality.checks.keys().map(String::as_str).chain(["deal_overdue"]));
    let others = format!(r#"{{check!~"{own}"}}"#);
    let mut parts = vec![failing(&others, &share(quality.failing_over))];
    parts.extend(
        quality.checks.iter().map(|(check, limit)| failing(&format!(r#"{{check="{check}"}}"#), &share(*limit))),
    );
    parts.join("\nor\n")
}

const FAILING: &str = "
(
@OVER@
)
  @CONTACTS@
and on (team, check) sum by (team, check) (crm_data_quality_checked) >= @RECORDS@
@FRESH@
";

/// In days. Only goals that were reviewed once: of others nobody said when they began.
fn not_reviewed(alerts: &Alerts) -> Rule {
    let values = [("DAYS", &*days(alerts.goals.not_reviewed_for)), ("FRESH", Scope::Org.fresh()), ("TITLE", TITLE)];
    Rule::Alert(Alert {
        name: "CrmGoalNotReviewed",
        expr: fill(
            "
            (time() - max by (goal) (crm_goal_reviewed_timestamp_seconds)) / 86400
              > @DAYS@
            @FRESH@
            ",
            &values,
        ),
        timing: Timing::AT_ONCE,
        severity: Severity::Info,
        category: Category::Quality,
        audience: Audience::Sales,
        summary: fill(r#"The goal @TITLE@ was last reviewed {{ printf "%.0f" $value }} days ago"#, &values),
        description: fill(
            r#"
            Is it still the right goal, and its target still right? "crm_exporter review" tells how it was met and whether it went with results. Then set reviewed_on in the settings.
            {{- with query (printf "crm_goal_info{goal=%q,owner!=\"\"}" $labels.goal) }} It answers to {{ . | first | label "owner" }}.{{ end }}
            "#,
            &values,
        ),
        board: Board { uid: "crm-executive", labels: &[] },
    })
}
