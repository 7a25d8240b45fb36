//! Asks a running daemon: for an explanation, or how it is.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, bail};
use clap::Args;
use reqwest::{Certificate, Client, StatusCode, Url};

use crate::http::Secret;
use crate::reports::Answer;
use crate::version;

/// How long an explanation may take: of the largest floors some seconds, and one is made at a time.
const PATIENCE: Duration = Duration::from_secs(120);
const CONNECT_WITHIN: Duration = Duration::from_secs(10);

/// Which daemon is asked, if any.
#[derive(Debug, Args)]
pub struct RemoteArgs {
    /// Ask the daemon that serves here, such as http://127.0.0.1:10094, instead of the store
    #[arg(long, value_name = "URL")]
    pub url: Option<Url>,
    /// How it is asked.
    #[command(flatten)]
    pub access: AccessArgs,
}

/// How a daemon knows who asks, and how it is known itself. Goes with an argument `url`.
#[derive(Debug, Args)]
pub struct AccessArgs {
    /// User name for a daemon that asks for a password
    #[arg(long, value_name = "NAME", requires = "url", requires = "password_file")]
    pub username: Option<String>,
    /// File that holds the password
    #[arg(long, value_name = "FILE", requires = "url", requires = "username")]
    pub password_file: Option<PathBuf>,
    /// File with the certificates (PEM) to know the daemon by, instead of those of this machine
    #[arg(long, value_name = "FILE", requires = "url")]
    pub ca_file: Option<PathBuf>,
}

/// Has `url` explain what these parameters say.
pub(super) async fn ask(url: &Url, access: &AccessArgs, parameters: &[(&str, String)]) -> anyhow::Result<Answer> {
    match get(url, access, crate::expose::EXPLAIN, parameters, PATIENCE).await? {
        (StatusCode::OK, body) => serde_json::from_str(&body)
            .with_context(|| format!("{url} does not answer as a crm_exporter of version {} does", version::VERSION)),
        (StatusCode::NOT_FOUND, _) => {
            bail!("{url} explains nothing: is a crm_exporter of version {} there?", version::VERSION)
        }
        (StatusCode::BAD_REQUEST, body) => bail!("{}", body.trim_end()),
        (status, body) => bail!("{url} does not explain it ({status}): {}", first_lines(&body)),
    }
}

/// What the daemon at `url` answers at this path, within this time.
pub(super) async fn get(
    url: &Url,
    access: &AccessArgs,
    path: &str,
    parameters: &[(&str, String)],
    patience: Duration,
) -> anyhow::Result<(StatusCode, String)> {
    let mut address = url.clone();
    let base = url.path().trim_end_matches('/');
    address.set_path(&format!("{base}{path}"));
    address.query_pairs_mut().clear().extend_pairs(parameters);
    let mut request = client(url, access)?.get(address).timeout(patience);
    if let (Some(name), Some(file)) = (&access.username, &access.password_file) {
        request = request.basic_auth(name, Some(password(file)?.expose()));
    }
    let answer = request.send().await.with_context(|| format!("cannot ask {url}"))?;
    let status = answer.status();
    let body = answer.text().await.with_context(|| format!("{url} broke off its answer"))?;
    if status == StatusCode::UNAUTHORIZED {
        bail!("{url} asks for a password: give --username and --password-file");
    }
    Ok((status, body))
}

fn client(url: &Url, access: &AccessArgs) -> anyhow::Result<Client> {
    if !matches!(url.scheme(), "http" | "https") {
        bail!("--url {url} is no address of a daemon: write one such as http://127.0.0.1:10094");
    }
    // Whoever was first has chosen; ours is the only one in this program.
    let _ = rustls::crypto::ring::default_provider().install_default();
    // A password must not follow a redirect, and answers are not at other places.
    let mut builder = Client::builder()
        .user_agent(format!("crm_exporter/{}", version::VERSION))
        .connect_timeout(CONNECT_WITHIN)
        .redirect(reqwest::redirect::Policy::none());
    if let Some(file) = &access.ca_file {
        let pem = std::fs::read(file).with_context(|| format!("cannot read --ca-file {}", file.display()))?;
        let roots = Certificate::from_pem_bundle(&pem).ok().filter(|roots| !roots.is_empty());
        let roots =
            roots.with_context(|| format!("--ca-file {} holds no certificates in the PEM format", file.display()))?;
        builder = builder.tls_certs_only(roots);
    }
    let is_here = url.host_str().is_some_and(|host| {
        host == "localhost"
            || host.trim_matches(['[', ']']).parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
    });
    // Proxies of the environment know nothing of this machine.
    let builder = if is_here { builder.no_proxy() } else { builder };
    builder.build().context("HTTP cannot be used")
}

fn password(file: &Path) -> anyhow::Result<Secret> {
    let text =
        std::fs::read_to_string(file).with_context(|| format!("cannot read --password-file {}", file.display()))?;
    Ok(Secret::new(text.trim_end_matches(['\r', '\n'])))
}

/// What a person can use of an answer that is no explanation: pages are long.
pub(super) fn first_lines(body: &str) -> String {
    let text: String = body.trim().chars().take(300).collect();
    if text.is_empty() { "no reason given".to_owned() } else { text }
}
