use super::*;

/// The exposition without what differs from build to build and moment to moment.
fn text(meter: &Meter) -> String {
    let text = String::from_utf8(meter.encode()).unwrap();
    let volatile = |line: &str| line.contains("process_") || line.contains("build_info");
    text.lines().filter(|line| !volatile(line)).map(|line| format!("{line}\n")).collect()
}

/// The series of one metric.
fn series(meter: &Meter, name: &str) -> Vec<String> {
    let full = format!("crm_exporter_{name}");
    text(meter).lines().filter(|line| line.starts_with(&full)).map(str::to_owned).collect()
}

fn meter_with(sources: &[&str]) -> Meter {
    let meter = Meter::new().unwrap();
    sources.iter().for_each(|source| meter.add_source(source, "csv"));
    meter
}

#[test]
fn nothing_unknown_is_told() {
    assert_eq!(text(&Meter::new().unwrap()), "");
}

#[test]
fn the_build_and_the_process_are_told() {
    let text = String::from_utf8(Meter::new().unwrap().encode()).unwrap();
    let build = text.lines().find(|line| line.starts_with("crm_exporter_build_info{")).unwrap();
    for part in [r#"rustversion="1."#, r#"revision=""#, concat!("version=\"", env!("CARGO_PKG_VERSION"), "\"")] {
        assert!(build.contains(part), "{build}");
    }
    assert!(build.ends_with("} 1"), "{build}");
    #[cfg(target_os = "linux")]
    for name in ["process_cpu_seconds_total", "process_resident_memory_bytes", "process_open_fds"] {
        assert!(text.lines().any(|line| line.starts_with(name)), "{name} is missing");
    }
}

#[test]
fn a_source_starts_with_zero_polls_and_no_verdict() {
    let meter = meter_with(&["maven"]);
    assert_eq!(
        series(&meter, "polls_total"),
        [
            r#"crm_exporter_polls_total{result="failure",source="maven"} 0"#,
            r#"crm_exporter_polls_total{result="success",source="maven"} 0"#,
        ]
    );
    assert_eq!(series(&meter, "source_up"), [""; 0]);
    assert_eq!(meter.board()[0].up, None);
}

#[test]
fn everything_at_once_as_prometheus_reads_it() {
    let meter = meter_with(&["maven"]);
    let at = |seconds: i64| Timestamp(seconds * 1000);
    meter.config_read(at(1_000), true);
    meter.set_interval("maven", Duration::from_secs(60));
    meter.poll_ended("maven", PollResult::Success, at(2_000), Duration::from_millis(250));
    meter.poll_ended("maven", PollResult::Failure, at(2_060), Duration::from_secs(31));
    meter.set_records("maven", Object::Deal, 8_800);
    meter.set_complete("maven", Object::Deal, true);
    meter.set_complete("maven", Object::Account, false);
    meter.set_history_start("maven", Object::Activity, at(500));
    meter.count_retry("maven", "unavailable");
    meter.count_record_error("maven", Object::Deal, Reason::InvalidValue);
    meter.count_record_error("maven", Object::Deal, Reason::InvalidValue);
    let dropped = [("crm_stage_duration_seconds", 1_200)];
    let took = Duration::from_millis(125);
    meter.set_snapshot(&SnapshotMeasured { at: at(2_070), took, series: 4_000, dropped: &dropped });
    let golden = include_str!("testdata/meter.prom");
    assert_eq!(text(&meter), golden);
}

#[test]
fn a_failed_poll_takes_the_source_down_and_keeps_the_last_success() {
    let meter = meter_with(&["maven"]);
    meter.poll_ended("maven", PollResult::Success, Timestamp(5_000), Duration::ZERO);
    meter.poll_ended("maven", PollResult::Failure, Timestamp(9_000), Duration::ZERO);
    assert_eq!(series(&meter, "source_up"), [r#"crm_exporter_source_up{kind="csv",source="maven"} 0"#]);
    assert_eq!(meter.board()[0].up, Some(false));
    assert_eq!(meter.board()[0].last_success, Some(Timestamp(5_000)));
}

#[test]
fn a_restored_success_never_replaces_one_that_was_seen() {
    let meter = meter_with(&["maven"]);
    meter.restore_last_success("maven", Timestamp(3_000));
    assert_eq!(meter.board()[0].last_success, Some(Timestamp(3_000)));
    meter.poll_ended("maven", PollResult::Success, Timestamp(5_000), Duration::ZERO);
    meter.restore_last_success("maven", Timestamp(3_000));
    assert_eq!(meter.board()[0].last_success, Some(Timestamp(5_000)));
}

#[test]
fn a_removed_source_leaves_no_series_and_cannot_come_back_by_a_late_word() {
    let meter = meter_with(&["maven", "emea"]);
    let all = |source| {
        meter.set_interval(source, Duration::from_secs(60));
        meter.poll_ended(source, PollResult::Success, Timestamp(5_000), Duration::ZERO);
        meter.set_records(source, Object::Deal, 1);
        meter.set_complete(source, Object::Deal, true);
        meter.set_history_start(source, Object::Activity, Timestamp(0));
        meter.count_retry(source, "unavailable");
        meter.count_record_error(source, Object::Deal, Reason::Malformed);
    };
    all("emea");
    let without_maven: Vec<String> =
        text(&meter).lines().filter(|line| !line.contains("maven")).map(Into::into).collect();
    all("maven");
    meter.remove_source("maven");
    all("maven");
    assert_eq!(text(&meter).lines().collect::<Vec<_>>(), without_maven);
    assert_eq!(meter.board().iter().map(|status| status.name.as_str()).collect::<Vec<_>>(), ["emea"]);
}

#[test]
fn a_renamed_source_goes_on_with_what_is_known_of_it() {
    let meter = meter_with(&["old"]);
    meter.set_interval("old", Duration::from_secs(60));
    meter.poll_ended("old", PollResult::Success, Timestamp(5_000), Duration::ZERO);
    meter.set_records("old", Object::Deal, 7);
    meter.set_complete("old", Object::Deal, true);
    meter.rename_source("old", "new");
    meter.poll_ended("old", PollResult::Failure, Timestamp(6_000), Duration::ZERO);
    assert!(!text(&meter).contains(r#"source="old""#));
    for (name, series_now) in [
        ("source_up", r#"source_up{kind="csv",source="new"} 1"#),
        ("source_last_success", r#"source_last_success_timestamp_seconds{source="new"} 5"#),
        ("source_interval", r#"source_interval_seconds{source="new"} 60"#),
        ("source_records", r#"source_records{object="deals",source="new"} 7"#),
        ("object_complete", r#"object_complete{object="deals",source="new"} 1"#),
    ] {
        assert_eq!(series(&meter, name), [format!("crm_exporter_{series_now}")]);
    }
    assert_eq!(series(&meter, "polls_total{result=\"success\"")[0].rsplit(' ').next(), Some("0"));
    let board = meter.board();
    assert_eq!((board.len(), board[0].name.as_str(), board[0].up), (1, "new", Some(true)));
}

#[test]
fn objects_that_are_no_longer_delivered_are_forgotten() {
    let meter = meter_with(&["maven", "emea"]);
    for (source, object) in [("maven", Object::Deal), ("maven", Object::Lead), ("emea", Object::Lead)] {
        meter.set_records(source, object, 1);
        meter.set_complete(source, object, true);
        meter.set_history_start(source, object, Timestamp(0));
    }
    meter.retain_objects("maven", &BTreeSet::from([Object::Deal]));
    let told = text(&meter);
    assert!(!told.contains(r#"object="leads",source="maven""#), "{told}");
    assert_eq!(told.matches(r#"object="deals",source="maven""#).count(), 3);
    assert_eq!(told.matches(r#"object="leads",source="emea""#).count(), 3);
    assert_eq!(meter.board()[0].complete, BTreeSet::from([Object::Deal]));
}

#[test]
fn a_family_that_fits_again_is_no_longer_told_as_dropped() {
    let meter = Meter::new().unwrap();
    let snapshot = |dropped| SnapshotMeasured { at: Timestamp(0), took: Duration::ZERO, series: 1, dropped };
    meter.set_snapshot(&snapshot(&[("a", 3), ("b", 4)]));
    meter.set_snapshot(&snapshot(&[("b", 5)]));
    assert_eq!(series(&meter, "series_dropped"), [r#"crm_exporter_series_dropped{family="b"} 5"#]);
}

#[test]
fn a_bad_reload_is_told_and_the_last_good_one_remembered() {
    let meter = Meter::new().unwrap();
    meter.config_read(Timestamp(1_000), true);
    meter.config_read(Timestamp(2_000), false);
    assert_eq!(meter.config(), ConfigStatus { read_at: Some(Timestamp(1_000)), failed_at: Some(Timestamp(2_000)) });
    assert_eq!(
        series(&meter, "config"),
        ["crm_exporter_config_last_reload_success_timestamp_seconds 1", "crm_exporter_config_last_reload_successful 0"]
    );
    meter.config_read(Timestamp(3_000), true);
    assert_eq!(meter.config(), ConfigStatus { read_at: Some(Timestamp(3_000)), failed_at: None });
}
