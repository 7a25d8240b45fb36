//! Does the exporter do its work, and where does it not?

use super::{cells, common};
use crate::display::dashboard::{
    AT_RISK, BEHIND, Board, Look, ON_PACE, Panel, Query, Row, Steps, Transform, Unit, Variable, words,
};

/// The chosen instances.
const CHOSEN: &str = r#"instance=~"$instance""#;
/// The chosen sources of the chosen instances.
const SOURCES: &str = r#"instance=~"$instance", source=~"$source""#;

pub(super) fn board() -> Board {
    let question = "Does the exporter do its work, and where does it not?";
    let reading = "Green is well. Sources are the CRMs that are read; each row below tells how reading it goes.";
    Board::desk("crm-exporter", "Exporter", question)
        .over("now-6h")
        .variable(Variable::any("instance", "Instance", "label_values(crm_exporter_build_info, instance)"))
        .variable(Variable::any("source", "Source", "label_values(crm_exporter_source_up, source)"))
        .row(common::head(
            question,
            reading,
            &format!("crm_exporter_source_last_success_timestamp_seconds{{{SOURCES}}}"),
        ))
        .row(
            Row::high(3)
                .with(3, down())
                .with(3, age())
                .with(3, failures())
                .with(3, unread())
                .with(3, budget())
                .with(3, forbidden())
                .with(3, dropped())
                .with(3, reload()),
        )
        .row(Row::high(5).with(24, sources()))
        .row(Row::high(6).with(8, requests()).with(8, retries()).with(8, polls()))
        .row(Row::high(6).with(8, derived()).with(8, series()).with(8, memory()))
        .row(Row::high(4).with(24, instances()))
}

/// A tile with a number of things that should not be: none is well. What has never happened has no series; it is none
/// as long as there is an exporter that would tell.
fn troubles(title: &str, meaning: &str, figures: &str) -> Panel {
    let figures = format!("round({figures}) or on () 0 * count({})", chosen("crm_exporter_build_info"));
    Panel::stat(title, meaning)
        .query(Query::now(figures).legend("now"))
        .unit(Unit::Whole)
        .decimals(0)
        .nothing("not told")
        .words(vec![words::text("0", "none")])
        .steps(Steps::only(ON_PACE).from(1.0, BEHIND))
        .option("textMode", "value".into())
}

fn down() -> Panel {
    let meaning = "Sources whose last poll failed. Their figures stay as they were; the log says why. \
                   It is crm_exporter_source_up.";
    let up = format!("crm_exporter_source_up{{{SOURCES}}}");
    troubles("Sources down", meaning, &format!("count({up}) - sum({up})"))
}

fn age() -> Panel {
    let meaning = "How long ago the figures that are served were computed: after more than a few refresh intervals \
                   computing does not keep up or has stopped. It is crm_exporter_snapshot_timestamp_seconds.";
    Panel::stat("Age of the snapshot", meaning)
        .query(Query::now(format!("time() - min(crm_exporter_snapshot_timestamp_seconds{{{CHOSEN}}})")).legend("now"))
        .unit(Unit::Seconds)
        .decimals(0)
        .nothing("none yet")
        .steps(Steps::only(ON_PACE).from(120.0, AT_RISK).from(600.0, BEHIND))
        .option("textMode", "value".into())
}

fn failures() -> Panel {
    let meaning = "Polls that failed in the last 24 hours. Now and then one is normal; the log says why. \
                   It is crm_exporter_polls_total (failure).";
    let failed = format!("sum(increase(crm_exporter_polls_total{{{SOURCES}, result=\"failure\"}}[24h]))");
    troubles("Failed polls (24 h)", meaning, &failed).steps(Steps::only(ON_PACE).from(1.0, AT_RISK))
}

fn unread() -> Panel {
    let meaning = "Records that could not be read in the last 24 hours. Each is skipped and logged with its id, and is in no \
                   figure. It is crm_exporter_record_errors_total.";
    let errors = format!("sum(increase(crm_exporter_record_errors_total{{{SOURCES}}}[24h]))");
    troubles("Records not read (24 h)", meaning, &errors)
}

fn budget() -> Panel {
    let meaning = "Requests that are left of the CRM's quota, of the quota with the least left. Near 0 the source waits until \
                   the quota is filled again: poll less often. It is crm_exporter_api_quota_remaining over \
                   crm_exporter_api_quota_limit.";
    let left =
        format!("min(crm_exporter_api_quota_remaining{{{SOURCES}}} / (crm_exporter_api_quota_limit{{{SOURCES}}} > 0))");
    Panel::stat("Request budget left", meaning)
        .query(Query::now(left).legend("now"))
        .unit(Unit::Ratio)
        .decimals(0)
        .nothing("no quota told")
        .steps(Steps::only(BEHIND).from(0.1, AT_RISK).from(0.25, ON_PACE))
        .option("textMode", "value".into())
}

fn forbidden() -> Panel {
    let meaning = "Kinds of records that the CRM does not let us read: the account's rights or the plan lack them, and \
                   figures that need them are missing. It is crm_exporter_stream_forbidden.";
    troubles("Streams forbidden", meaning, &format!("sum(crm_exporter_stream_forbidden{{{SOURCES}}})"))
}

fn dropped() -> Panel {
    let meaning = "Series that are left out because limits.max_series was reached; always whole families, the least \
                   important first. It is crm_exporter_series_dropped.";
    troubles("Series dropped", meaning, &format!("sum(crm_exporter_series_dropped{{{CHOSEN}}})"))
}

fn reload() -> Panel {
    let meaning = "Whether the settings were read at the last attempt. If not, the old ones stay in force and the log says \
                   what is wrong. It is crm_exporter_config_last_reload_successful.";
    Panel::stat("Settings", meaning)
        .query(Query::now(format!("min(crm_exporter_config_last_reload_successful{{{CHOSEN}}})")).legend("now"))
        .unit(Unit::Bare)
        .decimals(0)
        .nothing("not told")
        .words(words::from(&[(0.0, "not read"), (1.0, "in force")]))
        .steps(Steps::only(BEHIND).from(1.0, ON_PACE))
        .option("textMode", "value".into())
}

fn sources() -> Panel {
    let meaning = "Each source: whether its last poll succeeded, when it last did, how often it is polled, how long half of \
                   the polls take, what is held, what has not been loaded completely yet, and what went wrong in 24 hours. \
                   They are crm_exporter_source_up, crm_exporter_source_last_success_timestamp_seconds, \
                   crm_exporter_source_interval_seconds, crm_exporter_poll_duration_seconds, crm_exporter_source_records, \
                   crm_exporter_object_complete, crm_exporter_polls_total and crm_exporter_record_errors_total.";
    let of_source = "sum by (instance, source) ";
    let of = |expr: String| {
        let kind = format!("on (instance, source) group_left (kind) crm_exporter_source_up{{{SOURCES}}} ^ 0");
        Query::table(format!("max by (instance, source, kind) (({expr}) * {kind})"))
    };
    // What never happened has no series.
    let happened = |counter: String| {
        let none = format!("0 * crm_exporter_source_up{{{SOURCES}}}");
        of(format!("round({of_source}(increase({counter}[24h]))) or on (instance, source) {none}"))
    };
    let metric = |name: &str| format!("{name}{{{SOURCES}}}");
    Panel::table("How does reading each source go?", meaning)
        .query(Query::table(format!("max by (instance, source, kind) ({})", metric("crm_exporter_source_up"))))
        .query(of(format!("time() - {}", metric("crm_exporter_source_last_success_timestamp_seconds"))))
        .query(of(metric("crm_exporter_source_interval_seconds")))
        .query(of(format!(
            "histogram_quantile(0.5, sum by (instance, source, le) (rate(crm_exporter_poll_duration_seconds_bucket{{{SOURCES}}}[1h])))"
        )))
        .query(of(format!("{of_source}({})", metric("crm_exporter_source_records"))))
        .query(of(format!("{of_source}(1 - {})", metric("crm_exporter_object_complete"))))
        .query(happened(format!("crm_exporter_polls_total{{{SOURCES}, result=\"failure\"}}")))
        .query(happened(metric("crm_exporter_record_errors_total")))
        .nothing("no sources yet")
        .then(Transform::merge())
        .then(Transform::columns(&[
            ("instance", "Instance"),
            ("source", "Source"),
            ("kind", "Kind"),
            ("Value #A", "Last poll"),
            ("Value #B", "Last success, ago"),
            ("Value #C", "Interval"),
            ("Value #D", "Poll takes"),
            ("Value #E", "Records"),
            ("Value #F", "Loads unfinished"),
            ("Value #G", "Failed polls (24 h)"),
            ("Value #H", "Records not read (24 h)"),
        ]))
        .then(Transform::sort_up("Last poll"))
        .column("Last poll", cells::painted(Steps::only(BEHIND).from(1.0, ON_PACE)))
        .column("Last poll", [Look::Words(words::from(&[(0.0, "failed"), (1.0, "succeeded")]))])
        .column("Last success, ago", [Look::Unit(Unit::Seconds), Look::Decimals(0)])
        .column("Interval", [Look::Unit(Unit::Seconds)])
        .column("Poll takes", [Look::Unit(Unit::Seconds), Look::Decimals(1)])
        .column("Records", [Look::Unit(Unit::Whole)])
        .column("Loads unfinished", common::bad_above_none())
        .column("Failed polls (24 h)", common::bad_above_none())
        .column("Records not read (24 h)", common::bad_above_none())
}

/// Lines from 0 on.
fn lines(title: &str, meaning: &str, figures: &str, legend: &str) -> Panel {
    Panel::lines(title, meaning).query(Query::over_time(figures).legend(legend)).field("min", 0.into())
}

fn requests() -> Panel {
    let meaning = "Requests that the CRM was sent, by the status of the answer; error is no answer at all. Many 429 mean that \
                   it is asked too often. It is crm_exporter_api_requests_total.";
    let rate =
        format!("sum by (source, code) (rate(crm_exporter_api_requests_total{{{SOURCES}}}[$__rate_interval])) * 60");
    lines("How many requests, with what answer? (a minute)", meaning, &rate, "{{ source }} {{ code }}")
        .decimals(1)
        .nothing("these sources send no requests")
}

fn retries() -> Panel {
    let meaning = "Requests or pages that were repeated, by what went wrong. A few are normal. \
                   It is crm_exporter_api_retries_total.";
    let rate =
        format!("sum by (source, reason) (rate(crm_exporter_api_retries_total{{{SOURCES}}}[$__rate_interval])) * 60");
    lines("How many were repeated, and why? (a minute)", meaning, &rate, "{{ source }} {{ reason }}")
        .decimals(1)
        .nothing("nothing was repeated")
}

fn polls() -> Panel {
    let meaning = "How long nine of ten polls take at most. One that takes longer than its interval delays the next. \
                   It is crm_exporter_poll_duration_seconds.";
    let buckets = format!("rate(crm_exporter_poll_duration_seconds_bucket{{{SOURCES}}}[$__rate_interval])");
    let time = format!("histogram_quantile(0.9, sum by (source, le) ({buckets}))");
    lines("How long does a poll take? (p90)", meaning, &time, "{{ source }}")
        .unit(Unit::Seconds)
        .nothing("no polls yet")
}

fn derived() -> Panel {
    let meaning = "How long it took to compute all figures. It grows with records and series; beyond the refresh interval \
                   figures come later. It is crm_exporter_derive_duration_seconds.";
    lines("How long do the figures take?", meaning, &chosen("crm_exporter_derive_duration_seconds"), "{{ instance }}")
        .unit(Unit::Seconds)
        .nothing("no figures yet")
}

fn series() -> Panel {
    let meaning = "Series that are served: what Prometheus has to keep. Free-text labels and more windows raise it; \
                   limits.max_series bounds it. It is crm_exporter_series.";
    lines("How many series are served?", meaning, &chosen("crm_exporter_series"), "{{ instance }}")
        .nothing("no figures yet")
}

fn memory() -> Panel {
    let meaning = "Memory that the exporter holds. It grows with the records and not with time. \
                   It is process_resident_memory_bytes.";
    let own = format!("{} and on (instance, job) crm_exporter_build_info", chosen("process_resident_memory_bytes"));
    lines("How much memory does it hold?", meaning, &own, "{{ instance }}").unit(Unit::Bytes).nothing("not told here")
}

fn chosen(metric: &str) -> String {
    format!("{metric}{{{CHOSEN}}}")
}

fn instances() -> Panel {
    let meaning = "The exporters that Prometheus has seen in the last day: whether it reaches them, their version, since when \
                   they run, and how old the figures are that they serve. They are up, crm_exporter_build_info, \
                   process_start_time_seconds, crm_exporter_snapshot_timestamp_seconds, crm_exporter_series and \
                   crm_exporter_config_last_reload_success_timestamp_seconds.";
    let seen = format!("last_over_time(crm_exporter_build_info{{{CHOSEN}}}[1d])");
    // As much of it as people quote.
    let build = format!(
        "label_replace({}, \"revision\", \"$1\", \"revision\", \"(.{{8}}).*\")",
        chosen("crm_exporter_build_info")
    );
    let of = |expr: &str| Query::table(format!("max by (instance, job) ({expr} and on (instance, job) {seen})"));
    Panel::table("Which exporters are there?", meaning)
        .query(of(&chosen("up")))
        .query(Query::table(format!("max by (instance, job, version, revision) ({build})")))
        .query(of(&format!("{} * 1000", chosen("process_start_time_seconds"))))
        .query(of(&format!("time() - {}", chosen("crm_exporter_snapshot_timestamp_seconds"))))
        .query(of(&chosen("crm_exporter_series")))
        .query(of(&format!("{} * 1000", chosen("crm_exporter_config_last_reload_success_timestamp_seconds"))))
        .nothing("Prometheus has seen no exporter in the last day")
        .then(Transform::merge())
        .then(Transform::columns(&[
            ("instance", "Instance"),
            ("job", "Job"),
            ("Value #A", "Reached"),
            ("version", "Version"),
            ("revision", "Revision"),
            ("Value #C", "Started"),
            ("Value #D", "Figures, age"),
            ("Value #E", "Series"),
            ("Value #F", "Settings read"),
        ]))
        .column("Reached", cells::painted(Steps::only(BEHIND).from(1.0, ON_PACE)))
        .column("Reached", [Look::Words(words::from(&[(0.0, "no"), (1.0, "yes")])), Look::Width(100)])
        .column("Started", [Look::Unit(Unit::Since)])
        .column("Figures, age", [Look::Unit(Unit::Seconds), Look::Decimals(0)])
        .column("Series", [Look::Unit(Unit::Whole)])
        .column("Settings read", [Look::Unit(Unit::Since)])
}
