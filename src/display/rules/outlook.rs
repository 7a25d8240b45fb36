//! What is to come: whether the open pipeline is enough, and what the forecast says of the target.

use super::rule::{Alert, Audience, Board, Category, Group, Rule, Severity, Timing};
use super::scope::Scope;
use super::text::{FIGURES, PERIOD, TITLE, fill};
use super::values::{any_of, share};
use crate::display::settings::alerts::Alerts;

/// `goals`: those whose target the forecast of value won is held against; none: every primary goal in money.
pub(super) fn group(alerts: &Alerts, goals: &[String]) -> Group {
    let forecasts = [(Severity::Warning, "p50"), (Severity::Critical, "p90")]
        .map(|(severity, stat)| forecast(severity, stat, alerts, goals));
    Group { name: "outlook", rules: std::iter::once(coverage(alerts)).chain(forecasts).collect() }
}

fn coverage(alerts: &Alerts) -> Rule {
    let coverage = &alerts.coverage;
    let windows = any_of(coverage.windows.iter().map(String::as_str));
    let values = [
        ("WINDOWS", &*windows),
        ("CONTACTS", Scope::Team.contacts()),
        ("BELOW", &share(coverage.below)),
        ("UNTIL", &share(coverage.until)),
        ("FRESH", Scope::Team.fresh()),
        ("PERIOD", PERIOD),
    ];
    Rule::Alert(Alert {
        name: "CrmCoverageThin",
        expr: fill(COVERAGE, &values),
        timing: Timing::after(coverage.for_),
        severity: Severity::Warning,
        category: Category::Pipeline,
        audience: Audience::Sales,
        summary: fill(
            r#"{{ $labels.team }}: the open pipeline is {{ printf "%.1f" $value }} times what is missing for @PERIOD@"#,
            &values,
        ),
        description: fill(
            "
            Deals expected to close in the period should come to at least @BELOW@ times what is missing to the target, since not every deal is won. New deals are needed, or deals from later that can be closed sooner.
            ",
            &values,
        ),
        board: Board { uid: "crm-forecast", labels: &["team", "window"] },
    })
}

/// Late in the period nothing that is created now would still close in it.
const COVERAGE: &str = r#"
    max by (team, window) (crm_pipeline_coverage_ratio{scope="team", window=~"@WINDOWS@"})
      @CONTACTS@
      < @BELOW@
    and on (window) crm_period_elapsed_ratio{window=~"@WINDOWS@"} < @UNTIL@
    @FRESH@
"#;

fn forecast(severity: Severity, stat: &str, alerts: &Alerts, goals: &[String]) -> Rule {
    let forecast = &alerts.forecast;
    let windows = any_of(forecast.windows.iter().map(String::as_str));
    let targets = match goals {
        [] => fill(PRIMARY_TARGETS, &[]),
        goals => fill(TARGETS_OF, &[("GOALS", &any_of(goals.iter().map(String::as_str)))]),
    };
    let values = [
        ("TARGETS", &*targets),
        ("WINDOWS", &*windows),
        ("STAT", stat),
        ("CONTACTS", Scope::Team.contacts()),
        ("FROM", &share(forecast.from)),
        ("FRESH", Scope::Team.fresh()),
        ("SERIES", Scope::Team.series()),
        ("FIGURES", FIGURES),
        ("PERIOD", PERIOD),
        ("TITLE", TITLE),
        ("CHANCE", if stat == "p90" { "nine times out of ten" } else { "as often as not" }),
    ];
    Rule::Alert(Alert {
        name: "CrmForecastBelowTarget",
        expr: fill(FORECAST, &values),
        timing: Timing::after(forecast.for_),
        severity,
        category: Category::Pipeline,
        audience: Audience::Sales,
        summary: fill(
            "{{ $labels.team }}: @TITLE@ of @PERIOD@ is forecast to end at {{ $value | humanizePercentage }} of its target, or less",
            &values,
        ),
        description: fill(DESCRIPTION, &values),
        board: Board { uid: "crm-forecast", labels: &["team", "window"] },
    })
}

const TARGETS_OF: &str = r#"crm_goal_target{scope="team", window=~"@WINDOWS@", goal=~"@GOALS@"}"#;

const PRIMARY_TARGETS: &str = r#"crm_goal_target{scope="team", window=~"@WINDOWS@"}
        and on (goal) crm_goal_info{unit="currency", direction="up", primary="true"}"#;

const FORECAST: &str = r#"
    round(
      max by (team, window) (crm_forecast_value{scope="team", window=~"@WINDOWS@", stat="@STAT@"})
        / on (team, window) group_right ()
      max by (goal, team, window) (
        @TARGETS@
      ),
      0.01
    )
      @CONTACTS@
      < 1
    and on (window) crm_period_elapsed_ratio{window=~"@WINDOWS@"} >= @FROM@
    @FRESH@
"#;

const DESCRIPTION: &str = r#"
    @FIGURES@
    {{ $series := @SERIES@ -}}
    Won so far: {{ template "figure" (args "currency" "crm_goal_actual" $series) }} of
    {{- " " }}{{ template "figure" (args "currency" "crm_goal_target" $series) }}. With the deals that are open now it comes, @CHANCE@, to no more than
    {{- with query (printf "max(crm_forecast_value{scope=\"team\",team=%q,window=%q,stat=\"@STAT@\"})" $labels.team $labels.window) }} {{ template "money" (. | first | value) }}{{ end }}.
    {{- with query (printf "ceil(max(crm_goal_needed_per_working_day{%s}))" $series) }}
    {{- " " }}{{ template "money" (. | first | value) }} a working day
    {{- with query (printf "crm_period_info{window=%q}" $labels.window) }} until {{ . | first | label "last_day" }}{{ end }} would still reach the target.
    {{- end }}
"#;
