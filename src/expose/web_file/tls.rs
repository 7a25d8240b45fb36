//! `tls_server_config`: how connections are encrypted.

use std::sync::Arc;

use rustls::crypto::{CryptoProvider, SupportedKxGroup, ring};
use rustls::{
    CipherSuite, Error, InconsistentKeys, ServerConfig, SupportedCipherSuite, SupportedProtocolVersion, version,
};

use super::clients;
use super::files::{self, Files};
use super::format::{Tls, Version};
use crate::setting::{self, Problem};

/// Suites by the names that the format has for them. Those of TLS 1.3 are always on, as in Go.
const SUITES: [(&str, CipherSuite); 9] = [
    ("TLS_AES_128_GCM_SHA256", CipherSuite::TLS13_AES_128_GCM_SHA256),
    ("TLS_AES_256_GCM_SHA384", CipherSuite::TLS13_AES_256_GCM_SHA384),
    ("TLS_CHACHA20_POLY1305_SHA256", CipherSuite::TLS13_CHACHA20_POLY1305_SHA256),
    ("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256),
    ("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384),
    ("TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", CipherSuite::TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256),
    ("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256),
    ("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", CipherSuite::TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384),
    ("TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", CipherSuite::TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256),
];

/// What is spoken inside: HTTP/1.1.
const PROTOCOL: &[u8] = b"http/1.1";

/// How to speak TLS; none where the file says nothing of it. Problems are seen from `tls_server_config`.
pub(super) fn server_config(tls: &Tls, files: &mut Files) -> Result<Option<Arc<ServerConfig>>, Problem> {
    if *tls == Tls::default() {
        return Ok(None);
    }
    let certificate = files.pem("cert", tls.cert.as_deref(), tls.cert_file.as_deref())?;
    let key = files.pem("key", tls.key.as_deref(), tls.key_file.as_deref())?;
    let ca = files.pem("client_ca", tls.client_ca.as_deref(), tls.client_ca_file.as_deref())?;
    let (certificate_at, certificate) =
        certificate.ok_or_else(|| missing("cert_file", "the server's certificate in PEM"))?;
    let (key_at, key) = key.ok_or_else(|| missing("key_file", "the private key of the certificate in PEM"))?;
    let chain = files::certificates(&certificate_at, &certificate)?;
    let key = files::private_key(&key_at, &key)?;

    let provider = Arc::new(provider(tls)?);
    let builder = ServerConfig::builder_with_provider(provider.clone())
        .with_protocol_versions(versions(tls)?)
        .map_err(|error| Problem::new("cipher_suites", format!("cannot be used together: {error}")))?
        .with_client_cert_verifier(clients::verifier(tls, ca, &provider)?);
    let config = builder.with_single_cert(chain, key);
    let mut config = config.map_err(|error| unusable(&error, &certificate_at, &key_at))?;
    config.ignore_client_order = tls.prefer_server_cipher_suites.unwrap_or(true);
    config.alpn_protocols = vec![PROTOCOL.to_vec()];
    Ok(Some(Arc::new(config)))
}

fn missing(key: &str, what: &str) -> Problem {
    Problem::new(key, format!("is missing; TLS needs {what}"))
}

fn unusable(error: &Error, certificate_at: &str, key_at: &str) -> Problem {
    match error {
        Error::InconsistentKeys(InconsistentKeys::KeyMismatch) => Problem::new(
            key_at,
            format!(
                "is not the key of the certificate in {certificate_at}; the first certificate there is the server's"
            ),
        ),
        Error::InvalidCertificate(_) => {
            Problem::new(certificate_at, format!("holds a certificate that cannot be read: {error}"))
        }
        _ => Problem::new(
            key_at,
            format!("cannot be used: {error}; use a key of RSA (2048 to 8192 bits), ECDSA (P-256, P-384) or Ed25519"),
        ),
    }
}

/// The versions between the least and the greatest one.
fn versions(tls: &Tls) -> Result<&'static [&'static SupportedProtocolVersion], Problem> {
    const TLS12: &[&SupportedProtocolVersion] = &[&version::TLS12];
    const TLS13: &[&SupportedProtocolVersion] = &[&version::TLS13];
    const BOTH: &[&SupportedProtocolVersion] = &[&version::TLS13, &version::TLS12];
    let least = tls.min_version.unwrap_or(Version::Tls12);
    let greatest = tls.max_version.unwrap_or(Version::Tls13);
    match (least, greatest) {
        (Version::Tls13, Version::Tls12) => {
            Err(Problem::new("max_version", "is below min_version, so nobody could connect; write TLS13"))
        }
        (Version::Tls13, _) => Ok(TLS13),
        (_, Version::Tls12) => Ok(TLS12),
        _ => Ok(BOTH),
    }
}

/// What encrypts, with the suites and curves that are wanted.
fn provider(tls: &Tls) -> Result<CryptoProvider, Problem> {
    let mut provider = ring::default_provider();
    if !tls.cipher_suites.is_empty() {
        let wanted = each("cipher_suites", &tls.cipher_suites, suite)?;
        let of_tls13 = provider.cipher_suites.iter().copied().filter(|suite| suite.tls13().is_some());
        let of_tls12 = wanted.into_iter().filter(|suite| suite.tls13().is_none());
        provider.cipher_suites = of_tls13.chain(of_tls12).collect();
    }
    if !tls.curve_preferences.is_empty() {
        provider.kx_groups = each("curve_preferences", &tls.curve_preferences, curve)?;
    }
    Ok(provider)
}

/// What the names stand for; a problem names the entry.
fn each<T>(key: &str, names: &[String], meaning: fn(&str) -> Result<T, String>) -> Result<Vec<T>, Problem> {
    let meanings = names.iter().enumerate();
    meanings.map(|(index, name)| meaning(name).map_err(|text| Problem::new(format!("{key}[{index}]"), text))).collect()
}

fn suite(name: &str) -> Result<SupportedCipherSuite, String> {
    let known = SUITES.iter().find(|(known, _)| *known == name);
    let found = known.and_then(|(_, id)| ring::ALL_CIPHER_SUITES.iter().find(|suite| suite.suite() == *id));
    found.copied().ok_or_else(|| {
        if name.contains("_CBC_") || name.contains("_RC4_") || name.starts_with("TLS_RSA_") {
            return format!(
                "`{name}` is no longer safe and not spoken here; leave it out, or write one with GCM or CHACHA20"
            );
        }
        format!("`{name}` is not known; {}", setting::instead(name, &SUITES.map(|(name, _)| name)))
    })
}

fn curve(name: &str) -> Result<&'static dyn SupportedKxGroup, String> {
    match name {
        "X25519" => Ok(ring::kx_group::X25519),
        "CurveP256" => Ok(ring::kx_group::SECP256R1),
        "CurveP384" => Ok(ring::kx_group::SECP384R1),
        "CurveP521" => Err("`CurveP521` is not spoken here; leave it out, or write CurveP384".to_owned()),
        _ => Err(format!("`{name}` is not known; {}", setting::instead(name, &["X25519", "CurveP256", "CurveP384"]))),
    }
}
