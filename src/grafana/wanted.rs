//! What is to be in Grafana.

use ring::digest::{SHA256, digest};
use serde_json::Value;

use super::Error;
use crate::display::File;

/// Uid of the folder for all boards. Folders and boards share their uids, so no board may be named so.
pub(super) const FOLDER: &str = "crm-exporter-boards";

/// What is to be there once it is applied.
#[derive(Debug, Clone, PartialEq)]
pub struct Wanted {
    pub(super) folder_title: String,
    /// Whether boards and their folder come from elsewhere.
    pub(super) is_playlists_only: bool,
    pub(super) boards: Vec<Board>,
    pub(super) playlists: Vec<Playlist>,
}

/// A board as it was rendered.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Board {
    pub(super) uid: String,
    pub(super) title: String,
    /// The classic JSON model.
    pub(super) model: Value,
    /// Tells this content from any other.
    pub(super) fingerprint: String,
}

/// Boards that are shown in turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Playlist {
    /// Its name in addresses, such as `crm-floor`.
    pub name: String,
    /// What people read.
    pub title: String,
    /// How long each board is shown, such as `30s`.
    pub interval: String,
    /// What is shown, in order.
    pub items: Vec<Item>,
}

/// One part of a playlist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// `dashboard_by_uid` or `dashboard_by_tag`.
    pub kind: String,
    /// The uid or the tag.
    pub value: String,
}

impl Wanted {
    /// What `display` rendered for Grafana's folder of that title.
    ///
    /// # Errors
    /// As [`Wanted::new`].
    pub fn from_files(folder_title: &str, files: &[File]) -> Result<Wanted, Error> {
        let below = |directory: &str| -> Result<Vec<Value>, Error> {
            let files = files.iter().filter(|file| file.path.starts_with(directory) && file.path.ends_with(".json"));
            files
                .map(|file| {
                    let read = serde_json::from_str(&file.text);
                    read.map_err(|error| Error::Unusable(format!("{} is no JSON: {error}", file.path)))
                })
                .collect()
        };
        Wanted::new(folder_title, below("grafana/dashboards/")?, &below("grafana/playlists/")?)
    }

    /// Boards in Grafana's classic model and playlists as its API of resources has them, for a folder of that title.
    ///
    /// # Errors
    /// If one lacks what it cannot be applied without, or two have one name.
    pub fn new(folder_title: &str, boards: Vec<Value>, playlists: &[Value]) -> Result<Wanted, Error> {
        let boards = boards.into_iter().map(Board::new).collect::<Result<Vec<_>, _>>()?;
        let playlists = playlists.iter().map(Playlist::new).collect::<Result<Vec<_>, _>>()?;
        let uids = boards.iter().map(|board| board.uid.as_str());
        let names = playlists.iter().map(|playlist| playlist.name.as_str());
        if let Some(twice) = repeated(uids.chain([FOLDER])).or_else(|| repeated(names)) {
            return Err(Error::Unusable(format!("two boards or playlists are named {twice}")));
        }
        Ok(Wanted { folder_title: folder_title.to_owned(), is_playlists_only: false, boards, playlists })
    }

    /// The playlists alone: the boards that they show come from elsewhere, such as provisioning.
    #[must_use]
    pub fn playlists_only(self) -> Wanted {
        Wanted { is_playlists_only: true, ..self }
    }

    pub(super) fn has_board(&self, uid: &str) -> bool {
        self.boards.iter().any(|board| board.uid == uid)
    }
}

fn repeated<'n>(names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let mut seen = std::collections::BTreeSet::new();
    names.into_iter().find(|name| !seen.insert(*name))
}

impl Board {
    fn new(model: Value) -> Result<Board, Error> {
        let (uid, title) = (text(&model["uid"], "a board has no uid")?, text(&model["title"], "a board has no title")?);
        let fingerprint = fingerprint(&model);
        Ok(Board { uid, title, model, fingerprint })
    }
}

/// Twelve hexadecimal digits over the content.
fn fingerprint(model: &Value) -> String {
    let digest = digest(&SHA256, model.to_string().as_bytes());
    digest.as_ref().iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

impl Playlist {
    /// Reads a resource of `playlist.grafana.app`.
    pub(super) fn new(resource: &Value) -> Result<Playlist, Error> {
        let name = text(&resource["metadata"]["name"], "a playlist has no metadata.name")?;
        let spec = &resource["spec"];
        let title = text(&spec["title"], &format!("the playlist {name} has no title"))?;
        let interval = text(&spec["interval"], &format!("the playlist {name} has no interval"))?;
        Ok(Playlist { items: items(&spec["items"]), name, title, interval })
    }
}

/// The items of a playlist, which both APIs write alike.
pub(super) fn items(list: &Value) -> Vec<Item> {
    let part = |item: &Value, key: &str| item[key].as_str().unwrap_or_default().to_owned();
    let list = list.as_array().map(Vec::as_slice).unwrap_or_default();
    list.iter().map(|item| Item { kind: part(item, "type"), value: part(item, "value") }).collect()
}

fn text(value: &Value, problem: &str) -> Result<String, Error> {
    let found = value.as_str().filter(|text| !text.is_empty());
    found.map(str::to_owned).ok_or_else(|| Error::Unusable(problem.to_owned()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_cannot_be_applied_is_named() {
        let said = |boards: Value, playlists: Value| {
            let (boards, playlists) = (boards.as_array().unwrap().clone(), playlists.as_array().unwrap().clone());
            Wanted::new("Sales", boards, &playlists).unwrap_err().to_string()
        };
        let today = json!({"uid": "crm-today", "title": "Today"});
        assert_eq!(said(json!([{"title": "Today"}]), json!([])), "a board has no uid");
        assert_eq!(said(json!([{"uid": "crm-today"}]), json!([])), "a board has no title");
        assert_eq!(said(json!([today, today]), json!([])), "two boards or playlists are named crm-today");
        let clash = json!([{"uid": FOLDER, "title": "Today"}]);
        assert_eq!(said(clash, json!([])), "two boards or playlists are named crm-exporter-boards");
        let floor = json!({"metadata": {"name": "crm-floor"}, "spec": {"title": "Floor"}});
        assert_eq!(said(json!([]), json!([floor])), "the playlist crm-floor has no interval");
    }

    #[test]
    fn a_fingerprint_is_that_of_the_content() {
        let board = |title: &str| Board::new(json!({"uid": "crm-today", "title": title})).unwrap().fingerprint;
        assert_eq!(board("Today"), board("Today"));
        assert_ne!(board("Today"), board("Now"));
        assert_eq!(board("Today").len(), 12);
    }
}
