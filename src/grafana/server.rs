//! Which Grafana that is, and which of its APIs serve us.

use serde_json::Value;

use super::Error;
use super::wire::Wire;

/// The oldest Grafana that reads the boards' schema.
const OLDEST: (u32, u32) = (11, 0);
/// From here on `autofitpanels` does nothing.
const FITTED_SINCE: (u32, u32) = (13, 0);
/// The first one whose API of resources is for others than its own browser pages.
const RESOURCES_SINCE: (u32, u32) = (12, 0);

/// What Grafana says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Server {
    /// Such as `12.4.0`.
    pub(super) version: String,
    /// Whether boards fill the screen only if the address asks for it.
    pub(super) is_fitted_on_request: bool,
    /// Whether a data source of type Prometheus is there that the token may query.
    pub(super) has_prometheus: bool,
    /// How folders are reached.
    pub(super) folders: Way,
    /// How boards are reached.
    pub(super) boards: Way,
    /// How playlists are reached.
    pub(super) playlists: Way,
}

/// Which API is used for a kind of object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Way {
    /// The older one below `/api`, deprecated since Grafana 13.
    Older,
    /// That of resources, below `/apis`.
    Resources(Resources),
}

/// A kind of resource: `/apis/<group>/<version>/namespaces/<namespace>/<plural>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Resources {
    /// Group and version, as bodies name them: `playlist.grafana.app/v1`.
    pub(super) api_version: String,
    /// The path of all of them.
    pub(super) path: String,
}

impl Server {
    /// Asks for the version, which needs the token, and for what is served.
    pub(super) async fn ask(wire: &Wire) -> Result<Server, Error> {
        let settings = wire.get("/api/frontend/settings").await.map_err(nobody_there)?;
        let version = settings["buildInfo"]["version"].as_str();
        let parts = version.and_then(|version| Some((version, numbers(version)?)));
        let Some((version, numbers)) = parts else {
            return Err(Error::NotGrafana {
                what: format!("GET {}", wire.address("/api/frontend/settings")),
                found: "JSON without buildInfo.version".to_owned(),
                advice: "is this the address of a Grafana?",
            });
        };
        if numbers < OLDEST {
            return Err(Error::TooOld(version.to_owned()));
        }
        let groups = match numbers >= RESOURCES_SINCE {
            true => wire.find("/apis").await?.unwrap_or_default(),
            false => Value::Null,
        };
        let namespace = settings["namespace"].as_str().unwrap_or("default");
        let way = |group: &str, plural: &str, versions: &[&str]| {
            versions.iter().find(|version| serves(&groups, group, version)).map_or(Way::Older, |version| {
                let path = format!("/apis/{group}/{version}/namespaces/{namespace}/{plural}");
                Way::Resources(Resources { api_version: format!("{group}/{version}"), path })
            })
        };
        Ok(Server {
            version: version.to_owned(),
            is_fitted_on_request: numbers < FITTED_SINCE,
            has_prometheus: has_prometheus(&settings["datasources"]),
            folders: way("folder.grafana.app", "folders", &["v1"]),
            boards: way("dashboard.grafana.app", "dashboards", &["v1"]),
            // The older API of playlists is gone in 13; before 12.4 there was this version, which is an early one in name.
            playlists: way("playlist.grafana.app", "playlists", &["v1", "v0alpha1"]),
        })
    }
}

/// The first request finds out whether a Grafana is there at all.
fn nobody_there(error: Error) -> Error {
    match error {
        Error::NotFound { what, said } => Error::NotGrafana {
            what,
            found: format!("HTTP 404, {said}"),
            advice: "is this the address of a Grafana, with the path that it is served under, such as /grafana?",
        },
        error => error,
    }
}

/// The first two numbers of `12.4.0-pre` or `13.2.1+security-01`.
fn numbers(version: &str) -> Option<(u32, u32)> {
    let mut parts = version.split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

/// Whether an `APIGroupList` has the group in that version.
fn serves(groups: &Value, group: &str, version: &str) -> bool {
    let all = groups["groups"].as_array().map(Vec::as_slice).unwrap_or_default();
    let found = all.iter().find(|found| found["name"] == group);
    let versions = found.and_then(|found| found["versions"].as_array()).map(Vec::as_slice).unwrap_or_default();
    versions.iter().any(|found| found["version"] == version)
}

/// `datasources` of the settings that the browser gets: those that whoever asks may query. (`/api/datasources` is for
/// administrators.)
fn has_prometheus(sources: &Value) -> bool {
    let sources = sources.as_object();
    sources.is_some_and(|sources| sources.values().any(|source| source["type"] == "prometheus"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn versions_are_read_in_all_their_forms() {
        for (text, read) in [
            ("12.4.0", Some((12, 4))),
            ("13.2.1+security-01", Some((13, 2))),
            ("11.0.0-67429", Some((11, 0))),
            ("13.0.0-pre", Some((13, 0))),
            ("", None),
            ("latest", None),
        ] {
            assert_eq!(numbers(text), read, "{text}");
        }
        assert!((10, 4) < OLDEST && (11, 0) >= OLDEST && (9, 5) < (11, 0));
    }

    #[test]
    fn a_group_is_served_in_the_versions_that_are_listed() {
        let groups = json!({"kind": "APIGroupList", "groups": [
            {"name": "playlist.grafana.app", "versions": [{"groupVersion": "playlist.grafana.app/v0alpha1", "version": "v0alpha1"}]},
        ]});
        assert!(serves(&groups, "playlist.grafana.app", "v0alpha1"));
        assert!(!serves(&groups, "playlist.grafana.app", "v1"));
        assert!(!serves(&groups, "folder.grafana.app", "v1"));
        assert!(!serves(&Value::Null, "folder.grafana.app", "v1"));
    }

    #[test]
    fn only_prometheus_counts() {
        assert!(has_prometheus(&json!({"Loki": {"type": "loki"}, "Metrics": {"type": "prometheus"}})));
        assert!(!has_prometheus(&json!({"Prometheus": {"type": "loki"}})));
        assert!(!has_prometheus(&Value::Null));
    }
}
