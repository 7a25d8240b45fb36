//! Who is behind pace: the whole floor, teams, reps.
//!
//! A figure is compared as it is read, in whole per cent. The warning and the critical alert have the same name and labels,
//! so that one can mute the other.

use super::guards::LIMIT;
use super::rule::{Alert, Audience, Board, Category, Group, Rule, Severity, Timing};
use super::scope::Scope;
use super::text::{FIGURES, PERIOD, TITLE, fill};
use super::values::any_of;
use crate::display::settings::alerts::Alerts;

pub(super) fn group(alerts: &Alerts) -> Group {
    let each = |scope| [Severity::Warning, Severity::Critical].map(|severity| behind(scope, severity, alerts));
    Group { name: "pacing", rules: Scope::ALL.into_iter().flat_map(each).collect() }
}

fn behind(scope: Scope, severity: Severity, alerts: &Alerts) -> Rule {
    let pace = &alerts.pace;
    let windows = any_of(pace.windows.iter().map(String::as_str));
    let values = [
        ("SCOPE", scope.name()),
        ("BY", scope.by()),
        ("WHO", scope.who()),
        ("SERIES", scope.series()),
        ("WINDOWS", &windows),
        ("CONTACTS", scope.contacts()),
        ("LIMIT", LIMIT),
        ("SEVERITY", severity.name()),
        ("SUBSTANTIAL", scope.substantial()),
        ("FRESH", scope.fresh()),
        ("FIGURES", FIGURES),
        ("TITLE", TITLE),
        ("PERIOD", PERIOD),
    ];
    let (name, board) = match scope {
        Scope::Org => ("CrmFloorBehindPace", Board { uid: "crm-executive", labels: &[] }),
        Scope::Team => ("CrmTeamBehindPace", Board { uid: "crm-manager", labels: &["team"] }),
        Scope::Rep => ("CrmRepBehindPace", Board { uid: "crm-one-rep", labels: &["team", "rep"] }),
    };
    Rule::Alert(Alert {
        name,
        expr: fill(EXPR, &values),
        timing: Timing { after: pace.for_, keep: pace.keep_firing_for },
        severity,
        category: Category::Pacing,
        audience: Audience::Sales,
        summary: fill(
            "@WHO@ is behind: @TITLE@ at {{ $value | humanizePercentage }} of the pace for @PERIOD@",
            &values,
        ),
        description: fill(DESCRIPTION, &values),
        board,
    })
}

const EXPR: &str = r#"
    max by (@BY@) (round(crm_pacing_ratio{scope="@SCOPE@", window=~"@WINDOWS@"}, 0.01))
      @CONTACTS@
      < on (window) group_left () @LIMIT@{severity="@SEVERITY@"}
    and on (@BY@) @SUBSTANTIAL@
    @FRESH@
"#;

/// Ratios, averages, and what is to stay low are held against the goal itself; sums against what is expected by now.
const DESCRIPTION: &str = r#"
    @FIGURES@
    {{ $series := @SERIES@ -}}
    {{ $goal := printf "crm_goal_info{goal=%q}" $labels.goal | query | first -}}
    {{ $unit := $goal | label "unit" -}}
    {{ $down := eq ($goal | label "direction") "down" -}}
    {{ if or $down (eq $unit "ratio") (eq $unit "seconds") -}}
    It stands at {{ template "figure" (args $unit "crm_goal_actual" $series) }}; the goal for @PERIOD@ is
    {{- if $down }} at most{{ end }} {{ template "figure" (args $unit "crm_goal_target" $series) }}.
    {{- else -}}
    {{ template "figure" (args $unit "crm_goal_actual" $series) }} of
    {{- " " }}{{ template "figure" (args $unit "crm_goal_expected" $series) }} expected by now; the target for @PERIOD@ is
    {{- " " }}{{ template "figure" (args $unit "crm_goal_target" $series) }}.
    {{- with query (printf "ceil(max(crm_goal_needed_per_working_day{%s}))" $series) }}
    {{- " " }}{{ template "amount" (args $unit (. | first | value)) }} a working day
    {{- with query (printf "crm_period_info{window=%q}" $labels.window) }} until {{ . | first | label "last_day" }}{{ end }} would still reach it.
    {{- end }}
    {{- end }}
"#;
