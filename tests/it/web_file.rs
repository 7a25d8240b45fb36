//! The web file as clients see it: certificates and passwords, right and wrong, and what happens when they change.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Command, Output};
use std::sync::mpsc::Receiver;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair, SanType,
    date_time_ymd,
};
use reqwest::blocking::{Client, ClientBuilder, Response};
use reqwest::header::{CONTENT_ENCODING, WWW_AUTHENTICATE};
use reqwest::{Certificate, Identity, StatusCode, tls};
use tempfile::TempDir;

use crate::daemon::{self, Process, until};
use crate::program;

const TLS: &str = "tls_server_config: {cert_file: server.crt, key_file: server.key}\n";

/// Somebody who issues certificates.
struct Issuer(CertifiedIssuer<'static, KeyPair>);

/// A certificate and its key, in PEM.
struct Pair {
    certificate: String,
    key: String,
}

impl Pair {
    fn identity(&self) -> Identity {
        Identity::from_pem(format!("{}{}", self.key, self.certificate).as_bytes()).unwrap()
    }
}

impl Issuer {
    fn new() -> Issuer {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, "Issuer");
        Issuer(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    fn certificate(&self) -> Certificate {
        Certificate::from_pem(self.0.pem().as_bytes()).unwrap()
    }

    fn issue(&self, params: &CertificateParams) -> Pair {
        let key = KeyPair::generate().unwrap();
        Pair { certificate: params.signed_by(&key, &self.0).unwrap().pem(), key: key.serialize_pem() }
    }
}

fn named(names: &[&str]) -> CertificateParams {
    CertificateParams::new(names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()).unwrap()
}

/// A directory with a web file and the files that it names; `issuer` has issued the server's certificate, and those of
/// clients.
struct Site {
    directory: TempDir,
    issuer: Issuer,
}

impl Site {
    fn new(web_file: &str) -> Site {
        let site = Site { directory: tempfile::tempdir().unwrap(), issuer: Issuer::new() };
        site.put_certificate_of(&site.issuer);
        site.write("clients.crt", &site.issuer.0.pem());
        site.write("web.yml", web_file);
        site.write("crm_exporter.yaml", "web: {config_file: web.yml, listen_address: '127.0.0.1:0'}\n");
        site
    }

    fn with_tls(keys: &str) -> Site {
        Site::new(&TLS.replace('}', &format!(", {keys}}}")))
    }

    fn put_certificate_of(&self, issuer: &Issuer) {
        let pair = issuer.issue(&named(&["localhost", "127.0.0.1"]));
        self.write("server.key", &pair.key);
        self.write("server.crt", &pair.certificate);
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    fn command(&self, command: &str) -> Command {
        let mut program = program();
        program.arg(command).arg("--config.file").arg(self.path("crm_exporter.yaml"));
        program
    }

    fn start(&self) -> Running {
        let (process, address, log) = daemon::serve(self.command("run"));
        Running { process, address, log }
    }

    /// A client that trusts the issuer.
    fn client(&self) -> ClientBuilder {
        trusting(&self.issuer)
    }
}

struct Running {
    process: Process,
    address: String,
    log: Receiver<String>,
}

impl Running {
    /// The answer over TLS; none where there was no agreement.
    fn get(&self, client: ClientBuilder, path: &str) -> Option<Response> {
        client.build().unwrap().get(format!("https://{}{path}", self.address)).send().ok()
    }

    fn is_open_to(&self, client: ClientBuilder) -> bool {
        self.get(client, "/-/healthy").is_some_and(|response| response.status() == StatusCode::OK)
    }

    /// The answer over plain HTTP.
    fn get_plain(&self, path: &str, credentials: Option<(&str, &str)>) -> Response {
        let request = builder().build().unwrap().get(format!("http://{}{path}", self.address));
        let request = match credentials {
            Some((user, password)) => request.basic_auth(user, Some(password)),
            None => request,
        };
        request.send().unwrap()
    }

    /// Waits for a line of the log that has `text` in it.
    fn logged(&self, text: &str) -> String {
        until(text, || self.log.try_iter().find(|line| line.contains(text)))
    }
}

fn builder() -> ClientBuilder {
    crate::use_cryptography_of_the_program();
    Client::builder().no_proxy()
}

fn trusting(issuer: &Issuer) -> ClientBuilder {
    builder().tls_certs_only([issuer.certificate()])
}

fn hash(password: &str) -> String {
    bcrypt::hash(password, 4).unwrap()
}

#[test]
fn encrypted_figures_are_served_as_plain_ones_are() {
    let site = Site::new(&format!("{TLS}http_server_config: {{headers: {{X-Frame-Options: deny}}}}\n"));
    let mut running = site.start();
    for path in ["/metrics", "/", "/-/healthy"] {
        let response = running.get(site.client(), path).unwrap();
        assert_eq!(
            (response.status(), &response.headers()["x-frame-options"]),
            (StatusCode::OK, &"deny".parse().unwrap())
        );
    }
    let response = running.get(site.client().no_gzip(), "/metrics").unwrap();
    assert!(response.text().unwrap().contains("crm_exporter_build_info"));
    let compressed = site.client().no_gzip().build().unwrap().get(format!("https://{}/metrics", running.address));
    assert_eq!(compressed.header("Accept-Encoding", "gzip").send().unwrap().headers()[CONTENT_ENCODING], "gzip");

    assert!(!running.is_open_to(trusting(&Issuer::new())), "a client took a certificate of somebody else");
    // No answer in plain text, whatever is asked.
    let mut plain = TcpStream::connect(&running.address).unwrap();
    plain.write_all(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    let _ = plain.read_to_end(&mut answer);
    assert!(!answer.starts_with(b"HTTP"), "{}", String::from_utf8_lossy(&answer));
    let (status, _) = running.process.terminate();
    assert_eq!(status.code(), Some(0));
}

#[test]
fn every_path_asks_for_a_password() {
    let (ana, bo) = (hash("one"), hash("two"));
    let site = Site::new(&format!(
        "basic_auth_users: {{ana: {ana}, bo: {bo}}}\nhttp_server_config: {{headers: {{X-XSS-Protection: 1}}}}\n"
    ));
    let running = site.start();
    for path in ["/metrics", "/", "/-/healthy", "/-/ready", "/nowhere"] {
        let refused = running.get_plain(path, None);
        assert_eq!(refused.status(), StatusCode::UNAUTHORIZED, "{path}");
        assert_eq!(refused.headers()[WWW_AUTHENTICATE], "Basic realm=\"crm_exporter\", charset=\"UTF-8\"");
        assert_eq!(refused.headers()["x-xss-protection"], "1");
        assert!(!refused.text().unwrap().contains("crm_exporter_"));
    }
    for (user, password, status) in [
        ("ana", "one", 200),
        ("bo", "two", 200),
        // Now it is remembered.
        ("ana", "one", 200),
        ("ana", "two", 401),
        ("ana", "", 401),
        ("Ana", "one", 401),
        ("", "", 401),
        ("nobody", "one", 401),
    ] {
        let response = running.get_plain("/metrics", Some((user, password)));
        assert_eq!(response.status(), status, "{user}:{password}");
    }
    let log: String = running.log.try_iter().collect();
    assert!(!log.contains("one") && !log.contains(&ana), "{log}");
}

#[test]
fn each_kind_of_client_authentication_takes_whom_it_should() {
    let site = Site::new("");
    let own = site.issuer.issue(&named(&["prometheus.example.com"]));
    let strange = Issuer::new().issue(&named(&["prometheus.example.com"]));
    let mut expired = named(&["prometheus.example.com"]);
    (expired.not_before, expired.not_after) = (date_time_ymd(2020, 1, 1), date_time_ymd(2021, 1, 1));
    let expired = site.issuer.issue(&expired);
    let mut server = named(&["prometheus.example.com"]);
    server.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let server = site.issuer.issue(&server);
    let all = [None, Some(own), Some(strange), Some(expired), Some(server)];
    let ca = "client_ca_file: clients.crt, ";
    for (kind, ca, taken) in [
        ("NoClientCert", "", [true, true, true, true, true]),
        ("RequestClientCert", "", [true, true, true, true, true]),
        ("RequireAnyClientCert", "", [false, true, true, true, true]),
        ("VerifyClientCertIfGiven", ca, [true, true, false, false, false]),
        ("RequireAndVerifyClientCert", ca, [false, true, false, false, false]),
    ] {
        for (version, name) in [(tls::Version::TLS_1_2, "1.2"), (tls::Version::TLS_1_3, "1.3")] {
            site.write("web.yml", &TLS.replace('}', &format!(", {ca}client_auth_type: {kind}}}")));
            let running = site.start();
            let found = all.each_ref().map(|pair| {
                let client = site.client().tls_version_max(version);
                running.is_open_to(match pair {
                    Some(pair) => client.identity(pair.identity()),
                    None => client,
                })
            });
            assert_eq!(found, taken, "{kind} with TLS {name}");
        }
    }
}

#[test]
fn a_client_that_is_listed_itself_needs_no_issuer() {
    let site = Site::with_tls("client_auth_type: RequireAndVerifyClientCert, client_ca_file: clients.crt");
    let own = |params: CertificateParams| {
        let key = KeyPair::generate().unwrap();
        Pair { certificate: params.self_signed(&key).unwrap().pem(), key: key.serialize_pem() }
    };
    let mut issuing = named(&["prometheus.example.com"]);
    issuing.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let (issuing, plain) = (own(issuing), own(named(&["prometheus.example.com"])));
    let mut expired = named(&["prometheus.example.com"]);
    (expired.not_before, expired.not_after) = (date_time_ymd(2020, 1, 1), date_time_ymd(2021, 1, 1));
    let expired = own(expired);
    let listed = [&issuing, &plain, &expired].map(|pair| pair.certificate.as_str()).concat();
    site.write("clients.crt", &listed);
    let running = site.start();
    for (pair, taken) in [(issuing, true), (plain, true), (expired, false), (own(named(&["other.example.com"])), false)]
    {
        assert_eq!(running.is_open_to(site.client().identity(pair.identity())), taken);
    }
}

#[test]
fn only_names_that_are_listed_are_taken() {
    let site = Site::with_tls(
        "client_auth_type: RequireAndVerifyClientCert, client_ca_file: clients.crt, \
         client_allowed_sans: [prometheus.example.com, 192.0.2.7, '2001:db8::7', ana@example.com, 'spiffe://example.com/prometheus']",
    );
    let running = site.start();
    let ia5 = |text: &str| text.try_into().unwrap();
    for (names, taken) in [
        (vec![SanType::DnsName(ia5("prometheus.example.com"))], true),
        (vec![SanType::DnsName(ia5("other.example.com")), SanType::DnsName(ia5("prometheus.example.com"))], true),
        (vec![SanType::IpAddress([192, 0, 2, 7].into())], true),
        (vec![SanType::IpAddress("2001:db8::7".parse().unwrap())], true),
        (vec![SanType::Rfc822Name(ia5("ana@example.com"))], true),
        (vec![SanType::URI(ia5("spiffe://example.com/prometheus"))], true),
        (vec![SanType::DnsName(ia5("prometheus.example.com.evil.example"))], false),
        (vec![SanType::DnsName(ia5("*.example.com"))], false),
        (vec![SanType::IpAddress([192, 0, 2, 8].into())], false),
        (vec![], false),
    ] {
        let mut params = CertificateParams::default();
        params.subject_alt_names = names;
        let pair = site.issuer.issue(&params);
        assert_eq!(
            running.is_open_to(site.client().identity(pair.identity())),
            taken,
            "{:?}",
            params.subject_alt_names
        );
    }
}

#[test]
fn versions_outside_the_bounds_are_refused() {
    let (tls12, tls13) = (tls::Version::TLS_1_2, tls::Version::TLS_1_3);
    for (keys, with_tls12, with_tls13) in
        [("min_version: TLS12", true, true), ("min_version: TLS13", false, true), ("max_version: TLS12", true, false)]
    {
        let site = Site::with_tls(keys);
        let running = site.start();
        let only = |version| running.is_open_to(site.client().tls_version_min(version).tls_version_max(version));
        assert_eq!((only(tls12), only(tls13)), (with_tls12, with_tls13), "{keys}");
    }
}

#[test]
fn a_renewed_certificate_is_served_and_a_broken_one_is_not() {
    let site = Site::new(TLS);
    let running = site.start();
    assert!(running.is_open_to(site.client()));
    let next = Issuer::new();
    site.put_certificate_of(&next);
    until("the new certificate", || running.is_open_to(trusting(&next)).then_some(()));
    assert!(!running.is_open_to(site.client()), "the old certificate is still served");

    let good = fs::read_to_string(site.path("server.crt")).unwrap();
    site.write("server.crt", "broken");
    let said = running.logged("cannot be read again");
    assert!(said.contains("tls_server_config.cert_file: holds no certificate"), "{said}");
    assert!(running.is_open_to(trusting(&next)));
    site.write("server.crt", &good);
    // Once only, until somebody does something about it.
    let between: Vec<String> = until("the mended certificate", || {
        let lines: Vec<String> = running.log.try_iter().collect();
        lines.iter().any(|line| line.contains("has been read again")).then_some(lines)
    });
    assert!(!between.iter().any(|line| line.contains("cannot be read again")), "{between:?}");
    assert!(running.is_open_to(trusting(&next)));
}

#[test]
fn changed_passwords_take_effect() {
    let site = Site::new(&format!("basic_auth_users: {{ana: {}}}\n", hash("one")));
    let running = site.start();
    assert_eq!(running.get_plain("/metrics", Some(("ana", "one"))).status(), 200);
    site.write("web.yml", &format!("basic_auth_users: {{ana: {}}}\n", hash("two")));
    until("the new password", || (running.get_plain("/metrics", Some(("ana", "two"))).status() == 200).then_some(()));
    assert_eq!(running.get_plain("/metrics", Some(("ana", "one"))).status(), 401);
    // A file that was cut off half way must not open what was closed.
    site.write("web.yml", "");
    running.logged("passwords are only given up altogether by a restart");
    assert_eq!(running.get_plain("/metrics", None).status(), 401);
}

#[test]
fn requests_beyond_the_limit_are_refused() {
    let site = Site::new("rate_limit: {interval: 1h, burst: 3}\n");
    let running = site.start();
    let found = [(); 5].map(|()| running.get_plain("/-/healthy", None).status().as_u16());
    assert_eq!(found, [200, 200, 200, 429, 429]);
}

#[test]
fn curl_gets_figures_with_certificate_and_password_only() {
    let users = format!("basic_auth_users: {{ana: {}}}\n", hash("one"));
    let site = Site::with_tls("client_auth_type: RequireAndVerifyClientCert, client_ca_file: clients.crt");
    let web_file = fs::read_to_string(site.path("web.yml")).unwrap();
    site.write("web.yml", &(web_file + &users));
    let pair = site.issuer.issue(&named(&["prometheus.example.com"]));
    site.write("client.crt", &pair.certificate);
    site.write("client.key", &pair.key);
    let running = site.start();
    let url = format!("https://{}/metrics", running.address);
    let curl = |arguments: &[&str]| -> Option<Output> {
        let mut command = Command::new("curl");
        command.current_dir(site.directory.path()).args(["-sS", "--noproxy", "*", "-w", "%{http_code}", &url]);
        command.args(arguments).output().ok()
    };
    let Some(refused) = curl(&["--cacert", "clients.crt"]) else { return eprintln!("skipped: there is no curl") };
    assert!(!refused.status.success(), "let in without a certificate");
    let certificate = ["--cacert", "clients.crt", "--cert", "client.crt", "--key", "client.key"];
    for (credentials, status) in [(&["-u", "ana:one"][..], "200"), (&["-u", "ana:two"], "401"), (&[], "401")] {
        let output = curl(&[&certificate, credentials].concat()).unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(text.ends_with(status), "{credentials:?}: {}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(text.contains("crm_exporter_build_info"), status == "200");
    }
}

/// What the program and Prometheus' own tool think of a web file; the latter where it is installed.
fn judged(site: &Site) -> (bool, Option<bool>) {
    let own = site.command("check").output().unwrap().status.success();
    let tool = Command::new("promtool").args(["check", "web-config"]).arg(site.path("web.yml")).output();
    (own, tool.ok().map(|output| output.status.success()))
}

#[test]
fn prometheus_own_tool_agrees() {
    let users = format!("basic_auth_users: {{ana: {}}}\n", hash("one"));
    let mut skipped = false;
    for (web_file, good) in [
        (String::new(), true),
        (TLS.to_owned(), true),
        (users.clone(), true),
        (
            TLS.replace('}', ", client_auth_type: RequireAndVerifyClientCert, client_ca_file: clients.crt}") + &users,
            true,
        ),
        (TLS.replace('}', ", client_auth_type: RequireAnyClientCert, min_version: TLS13}"), true),
        (
            TLS.replace(
                '}',
                ", cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256], curve_preferences: [X25519]}",
            ),
            true,
        ),
        (format!("{TLS}http_server_config: {{http2: false, headers: {{X-Frame-Options: sameorigin}}}}\n"), true),
        (TLS.replace("server.crt", "gone.crt"), false),
        (TLS.replace("server.key", "server.crt"), false),
        (TLS.replace(", key_file: server.key", ""), false),
        (TLS.replace('}', ", client_auth_type: Always}"), false),
        (TLS.replace('}', ", client_ca_file: clients.crt}"), false),
        (TLS.replace('}', ", min_version: TLS14}"), false),
        (TLS.replace('}', ", cipher_suites: [ROT13]}"), false),
        (TLS.replace('}', ", curve_preferences: [Circle]}"), false),
        (TLS.replace('}', ", cert_fil: server.crt}"), false),
        ("basic_auth_users: {ana: secret}\n".to_owned(), false),
        ("http_server_config: {headers: {X-Frame-Options: never}}\n".to_owned(), false),
        ("http_server_config: {headers: {Server: none}}\n".to_owned(), false),
        ("basic_auth: {}\n".to_owned(), false),
    ] {
        let site = Site::new(&web_file);
        let (own, tool) = judged(&site);
        assert_eq!(own, good, "{web_file}");
        assert_eq!(tool.unwrap_or(good), good, "promtool: {web_file}");
        skipped |= tool.is_none();
    }
    if skipped {
        eprintln!("skipped: there is no promtool");
    }
}

#[test]
fn a_wrong_web_file_is_told_before_anything_is_served() {
    let site = Site::new("basic_auth_users: {ana: secret}\n");
    let web_file = site.path("web.yml");
    for command in ["check", "run"] {
        let output = site.command(command).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{command}");
        let said = String::from_utf8(output.stderr).unwrap();
        let expected = format!("{}: basic_auth_users.ana: is no bcrypt hash", web_file.display());
        assert!(said.starts_with(&expected) && !said.contains("secret"), "{said}");
    }
    // The flag wins, and its path starts where the shell is.
    site.write("other.yml", "");
    let check = |file: &str| {
        let mut command = site.command("check");
        command.current_dir(site.directory.path()).args(["--web.config.file", file]).output().unwrap().status.success()
    };
    assert!(check("other.yml") && check("") && !check("web.yml"));
}
