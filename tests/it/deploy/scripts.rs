//! The two scripts that run in Grafana's container.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::{Arc, Mutex};
use std::thread;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use super::{compose_directory, root};
use crate::runs::are_there;

fn script(name: &str) -> Command {
    let mut command = Command::new("/bin/sh");
    command.arg(compose_directory().join(name));
    command
}

/// Whether what Grafana's image has is here too.
fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn the_password_is_made_once_and_for_its_owner_alone() {
    let made = |file: &Path| {
        let output = script("with_password")
            .args(["echo", "started"])
            .env("GF_SECURITY_ADMIN_PASSWORD__FILE", file)
            .output()
            .unwrap();
        assert_eq!((output.status.code(), text(&output.stdout)), (Some(0), "started\n"), "{}", text(&output.stderr));
        fs::read_to_string(file).unwrap()
    };
    let directory = tempfile::tempdir().unwrap();
    let [one, other] = ["one", "other"].map(|name| directory.path().join(name));
    let password = made(&one);
    assert_eq!(password.trim().len(), 32);
    assert_eq!(fs::metadata(&one).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(made(&one), password, "a second start keeps it");
    assert_ne!(made(&other), password);
}

/// What was asked: method, path and the authorization.
type Asked = Arc<Mutex<Vec<(String, String, String)>>>;

/// Answers as Grafana does: 404 to what is not there, 409 to what is there already.
struct Fake {
    url: String,
    asked: Asked,
    _end: oneshot::Sender<()>,
}

impl Fake {
    fn start(status: StatusCode) -> Fake {
        let asked = Asked::default();
        let (end, ended) = oneshot::channel::<()>();
        let (tell, told) = std::sync::mpsc::channel();
        let state = (Arc::clone(&asked), status);
        thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async move {
                let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
                tell.send(listener.local_addr().unwrap()).unwrap();
                let routes = Router::new().fallback(answer).with_state(state);
                tokio::select! {
                    served = axum::serve(listener, routes) => served.unwrap(),
                    _ = ended => {}
                }
            });
        });
        Fake { url: format!("http://{}", told.recv().unwrap()), asked, _end: end }
    }

    fn put(&self, directory: &Path, password: &Path) -> Output {
        script("put_playlists").arg(&self.url).args([directory, password]).output().unwrap()
    }
}

async fn answer(State((asked, status)): State<(Asked, StatusCode)>, request: Request) -> (StatusCode, &'static str) {
    let header = |name: &str| request.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
    let entry = (request.method().to_string(), request.uri().path().to_owned(), header("authorization").unwrap());
    let mut asked = asked.lock().unwrap();
    let is_there = asked.iter().any(|(method, ..)| method == "POST");
    asked.push(entry);
    match request.method().as_str() {
        "DELETE" if !is_there => (StatusCode::NOT_FOUND, "{\"status\": \"Failure\", \"code\": 404}"),
        "DELETE" => (StatusCode::OK, "{\"status\": \"Success\"}"),
        _ => (status, "{\"kind\": \"Playlist\", \"spec\": {\"interval\": \"30s\"}}"),
    }
}

#[test]
fn playlists_are_put_in_and_replaced() {
    if !are_there(&["curl"]) {
        return;
    }
    let fake = Fake::start(StatusCode::CREATED);
    let directory = tempfile::tempdir().unwrap();
    let password = directory.path().join("password");
    // Whoever sets a password of their own may use what a configuration of curl gives a meaning.
    fs::write(&password, "a\"b\\c\n").unwrap();
    for _ in 0..2 {
        let output = fake.put(&root().join("grafana/playlists"), &password);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        let expected = format!("playlist crm-floor: {}/playlists/play/crm-floor?kiosk\n", fake.url);
        assert!(text(&output.stdout).contains(&expected), "{}", text(&output.stdout));
    }
    let asked = fake.asked.lock().unwrap();
    let api = "/apis/playlist.grafana.app/v1/namespaces/default/playlists";
    let known = format!("Basic {}", BASE64_STANDARD.encode("admin:a\"b\\c"));
    let of = |wanted: &str| {
        let those = asked.iter().filter(|(method, _, access)| method == wanted && *access == known);
        those.map(|(_, path, _)| path.as_str()).collect::<Vec<_>>()
    };
    assert!(of("DELETE").contains(&format!("{api}/crm-floor").as_str()), "{asked:?}");
    assert!(of("POST").iter().all(|path| *path == api), "{asked:?}");
    assert_eq!(of("DELETE").len() + of("POST").len(), asked.len());
}

#[test]
fn a_grafana_that_refuses_is_told_of() {
    if !are_there(&["curl"]) {
        return;
    }
    let fake = Fake::start(StatusCode::FORBIDDEN);
    let directory = tempfile::tempdir().unwrap();
    let password = directory.path().join("password");
    fs::write(&password, "secret\n").unwrap();
    let output = fake.put(&root().join("grafana/playlists"), &password);
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stderr);
    assert!(said.contains("Grafana does not take it") && said.contains("403") && !said.contains("secret"), "{said}");
}
