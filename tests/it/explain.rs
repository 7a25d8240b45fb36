//! `explain` as people use it: beside the store, and of a running daemon, with and without passwords.

use std::fs;
use std::path::Path;
use std::process::Output;

use rcgen::{CertifiedKey, generate_simple_self_signed};
use serde_json::Value;

use crate::daemon::{self, Daemon};
use crate::program;
use crate::samples::{Samples, close};

/// A selector, a figure that is a ratio, and an instant at which the floor has both.
const RATIO: &str = "crm_win_ratio{rep=\"Rep 2\",window=\"year\"}";
const NOW: &str = "2025-12-31T12:00:00Z";

fn text(output: Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// What `explain --url` says.
fn asked(address: &str, arguments: &[&str]) -> Output {
    program().args(["explain", "--url", address]).args(arguments).output().unwrap()
}

#[test]
fn a_daemon_explains_as_the_command_beside_its_store_does() {
    let (_directory, exports, store) = daemon::floor();
    let enabled = ["run", "--web.enable-explain", "--web.listen-address", "127.0.0.1:0"];
    let daemon = Daemon::spawn(exports.program(&enabled, &store));
    daemon.await_readiness();
    let url = format!("http://{}", daemon.address);
    for selector in [
        RATIO,
        "crm_deals_won_value{window=\"year\"}",
        "crm_open_deals",
        "crm_last_activity_timestamp_seconds{rep=\"Rep 2\"}",
        "crm_sales_velocity_value_per_day{window=\"365d\"}",
        "crm_contacts_touched{window=\"month\"}",
    ] {
        for format in ["text", "json"] {
            let rest = [selector, "--now", NOW, "--limit", "3", "--format", format];
            let here = text(exports.program(&[&["explain"], &rest[..]].concat(), &store).output().unwrap());
            let there = asked(&url, &rest);
            // What is missing is missing in both.
            assert_eq!(text(there), here, "{selector}");
        }
    }
    let json: Value = serde_json::from_str(&text(asked(&url, &[RATIO, "--now", NOW, "--format", "json"]))).unwrap();
    let number = |value: &Value| value.as_str().unwrap().parse::<f64>().unwrap();
    let [over, under] = [0, 1].map(|part| number(&json["parts"][part]["value"]));
    assert!(close(over / under, number(&json["value"])), "{json:#}");
    let count = json["parts"][1]["records"]["count"].as_u64().unwrap();
    assert_eq!(under, count as f64);
}

#[test]
fn every_series_that_a_daemon_serves_is_explained() {
    let (_directory, exports, store) = daemon::floor();
    let enabled = ["run", "--web.enable-explain", "--web.listen-address", "127.0.0.1:0"];
    let daemon = Daemon::spawn(exports.program(&enabled, &store));
    daemon.await_readiness();
    let samples = Samples::read(&daemon.metrics());
    for family in samples.families() {
        let (labels, _) = &samples.of(family)[0];
        let labels: Vec<String> = labels.iter().map(|(label, value)| format!("{label}={value:?}")).collect();
        let selector = format!("{family}{{{}}}", labels.join(","));
        let query: String = form_urlencoded::Serializer::new(String::new()).append_pair("selector", &selector).finish();
        let (status, answer) = daemon.get(&format!("/api/v1/explain?{query}"));
        assert_eq!(status, 200, "{selector}: {answer}");
        let answer: Value = serde_json::from_str(&answer).unwrap();
        assert!(!answer["parts"].as_array().unwrap().is_empty(), "{selector}: {answer}");
    }
}

#[test]
fn a_daemon_explains_nothing_unless_it_is_allowed() {
    let (_directory, exports, store) = daemon::floor();
    let daemon = Daemon::start_ready(&exports, &store);
    let output = asked(&format!("http://{}", daemon.address), &[RATIO]);
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("403 Forbidden") && said.contains("web.enable_explain"), "{said}");
}

#[test]
fn certificates_and_passwords_of_the_web_file_hold_for_explanations_too() {
    let directory = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(directory.path().join(name), text).unwrap();
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed(["localhost".to_owned(), "127.0.0.1".to_owned()]).unwrap();
    write("server.crt", &cert.pem());
    write("server.key", &signing_key.serialize_pem());
    write("password", "secret\n");
    write("wrong", "guessed\n");
    let hash = bcrypt::hash("secret", 4).unwrap();
    let tls = "tls_server_config: {cert_file: server.crt, key_file: server.key}";
    write("web.yml", &format!("{tls}\nbasic_auth_users: {{ana: {hash}}}\n"));
    write("crm_exporter.yaml", "web: {config_file: web.yml, listen_address: '127.0.0.1:0', enable_explain: true}\n");
    let mut command = program();
    command.args(["run", "--config.file"]).arg(directory.path().join("crm_exporter.yaml"));
    let (_process, address, _log) = daemon::serve(command);
    let url = format!("https://{address}");
    let file = |name: &str| directory.path().join(name).to_str().unwrap().to_owned();
    let (authority, password, wrong) = (file("server.crt"), file("password"), file("wrong"));
    let polls = "crm_exporter_build_info";
    let ask = |arguments: &[&str]| asked(&url, &[&[polls], arguments].concat());

    let known = ["--ca-file", &authority, "--username", "ana", "--password-file", &password];
    let explained = daemon::until("the records", || {
        let output = ask(&known);
        output.status.success().then(|| text(output))
    });
    assert!(explained.starts_with("crm_exporter_build_info{revision="), "{explained}");
    for (arguments, expected) in [
        (&["--ca-file", &authority][..], "asks for a password: give --username and --password-file"),
        (&["--ca-file", &authority, "--username", "ana", "--password-file", &wrong], "asks for a password"),
        (&["--username", "ana", "--password-file", &password], "cannot ask https://127.0.0.1"),
        (&["--ca-file", &password], "holds no certificates in the PEM format"),
    ] {
        let output = ask(arguments);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains(expected) && !said.contains("secret"), "{arguments:?}: {said}");
    }
}

#[test]
fn links_lead_into_the_crm() {
    let directory = tempfile::tempdir().unwrap();
    let floor = directory.path().join("floor");
    let exports = crate::exports::Exports::new(&floor, 20);
    let settings = fs::read_to_string(floor.join("crm_exporter.yaml")).unwrap();
    let linked = settings.replace(
        "        pipeline: Sales\n",
        "        pipeline: Sales\n        url: \"https://crm.example.com/deal/{id}/view\"\n",
    );
    assert_ne!(settings, linked);
    exports.write_settled("crm_exporter.yaml", &linked);
    let store = directory.path().join("crm.db");
    text(exports.program(&["sync"], &store).output().unwrap());
    let said = printed(&exports, &store, "crm_deals_won{window=\"year\"}");
    assert!(said.contains("  https://crm.example.com/deal/d2/view\n"), "{said}");
    let said = printed(&exports, &store, "crm_activities{window=\"month\"}");
    assert!(!said.contains("https://"), "{said}");
}

fn printed(exports: &crate::exports::Exports, store: &Path, selector: &str) -> String {
    text(exports.program(&["explain", selector, "--now", NOW], store).output().unwrap())
}
