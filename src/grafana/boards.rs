//! Boards as Grafana has them.

use serde_json::{Value, json};

use super::folders::IN_FOLDER;
use super::mark::Mark;
use super::server::Way;
use super::wanted::{Board, FOLDER};
use super::wire::Wire;
use super::{Error, TAG};
use crate::http::segment;
use crate::version;

/// Annotations that say who keeps a resource from outside: files, Git Sync, Terraform and the like.
const MANAGED_BY: &str = "grafana.app/managedBy";
/// What a save says of itself in the history of a board.
const MESSAGE: &str = "grafana.app/message";
/// The most that Grafana's search gives at once.
const MOST_FOUND: usize = 5000;

/// A board as it is there.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Found {
    /// The classic model.
    pub(super) model: Value,
    /// The uid of its folder; none at the root.
    pub(super) folder: Option<String>,
    /// Who keeps it from outside, if somebody does.
    pub(super) keeper: Option<String>,
    /// The number of its last save.
    pub(super) save: i64,
    /// Whether it is a folder: both share their uids in the older API.
    pub(super) is_folder: bool,
    /// As it was read.
    whole: Value,
}

/// The board of that uid, if it is there.
pub(super) async fn find(wire: &Wire, way: &Way, uid: &str) -> Result<Option<Found>, Error> {
    let found = match way {
        Way::Older => wire.find(&format!("/api/dashboards/uid/{}", segment(uid))).await?.map(of_older),
        Way::Resources(resources) => wire.find(&resources.one(uid)).await?.map(of_resource),
    };
    Ok(found)
}

fn of_older(whole: Value) -> Found {
    let meta = &whole["meta"];
    let text = |key: &str| meta[key].as_str().filter(|text| !text.is_empty()).map(str::to_owned);
    let is_provisioned = meta["provisioned"] == true;
    Found {
        model: whole["dashboard"].clone(),
        folder: text("folderUid"),
        keeper: is_provisioned.then(|| text("provisionedExternalId").unwrap_or_else(|| "a file".to_owned())),
        save: whole["dashboard"]["version"].as_i64().unwrap_or(0),
        is_folder: meta["isFolder"] == true,
        whole,
    }
}

fn of_resource(whole: Value) -> Found {
    let metadata = &whole["metadata"];
    let text = |key: &str| metadata["annotations"][key].as_str().filter(|text| !text.is_empty()).map(str::to_owned);
    Found {
        model: whole["spec"].clone(),
        folder: text(IN_FOLDER),
        keeper: text(MANAGED_BY),
        save: metadata["generation"].as_i64().unwrap_or(0),
        is_folder: false,
        whole,
    }
}

impl Found {
    pub(super) fn title(&self) -> &str {
        self.model["title"].as_str().unwrap_or_default()
    }

    /// Whether we made it: by the mark for its own uid, or by tag and folder if somebody rewrote the description.
    pub(super) fn is_ours(&self, uid: &str) -> bool {
        if self.is_folder || self.keeper.is_some() {
            return false;
        }
        match Mark::of(&self.model) {
            Some(mark) => mark.uid == uid,
            None => self.is_tagged() && self.folder.as_deref() == Some(FOLDER),
        }
    }

    fn is_tagged(&self) -> bool {
        self.model["tags"].as_array().is_some_and(|tags| tags.iter().any(|tag| tag == TAG))
    }
}

/// The uids of all boards with our tag that the token may see. Grafana's index may be some seconds behind.
pub(super) async fn tagged(wire: &Wire) -> Result<Vec<String>, Error> {
    let hits = wire.get(&format!("/api/search?type=dash-db&tag={TAG}&limit={MOST_FOUND}")).await?;
    let hits = hits.as_array().map(Vec::as_slice).unwrap_or_default();
    Ok(hits.iter().filter_map(|hit| hit["uid"].as_str()).map(str::to_owned).collect())
}

/// Writes a board into our folder: a new one, or in place of the one that was found. If that has changed since, or one is
/// there by now, nothing happens but an [`Error::Conflict`].
pub(super) async fn write(wire: &Wire, way: &Way, board: &Board, found: Option<&Found>) -> Result<(), Error> {
    let save = found.map_or(0, |found| found.save) + 1;
    let mark = Mark { uid: board.uid.clone(), fingerprint: board.fingerprint.clone(), save };
    let model = mark.put_on(&board.model);
    let message = format!("crm_exporter {}", version::VERSION);
    let written = match way {
        Way::Older => wire.post("/api/dashboards/db", &for_older(model, found, &message)).await,
        Way::Resources(resources) => {
            let body = for_resource(&resources.api_version, &board.uid, model, found, &message);
            match found {
                None => wire.post(&resources.path, &body).await,
                Some(_) => wire.put(&resources.one(&board.uid), &body).await,
            }
        }
    };
    written.map(|_| ())
}

/// Without `overwrite`, Grafana refuses unless the version is the one that is there.
fn for_older(mut model: Value, found: Option<&Found>, message: &str) -> Value {
    model["id"] = found.map_or(Value::Null, |found| found.model["id"].clone());
    model["version"] = json!(found.map_or(0, |found| found.save));
    json!({"dashboard": model, "folderUid": FOLDER, "message": message, "overwrite": false})
}

/// The `resourceVersion` that was read goes back: Grafana refuses if another is there. So do labels and annotations.
fn for_resource(api_version: &str, uid: &str, mut model: Value, found: Option<&Found>, message: &str) -> Value {
    if let Some(model) = model.as_object_mut() {
        // Name and generation of the resource stand for these.
        model.retain(|key, _| !matches!(key.as_str(), "id" | "uid" | "version"));
    }
    let mut metadata = found.map_or_else(|| json!({"name": uid}), |found| found.whole["metadata"].clone());
    if let Some(metadata) = metadata.as_object_mut() {
        metadata.shift_remove("managedFields");
    }
    metadata["annotations"][IN_FOLDER] = json!(FOLDER);
    metadata["annotations"][MESSAGE] = json!(message);
    json!({"apiVersion": api_version, "kind": "Dashboard", "metadata": metadata, "spec": model})
}

/// Deletes it; the older Grafanas have no way back.
pub(super) async fn delete(wire: &Wire, way: &Way, uid: &str) -> Result<(), Error> {
    match way {
        Way::Older => wire.delete(&format!("/api/dashboards/uid/{}", segment(uid))).await,
        Way::Resources(resources) => wire.delete(&resources.one(uid)).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn older(description: &str, folder: &str, more: Value) -> Found {
        let mut whole = json!({
            "dashboard": {"uid": "crm-today", "title": "Today", "tags": ["crm_exporter"], "description": description},
            "meta": {"folderUid": folder},
        });
        for (key, value) in more.as_object().unwrap() {
            whole["meta"][key] = value.clone();
        }
        of_older(whole)
    }

    #[test]
    fn ours_is_what_has_our_mark_or_our_tag_in_our_folder() {
        let mark =
            |uid: &str| format!("Kept by crm_exporter, which overwrites changes made here ({uid} 9be0d3aa1122 save 1)");
        assert!(older(&mark("crm-today"), FOLDER, json!({})).is_ours("crm-today"));
        // Moved by hand: still ours.
        assert!(older(&mark("crm-today"), "other", json!({})).is_ours("crm-today"));
        // A copy in our folder is not.
        assert!(!older(&mark("crm-pace"), FOLDER, json!({})).is_ours("crm-today"));
        // The description was rewritten.
        assert!(older("Mine now", FOLDER, json!({})).is_ours("crm-today"));
        // Imported by hand elsewhere.
        assert!(!older("Calls", "other", json!({})).is_ours("crm-today"));
        assert!(!older("Calls", "", json!({})).is_ours("crm-today"));
        // Provisioned from a file, or no board at all.
        assert!(!older(&mark("crm-today"), FOLDER, json!({"provisioned": true})).is_ours("crm-today"));
        assert!(!older(&mark("crm-today"), FOLDER, json!({"isFolder": true})).is_ours("crm-today"));
    }

    #[test]
    fn a_replaced_resource_keeps_what_others_wrote_about_it() {
        let found = of_resource(json!({
            "metadata": {
                "name": "crm-today", "resourceVersion": "17", "generation": 3, "managedFields": [{}],
                "labels": {"floor": "2"}, "annotations": {"grafana.app/folder": "other", "grafana.app/createdBy": "x"},
            },
            "spec": {"title": "Now"},
        }));
        let model = json!({"uid": "crm-today", "version": 1, "title": "Today"});
        let body = for_resource("dashboard.grafana.app/v1", "crm-today", model, Some(&found), "m");
        assert_eq!(
            body,
            json!({
                "apiVersion": "dashboard.grafana.app/v1", "kind": "Dashboard",
                "metadata": {
                    "name": "crm-today", "resourceVersion": "17", "generation": 3, "labels": {"floor": "2"},
                    "annotations": {
                        "grafana.app/folder": "crm-exporter-boards", "grafana.app/createdBy": "x", "grafana.app/message": "m",
                    },
                },
                "spec": {"title": "Today"},
            })
        );
    }
}
