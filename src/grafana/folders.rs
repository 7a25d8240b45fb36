//! The folder that our boards are in.
//!
//! A folder has nothing but a uid and a title, so it is known by a uid that nobody else would choose. It is never deleted:
//! others may have put theirs into it.

use serde_json::{Value, json};

use super::Error;
use super::server::{Resources, Way};
use super::wanted::FOLDER;
use super::wire::Wire;
use crate::http::segment;

/// The annotation that names the folder of a folder or of a board.
pub(super) const IN_FOLDER: &str = "grafana.app/folder";
/// Asks for the rights that a folder at the root gets in the older API without asking: all for who makes it, editing for
/// Editors, viewing for Viewers. Grafana drops it once it has done so.
const GRANT: &str = "grafana.app/grant-permissions";
/// Folders are nested four deep by default; this ends a walk in a circle.
const DEEPEST: usize = 10;

/// Our folder as it is there.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Folder {
    pub(super) title: String,
    /// The folders around it: people may have moved it, and rights reach down.
    pub(super) around: Vec<String>,
    /// As it was read.
    whole: Value,
}

/// Our folder, if it is there.
pub(super) async fn find(wire: &Wire, way: &Way) -> Result<Option<Folder>, Error> {
    let Some(whole) = read(wire, way, FOLDER).await? else { return Ok(None) };
    let title = match way {
        Way::Older => &whole["title"],
        Way::Resources(_) => &whole["spec"]["title"],
    };
    let title = title.as_str().unwrap_or_default().to_owned();
    let around = around(wire, way, &whole).await?;
    Ok(Some(Folder { title, around, whole }))
}

async fn read(wire: &Wire, way: &Way, uid: &str) -> Result<Option<Value>, Error> {
    match way {
        Way::Older => wire.find(&format!("/api/folders/{}", segment(uid))).await,
        Way::Resources(resources) => wire.find(&resources.one(uid)).await,
    }
}

async fn around(wire: &Wire, way: &Way, folder: &Value) -> Result<Vec<String>, Error> {
    let mut around = Vec::new();
    let mut next = parent(way, folder);
    while let Some(uid) = next.filter(|_| around.len() < DEEPEST) {
        next = read(wire, way, &uid).await?.and_then(|folder| parent(way, &folder));
        around.push(uid);
    }
    Ok(around)
}

fn parent(way: &Way, folder: &Value) -> Option<String> {
    let uid = match way {
        Way::Older => &folder["parentUid"],
        Way::Resources(_) => &folder["metadata"]["annotations"][IN_FOLDER],
    };
    uid.as_str().filter(|uid| !uid.is_empty()).map(str::to_owned)
}

/// Makes it, at the root.
pub(super) async fn create(wire: &Wire, way: &Way, title: &str) -> Result<(), Error> {
    let made = match way {
        Way::Older => wire.post("/api/folders", &json!({"uid": FOLDER, "title": title})).await,
        Way::Resources(resources) => {
            let folder = json!({
                "apiVersion": resources.api_version,
                "kind": "Folder",
                "metadata": {"name": FOLDER, "annotations": {GRANT: "default"}},
                "spec": {"title": title},
            });
            wire.post(&resources.path, &folder).await
        }
    };
    made.map(|_| ())
}

/// Gives it its title back, and leaves it where it is.
pub(super) async fn rename(wire: &Wire, way: &Way, there: &Folder, title: &str) -> Result<(), Error> {
    let renamed = match way {
        Way::Older => {
            let body = json!({"title": title, "version": there.whole["version"]});
            wire.put(&format!("/api/folders/{FOLDER}"), &body).await
        }
        Way::Resources(resources) => {
            let mut folder = there.whole.clone();
            folder["spec"]["title"] = json!(title);
            wire.put(&resources.one(FOLDER), &folder).await
        }
    };
    renamed.map(|_| ())
}

impl Resources {
    /// The path of one of them.
    pub(super) fn one(&self, name: &str) -> String {
        format!("{}/{}", self.path, segment(name))
    }
}
