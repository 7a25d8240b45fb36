//! What cannot be put in force, who asks how, and what happens to a reload or after it.

use std::fs;
use std::process::Command;
use std::thread;
use std::time::Duration;

use super::floor::{CALENDAR, Floor, figures, run};
use super::scraper::Scraper;
use crate::daemon::{Daemon, until};
use crate::exports::Exports;
use crate::samples::Samples;

fn hang_up(daemon: &Daemon) {
    let sent = Command::new("kill").args(["-HUP", &daemon.process.0.id().to_string()]).status().unwrap();
    assert!(sent.success());
}

#[test]
fn what_cannot_be_used_changes_nothing() {
    let floor = Floor::start();
    let scraper = Scraper::start(&floor.daemon, 10.0);
    let read_at = floor.own("config_last_reload_success_timestamp_seconds", &[]).unwrap();
    let (_, before) = floor.served();
    let shown = |text: &str| Samples::read(text).of("crm_rep_info").to_vec();
    // Each has a change that would be seen, had it been put in force.
    let changed = floor.base.with("people", "{display: first_name, show_email: true}");
    let text = changed.text();
    let with = |section: &str, value: &str| changed.with(section, value).text();
    for (what, file, said) in [
        ("unknown key", format!("{text}goal: {{}}\n"), "crm_exporter.yaml: goal: unknown key"),
        ("no YAML", format!("{text}}}\n"), "is no valid YAML"),
        ("value", with("deals", "{stalled_multiple: often}"), "deals.stalled_multiple: `often` is no decimal number"),
        ("rule", with("activities", "{levels: {vp: ['(']}}"), "activities.levels"),
        ("zone", with("calendar", "{time_zone: Mars}"), "calendar.time_zone: `Mars` is no IANA time zone"),
        ("named file", with("calendar", &CALENDAR.replace("days.ics", "gone.ics")), "gone.ics"),
        ("source", text.replace("kind: csv", "kind: cvs"), "`cvs` is no kind of source"),
        ("mapping", text.replace("id: deal_id", "key: deal_id"), "sources.floor.objects.deals"),
        (
            "address",
            with("web", "{enable_lifecycle: true, listen_address: '127.0.0.1:1'}"),
            // The flag stays in force, so nothing has changed: this one is fine.
            "",
        ),
    ] {
        floor.put("crm_exporter.yaml", &file);
        let (status, answer) = floor.ask();
        if said.is_empty() {
            assert_eq!((status, answer.as_str()), (200, "the settings have been read again\n"), "{what}");
            continue;
        }
        assert_eq!(status, 500, "{what}: {answer}");
        assert!(answer.starts_with("the settings cannot be used, everything stays as it was:\n"), "{what}: {answer}");
        assert!(answer.contains(said), "{what}: {answer}");
        assert_eq!(floor.own("config_last_reload_successful", &[]), Some(0.0), "{what}");
        assert_eq!(floor.own("config_last_reload_success_timestamp_seconds", &[]), Some(read_at), "{what}");
        assert_eq!(shown(&floor.served().1), shown(&before), "{what}");
        assert!(floor.daemon.get("/").1.contains("The settings could not be read again"), "{what}");
    }
    fs::remove_file(floor.path("crm_exporter.yaml")).unwrap();
    assert!(floor.ask().1.contains("there is no such file"));
    floor.reload(&floor.base);
    assert_eq!(floor.own("config_last_reload_successful", &[]), Some(1.0));
    assert!(floor.own("config_last_reload_success_timestamp_seconds", &[]) > Some(read_at));
    assert!(!floor.daemon.get("/").1.contains("The settings could not be read again"));
    assert_eq!(floor.difference(), None);
    assert_eq!(floor.polls("floor"), Some(1.0));
    scraper.stop();
}

#[test]
fn what_only_a_restart_can_change_is_named() {
    let directory = tempfile::tempdir().unwrap();
    let exports = Exports::new(&directory.path().join("floor"), 20);
    let file = fs::read_to_string(exports.path("crm_exporter.yaml")).unwrap();
    let with = |more: &str| format!("{file}\n{more}\n");
    exports.write_settled("crm_exporter.yaml", &with("web: {listen_address: '127.0.0.1:0', enable_lifecycle: true}"));
    let mut command = crate::program();
    command.args(["run", "--config.file"]).arg(exports.path("crm_exporter.yaml"));
    let daemon = Daemon::spawn(command);
    daemon.await_readiness();
    let ask = || daemon.client.post(format!("http://{}/-/reload", daemon.address)).send().unwrap().text().unwrap();
    exports.write_settled("crm_exporter.yaml", &with("web: {listen_address: ':1', enable_lifecycle: true}"));
    let answer = ask();
    let expected =
        "web.listen_address: cannot change from 127.0.0.1:0 to :1 while the program runs: restart to change it";
    assert!(answer.contains(expected), "{answer}");
    let same = "web: {listen_address: '127.0.0.1:0', enable_lifecycle: true}\nstore: {path: other.db}";
    exports.write_settled("crm_exporter.yaml", &with(same));
    assert!(ask().contains("store.path: cannot change from "));
    assert!(!exports.path("other.db").exists());
}

#[test]
fn records_of_two_sources_cannot_go_on_as_one() {
    let floor = Floor::start();
    let mut gone = floor.base.clone();
    gone.sources[0].0 = "second".to_owned();
    floor.reload(&gone);
    until("the second source", || (floor.polls("second") == Some(1.0)).then_some(()));
    until("its figures", || floor.difference().is_none().then_some(()));
    let mut wrong = gone.clone();
    wrong.sources[0].1 += ", renamed_from: floor";
    floor.write(&wrong);
    let (status, answer) = floor.ask();
    assert_eq!(status, 500);
    assert!(answer.contains("there are records of both floor and second"), "{answer}");
    floor.write(&gone);
    assert_eq!(floor.difference(), None);
    assert_eq!(floor.polls("second"), Some(1.0));
}

#[test]
fn a_hangup_reloads_too() {
    let floor = Floor::start();
    floor.write(&floor.base.with("people", "{display: first_name}").with("web", "{}"));
    hang_up(&floor.daemon);
    until("first names", || floor.difference().is_none().then_some(()));
    assert!(!floor.served().1.contains("Lindqvist"));
    floor.put("crm_exporter.yaml", "people: [");
    hang_up(&floor.daemon);
    until("a failure", || floor.own("config_last_reload_successful", &[]).filter(|read| *read == 0.0));
    // The settings in force no longer let anybody ask over HTTP.
    floor.write(&floor.base);
    let (status, answer) = floor.ask();
    assert_eq!(status, 403);
    assert!(answer.contains("web.enable_lifecycle") && answer.contains("SIGHUP"), "{answer}");
    assert_eq!(floor.own("config_last_reload_successful", &[]), Some(0.0));
    hang_up(&floor.daemon);
    until("the first settings", || floor.own("config_last_reload_successful", &[]).filter(|read| *read == 1.0));
    assert_eq!(floor.difference(), None);
}

#[test]
fn flags_stay_in_force() {
    let mut floor = Floor::start();
    floor.daemon.process.terminate();
    floor.write(&floor.base.with("web", "{}"));
    floor.daemon = run(&floor.path(""), &["--web.enable-lifecycle"]);
    floor.daemon.await_readiness();
    floor.reload(&floor.base.with("web", "{enable_lifecycle: false}"));
    floor.reload(&floor.base.with("web", "{listen_address: '127.0.0.1:1'}"));
    assert_eq!(floor.difference(), None);
}

#[test]
fn several_at_once_are_done_one_after_the_other() {
    let floor = Floor::start();
    let scraper = Scraper::start(&floor.daemon, 10.0);
    let first_names = floor.base.with("people", "{display: first_name}");
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| (0..3).for_each(|_| assert_eq!(floor.ask().0, 200)));
        }
        for _ in 0..5 {
            floor.reload(&first_names);
            floor.reload(&floor.base.with("currency", "{rates: {GBP: 1.3}}"));
        }
    });
    floor.reload(&first_names);
    assert_eq!(floor.difference(), None);
    assert_eq!(floor.polls("floor"), Some(1.0));
    scraper.stop();
}

#[test]
fn a_stop_does_not_wait_for_a_reload() {
    let mut floor = Floor::start();
    // Nobody writes into the pipe, so whoever reads it waits for ever.
    fs::remove_file(floor.path("days.ics")).unwrap();
    assert!(Command::new("mkfifo").arg(floor.path("days.ics")).status().unwrap().success());
    hang_up(&floor.daemon);
    // Nobody can tell from outside that the pipe is being opened, but it is by the time of these answers.
    (0..50).for_each(|_| drop(floor.daemon.metrics()));
    let (status, took) = floor.daemon.process.terminate();
    assert_eq!(status.code(), Some(0));
    assert!(took < Duration::from_secs(4), "stopping took {took:?}");
}

/// What is committed while facts are loaded anew has to be in them.
#[test]
fn reloads_during_a_first_load_lose_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let exports = Exports::new(&directory.path().join("floor"), 10_500);
    let file = fs::read_to_string(exports.path("crm_exporter.yaml")).unwrap();
    let store = directory.path().join("crm.db");
    let arguments = ["run", "--web.listen-address", "127.0.0.1:0", "--web.enable-lifecycle"];
    let daemon = Daemon::spawn(exports.program(&arguments, &store));
    let reload = |rate: usize| {
        let text = format!("{file}\ncurrency: {{reporting: USD, rates: {{EUR: 1.{rate:03}}}}}\n");
        exports.write_settled("crm_exporter.yaml", &text);
        let response = daemon.client.post(format!("http://{}/-/reload", daemon.address)).send().unwrap();
        assert_eq!(response.status(), 200);
    };
    let mut reloads = 0;
    while daemon.get("/-/ready").0 != 200 {
        reloads += 1;
        reload(reloads);
    }
    assert!(reloads > 1, "the first load was over before the first reload");
    let deals = || Samples::read(&daemon.metrics()).sum("crm_open_deals", &[]);
    until("all deals", || (deals() == 4_200.0).then_some(()));
    let kept = figures(&daemon.metrics());
    reload(999);
    // The rate is of a currency in which there is no deal.
    assert_eq!(kept, figures(&daemon.metrics()));
}
