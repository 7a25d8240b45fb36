//! Where Grafana is, and who asks.

use std::fmt;
use std::path::Path;

use reqwest::{Certificate, Url};

use crate::display::settings::Grafana as Settings;
use crate::http::{Secret, SecretSource};
use crate::setting::Problem;

/// An address and a token, read and ready.
pub struct Access {
    pub(super) url: Url,
    pub(super) token: Secret,
    pub(super) authorities: Option<Vec<Certificate>>,
}

impl Access {
    /// Reads what the settings name. Files are looked for from `directory` on. Connects to nothing.
    ///
    /// # Errors
    /// Names the key below `grafana` and what to do.
    pub fn new(settings: &Settings, directory: &Path) -> Result<Access, Problem> {
        let text = settings.url.as_deref().ok_or_else(|| {
            Problem::new("url", "is missing: write where Grafana is, such as https://grafana.example.com")
        })?;
        let url = address(text)?;
        let (file, variable) = (settings.token_file.as_deref(), settings.token_env.as_deref());
        let token = SecretSource::required("token", file, variable, directory)?.read()?;
        let authorities = settings.ca_file.as_deref().map(|file| authorities(&directory.join(file))).transpose()?;
        Ok(Access { url, token, authorities })
    }

    /// What is wrong with the settings, as far as that can be said without reading files: not everyone who checks settings
    /// has the token.
    ///
    /// # Errors
    /// Names the key below `grafana` and what to do.
    pub fn check(settings: &Settings) -> Result<(), Problem> {
        if settings.token_file.is_some() && settings.token_env.is_some() {
            return Err(Problem::new("token_env", "token_file is set too; keep one of them"));
        }
        settings.url.as_deref().map_or(Ok(()), |url| address(url).map(|_| ()))
    }

    /// Whether the token would travel over a network where others can read it.
    pub fn is_exposed(&self) -> bool {
        self.url.scheme() == "http" && !self.is_here()
    }

    /// Whether Grafana is on this machine.
    pub(super) fn is_here(&self) -> bool {
        let host = self.url.host_str().unwrap_or_default();
        let address = host.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
        host == "localhost" || address.is_ok_and(|address| address.is_loopback())
    }
}

impl fmt::Debug for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Access({})", self.url)
    }
}

fn address(text: &str) -> Result<Url, Problem> {
    let problem = |what: String| Problem::new("url", what);
    let url = Url::parse(text.trim())
        .map_err(|error| problem(format!("is no address: {error}; write one such as https://grafana.example.com")))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(problem("has credentials in it; give a token by token_file instead".to_owned()));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(problem("has a query or a fragment; write scheme, host and path only".to_owned()));
    }
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err(problem("is no address of a Grafana; write one such as https://grafana.example.com".to_owned()));
    }
    Ok(url)
}

fn authorities(file: &Path) -> Result<Vec<Certificate>, Problem> {
    let problem = |what: String| Problem::new("ca_file", format!("{} {what}", file.display()));
    let pem = std::fs::read(file)
        .map_err(|error| problem(format!("cannot be read: {error}; make it readable for this program")))?;
    let found = Certificate::from_pem_bundle(&pem).ok().filter(|found| !found.is_empty());
    found.ok_or_else(|| problem("holds no certificates in the PEM format".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(url: &str, directory: &Path) -> Settings {
        std::fs::write(directory.join("token"), "glsa_invented\n").unwrap();
        Settings { url: Some(url.to_owned()), token_file: Some("token".into()), ..Settings::default() }
    }

    #[test]
    fn an_address_has_a_host_and_no_secrets() {
        let directory = tempfile::tempdir().unwrap();
        let said = |url: &str| Access::new(&settings(url, directory.path()), directory.path()).unwrap_err().to_string();
        for (url, begins) in [
            ("grafana.example.com", "url: is no address: "),
            ("ftp://grafana.example.com", "url: is no address of a Grafana"),
            ("https://ana:geheim@grafana.example.com", "url: has credentials in it; give a token by token_file"),
            ("https://grafana.example.com/?orgId=2", "url: has a query or a fragment"),
        ] {
            let said = said(url);
            assert!(said.starts_with(begins) && !said.contains("geheim"), "{url}: {said}");
        }
    }

    #[test]
    fn a_token_is_read_and_never_shown() {
        let directory = tempfile::tempdir().unwrap();
        let settings = settings("https://example.com/grafana", directory.path());
        let access = Access::new(&settings, directory.path()).unwrap();
        assert_eq!(access.token.expose(), "glsa_invented");
        assert_eq!(format!("{access:?}"), "Access(https://example.com/grafana)");
        let without = Settings { token_file: None, ..settings };
        let said = Access::new(&without, directory.path()).unwrap_err().to_string();
        assert!(said.starts_with("token_file: is missing"), "{said}");
    }

    #[test]
    fn only_another_machine_without_tls_can_listen_in() {
        let directory = tempfile::tempdir().unwrap();
        for (url, exposed) in [
            ("http://grafana:3000", true),
            ("https://grafana:3000", false),
            ("http://localhost:3000", false),
            ("http://[::1]:3000", false),
            ("http://127.0.0.1:3000/grafana", false),
        ] {
            let access = Access::new(&settings(url, directory.path()), directory.path()).unwrap();
            assert_eq!(access.is_exposed(), exposed, "{url}");
        }
    }

    #[test]
    fn a_file_without_certificates_is_named() {
        let directory = tempfile::tempdir().unwrap();
        let mut settings = settings("https://grafana.example.com", directory.path());
        settings.ca_file = Some("token".into());
        let said = Access::new(&settings, directory.path()).unwrap_err().to_string();
        assert!(
            said.starts_with("ca_file: ") && said.ends_with("token holds no certificates in the PEM format"),
            "{said}"
        );
    }
}
