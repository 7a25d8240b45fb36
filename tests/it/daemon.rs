//! The program as a daemon: what it serves from a directory of files, how it follows them, and how it ends.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use flate2::read::GzDecoder;
use reqwest::blocking::Client;
use reqwest::header::{ACCEPT_ENCODING, CONTENT_ENCODING};
use tempfile::TempDir;

use crate::exports::{self, Exports};
use crate::prometheus::Prometheus;
use crate::samples::Samples;

const DEALS: usize = 200;

/// Of every five deals two are open, in stages New and Talk alike.
const OPEN: f64 = 80.0;

/// Whatever is waited for has to come within this.
pub(crate) const DEADLINE: Duration = Duration::from_secs(60);

/// A process that ends with its test.
pub(crate) struct Process(pub(crate) Child);

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Process {
    /// Asks the process to end, and waits until it has.
    pub(crate) fn terminate(&mut self) -> (ExitStatus, Duration) {
        let began = Instant::now();
        let sent = Command::new("kill").args(["-TERM", &self.0.id().to_string()]).status().unwrap();
        assert!(sent.success());
        let status = until("the end of the process", || self.0.try_wait().unwrap());
        (status, began.elapsed())
    }
}

/// Starts a command that serves; with the address that it says, and what it logs after that.
pub(crate) fn serve(mut command: Command) -> (Process, String, mpsc::Receiver<String>) {
    let mut process = Process(command.stderr(Stdio::piped()).spawn().unwrap());
    let log = BufReader::new(process.0.stderr.take().unwrap());
    let (tell, told) = mpsc::channel();
    // Reads to the end, so that the daemon never waits for whoever reads its log.
    thread::spawn(move || log.lines().map_while(Result::ok).for_each(|line| drop(tell.send(line))));
    loop {
        let line = told.recv_timeout(DEADLINE).unwrap();
        if let Some(address) = line.split(' ').find_map(|field| field.strip_prefix("address=")) {
            return (process, address.trim_matches('"').to_owned(), told);
        }
    }
}

/// A daemon that serves a floor on a port of its own choice.
pub(crate) struct Daemon {
    pub(crate) process: Process,
    pub(crate) address: String,
    pub(crate) client: Client,
}

impl Daemon {
    fn start(exports: &Exports, store: &Path) -> Daemon {
        Daemon::spawn(exports.program(&["run", "--web.listen-address", "127.0.0.1:0"], store))
    }

    /// The daemon that this command starts, once it serves.
    pub(crate) fn spawn(command: Command) -> Daemon {
        let (process, address, _) = serve(command);
        crate::use_cryptography_of_the_program();
        let client = Client::builder().no_proxy().no_gzip().build().unwrap();
        Daemon { process, address, client }
    }

    pub(crate) fn start_ready(exports: &Exports, store: &Path) -> Daemon {
        let daemon = Daemon::start(exports, store);
        daemon.await_readiness();
        daemon
    }

    pub(crate) fn await_readiness(&self) {
        until("readiness", || self.get("/-/ready").0.eq(&200).then_some(()));
    }

    pub(crate) fn get(&self, path: &str) -> (u16, String) {
        let response = self.client.get(format!("http://{}{path}", self.address)).send().unwrap();
        (response.status().as_u16(), response.text().unwrap())
    }

    pub(crate) fn metrics(&self) -> String {
        let (status, text) = self.get("/metrics");
        assert_eq!(status, 200);
        text
    }

    fn open_deals(&self) -> f64 {
        Samples::read(&self.metrics()).sum("crm_open_deals", &[])
    }
}

/// Asks again and again until there is an answer.
pub(crate) fn until<T>(what: &str, ask: impl FnMut() -> Option<T>) -> T {
    until_within(DEADLINE, what, ask)
}

/// Asks again until there is an answer, for that long at most.
pub(crate) fn until_within<T>(longest: Duration, what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(began.elapsed() < longest, "{what}: nothing within {longest:?}");
        thread::sleep(Duration::from_millis(20));
    }
}

/// A directory, the floor in it, and where its store goes.
pub(crate) fn floor() -> (TempDir, Exports, PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    let exports = Exports::new(&directory.path().join("floor"), DEALS);
    let store = directory.path().join("crm.db");
    (directory, exports, store)
}

/// What a command that is to fail says.
fn refused(output: Output) -> String {
    assert_eq!(output.status.code(), Some(1));
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn figures_are_served_plain_and_compressed() {
    let (_directory, exports, store) = floor();
    let daemon = Daemon::start_ready(&exports, &store);
    let text = daemon.metrics();
    let url = format!("http://{}/metrics", daemon.address);
    let compressed = daemon.client.get(url).header(ACCEPT_ENCODING, "gzip").send().unwrap();
    assert_eq!(compressed.headers()[CONTENT_ENCODING], "gzip");
    let mut unpacked = String::new();
    GzDecoder::new(compressed.bytes().unwrap().as_ref()).read_to_string(&mut unpacked).unwrap();

    let (plain, unpacked) = (Samples::read(&text), Samples::read(&unpacked));
    assert_eq!(plain.families(), unpacked.families());
    let expected = BTreeSet::from([
        "crm_activities",
        "crm_deals_won",
        "crm_deals_won_value",
        "crm_exporter_build_info",
        "crm_exporter_polls_total",
        "crm_exporter_source_up",
        "crm_open_deals",
        "crm_rep_info",
        "crm_team_info",
        "process_resident_memory_bytes",
    ]);
    let families = plain.families();
    let missing: Vec<_> = expected.difference(&families).collect();
    assert!(missing.is_empty(), "{missing:?}");
    // No contacts or leads are delivered, so nobody can be said to have been touched.
    assert!(!families.contains("crm_contacts_touched"));
    assert_eq!(plain.sum("crm_exporter_source_up", &[]), 1.0);
    assert_eq!(plain.sum("crm_open_deals", &[]), OPEN);
    assert_eq!(plain.sum("crm_open_deals", &[("stage", "Talk")]), OPEN / 2.0);
    promtool_finds_nothing(&text);
}

/// Lets Prometheus's own tool judge the exposition, where it is installed.
fn promtool_finds_nothing(text: &str) {
    let tool = Command::new("promtool")
        .args(["check", "metrics"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut tool) = tool else { return eprintln!("skipped: there is no promtool") };
    tool.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = tool.wait_with_output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    assert!(output.status.success() && said.is_empty(), "{}", String::from_utf8_lossy(&said));
}

#[test]
fn rows_that_come_and_go_are_followed() {
    let (_directory, exports, store) = floor();
    let daemon = Daemon::start_ready(&exports, &store);
    assert_eq!(daemon.open_deals(), OPEN);
    // Of every five deals the first two are open.
    exports.write_settled("deals.csv", &exports::deals(0..DEALS + 1));
    until("one more", || (daemon.open_deals() == OPEN + 1.0).then_some(()));
    exports.write_settled("deals.csv", &exports::deals(2..DEALS));
    until("two fewer", || (daemon.open_deals() == OPEN - 2.0).then_some(()));
}

#[test]
fn a_half_written_file_is_waited_for() {
    let (_directory, exports, store) = floor();
    let daemon = Daemon::start_ready(&exports, &store);
    let text = exports::deals(0..DEALS + 5);
    let (half, rest) = text.as_bytes().split_at(text.len() / 2);
    let mut file = fs::File::create(exports.path("deals.csv")).unwrap();
    file.write_all(half).unwrap();
    let began = Instant::now();
    // Somebody is at it for longer than a file has to be left alone.
    while began.elapsed() < exports::SETTLE + exports::SETTLE / 2 {
        file.set_modified(SystemTime::now()).unwrap();
        assert_eq!(daemon.open_deals(), OPEN, "read while it was written");
    }
    file.write_all(rest).unwrap();
    drop(file);
    until("the whole file", || (daemon.open_deals() == OPEN + 2.0).then_some(()));
}

#[test]
fn a_stop_is_quick_and_leaves_a_warm_store() {
    let (_directory, exports, store) = floor();
    let mut daemon = Daemon::start_ready(&exports, &store);
    let (status, took) = daemon.process.terminate();
    assert_eq!(status.code(), Some(0));
    assert!(took < Duration::from_secs(5), "stopping took {took:?}");

    // What was stored serves although a file has gone.
    fs::remove_file(exports.path("deals.csv")).unwrap();
    let daemon = Daemon::start_ready(&exports, &store);
    assert_eq!(daemon.open_deals(), OPEN);
    until("a source that is down", || {
        let samples = Samples::read(&daemon.metrics());
        samples.value("crm_exporter_source_up", &[]).filter(|up| *up == 0.0)
    });
    assert_eq!(daemon.open_deals(), OPEN);
}

#[test]
fn a_file_that_never_answers_does_not_keep_the_program() {
    let (_directory, exports, store) = floor();
    // Nobody writes into the pipe, so whoever opens it waits for ever.
    let pipe = exports.path("deals.csv");
    fs::remove_file(&pipe).unwrap();
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    assert!(Command::new("touch").args(["-d", "1 hour ago"]).arg(&pipe).status().unwrap().success());
    let mut daemon = Daemon::start(&exports, &store);
    let users = r#"crm_exporter_object_complete{object="users",source="floor"} 1"#;
    until("the users", || daemon.metrics().contains(users).then_some(()));
    // Deals come next. Nobody can tell from outside that the pipe is being opened, but it is by the time of these answers.
    (0..50).for_each(|_| drop(daemon.metrics()));
    let (status, took) = daemon.process.terminate();
    assert_eq!(status.code(), Some(0));
    assert!(took < Duration::from_secs(5), "stopping took {took:?}");
}

#[test]
fn a_second_writer_is_told_who_is_first() {
    let (_directory, exports, store) = floor();
    let daemon = Daemon::start_ready(&exports, &store);
    let first = daemon.process.0.id();
    for arguments in [&["run", "--web.listen-address", "127.0.0.1:0"][..], &["sync"]] {
        let said = refused(exports.program(arguments, &store).output().unwrap());
        assert!(said.contains(&format!("is in use by process {first} on host")), "{said}");
        assert!(said.contains("stop that one first"), "{said}");
    }
    // Readers are welcome.
    let snapshot = exports.program(&["snapshot"], &store).output().unwrap();
    assert!(snapshot.status.success(), "{}", String::from_utf8_lossy(&snapshot.stderr));
}

#[test]
fn a_port_that_is_taken_is_told() {
    let (_directory, exports, store) = floor();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let said = refused(exports.program(&["run", "--web.listen-address", &address], &store).output().unwrap());
    let expected = format!(
        "cannot listen on {address}: another process already does; stop it, or set another port in web.listen_address\n"
    );
    assert!(said.ends_with(&expected), "{said}");
    assert!(!store.exists(), "a store was made all the same");
}

#[test]
fn prometheus_scrapes_what_is_served() {
    let (directory, exports, store) = floor();
    let daemon = Daemon::start_ready(&exports, &store);
    let data = directory.path().join("prometheus");
    let Some(prometheus) = Prometheus::start(directory.path(), &data, &daemon.address) else { return };
    let query = |expression: &str| prometheus.now(expression)?.first()?["value"][1].as_str()?.parse::<f64>().ok();
    until("a scrape", || query("up").filter(|up| *up == 1.0));
    let served = Samples::read(&daemon.metrics());
    for (expression, expected) in [
        ("sum(crm_open_deals)", served.sum("crm_open_deals", &[])),
        (r#"sum(crm_open_deals_value{team="Team 1"})"#, served.sum("crm_open_deals_value", &[("team", "Team 1")])),
        ("count(crm_rep_info)", served.of("crm_rep_info").len() as f64),
    ] {
        assert!(expected > 0.0, "{expression}");
        assert_eq!(query(expression), Some(expected), "{expression}");
    }
}
