//! The exporter and its sources: for whoever runs them.

use super::guards::oldest;
use super::rule::{Alert, Audience, Board, Category, Group, Rule, Severity, Timing};
use super::text::fill;
use super::values::{count, seconds, share};
use crate::display::settings::alerts::Alerts;

const HEALTH: Board = Board { uid: "crm-exporter", labels: &[] };

/// Families that every board rests on, each with few series of it: that they were there a day ago is looked up.
const FAMILIES: [(&str, &str); 5] = [
    ("crm_activities", r#"{window="month"}"#),
    ("crm_leads_created", r#"{window="month"}"#),
    ("crm_deals_won", r#"{window="month"}"#),
    ("crm_open_deals", ""),
    ("crm_goal_actual", r#"{scope="org", window="month"}"#),
];

pub(super) fn group(alerts: &Alerts) -> Group {
    let exporter = [
        down(alerts),
        gone(alerts),
        several(alerts),
        missing(alerts),
        snapshot(alerts),
        reload(alerts),
        dropped(alerts),
    ];
    let sources =
        [old(alerts), source(alerts), first_load(alerts), forbidden(alerts), budget(alerts), unreadable(alerts)];
    Group { name: "exporter", rules: exporter.into_iter().chain(sources).map(Rule::Alert).collect() }
}

fn ops(name: &'static str, severity: Severity, after: Timing, texts: [&str; 3], values: &[(&str, &str)]) -> Alert {
    let [expr, summary, description] = texts.map(|text| fill(text, values));
    Alert {
        name,
        expr,
        timing: after,
        severity,
        category: Category::Exporter,
        audience: Audience::Ops,
        summary,
        description,
        board: HEALTH,
    }
}

/// Whatever the job is called: a target that told what it is within the last week.
fn down(alerts: &Alerts) -> Alert {
    let texts = [
        "up == 0 and on (job, instance) present_over_time(crm_exporter_build_info[1w])",
        "crm_exporter cannot be scraped: {{ $labels.instance }}",
        "Sales figures are missing while it is down; none is lost, since all are derived from the CRM's records. Look at its log, and at the target in Prometheus.",
    ];
    ops("CrmExporterDown", Severity::Critical, Timing::after(alerts.exporter.down_for), texts, &[])
}

fn gone(alerts: &Alerts) -> Alert {
    let texts = [
        "absent(crm_exporter_build_info)",
        "No crm_exporter is scraped",
        "There is no sales figure at all. Either the exporter is down, or Prometheus no longer has a job for it.",
    ];
    ops("CrmExporterAbsent", Severity::Critical, Timing::after(alerts.exporter.missing_for), texts, &[])
}

fn several(alerts: &Alerts) -> Alert {
    let texts = [
        "count(crm_exporter_build_info) > @EXPORTERS@",
        r#"{{ printf "%.0f" $value }} targets serve sales figures"#,
        r#"
        Sums over all series count everything that more than one of them serves several times. They are
        {{- range query "crm_exporter_build_info" }} {{ .Labels.instance }} (job {{ .Labels.job }}){{ end }}. Scrape each exporter once.
        "#,
    ];
    let exporters = count(alerts.exporter.targets);
    ops(
        "CrmSeveralExporters",
        Severity::Warning,
        Timing::after(alerts.exporter.missing_for),
        texts,
        &[("EXPORTERS", &exporters)],
    )
}

fn missing(alerts: &Alerts) -> Alert {
    let family = |(family, selector): (&str, &str)| {
        fill(
            r#"
            label_replace(
              group(@FAMILY@ offset 1d) unless group(@FAMILY@),
              "family", "@NAME@", "", ""
            )
            "#,
            &[("FAMILY", &format!("{family}{selector}")), ("NAME", family)],
        )
    };
    let expr = FAMILIES.map(family).join("\nor\n");
    let expr = format!("(\n{expr}\n)\nand on () group(crm_exporter_build_info)");
    let texts = [
        &*expr,
        "There is no {{ $labels.family }} any more",
        "A day ago it was there. Does its source still deliver, is it disabled in the settings, was it dropped at the limit on series?",
    ];
    ops("CrmFiguresMissing", Severity::Warning, Timing::after(alerts.exporter.missing_for), texts, &[])
}

fn snapshot(alerts: &Alerts) -> Alert {
    let texts = [
        "time() - crm_exporter_snapshot_timestamp_seconds > @SECONDS@",
        "The figures of {{ $labels.instance }} were derived {{ $value | humanizeDuration }} ago",
        "The exporter answers but does not derive figures anew. Look at its log; if the floor has grown, at crm_exporter_derive_duration_seconds.",
    ];
    let age = seconds(alerts.exporter.snapshot_older_than);
    ops("CrmSnapshotOld", Severity::Warning, Timing::after(alerts.exporter.down_for), texts, &[("SECONDS", &age)])
}

fn reload(alerts: &Alerts) -> Alert {
    let texts = [
        "crm_exporter_config_last_reload_successful == 0",
        "The settings of {{ $labels.instance }} could not be read again",
        r#"Those from before are in force. "crm_exporter check" tells what is wrong, where, and what to write instead."#,
    ];
    ops("CrmReloadFailed", Severity::Warning, Timing::after(alerts.exporter.down_for), texts, &[])
}

fn dropped(alerts: &Alerts) -> Alert {
    let texts = [
        "max by (family) (crm_exporter_series_dropped) > 0",
        "{{ $labels.family }} is left out: there are too many series",
        r#"It would have {{ printf "%.0f" $value }} series. Raise limits.max_series, or configure fewer windows or families."#,
    ];
    ops("CrmSeriesDropped", Severity::Warning, Timing::after(alerts.exporter.down_for), texts, &[])
}

/// The same limit at which alerts about the team fall silent.
fn old(alerts: &Alerts) -> Alert {
    let texts = [
        "
        time() - min by (team) (crm_exporter_team_data_timestamp_seconds)
          > @LIMIT@
        ",
        "The data of {{ $labels.team }} is {{ $value | humanizeDuration }} old",
        "A source that delivers records of this team has not been polled to its end since. Alerts about the team are silent until it has.",
    ];
    let limit = oldest(&alerts.fresh);
    ops("CrmDataOld", Severity::Warning, Timing::after(alerts.exporter.down_for), texts, &[("LIMIT", &limit)])
}

fn source(alerts: &Alerts) -> Alert {
    let texts = [
        "max by (source, kind) (crm_exporter_source_up) == 0",
        "The source {{ $labels.source }} ({{ $labels.kind }}) cannot be polled",
        r#"
        Its figures stay as they were
        {{- with query (printf "time() - max(crm_exporter_source_last_success_timestamp_seconds{source=%q})" $labels.source) }} {{ . | first | value | humanizeDuration }} ago{{ end }}. The log tells why; "crm_exporter check --connect" tries the connection and the credentials.
        "#,
    ];
    ops("CrmSourceDown", Severity::Critical, Timing::after(alerts.exporter.source_down_for), texts, &[])
}

fn first_load(alerts: &Alerts) -> Alert {
    let texts = [
        "group by (source) (crm_exporter_source_interval_seconds) unless on (source) crm_exporter_source_last_success_timestamp_seconds",
        "The first load of {{ $labels.source }} has not come to its end",
        "Figures that need its records are absent, and alerts about them silent, until it has. The log tells how far it is.",
    ];
    ops("CrmFirstLoadLong", Severity::Info, Timing::after(alerts.exporter.first_load_for), texts, &[])
}

fn forbidden(alerts: &Alerts) -> Alert {
    let texts = [
        "max by (source, stream) (crm_exporter_stream_forbidden) > 0",
        "{{ $labels.source }} does not let us read {{ $labels.stream }}",
        "What it would bring is in no figure, or stays as it was. Give the credentials the right to read it, or take it out of the source's objects.",
    ];
    ops("CrmStreamForbidden", Severity::Warning, Timing::after(alerts.exporter.source_down_for), texts, &[])
}

fn budget(alerts: &Alerts) -> Alert {
    let texts = [
        "
        round(
          max by (source, quota) (crm_exporter_api_quota_remaining)
            / (max by (source, quota) (crm_exporter_api_quota_limit) > 0),
          0.01
        ) < @SHARE@
        ",
        "{{ $value | humanizePercentage }} of the {{ $labels.quota }} request budget of {{ $labels.source }} is left",
        "The exporter slows down before it uses the last request, so data gets older. Who else uses the budget? A longer interval of the source helps.",
    ];
    let left = share(alerts.exporter.budget_below);
    ops("CrmRequestBudgetLow", Severity::Warning, Timing::after(alerts.exporter.down_for), texts, &[("SHARE", &left)])
}

fn unreadable(alerts: &Alerts) -> Alert {
    let texts = [
        "sum by (source, object, reason) (increase(crm_exporter_record_errors_total[1h])) > @RECORDS@",
        r#"{{ printf "%.0f" $value }} records of {{ $labels.source }} could not be read within an hour ({{ $labels.object }}, {{ $labels.reason }})"#,
        "They are skipped, so figures lack them. The log tells their ids and what was wrong with each.",
    ];
    let records = count(alerts.exporter.record_errors);
    ops("CrmRecordsUnreadable", Severity::Warning, Timing::AT_ONCE, texts, &[("RECORDS", &records)])
}
