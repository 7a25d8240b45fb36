//! A Grafana that is not there: folders, boards and playlists in both of its APIs, with versions, rights and refusals.
//!
//! Written after what Grafana publishes, never after our client: the pages on its HTTP API (`docs/sources/developer-resources/
//! api-reference/http-api` of grafana/grafana, November 2026: `apis.md`, `folder.md`, `dashboard.md`, `playlist.md`, and
//! `developers/http_api` of earlier versions for the older API of playlists), and where these are silent its public code
//! (`pkg/services/dashboards/errors.go`, `pkg/services/apiserver/auth/authorizer/role.go`,
//! `pkg/registry/apps/playlist/accesscontrol.go`) and its issue 109608.
//!
//! What it leaves out: organisations beside the first, nested folders' inherited rights, the index of the search, which is
//! always up to date here.

mod answers;
mod content;
mod older;
mod older_playlists;
mod resources;
mod rights;

use std::sync::{Arc, Mutex, MutexGuard};

use serde_json::{Value, json};

use self::content::Content;
pub(super) use self::rights::Role;
use crate::fake_crm::{Answer, Clock, Crm, Request, Server};

/// The versions that differ in what they serve.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Edition {
    /// Before our boards' schema.
    V10,
    /// Only the older API.
    V11,
    /// Playlists as resources of an early version, which keeps no labels.
    V12,
    /// Playlists as `v1`.
    V12_4,
    /// Boards and folders as `v1`, which migrates what is stored; rights on playlists; no older API of playlists.
    V13,
}

impl Edition {
    fn version(self) -> &'static str {
        match self {
            Edition::V10 => "10.4.19",
            Edition::V11 => "11.6.2",
            Edition::V12 => "12.1.0",
            Edition::V12_4 => "12.4.0",
            Edition::V13 => "13.2.1+security-01",
        }
    }

    /// The resources that are served: group, version, plural, kind.
    fn resources(self) -> &'static [(&'static str, &'static str, &'static str, &'static str)] {
        match self {
            Edition::V10 | Edition::V11 => &[],
            Edition::V12 => &[("playlist.grafana.app", "v0alpha1", "playlists", "Playlist")],
            Edition::V12_4 => &[
                ("playlist.grafana.app", "v0alpha1", "playlists", "Playlist"),
                ("playlist.grafana.app", "v1", "playlists", "Playlist"),
            ],
            Edition::V13 => &[
                ("dashboard.grafana.app", "v1", "dashboards", "Dashboard"),
                ("folder.grafana.app", "v1", "folders", "Folder"),
                ("playlist.grafana.app", "v1", "playlists", "Playlist"),
            ],
        }
    }
}

/// The token that is accepted.
pub(super) const TOKEN: &str = "glsa_invented_0123456789";

/// A Grafana that listens until it is dropped.
pub(super) struct Grafana {
    inner: Arc<Inner>,
    pub(super) server: Server,
}

/// What answers.
struct Inner {
    edition: Edition,
    /// The path that it is served under, without a slash at the end.
    below: &'static str,
    role: Mutex<Role>,
    sources: Mutex<Value>,
    content: Mutex<Content>,
}

impl Grafana {
    /// One at the root of its host, with a data source of Prometheus, where the token has the role Editor.
    pub(super) fn start(edition: Edition) -> Grafana {
        Grafana::start_below(edition, "")
    }

    /// One that is served under a path such as `/grafana`.
    pub(super) fn start_below(edition: Edition, below: &'static str) -> Grafana {
        let inner = Arc::new(Inner {
            edition,
            below,
            role: Mutex::new(Role::Editor),
            sources: Mutex::new(json!({"Prometheus": {"uid": "prom", "name": "Prometheus", "type": "prometheus"}})),
            content: Mutex::default(),
        });
        let server = Server::start(inner.clone(), Arc::new(Clock::running()));
        Grafana { inner, server }
    }

    /// Its address as people write it.
    pub(super) fn url(&self) -> String {
        format!("{}{}", self.server.url(), self.inner.below)
    }

    /// Gives the token another role.
    pub(super) fn set_role(&self, role: Role) {
        *self.inner.role.lock().unwrap() = role;
    }

    /// Takes all data sources away but one of another type.
    pub(super) fn without_prometheus(&self) {
        *self.inner.sources.lock().unwrap() = json!({"Loki": {"uid": "loki", "name": "Loki", "type": "loki"}});
    }

    /// What it holds.
    pub(super) fn content(&self) -> MutexGuard<'_, Content> {
        self.inner.content.lock().unwrap()
    }

    /// Method and path of every request so far but those that only read, and an empty log from here.
    pub(super) fn writes(&self) -> Vec<String> {
        let log = self.server.take_log();
        log.iter().filter(|entry| entry.method != "GET").map(|entry| entry.line()).collect()
    }
}

impl Crm for Inner {
    fn answer(&self, request: &Request) -> Answer {
        let Some(path) = request.path.strip_prefix(self.below) else { return answers::page(404) };
        let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
        // Health is for everybody; the rest needs the token.
        if parts == ["api", "health"] {
            return Answer::json(200, &json!({"database": "ok", "version": self.edition.version(), "commit": "0"}));
        }
        if request.header("authorization") != Some(&format!("Bearer {TOKEN}")) {
            return answers::unauthorized();
        }
        let mut content = self.content.lock().unwrap();
        let role = *self.role.lock().unwrap();
        let mut asked = Asked { edition: self.edition, role, request, content: &mut content };
        match parts[..] {
            ["api", "frontend", "settings"] => asked.settings(&self.sources.lock().unwrap()),
            ["api", "access-control", "user", "permissions"] => Answer::json(200, &asked.permissions()),
            ["api", "datasources"] => answers::forbidden("datasources:read"),
            ["api", "playlists", ref rest @ ..] if self.edition != Edition::V13 => asked.older_playlists(rest),
            ["api", ref rest @ ..] => asked.older(rest),
            ["apis"] if self.edition >= Edition::V12 => asked.groups(),
            ["apis", group, version, "namespaces", "default", plural, ref name @ ..] if name.len() < 2 => {
                asked.resources(group, version, plural, name.first().copied())
            }
            _ => answers::page(404),
        }
    }
}

impl PartialOrd for Edition {
    fn partial_cmp(&self, other: &Edition) -> Option<std::cmp::Ordering> {
        (*self as u8).partial_cmp(&(*other as u8))
    }
}

/// A request that is being answered.
struct Asked<'a> {
    edition: Edition,
    role: Role,
    request: &'a Request,
    content: &'a mut Content,
}

impl Asked<'_> {
    /// The part of `/api/frontend/settings` that matters here. Its `datasources` are those that may be queried.
    fn settings(&self, sources: &Value) -> Answer {
        Answer::json(
            200,
            &json!({
                "appSubUrl": "", "namespace": "default", "datasources": sources,
                "buildInfo": {"version": self.edition.version(), "edition": "Open Source", "hideVersion": false},
            }),
        )
    }

    /// `GET /apis`: what Kubernetes calls an `APIGroupList`.
    fn groups(&self) -> Answer {
        let mut groups: Vec<Value> = Vec::new();
        for (group, version, _, _) in self.edition.resources() {
            let served = json!({"groupVersion": format!("{group}/{version}"), "version": version});
            match groups.iter_mut().find(|found| found["name"] == *group) {
                Some(found) => found["versions"].as_array_mut().unwrap().push(served),
                None => groups.push(json!({"name": group, "versions": [served.clone()], "preferredVersion": served})),
            }
        }
        Answer::json(200, &json!({"kind": "APIGroupList", "apiVersion": "v1", "groups": groups}))
    }

    /// The body, or the refusal of one that is no JSON.
    fn body(&self) -> Result<Value, Answer> {
        let is_json = self.request.header("content-type").is_some_and(|kind| kind.starts_with("application/json"));
        let body = self.request.json().filter(|_| is_json);
        body.ok_or_else(|| answers::message(400, "bad request data"))
    }
}
