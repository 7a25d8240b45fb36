//! What the fake holds. Both APIs show the same objects.

use std::collections::BTreeMap;

use serde_json::{Value, json};

#[derive(Debug, Default)]
pub(in crate::grafana) struct Content {
    pub(in crate::grafana) folders: BTreeMap<String, Folder>,
    pub(in crate::grafana) boards: BTreeMap<String, Board>,
    pub(in crate::grafana) lists: BTreeMap<String, List>,
    /// Changes so far: ids and resource versions come from it.
    pub(in crate::grafana) changes: i64,
}

#[derive(Debug, Clone)]
pub(in crate::grafana) struct Folder {
    pub(in crate::grafana) id: i64,
    pub(in crate::grafana) title: String,
    pub(in crate::grafana) parent: Option<String>,
    pub(in crate::grafana) version: i64,
    pub(in crate::grafana) resource_version: i64,
    /// Whether roles were granted rights on it; without, only administrators see it.
    pub(in crate::grafana) is_granted: bool,
}

#[derive(Debug, Clone)]
pub(in crate::grafana) struct Board {
    pub(in crate::grafana) id: i64,
    pub(in crate::grafana) folder: Option<String>,
    /// As it is stored, without id, uid and version.
    pub(in crate::grafana) model: Value,
    /// The version of the older API, the generation of the other one.
    pub(in crate::grafana) version: i64,
    pub(in crate::grafana) resource_version: i64,
    /// The file that it is provisioned from.
    pub(in crate::grafana) file: Option<String>,
    /// Messages of its saves, the last one behind.
    pub(in crate::grafana) messages: Vec<String>,
}

#[derive(Debug, Clone)]
pub(in crate::grafana) struct List {
    pub(in crate::grafana) title: String,
    pub(in crate::grafana) interval: String,
    /// Types and values.
    pub(in crate::grafana) items: Vec<(String, String)>,
    pub(in crate::grafana) labels: Value,
    pub(in crate::grafana) resource_version: i64,
}

impl Content {
    /// The number of the next change.
    pub(super) fn next(&mut self) -> i64 {
        self.changes += 1;
        self.changes
    }

    pub(in crate::grafana) fn add_folder(&mut self, uid: &str, title: &str, is_granted: bool) {
        let id = self.next();
        let folder = Folder { id, title: title.to_owned(), parent: None, version: 1, resource_version: id, is_granted };
        self.folders.insert(uid.to_owned(), folder);
    }

    /// A board that somebody made.
    pub(in crate::grafana) fn add_board(&mut self, uid: &str, folder: Option<&str>, model: Value) -> &mut Board {
        let id = self.next();
        let folder = folder.map(str::to_owned);
        let board =
            Board { id, folder, model, version: 1, resource_version: id, file: None, messages: vec![String::new()] };
        self.boards.insert(uid.to_owned(), board);
        self.boards.get_mut(uid).unwrap()
    }

    pub(in crate::grafana) fn add_list(&mut self, uid: &str, title: &str, items: &[(&str, &str)]) {
        let resource_version = self.next();
        let items = items.iter().map(|(kind, value)| ((*kind).to_owned(), (*value).to_owned())).collect();
        let list =
            List { title: title.to_owned(), interval: "5m".to_owned(), items, labels: json!({}), resource_version };
        self.lists.insert(uid.to_owned(), list);
    }

    /// Saves a board as somebody does in the browser, who changes it so.
    pub(in crate::grafana) fn edit(&mut self, uid: &str, change: impl FnOnce(&mut Value)) {
        let next = self.next();
        let board = self.boards.get_mut(uid).unwrap();
        change(&mut board.model);
        board.version += 1;
        board.resource_version = next;
        board.messages.push(String::new());
    }

    /// Whether the uid is taken: folders and boards share them.
    pub(super) fn is_taken(&self, uid: &str) -> bool {
        self.folders.contains_key(uid) || self.boards.contains_key(uid)
    }

    /// Everything but the numbers of changes, to see whether anything was touched.
    pub(in crate::grafana) fn shown(&self) -> String {
        format!("{:#?}\n{:#?}\n{:#?}", self.folders, self.boards, self.lists)
    }
}
