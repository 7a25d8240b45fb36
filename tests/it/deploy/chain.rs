//! The stack of `deploy/compose/` without containers: the same files, rendered by the same command, and the same
//! arguments, run by the Prometheus and Alertmanager of this machine. Paths and addresses are those of the test, and
//! what happens every half minute happens every second.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use reqwest::blocking::Client;
use serde_json::Value;

use super::compose;
use crate::daemon::{self, Process, until};
use crate::program;
use crate::runs::are_there;

/// Where containers find what was rendered.
const RENDERED: &str = "/etc/crm_exporter";

/// The parts, with the addresses at which containers know them.
const ADDRESSES: [(&str, &str); 3] =
    [("exporter", "exporter:10094"), ("alertmanager", "alertmanager:9093"), ("prometheus", "localhost:9090")];

/// An address that was free a moment ago, for programs that tell nobody which one they chose.
fn free_address() -> String {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}

/// What a command that is to succeed prints.
fn told(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert!(output.status.success(), "{command:?}: {said}");
    said
}

struct Stack {
    directory: tempfile::TempDir,
    addresses: [String; 3],
    client: Client,
}

impl Stack {
    /// With files rendered, and nothing running.
    fn rendered() -> Stack {
        let directory = tempfile::tempdir().unwrap();
        told(program().args(["grafana", "render", "--demo", "--output"]).arg(directory.path()));
        crate::use_cryptography_of_the_program();
        let client = Client::builder().no_proxy().build().unwrap();
        Stack { directory, addresses: [(); 3].map(|()| free_address()), client }
    }

    fn path(&self, below: &str) -> PathBuf {
        self.directory.path().join(below)
    }

    fn address(&self, name: &str) -> &str {
        let at = ADDRESSES.iter().position(|(known, _)| *known == name).unwrap();
        &self.addresses[at]
    }

    /// A service of the stack with the arguments that it has in its container, and a directory of its own for its data.
    fn service(&self, name: &str) -> Process {
        let data = self.path(name);
        fs::create_dir_all(&data).unwrap();
        let mut command = Command::new(name);
        for argument in compose::command(name) {
            let argument = argument.replace(RENDERED, self.directory.path().to_str().unwrap());
            command.arg(argument.replace(&format!("=/{name}"), &format!("={}", data.display())));
        }
        command.arg(format!("--web.listen-address={}", self.address(name))).current_dir(&data);
        Process(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap())
    }

    /// Prometheus' file with the addresses of the test.
    fn readdress(&self) {
        let path = self.path("deploy/prometheus/prometheus.yml");
        let mut text = fs::read_to_string(&path).unwrap().replace("'30s'", "'1s'");
        for ((_, address), here) in ADDRESSES.iter().zip(&self.addresses) {
            assert!(text.contains(&format!("'{address}'")), "{address}: {text}");
            text = text.replace(address, here);
        }
        fs::write(path, text).unwrap();
    }

    /// What Prometheus says of itself; nothing while it does not answer.
    fn asked(&self, path: &str) -> Option<Value> {
        let url = format!("http://{}/api/v1/{path}", self.address("prometheus"));
        let text = self.client.get(url).send().ok()?.error_for_status().ok()?.text().ok()?;
        Some(serde_json::from_str::<Value>(&text).unwrap()["data"].take())
    }
}

#[test]
fn what_is_rendered_is_what_prometheus_and_alertmanager_take() {
    if !are_there(&["promtool", "amtool"]) {
        return;
    }
    let stack = Stack::rendered();
    let file = |path: &str| stack.path(path).to_str().unwrap().to_owned();
    let complete = file("deploy/prometheus/prometheus.yml");
    let said = told(Command::new("promtool").args(["check", "config", "--lint-fatal", &complete]));
    assert!(said.contains("SUCCESS") && !said.contains("WARNING"), "{said}");
    let fragment = file("deploy/prometheus/crm_exporter.scrape.yml");
    told(Command::new("promtool").args(["check", "config", "--lint-fatal", &fragment]));
    told(Command::new("amtool").args(["check-config", &file("deploy/alertmanager/alertmanager.yml")]));
}

#[test]
fn the_parts_find_each_other() {
    if !are_there(&["prometheus", "promtool", "alertmanager"]) {
        return;
    }
    let mut stack = Stack::rendered();
    let mut demo = program();
    demo.args(["demo", "--demo.pace=0.1", "--web.listen-address=127.0.0.1:0"]).env("TMPDIR", stack.directory.path());
    let (_demo, address, _log) = daemon::serve(demo);
    stack.addresses[0] = address;
    stack.readdress();
    // None of the secrets that its file names is there.
    let _alertmanager = stack.service("alertmanager");
    let _prometheus = stack.service("prometheus");

    until("three targets that are up", || {
        let targets = stack.asked("targets")?;
        let targets = targets["activeTargets"].as_array().unwrap();
        (targets.len() == 3 && targets.iter().all(|target| target["health"] == "up")).then_some(())
    });
    let known = until("the Alertmanager", || {
        let known = stack.asked("alertmanagers")?["activeAlertmanagers"].take();
        known[0]["url"].as_str().map(str::to_owned)
    });
    assert_eq!(known, format!("http://{}/api/v2/alerts", stack.address("alertmanager")));
    until("figures of reps", || {
        let reps = stack.asked("query?query=count(crm_rep_info)")?;
        (reps["result"][0]["value"][1].as_str()?.parse::<u32>().unwrap() > 20).then_some(())
    });
    all_rules_are_evaluated(&stack);
    the_health_checks_find_them_well(&stack);
}

fn all_rules_are_evaluated(stack: &Stack) {
    let rules = until("all rules", || {
        let groups = stack.asked("rules")?["groups"].take();
        let rules = groups.as_array().unwrap().iter().flat_map(|group| group["rules"].as_array().unwrap());
        let rules: Vec<Value> = rules.cloned().collect();
        rules.iter().all(|rule| rule["health"] != "unknown").then_some(rules)
    });
    assert_eq!(rules.len(), written_rules(&stack.path("deploy/prometheus/rules")));
    for rule in rules {
        assert_eq!((&rule["health"], rule["lastError"].as_str()), (&"ok".into(), None), "{rule:#}");
    }
}

/// How many rules there are in the files of a directory.
fn written_rules(directory: &Path) -> usize {
    let files = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    let count = |text: String| text.matches("- alert: ").count() + text.matches("- record: ").count();
    files.map(|file| count(fs::read_to_string(file).unwrap())).sum()
}

/// Those of the containers, with the addresses of the test. Promtool asks for the same path as others do; Debian 12's is too
/// old to be asked to.
fn the_health_checks_find_them_well(stack: &Stack) {
    assert_eq!(compose::health_check("exporter")[1..], ["health"]);
    told(program().arg("health").arg(format!("--url=http://{}", stack.address("exporter"))));
    assert_eq!(compose::health_check("prometheus")[..3], ["promtool", "check", "healthy"]);
    assert!(compose::health_check("alertmanager")[4].ends_with(":9093/-/healthy"));
    for name in ["prometheus", "alertmanager"] {
        let healthy = stack.client.get(format!("http://{}/-/healthy", stack.address(name))).send().unwrap();
        assert_eq!(healthy.status(), 200, "{name}");
    }
}
