//! Where a CRM is, and safe ways to name what is there.

use std::net::IpAddr;

use reqwest::Url;

use super::Error;
use crate::setting::Problem;

/// Scheme, host, port and perhaps a path: what all requests to a CRM begin with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUrl(Url);

impl BaseUrl {
    /// Reads the address that stands at `key` of the settings.
    ///
    /// # Errors
    /// If it is no address, does not use TLS although the host is not this machine, or holds credentials, a query or a
    /// fragment.
    pub fn new(key: &str, text: &str) -> Result<BaseUrl, Problem> {
        let problem = |what: &str| Problem::new(key, what.to_owned());
        let url = Url::parse(text.trim())
            .map_err(|error| problem(&format!("is no address: {error}; write one such as https://api.example.com")))?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(problem("has credentials in it; give them by a file or a variable instead"));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(problem("has a query or a fragment; write scheme, host and path only"));
        }
        match url.scheme() {
            "https" if url.has_host() => {}
            "http" if is_loopback(&url) => {}
            "http" => return Err(problem("is not protected; use https: only this machine may be asked over http")),
            _ => return Err(problem("is no address over https; write one such as https://api.example.com")),
        }
        Ok(BaseUrl(url))
    }

    /// Whether the host is this machine.
    pub(super) fn is_loopback(&self) -> bool {
        is_loopback(&self.0)
    }

    /// `path` below this address.
    pub(super) fn below(&self, path: &str) -> Result<Url, Error> {
        let mut url = self.0.clone();
        let base = url.path().trim_end_matches('/').to_owned();
        let path = path.trim_start_matches('/');
        let dots = |part: &str| matches!(part.replace("%2e", ".").replace("%2E", ".").as_str(), "." | "..");
        if path.split('/').any(dots) || path.contains(['?', '#', '\\']) {
            return Err(Error::Rejected { what: path.to_owned(), cause: "this is no safe path".to_owned() });
        }
        url.set_path(&format!("{base}/{path}"));
        Ok(url)
    }

    /// A link that the CRM gave: a whole address or a path, perhaps with a query.
    ///
    /// # Errors
    /// If it leads to another host: our credentials must not get there.
    pub(super) fn follow(&self, link: &str) -> Result<Url, Error> {
        let url = self.0.join(link).ok().filter(|url| url.origin() == self.0.origin());
        url.ok_or_else(|| Error::Malformed {
            what: "a link to more".to_owned(),
            cause: "it leads to another host".to_owned(),
        })
    }
}

/// Whether the host of `url` is this machine.
fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

/// `text` as one part of a path: what would end or leave the part is escaped.
pub fn segment(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        match plain(byte) {
            true => escaped.push(char::from(byte)),
            false => escaped.push_str(&format!("%{byte:02X}")),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base(text: &str) -> BaseUrl {
        BaseUrl::new("base_url", text).unwrap()
    }

    #[test]
    fn only_this_machine_is_asked_without_tls() {
        for text in [
            "https://api.example.com",
            "https://api.example.com:8443/crm/",
            "http://localhost:8080",
            "http://127.0.0.1",
            "http://127.8.9.1:1",
            "http://[::1]:80/",
        ] {
            assert!(BaseUrl::new("base_url", text).is_ok(), "{text}");
        }
        for (text, said) in [
            ("http://api.example.com", "is not protected; use https"),
            ("http://localhost.example.com", "is not protected; use https"),
            ("http://127.0.0.1.example.com", "is not protected; use https"),
            ("http://10.0.0.1", "is not protected; use https"),
            ("api.example.com", "is no address"),
            ("ftp://api.example.com", "is no address over https"),
            ("https://", "is no address"),
            ("https://ana:secret@api.example.com", "has credentials in it"),
            ("https://token@api.example.com", "has credentials in it"),
            ("https://api.example.com?key=1", "has a query or a fragment"),
            ("https://api.example.com#top", "has a query or a fragment"),
        ] {
            let problem = BaseUrl::new("base_url", text).unwrap_err();
            assert_eq!(problem.key, "base_url");
            assert!(problem.text.starts_with(said), "{text}: {problem}");
            assert!(!problem.text.contains("secret"), "{problem}");
        }
    }

    #[test]
    fn paths_stay_below_the_base() {
        for (address, path, url) in [
            ("https://api.example.com", "/crm/objects", "https://api.example.com/crm/objects"),
            ("https://api.example.com/", "crm", "https://api.example.com/crm"),
            ("https://api.example.com/v1/", "/crm/", "https://api.example.com/v1/crm/"),
            ("https://api.example.com", "//evil.example.com/crm", "https://api.example.com/evil.example.com/crm"),
            ("https://api.example.com", "/a%2Fb", "https://api.example.com/a%2Fb"),
        ] {
            assert_eq!(base(address).below(path).unwrap().as_str(), url);
        }
        for path in ["/crm/../admin", "/./crm", "/%2e%2E/admin", "/crm?x=1", "/crm#x", "\\\\evil.example.com"] {
            assert!(base("https://api.example.com/v1").below(path).is_err(), "{path}");
        }
    }

    #[test]
    fn links_lead_to_the_same_host_or_nowhere() {
        let base = base("https://api.example.com/v1");
        for (link, url) in [
            ("https://api.example.com/v2/next?after=7", "https://api.example.com/v2/next?after=7"),
            ("https://api.example.com:443/next", "https://api.example.com/next"),
            ("/services/query/01g-2000", "https://api.example.com/services/query/01g-2000"),
        ] {
            assert_eq!(base.follow(link).unwrap().as_str(), url);
        }
        for link in [
            "https://evil.example.com/next",
            "http://api.example.com/next",
            "https://api.example.com:8443/next",
            "//evil.example.com/next",
            "file:///etc/passwd",
        ] {
            assert!(matches!(base.follow(link), Err(Error::Malformed { .. })), "{link}");
        }
    }

    #[test]
    fn a_segment_cannot_leave_its_place() {
        for text in ["../..", "a/b?c#d", "Zoë 100%", "plain-id_1.2~"] {
            let path = format!("crm/{}/end", segment(text));
            let url = base("https://api.example.com").below(&path).unwrap();
            let segments: Vec<&str> = url.path_segments().unwrap().collect();
            assert_eq!((segments.len(), segments[0], segments[2]), (3, "crm", "end"), "{text}");
        }
        assert!(base("https://api.example.com").below(&format!("crm/{}", segment(".."))).is_err());
        assert_eq!(segment("plain-id_1.2~"), "plain-id_1.2~");
        assert_eq!(segment("a/b"), "a%2Fb");
    }
}
