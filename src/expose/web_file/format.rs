//! The web file as it is written: the format of Prometheus' exporter-toolkit, key by key.
//!
//! What a value means, and whether it can be had, is decided where it is used.

use std::path::PathBuf;

use indexmap::IndexMap;
use serde::{Deserialize, Deserializer, de};

use crate::setting::Lasting;

/// The whole file.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Format {
    /// TLS; none without any of its keys.
    pub(super) tls_server_config: Tls,
    /// What all responses have in common.
    pub(super) http_server_config: Http,
    /// Who may ask.
    pub(super) basic_auth_users: Hashes,
    /// How often may be asked.
    pub(super) rate_limit: Option<RateLimit>,
}

/// `tls_server_config`. Not `Debug`: it can hold a private key.
#[derive(Deserialize, Default, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Tls {
    pub(super) cert: Option<String>,
    pub(super) cert_file: Option<PathBuf>,
    pub(super) key: Option<String>,
    pub(super) key_file: Option<PathBuf>,
    pub(super) client_ca: Option<String>,
    pub(super) client_ca_file: Option<PathBuf>,
    pub(super) client_auth_type: Option<ClientAuth>,
    pub(super) client_allowed_sans: Vec<String>,
    pub(super) min_version: Option<Version>,
    pub(super) max_version: Option<Version>,
    pub(super) cipher_suites: Vec<String>,
    pub(super) curve_preferences: Vec<String>,
    pub(super) prefer_server_cipher_suites: Option<bool>,
}

/// `client_auth_type`, in the names of Go's TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(super) enum ClientAuth {
    /// None is asked for.
    NoClientCert,
    /// Asked for; any is taken, and so is none.
    RequestClientCert,
    /// Any is taken, as long as there is one.
    #[serde(alias = "RequireClientCert")]
    RequireAnyClientCert,
    /// Verified if there is one.
    VerifyClientCertIfGiven,
    /// There must be one, and it is verified.
    RequireAndVerifyClientCert,
}

/// `min_version` and `max_version`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(super) enum Version {
    Tls12,
    Tls13,
}

impl TryFrom<String> for Version {
    type Error = String;

    fn try_from(text: String) -> Result<Version, String> {
        match text.as_str() {
            "TLS12" => Ok(Version::Tls12),
            "TLS13" => Ok(Version::Tls13),
            "TLS10" | "TLS11" => Err(format!("`{text}` is no longer safe and not spoken here; write TLS12 or TLS13")),
            _ => Err(format!("`{text}` is no version of TLS; write TLS12 or TLS13")),
        }
    }
}

/// `http_server_config`.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Http {
    /// Whether HTTP/2 may be spoken. HTTP/1.1 is all that is spoken here, which both values allow.
    #[serde(rename = "http2")]
    pub(super) _http2: Option<bool>,
    pub(super) headers: IndexMap<String, String>,
}

/// `rate_limit`: a bucket that holds `burst` requests and gets a new one every `interval`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RateLimit {
    pub(super) interval: Lasting,
    #[serde(default)]
    pub(super) burst: u32,
}

/// `basic_auth_users`: names with their hashes. Not `Debug`, and its problems never show what was found.
#[derive(Default)]
pub(super) struct Hashes(pub(super) IndexMap<String, String>);

impl<'de> Deserialize<'de> for Hashes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let expected = "expected names of users with their bcrypt hashes, such as {prometheus: $2y$10$...}";
        IndexMap::deserialize(deserializer).map(Hashes).map_err(|_| de::Error::custom(expected))
    }
}
