//! Where figures are served.

use std::net::Ipv6Addr;
use std::path::PathBuf;

use serde::{Deserialize, Deserializer, de};

/// `web`: where figures are served.
#[derive(Debug, Clone, Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub struct Web {
    /// Address and port to listen on.
    pub listen_address: ListenAddress,
    /// Who may read them and how connections are encrypted, in a file of its own. After
    /// [`Settings::load`](super::Settings::load) it needs no directory in front; none: plain HTTP for everybody.
    pub config_file: Option<PathBuf>,
    /// Whether `/-/reload` may be used.
    pub enable_lifecycle: bool,
    /// Whether `/api/v1/explain` may be used.
    pub enable_explain: bool,
}

/// An address to listen on: `host:port`, `[IPv6]:port`, or `:port` for all interfaces of the machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListenAddress(String);

impl ListenAddress {
    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// People's figures: nobody else's machine sees them unless somebody says so.
impl Default for ListenAddress {
    fn default() -> Self {
        ListenAddress("127.0.0.1:10094".to_owned())
    }
}

impl std::str::FromStr for ListenAddress {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if is_address(text) {
            return Ok(ListenAddress(text.to_owned()));
        }
        Err(format!(
            "`{text}` is no address to listen on: write host:port, such as 127.0.0.1:10094, or :10094 for all interfaces"
        ))
    }
}

fn is_address(text: &str) -> bool {
    let Some((host, port)) = text.rsplit_once(':') else { return false };
    let host_fits = match host.strip_prefix('[') {
        Some(rest) => rest.strip_suffix(']').is_some_and(|host| host.parse::<Ipv6Addr>().is_ok()),
        None => !host.contains([':', '/', ' ']),
    };
    host_fits && port.parse::<u16>().is_ok()
}

impl<'de> Deserialize<'de> for ListenAddress {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_to_listen_on() {
        for text in ["127.0.0.1:10094", ":9090", "localhost:0", "[::1]:10094"] {
            assert_eq!(text.parse::<ListenAddress>().unwrap().as_str(), text);
        }
        for text in
            ["", "10094", "::1:10094", "[localhost]:1", "127.0.0.1:port", "127.0.0.1:70000", "http://localhost:80"]
        {
            let problem = text.parse::<ListenAddress>().unwrap_err();
            assert!(problem.starts_with(&format!("`{text}` is no address to listen on: write host:port")), "{problem}");
        }
    }
}
