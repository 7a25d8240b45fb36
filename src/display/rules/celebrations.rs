//! Good news: deals won, targets met, streaks, personal records, contests.
//!
//! Alerts are states, so news is an alert that lasts for some minutes. It is news where the figure was there before and
//! was another one: a first load, a restart or new settings bring none.

use super::rule::{Alert, Audience, Board, Category, Group, Rule, Severity, Timing, duration};
use super::scope::Scope;
use super::text::{FIGURES, MONEY, PERIOD, TITLE, fill};
use super::values::{any_of, count, days, seconds, share};
use crate::display::settings::alerts::Alerts;

pub(super) fn group(alerts: &Alerts) -> Group {
    let mut rules = vec![won(alerts)];
    rules.extend(Scope::ALL.map(|scope| met(scope, alerts)));
    rules.extend([streak(alerts), record(alerts), decided(alerts), ends_soon(alerts)]);
    Group { name: "celebrations", rules }
}

fn news(name: &'static str, board: Board, texts: [&str; 3], values: &[(&str, &str)]) -> Rule {
    let shared = [("FIGURES", FIGURES), ("MONEY", MONEY), ("TITLE", TITLE), ("PERIOD", PERIOD)];
    let values = [&shared, values].concat();
    let [expr, summary, description] = texts.map(|text| fill(text, &values));
    Rule::Alert(Alert {
        name,
        expr,
        timing: Timing::AT_ONCE,
        severity: Severity::Info,
        category: Category::Celebration,
        audience: Audience::Sales,
        summary,
        description,
        board,
    })
}

fn won(alerts: &Alerts) -> Rule {
    let texts = [
        "
        max by (deal, account, team, rep) (crm_recent_win_value) >= @AMOUNT@
        and on (deal, account, team, rep)
          time() - max by (deal, account, team, rep) (crm_recent_win_noticed_timestamp_seconds) < @SECONDS@
        ",
        r#"
        @MONEY@
        {{ $labels.rep }} won {{ $labels.deal }}{{ if gt $value 0.0 }}: {{ template "money" $value }}{{ end }}
        "#,
        r#"
        {{ $labels.rep }} ({{ $labels.team }}) won {{ $labels.deal }}{{ if ne $labels.account "unknown" }} with {{ $labels.account }}{{ end }}.
        "#,
    ];
    let values =
        [("AMOUNT", &*share(alerts.celebrations.win_at_least)), ("SECONDS", &seconds(alerts.celebrations.lasting))];
    news("CrmDealWon", Board { uid: "crm-wins", labels: &[] }, texts, &values)
}

/// Met now, and known to be unmet before: the time at which a target was met may be a date, or lie far back when somebody
/// enters a deal late, so it only keeps out what is no news any more.
fn met(scope: Scope, alerts: &Alerts) -> Rule {
    let celebrations = &alerts.celebrations;
    let windows = any_of(celebrations.windows.iter().map(String::as_str));
    let texts = [
        r#"
        time() - max by (@BY@) (crm_goal_met_timestamp_seconds{scope="@SCOPE@", window=~"@WINDOWS@"})
          < @RECENT@
        and on (@BY@)
          max by (@BY@) (crm_goal_attainment_ratio{scope="@SCOPE@", window=~"@WINDOWS@"} offset @LASTING@) < 1
        "#,
        "@WHO@ met the target: @TITLE@",
        r#"
        @FIGURES@
        {{ $series := @SERIES@ -}}
        {{ $unit := printf "crm_goal_info{goal=%q}" $labels.goal | query | first | label "unit" -}}
        {{ template "figure" (args $unit "crm_goal_actual" $series) }} where
        {{- " " }}{{ template "figure" (args $unit "crm_goal_target" $series) }} was the target for @PERIOD@.
        "#,
    ];
    let (name, board) = match scope {
        Scope::Org => ("CrmFloorTargetMet", Board { uid: "crm-pace", labels: &[] }),
        Scope::Team => ("CrmTeamTargetMet", Board { uid: "crm-teams", labels: &[] }),
        Scope::Rep => ("CrmRepTargetMet", Board { uid: "crm-leaders", labels: &[] }),
    };
    let values = [
        ("SCOPE", scope.name()),
        ("BY", scope.by()),
        ("WHO", scope.who()),
        ("SERIES", scope.series()),
        ("WINDOWS", &windows),
        ("RECENT", &seconds(celebrations.met_within)),
        ("LASTING", &duration(celebrations.lasting)),
    ];
    news(name, board, texts, &values)
}

/// Streaks grow when a period ends, at night: they are news until the floor has come to work.
fn streak(alerts: &Alerts) -> Rule {
    let celebrations = &alerts.celebrations;
    let windows = any_of(celebrations.windows.iter().map(String::as_str));
    let texts = [
        r#"
        max by (goal, team, rep, window) (crm_goal_streak_periods{window=~"@WINDOWS@"})
          > max by (goal, team, rep, window) (crm_goal_streak_periods{window=~"@WINDOWS@"} offset @LASTING@)
          >= @FROM@
        "#,
        r#"
        {{ $labels.rep }} ({{ $labels.team }}) is on a streak: {{ printf "%.0f" $value }} {{ $labels.window }}s in a row on target, @TITLE@
        "#,
        "Every {{ $labels.window }} of them the target was met.",
    ];
    let values = [
        ("WINDOWS", &*windows),
        ("LASTING", &duration(celebrations.overnight)),
        ("FROM", &count(celebrations.streak_from)),
    ];
    news("CrmGoalStreak", Board { uid: "crm-leaders", labels: &[] }, texts, &values)
}

/// The first time in a period that the best of all earlier ones is passed.
fn record(alerts: &Alerts) -> Rule {
    let celebrations = &alerts.celebrations;
    let longest = |window: &str| match window {
        "day" => "86400",
        "week" => "604800",
        "month" => "2678400",
        "quarter" => "7948800",
        _ => "31622400",
    };
    let rules = celebrations.windows.iter().map(|window| {
        fill(RECORD, &[("WINDOW", window), ("LONGEST", longest(window)), ("LASTING", &duration(celebrations.lasting))])
    });
    let expr = rules.collect::<Vec<_>>().join("\nor\n");
    let texts = [
        &*expr,
        r#"
        {{ $labels.rep }} ({{ $labels.team }}) has a best {{ $labels.window }} ever:
        {{- " " }}{{ $labels.measure | reReplaceAll "^crm_" "" | reReplaceAll "_value\\b" "" | reReplaceAll "[{][^=]*=\"([^\"]*)\".*" " ($1)" | reReplaceAll "_" " " }}
        "#,
        r#"
        @MONEY@
        {{ if match "_value\\b" $labels.measure }}{{ template "money" $value }}{{ else }}{{ printf "%.0f" $value }}{{ end }} so far in @PERIOD@, and the period is still running.
        "#,
    ];
    news("CrmPersonalRecord", Board { uid: "crm-leaders", labels: &[] }, texts, &[])
}

/// The best before was reached before this period began, which is no longer ago than the longest such period lasts.
const RECORD: &str = r#"
    max by (measure, team, rep, window) (crm_rep_record_value{window="@WINDOW@"})
      > (max by (measure, team, rep, window) (crm_rep_record_value{window="@WINDOW@"} offset @LASTING@) > 0)
    and on (measure, team, rep, window)
      max by (measure, team, rep, window) (crm_rep_record_timestamp_seconds{window="@WINDOW@"} offset @LASTING@)
        < on (window) group_left () max by (window) (crm_period_end_timestamp_seconds{window="@WINDOW@"}) - @LONGEST@
"#;

fn decided(alerts: &Alerts) -> Rule {
    let texts = [
        "
        max by (contest, team, rep) (crm_contest_rank) == 1
        and on (contest)
          (
            time() - max by (contest) (crm_contest_end_timestamp_seconds) >= 0 < @SECONDS@
            and on (contest) crm_contest_end_timestamp_seconds offset @LASTING@
          )
        ",
        r#"
        {{ or $labels.rep $labels.team }} {{ if $labels.rep }}({{ $labels.team }}) {{ end }}wins the contest {{ $labels.contest | reReplaceAll "_" " " }}
        "#,
        r#"
        {{ with query (printf "max(crm_contest_score{contest=%q,team=%q,rep=%q})" $labels.contest $labels.team $labels.rep) -}}
        With a score of {{ . | first | value | humanize }}. {{ end -}}
        What is entered late can still move the places.
        "#,
    ];
    let overnight = alerts.celebrations.overnight;
    let values = [("SECONDS", &*seconds(overnight)), ("LASTING", &duration(overnight))];
    news("CrmContestDecided", Board { uid: "crm-contest", labels: &[] }, texts, &values)
}

/// In days.
fn ends_soon(alerts: &Alerts) -> Rule {
    let texts = [
        "
        (max by (contest) (crm_contest_end_timestamp_seconds) - time()) / 86400
          > 0 < @DAYS@
        @FRESH@
        ",
        r#"
        The contest {{ $labels.contest | reReplaceAll "_" " " }} ends soon
        "#,
        r#"
        {{ range query (printf "max by (team, rep) (crm_contest_rank{contest=%q} == 1)" $labels.contest) -}}
        {{ or .Labels.rep .Labels.team }} leads. {{ end -}}
        Less than @DAYS@ days are left.
        "#,
    ];
    let values = [("DAYS", &*days(alerts.celebrations.contest_ends_within)), ("FRESH", Scope::Org.fresh())];
    news("CrmContestEndsSoon", Board { uid: "crm-contest", labels: &[] }, texts, &values)
}
