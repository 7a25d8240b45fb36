//! `health` as the health check of a container uses it: by its exit code.

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::Output;

use crate::daemon::{self, Daemon, Process};
use crate::program;

/// What `health` says of a daemon.
fn health(address: &str, arguments: &[&str]) -> (Option<i32>, String) {
    let url = format!("http://{address}");
    let Output { status, stdout, stderr } = program().args(["health", "--url", &url]).args(arguments).output().unwrap();
    (status.code(), String::from_utf8([stdout, stderr].concat()).unwrap())
}

/// A daemon with these settings, on a port of its own choice.
fn serve(directory: &Path, settings: &str) -> (Process, String) {
    let file = directory.join("crm_exporter.yaml");
    fs::write(&file, settings).unwrap();
    let mut command = program();
    command.args(["run", "--web.listen-address", "127.0.0.1:0", "--config.file"]).arg(file);
    let (process, address, _) = daemon::serve(command);
    (process, address)
}

#[test]
fn a_daemon_that_serves_is_well() {
    let (_directory, exports, store) = daemon::floor();
    let daemon = Daemon::start_ready(&exports, &store);
    assert_eq!(health(&daemon.address, &[]), (Some(0), "healthy\n".to_owned()));
    assert_eq!(health(&daemon.address, &["--ready"]), (Some(0), "ready\n".to_owned()));
}

#[test]
fn a_daemon_that_waits_for_records_is_alive_but_not_ready() {
    let directory = tempfile::tempdir().unwrap();
    let source = "{kind: csv, directory: missing, objects: {users: {file: users.csv, columns: {id: Id}}}}";
    let (_process, address) = serve(directory.path(), &format!("sources: {{crm: {source}}}\n"));
    assert_eq!(health(&address, &[]), (Some(0), "healthy\n".to_owned()));
    let (code, said) = health(&address, &["--ready"]);
    assert_eq!(code, Some(1));
    let expected = format!("http://{address}/ is not well (503 Service Unavailable): not ready: waiting for ");
    assert!(said.starts_with(&expected), "{said}");
}

#[test]
fn a_daemon_with_a_password_is_asked_with_it() {
    let directory = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(directory.path().join(name), text).unwrap();
    write("web.yml", &format!("basic_auth_users: {{check: {}}}\n", bcrypt::hash("secret", 4).unwrap()));
    write("password", "secret\n");
    let (_process, address) = serve(directory.path(), "web: {config_file: web.yml}\n");
    let password = directory.path().join("password");
    let known = ["--username", "check", "--password-file", password.to_str().unwrap()];
    assert_eq!(health(&address, &known), (Some(0), "healthy\n".to_owned()));
    let (code, said) = health(&address, &[]);
    assert!(code == Some(1) && said.contains("asks for a password"), "{said}");
}

#[test]
fn where_nobody_answers_nothing_is_well() {
    // A port that was free a moment ago.
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let (code, said) = health(&address, &[]);
    assert!(code == Some(1) && said.starts_with(&format!("cannot ask http://{address}/: ")), "{said}");
}
