//! Runs that are cut short, and answers that are none of Grafana's.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::process::Stdio;
use std::sync::{Arc, mpsc};

use super::fake::{Edition, Grafana};
use super::{Desk, EDITIONS};
use crate::fake_crm::{Answer, Fault, When};

/// How many writes a first apply takes.
fn writes_of_a_first_apply(edition: Edition) -> usize {
    let grafana = Grafana::start(edition);
    Desk::new(&grafana).applied(&[]);
    grafana.writes().iter().filter(|line| line.starts_with("POST ")).count()
}

#[test]
fn a_run_that_is_killed_is_completed_by_the_next() {
    for edition in [Edition::V11, Edition::V13] {
        let all = writes_of_a_first_apply(edition);
        for nth in [1, 2, all - 1, all] {
            let grafana = Grafana::start(edition);
            let desk = Desk::new(&grafana);
            let (told, came) = mpsc::channel();
            // The write is done, and its answer never comes.
            let stalled = Fault::stalled().after(move || told.send(()).unwrap());
            grafana.server.plan(When::nth(nth, "POST "), stalled);
            let mut command = desk.command(&["grafana", "apply"]);
            let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            came.recv().unwrap();
            child.kill().unwrap();
            child.wait().unwrap();
            grafana.server.lift();
            let ends = if nth < all { "done\n" } else { "nothing to change\n" };
            assert!(desk.applied(&[]).ends_with(ends), "{edition:?} {nth}");
            assert!(desk.applied(&[]).ends_with("nothing to change\n"), "{edition:?} {nth}");
            let (boards, lists) = desk.names();
            let content = grafana.content();
            assert_eq!((content.folders.len(), content.boards.len(), content.lists.len()), (1, boards.len(), lists));
            assert!(content.boards.values().all(|board| board.version == 1), "{edition:?} {nth}");
        }
    }
}

#[test]
fn a_write_that_fails_is_named_and_repeated_by_the_next_run() {
    let grafana = Grafana::start(Edition::V13);
    let desk = Desk::new(&grafana);
    grafana.server.plan(When::first("POST /apis/dashboard"), Fault::html(502));
    let output = desk.apply(&[]);
    let (out, said) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert!(out.contains("created: folder Sales\n") && !out.contains("done"), "{out}");
    assert!(
        said.contains("POST ") && said.contains("Grafana failed (HTTP 502): a page for browsers; what was done"),
        "{said}"
    );
    grafana.server.lift();
    assert!(desk.applied(&[]).ends_with("done\n"));
}

/// Somebody saves a board between our look at it and our write.
#[test]
fn somebody_who_saves_meanwhile_is_not_overwritten() {
    for edition in EDITIONS {
        let grafana = Arc::new(Grafana::start(edition));
        let desk = Desk::new(&grafana);
        desk.applied(&[]);
        let uid = desk.names().0[0].clone();
        grafana.content().edit(&uid, |model| model["title"] = "One".into());
        let way = if edition == Edition::V13 { "PUT /apis/dashboard" } else { "POST /api/dashboards/db" };
        let weak = Arc::downgrade(&grafana);
        let other = uid.clone();
        let meanwhile = move || weak.upgrade().unwrap().content().edit(&other, |model| model["title"] = "Two".into());
        grafana.server.plan(When::first(way), Fault::before(meanwhile));
        let said = desk.refused(&[]);
        assert!(said.contains("it was changed or made by somebody else meanwhile ("), "{edition:?}: {said}");
        assert_eq!(grafana.content().boards[&uid].model["title"], "Two");
        grafana.server.lift();
        desk.applied(&[]);
        assert_ne!(grafana.content().boards[&uid].model["title"], "Two");
    }
}

#[test]
fn what_is_no_grafana_is_named_with_a_remedy() {
    let text = |status: u16, kind: &str, body: &str| Fault::Instead(Answer::text(status, kind, body));
    for (fault, said) in [
        (Fault::html(200), "that is no answer of Grafana (HTTP 200, a page for browsers): is the address right"),
        (Fault::html(403), "(HTTP 403, a page for browsers): somebody before Grafana refuses"),
        (Fault::html(503), "Grafana failed (HTTP 503): a page for browsers"),
        (
            text(200, "application/json", "{\"ok\":true}"),
            "(JSON without buildInfo.version): is this the address of a Grafana?",
        ),
        (
            text(404, "application/json", "{\"message\":\"Not found\"}"),
            "(HTTP 404, Not found): is this the address of a Grafana",
        ),
        (
            Fault::Instead(Answer::text(302, "text/html", "").header("location", "/login?redirect=x")),
            "/login: somebody before Grafana asks for a login",
        ),
        (
            Fault::Instead(Answer::text(301, "text/html", "").header("location", "/grafana/api/frontend/settings")),
            "/grafana/api/frontend/settings: give the address under which Grafana is served",
        ),
        (Fault::Truncated, "that is no answer of Grafana (HTTP 200, JSON in another form)"),
        (Fault::broken(), "no answer: "),
    ] {
        let grafana = Grafana::start(Edition::V13);
        let desk = Desk::new(&grafana);
        grafana.server.plan(When::first("GET "), fault);
        let told = desk.refused(&[]);
        assert!(told.starts_with("GET http://127.0.0.1:") && told.contains(said), "{said}\n{told}");
        assert_eq!(grafana.content().changes, 0);
    }
}

/// A proxy's page must not pass for "there is no such board".
#[test]
fn a_page_in_place_of_a_board_is_no_missing_board() {
    let grafana = Grafana::start(Edition::V13);
    let desk = Desk::new(&grafana);
    desk.applied(&[]);
    let uid = desk.names().0[0].clone();
    grafana.server.plan(When::every(&format!("/dashboards/{uid}")), Fault::html(404));
    let said = desk.refused(&[]);
    assert!(said.contains("that is no answer of Grafana (HTTP 404, a page for browsers)"), "{said}");
}

#[test]
fn a_wrong_path_or_port_is_named_with_a_remedy() {
    let grafana = Grafana::start_below(Edition::V13, "/grafana");
    let desk = Desk::new(&grafana);
    let said = desk.refused(&["--url", grafana.server.url()]);
    assert!(
        said.contains("is the address right, with the path that Grafana is served under, such as /grafana?"),
        "{said}"
    );
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let said = desk.refused(&["--url", &format!("http://{nobody}")]);
    assert!(said.contains("no answer: ") && said.contains("is Grafana running, and is this its address?"), "{said}");
    let tls = grafana.server.url().replace("http:", "https:");
    let said = desk.refused(&["--url", &tls]);
    assert!(said.contains("is it http instead of https?"), "{said}");
}

/// A Grafana behind TLS that knows no token, and the certificate to know it by.
fn behind_tls() -> (String, String) {
    crate::use_cryptography_of_the_program();
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = rustls::pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let config = rustls::ServerConfig::builder().with_no_client_auth();
    let config = Arc::new(config.with_single_cert(vec![made.cert.der().clone()], key).unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let connection = rustls::ServerConnection::new(config.clone()).unwrap();
            let mut stream = rustls::StreamOwned::new(connection, stream);
            let mut request = [0; 4096];
            if stream.read(&mut request).is_ok() {
                let body = "{\"message\":\"Invalid API key\"}";
                let length = body.len();
                let _ = write!(
                    stream,
                    "HTTP/1.1 401 Unauthorized\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
                );
                stream.conn.send_close_notify();
                let _ = stream.flush();
            }
        }
    });
    (url, made.cert.pem())
}

#[test]
fn an_unknown_certificate_is_refused_until_its_authority_is_named() {
    let desk = Desk::new(&Grafana::start(Edition::V13));
    let (url, certificate) = behind_tls();
    let said = desk.refused(&["--url", &url]);
    assert!(said.contains("name the certificates of its authority with ca_file"), "{said}");
    desk.write("ca.pem", &certificate);
    desk.write("crm_exporter.yaml", "grafana: {token_file: token, ca_file: ca.pem}\n");
    let said = desk.refused(&["--url", &url]);
    assert!(said.contains("the token is not accepted (Invalid API key)"), "{said}");
}
