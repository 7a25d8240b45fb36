//! Playlists as Grafana has them, in the three ways in which its versions serve them.
//!
//! | Grafana | API | uid |
//! | --- | --- | --- |
//! | 12.4 and later | `playlist.grafana.app/v1` | ours |
//! | 12.0 to 12.3 | `playlist.grafana.app/v0alpha1` | ours |
//! | before | `/api/playlists` | Grafana invents one: a playlist is found by its title |
//!
//! Ours have a label, where Grafana keeps labels: it says so of new instances only. Without it, a playlist under our name
//! is taken for ours if it shows nothing but our boards; it is then brought up to date, but never deleted.

use serde_json::{Value, json};

use super::server::Way;
use super::wanted::items;
use super::wire::Wire;
use super::{Error, Item, Playlist, TAG};
use crate::http::segment;

/// The usual label for who keeps a resource.
const KEPT_BY: &str = "app.kubernetes.io/managed-by";
/// The most that are read at once.
const MOST: usize = 1000;
/// No playlist has this name.
const NOBODY: &str = "crm-exporter-asks-whether-it-may-write";

/// A playlist as it is there. Its name is the one that addresses hold.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Found {
    pub(super) playlist: Playlist,
    /// Whether it has our label.
    pub(super) is_labelled: bool,
    whole: Value,
}

impl Found {
    /// Whether it shows boards of ours and nothing else.
    pub(super) fn shows_only(&self, is_ours: impl Fn(&str) -> bool) -> bool {
        let ours = |item: &Item| match item.kind.as_str() {
            "dashboard_by_uid" => is_ours(&item.value),
            "dashboard_by_tag" => item.value == TAG,
            _ => false,
        };
        !self.playlist.items.is_empty() && self.playlist.items.iter().all(ours)
    }

    /// What differs from the wanted one, in words.
    pub(super) fn differences(&self, wanted: &Playlist) -> Vec<String> {
        let mut lines = Vec::new();
        let mut text = |key: &str, old: &str, new: &str| {
            if old != new {
                lines.push(format!("{key}: {old:?} -> {new:?}"));
            }
        };
        text("title", &self.playlist.title, &wanted.title);
        text("interval", &self.playlist.interval, &wanted.interval);
        text("items", &shown(&self.playlist.items), &shown(&wanted.items));
        lines
    }
}

fn shown(items: &[Item]) -> String {
    items.iter().map(|item| item.value.as_str()).collect::<Vec<_>>().join(" ")
}

/// All playlists that could be ours.
pub(super) async fn all(wire: &Wire, way: &Way, wanted: &[Playlist]) -> Result<Vec<Found>, Error> {
    match way {
        Way::Older => all_by_title(wire, wanted).await,
        Way::Resources(resources) => {
            let mut found = Vec::new();
            let mut more = String::new();
            loop {
                let page = wire.get(&format!("{}?limit={MOST}{more}", resources.path)).await?;
                let items = page["items"].as_array().map(Vec::as_slice).unwrap_or_default();
                found.extend(items.iter().filter_map(of_resource));
                match page["metadata"]["continue"].as_str().filter(|token| !token.is_empty()) {
                    Some(token) => more = format!("&continue={}", segment(token)),
                    None => return Ok(found),
                }
            }
        }
    }
}

async fn all_by_title(wire: &Wire, wanted: &[Playlist]) -> Result<Vec<Found>, Error> {
    let list = wire.get(&format!("/api/playlists?limit={MOST}")).await?;
    let list = list.as_array().map(Vec::as_slice).unwrap_or_default();
    let mut found = Vec::new();
    for listed in list.iter().filter(|listed| wanted.iter().any(|playlist| listed["name"] == *playlist.title)) {
        let Some(uid) = listed["uid"].as_str() else { continue };
        // The list has no items.
        let whole = wire.find(&one_older(uid)).await?;
        found.extend(whole.and_then(|whole| of_older(uid, whole)));
    }
    Ok(found)
}

fn one_older(uid: &str) -> String {
    format!("/api/playlists/{}", segment(uid))
}

fn of_older(uid: &str, whole: Value) -> Option<Found> {
    let text = |key: &str| Some(whole[key].as_str()?.to_owned());
    let playlist = Playlist {
        name: uid.to_owned(),
        title: text("name")?,
        interval: text("interval")?,
        items: items(&whole["items"]),
    };
    Some(Found { playlist, is_labelled: false, whole })
}

fn of_resource(whole: &Value) -> Option<Found> {
    let is_labelled = whole["metadata"]["labels"][KEPT_BY] == TAG;
    Some(Found { playlist: Playlist::new(whole).ok()?, is_labelled, whole: whole.clone() })
}

/// The one that stands where `wanted` is to be.
pub(super) fn in_place<'f>(found: &'f [Found], way: &Way, wanted: &Playlist) -> Option<&'f Found> {
    found.iter().find(|found| match way {
        Way::Older => found.playlist.title == wanted.title,
        Way::Resources(_) => found.playlist.name == wanted.name,
    })
}

/// Writes a playlist, a new one or in place of `found`, and tells its name in addresses.
pub(super) async fn write(wire: &Wire, way: &Way, wanted: &Playlist, found: Option<&Found>) -> Result<String, Error> {
    match way {
        Way::Older => {
            let body = for_older(wanted);
            let written = match found {
                None => wire.post("/api/playlists", &body).await?,
                Some(found) => wire.put(&one_older(&found.playlist.name), &body).await?,
            };
            let uid = written["uid"].as_str().or(found.map(|found| found.playlist.name.as_str()));
            Ok(uid.unwrap_or_default().to_owned())
        }
        Way::Resources(resources) => {
            let body = for_resource(&resources.api_version, wanted, found);
            match found {
                None => wire.post(&resources.path, &body).await?,
                Some(_) => wire.put(&resources.one(&wanted.name), &body).await?,
            };
            Ok(wanted.name.clone())
        }
    }
}

fn for_older(wanted: &Playlist) -> Value {
    let items = wanted
        .items
        .iter()
        .enumerate()
        .map(|(at, item)| json!({"type": item.kind, "value": item.value, "order": at + 1, "title": item.value}));
    json!({"name": wanted.title, "interval": wanted.interval, "items": items.collect::<Vec<_>>()})
}

fn for_resource(api_version: &str, wanted: &Playlist, found: Option<&Found>) -> Value {
    let mut metadata = found.map_or_else(|| json!({"name": wanted.name}), |found| found.whole["metadata"].clone());
    if let Some(metadata) = metadata.as_object_mut() {
        metadata.shift_remove("managedFields");
    }
    metadata["labels"][KEPT_BY] = json!(TAG);
    let items = wanted.items.iter().map(|item| json!({"type": item.kind, "value": item.value}));
    let spec = json!({"title": wanted.title, "interval": wanted.interval, "items": items.collect::<Vec<_>>()});
    json!({"apiVersion": api_version, "kind": "Playlist", "metadata": metadata, "spec": spec})
}

/// Deletes it.
pub(super) async fn delete(wire: &Wire, way: &Way, name: &str) -> Result<(), Error> {
    match way {
        Way::Older => wire.delete(&one_older(name)).await,
        Way::Resources(resources) => wire.delete(&resources.one(name)).await,
    }
}

/// Whether the token may write playlists, where Grafana decides that by the role alone and tells nobody's role: a request
/// to delete what is not there is refused to those who may not, and harmless.
pub(super) async fn may_write(wire: &Wire, way: &Way) -> Result<bool, Error> {
    match delete(wire, way, NOBODY).await {
        Ok(()) => Ok(true),
        Err(Error::Forbidden { .. }) => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(kind: &str, values: &[&str]) -> Found {
        let items: Vec<Value> = values.iter().map(|value| json!({"type": kind, "value": value})).collect();
        let spec = json!({"title": "Floor", "interval": "30s", "items": items});
        of_resource(&json!({"metadata": {"name": "crm-floor"}, "spec": spec})).unwrap()
    }

    #[test]
    fn a_playlist_of_our_boards_alone_is_told_from_others() {
        let is_ours = |uid: &str| uid.starts_with("crm-");
        assert!(found("dashboard_by_uid", &["crm-today", "crm-pace"]).shows_only(is_ours));
        assert!(found("dashboard_by_tag", &["crm_exporter"]).shows_only(is_ours));
        assert!(!found("dashboard_by_tag", &["wall"]).shows_only(is_ours));
        assert!(!found("dashboard_by_uid", &["crm-today", "weather"]).shows_only(is_ours));
        assert!(!found("dashboard_by_id", &["3"]).shows_only(is_ours));
        assert!(!found("dashboard_by_uid", &[]).shows_only(is_ours));
    }

    #[test]
    fn differences_are_told_with_both_sides() {
        let there = found("dashboard_by_uid", &["crm-pace", "crm-today"]);
        let wanted = Playlist { interval: "1m".into(), ..found("dashboard_by_uid", &["crm-today"]).playlist };
        let lines = there.differences(&wanted);
        assert_eq!(lines, ["interval: \"30s\" -> \"1m\"", "items: \"crm-pace crm-today\" -> \"crm-today\""]);
        assert_eq!(there.differences(&there.playlist), [""; 0]);
    }
}
