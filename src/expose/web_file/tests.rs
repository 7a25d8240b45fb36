//! Web files as a whole: what they make of themselves, and what changes of them do.

use std::fs;

use rcgen::{CertificateParams, KeyPair, PKCS_ECDSA_P384_SHA384};
use rustls::CipherSuite;
use tempfile::TempDir;

use super::*;

/// A directory with a certificate, its key, another key, and a web file of that text.
struct Beside {
    directory: TempDir,
}

impl Beside {
    fn new(web_file: &str) -> Beside {
        let beside = Beside { directory: tempfile::tempdir().unwrap() };
        beside.renew();
        beside.write("other.key", &KeyPair::generate().unwrap().serialize_pem());
        beside.write("web.yml", web_file);
        beside
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    /// Puts another certificate and its key in place.
    fn renew(&self) {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P384_SHA384).unwrap();
        let params = CertificateParams::new(["localhost".to_owned()]).unwrap();
        self.write("server.crt", &params.self_signed(&key).unwrap().pem());
        self.write("server.key", &key.serialize_pem());
    }

    fn open(&self) -> Result<WebFile, String> {
        WebFile::open(Some(&self.path("web.yml"))).map_err(|error| {
            let directory = format!("{}/", self.directory.path().display());
            error.to_string().replace(&directory, "")
        })
    }
}

fn open(web_file: &str) -> Result<WebFile, String> {
    Beside::new(web_file).open()
}

/// `keys` of `tls_server_config` beside certificate and key.
fn with_tls(keys: &str) -> Result<WebFile, String> {
    open(&format!("tls_server_config: {{cert_file: server.crt, key_file: server.key, {keys}}}"))
}

#[test]
fn nothing_said_is_nothing_done() {
    for nothing in
        ["", "# nothing\n", "tls_server_config: {}\nbasic_auth_users:\n", "{http_server_config: {http2: true}}"]
    {
        let web_file = open(nothing).unwrap();
        assert!(!web_file.has_tls() && !web_file.has_users(), "{nothing}");
    }
    assert!(!WebFile::open(None).unwrap().has_tls());
}

#[test]
fn every_key_of_the_format_is_known() {
    let web_file = open(
        "tls_server_config:
  cert_file: server.crt
  key_file: server.key
  client_auth_type: RequireAndVerifyClientCert
  client_ca_file: server.crt
  client_allowed_sans: [prometheus.example.com, 192.0.2.1]
  min_version: TLS12
  max_version: TLS13
  cipher_suites: [TLS_AES_128_GCM_SHA256, TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256]
  curve_preferences: [CurveP384, X25519, CurveP256]
  prefer_server_cipher_suites: false
http_server_config:
  http2: false
  headers: {X-Frame-Options: deny, X-XSS-Protection: 1}
basic_auth_users:
  ana: $2y$10$X0h1gDsPszWURQaxFh.zoubFi6DXncSjhoQNJgRrnGs7EsimhC7zG
rate_limit: {interval: 100ms, burst: 20}
",
    )
    .unwrap();
    let rules = web_file.rules();
    assert!(web_file.has_users() && rules.limit.is_some());
    assert_eq!(rules.headers["x-xss-protection"], "1");
    let tls = rules.tls.as_ref().unwrap();
    assert!(!tls.ignore_client_order);
    let suites: Vec<_> = tls.crypto_provider().cipher_suites.iter().map(|suite| suite.suite()).collect();
    // Those of TLS 1.3 are not for choosing.
    assert_eq!(suites.len(), 4);
    assert_eq!(suites[3], CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256);
    let curves: Vec<String> =
        tls.crypto_provider().kx_groups.iter().map(|group| format!("{:?}", group.name())).collect();
    assert_eq!(curves, ["secp384r1", "X25519", "secp256r1"]);
}

#[test]
fn certificates_may_stand_in_the_file_itself() {
    let beside = Beside::new("");
    let indented = |name| fs::read_to_string(beside.path(name)).unwrap().replace('\n', "\n    ");
    let (certificate, key) = (indented("server.crt"), indented("server.key"));
    beside.write(
        "web.yml",
        &format!(
            "tls_server_config:\n  cert: |\n    {certificate}\n  key: |\n    {key}\n  client_ca: |\n    {certificate}\n  \
             client_auth_type: VerifyClientCertIfGiven\n"
        ),
    );
    assert!(beside.open().unwrap().has_tls());
}

#[test]
fn what_cannot_be_had_is_told_with_key_and_remedy() {
    for (keys, said) in [
        ("min_version: TLS10", "min_version: `TLS10` is no longer safe and not spoken here; write TLS12 or TLS13"),
        ("max_version: TLS11", "max_version: `TLS11` is no longer safe and not spoken here; write TLS12 or TLS13"),
        ("min_version: TLS14", "min_version: `TLS14` is no version of TLS; write TLS12 or TLS13"),
        (
            "min_version: TLS13, max_version: TLS12",
            "max_version: is below min_version, so nobody could connect; write TLS13",
        ),
        (
            "cipher_suites: [TLS_AES_128_GCM_SHA256, TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA]",
            "cipher_suites[1]: `TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA` is no longer safe and not spoken here; leave it out, \
             or write one with GCM or CHACHA20",
        ),
        (
            "cipher_suites: [TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA25]",
            "cipher_suites[0]: `TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA25` is not known; did you mean \
             `TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256`?",
        ),
        (
            "curve_preferences: [CurveP521]",
            "curve_preferences[0]: `CurveP521` is not spoken here; leave it out, or write CurveP384",
        ),
        (
            "curve_preferences: [P256]",
            "curve_preferences[0]: `P256` is not known; known here: X25519, CurveP256, CurveP384",
        ),
        (
            "client_ca_file: server.crt",
            "client_ca_file: does nothing without certificates of clients; set client_auth_type: RequireAndVerifyClientCert",
        ),
        (
            "client_allowed_sans: [a]",
            "client_allowed_sans: does nothing without certificates of clients; set client_auth_type: \
             RequireAndVerifyClientCert",
        ),
        (
            "client_auth_type: RequireAnyClientCert, client_ca_file: server.crt",
            "client_ca_file: is not looked at with client_auth_type: RequireAnyClientCert; set RequireAndVerifyClientCert",
        ),
        (
            "client_auth_type: RequireAndVerifyClientCert",
            "client_auth_type: RequireAndVerifyClientCert needs client_ca_file: the certificates of those who issue \
             certificates to clients",
        ),
        (
            "client_auth_type: RequireAndVerifyClientCert, client_ca_file: server.key",
            "client_ca_file: holds no certificate; write one in PEM, from -----BEGIN CERTIFICATE----- on",
        ),
        (
            "client_auth_type: RequestClientCerts",
            "client_auth_type: `RequestClientCerts` is not known; did you mean `RequestClientCert`?",
        ),
        ("cert: x", "cert_file: `cert` is set too; leave out one of them"),
        ("client_sans: [a]", "client_sans: unknown key; known here: "),
    ] {
        let problem = with_tls(keys).err().unwrap();
        let expected = format!("web.yml: tls_server_config.{said}");
        assert!(problem == expected || (said.ends_with(": ") && problem.starts_with(&expected)), "{keys}: {problem}");
    }
}

#[test]
fn certificates_and_keys_must_be_there_and_belong_together() {
    for (keys, said) in [
        ("key_file: server.key", "cert_file: is missing; TLS needs the server's certificate in PEM"),
        ("min_version: TLS12", "cert_file: is missing; TLS needs the server's certificate in PEM"),
        ("cert_file: server.crt", "key_file: is missing; TLS needs the private key of the certificate in PEM"),
        (
            "cert_file: gone.crt, key_file: server.key",
            "cert_file: cannot read gone.crt: No such file or directory (os error 2); name a file that this user may read",
        ),
        (
            "cert_file: server.crt, key_file: other.key",
            "key_file: is not the key of the certificate in cert_file; the first certificate there is the server's",
        ),
        (
            "cert_file: server.key, key_file: server.key",
            "cert_file: holds no certificate; write one in PEM, from -----BEGIN CERTIFICATE----- on",
        ),
        (
            "cert_file: server.crt, key_file: server.crt",
            "key_file: holds no private key that can be read; write one in PEM (PKCS#8, PKCS#1 or SEC1) without a passphrase",
        ),
        (
            "cert_file: server.crt, key: secret",
            "key: holds no private key that can be read; write one in PEM (PKCS#8, PKCS#1 or SEC1) without a passphrase",
        ),
    ] {
        let problem = open(&format!("tls_server_config: {{{keys}}}")).err().unwrap();
        assert_eq!(problem, format!("web.yml: tls_server_config.{said}"), "{keys}");
    }
}

#[test]
fn all_sections_tell_their_problems_at_once() {
    let problems = open(
        "tls_server_config: {min_version: TLS12}\nhttp_server_config: {headers: {Server: none}}\n\
         basic_auth_users: {ana: secret}\nrate_limit: {interval: 1s, burst: 0}\n",
    );
    let problems = problems.err().unwrap();
    let keys: Vec<&str> = problems.lines().map(|line| line.split(": ").nth(1).unwrap()).collect();
    assert_eq!(
        keys,
        [
            "tls_server_config.cert_file",
            "http_server_config.headers.Server",
            "basic_auth_users.ana",
            "rate_limit.burst"
        ]
    );
}

#[test]
fn a_file_of_another_form_is_refused_and_shows_no_secret() {
    let form = "basic_auth_users: expected names of users with their bcrypt hashes, such as {prometheus: $2y$10$...}";
    for (text, said) in [
        ("basic_auth_users: secret", form),
        ("basic_auth_users: [secret]", form),
        ("basic_auth_users: {ana: [secret]}", form),
        ("[secret]", "expected keys and values, such as `refresh_interval: 15s`"),
        ("basic_auth_user: {ana: secret}", "basic_auth_user: unknown key; did you mean `basic_auth_users`?"),
        ("rate_limit: {burst: 3}", "rate_limit.interval: is missing and has no default"),
        ("http_server_config: {http2: 2}", "http_server_config.http2: expected true or false, found `2`"),
    ] {
        assert_eq!(open(text).err().unwrap(), format!("web.yml: {said}"), "{text}");
    }
    let beside = Beside::new("");
    fs::remove_file(beside.path("web.yml")).unwrap();
    let said = beside.open().err().unwrap();
    assert!(said.contains("No such file") && said.contains("web.config_file"), "{said}");
}

const TLS: &str = "tls_server_config: {cert_file: server.crt, key_file: server.key}\n";

const USERS: &str = "basic_auth_users: {ana: $2y$10$X0h1gDsPszWURQaxFh.zoubFi6DXncSjhoQNJgRrnGs7EsimhC7zG}\n";

/// Whether two configurations are one and the same, not only equal.
fn same(one: &Option<Arc<ServerConfig>>, other: &Option<Arc<ServerConfig>>) -> bool {
    Arc::ptr_eq(one.as_ref().unwrap(), other.as_ref().unwrap())
}

#[test]
fn a_renewed_certificate_is_read_once_it_has_settled() {
    let beside = Beside::new(TLS);
    let web_file = beside.open().unwrap();
    let first = web_file.tls();
    web_file.look();
    web_file.look();
    assert!(same(&first, &web_file.tls()), "read without a change");

    fs::copy(beside.path("other.key"), beside.path("server.key")).unwrap();
    web_file.look();
    // The key has changed, and now the certificate as well: whoever changes them is at it.
    beside.renew();
    web_file.look();
    assert!(same(&first, &web_file.tls()), "read while it was changed");
    web_file.look();
    let second = web_file.tls();
    assert!(!same(&first, &second));
    web_file.look();
    assert!(same(&second, &web_file.tls()));
}

#[test]
fn a_broken_change_leaves_all_as_it_was_until_it_is_mended() {
    let beside = Beside::new(TLS);
    let web_file = beside.open().unwrap();
    let first = web_file.tls();
    for breaking in [
        || (TLS.replace("server.crt", "gone.crt"), "gone.crt"),
        || (format!("{TLS}basic_auth_users: {{ana: secret}}"), "basic_auth_users.ana"),
        || (format!("{TLS}}}"), "web.yml"),
    ] {
        let (text, said) = breaking();
        beside.write("web.yml", &text);
        web_file.look();
        web_file.look();
        assert!(same(&first, &web_file.tls()), "{text}");
        assert!(!web_file.has_settled(), "{text}: looked at again without a change");
        assert!(web_file.reload().unwrap_err().to_string().contains(said), "{text}");
    }
    beside.write("web.yml", TLS);
    web_file.look();
    web_file.look();
    assert!(!same(&first, &web_file.tls()));
}

#[test]
fn a_file_that_comes_back_is_seen() {
    let beside = Beside::new(TLS);
    let web_file = beside.open().unwrap();
    let first = web_file.tls();
    let key = fs::read_to_string(beside.path("server.key")).unwrap();
    fs::remove_file(beside.path("server.key")).unwrap();
    web_file.look();
    web_file.look();
    assert!(same(&first, &web_file.tls()));
    beside.write("server.key", &key);
    web_file.look();
    web_file.look();
    assert!(!same(&first, &web_file.tls()));
}

#[test]
fn protection_is_only_given_up_by_a_restart() {
    for (before, after, key) in [
        (format!("{TLS}{USERS}"), String::new(), "tls_server_config"),
        (format!("{TLS}{USERS}"), TLS.to_owned(), "basic_auth_users"),
        (String::new(), TLS.to_owned(), "tls_server_config"),
    ] {
        let beside = Beside::new(&before);
        let web_file = beside.open().unwrap();
        let had = (web_file.has_tls(), web_file.has_users());
        beside.write("web.yml", &after);
        let said = web_file.reload().unwrap_err().to_string();
        assert!(said.contains(&format!("web.yml: {key}: ")) && said.ends_with("by a restart"), "{said}");
        assert_eq!((web_file.has_tls(), web_file.has_users()), had);
    }
    let beside = Beside::new("");
    let web_file = beside.open().unwrap();
    beside.write("web.yml", USERS);
    web_file.reload().unwrap();
    assert!(web_file.has_users());
}
