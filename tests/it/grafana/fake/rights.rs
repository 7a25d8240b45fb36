//! Who may do what: basic roles as Grafana grants them.

use serde_json::{Value, json};

use super::{Asked, Edition};

/// What the token's service account is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::grafana) enum Role {
    Viewer,
    Editor,
    /// No basic role, but custom permissions to make folders and what is in them, as Enterprise has them.
    Folders,
}

impl Asked<'_> {
    /// `GET /api/access-control/user/permissions`: actions with their scopes.
    ///
    /// An Editor may make folders and boards at the root (`folders:uid:general`), and has all rights on the folders that it
    /// made: here on all that grant their roles something. Playlists have actions from 13 on; before, they go by the role.
    pub(super) fn permissions(&self) -> Value {
        let granted = self.content.folders.iter().filter(|(_, folder)| folder.is_granted);
        let made: Vec<String> = granted.map(|(uid, _)| format!("folders:uid:{uid}")).collect();
        let with_root: Vec<String> = made.iter().cloned().chain(["folders:uid:general".to_owned()]).collect();
        let mut actions =
            json!({"folders:read": with_root, "dashboards:read": with_root, "datasources:query": ["datasources:*"]});
        let lists = self.edition == Edition::V13 && self.role != Role::Folders;
        if lists {
            actions["playlists:read"] = json!(["playlists:*"]);
        }
        if self.role == Role::Viewer {
            return actions;
        }
        for action in ["folders:create", "dashboards:create"] {
            actions[action] = json!(with_root);
        }
        for action in ["folders:write", "folders:delete", "dashboards:write", "dashboards:delete"] {
            actions[action] = json!(made);
        }
        if lists {
            actions["playlists:write"] = json!(["playlists:*"]);
        }
        actions
    }

    /// Whether the action is granted in that folder, or at the root.
    pub(super) fn may_in(&self, action: &str, folder: Option<&str>) -> bool {
        let scope = format!("folders:uid:{}", folder.unwrap_or("general"));
        let permissions = self.permissions();
        permissions[action].as_array().is_some_and(|granted| granted.iter().any(|granted| granted == scope.as_str()))
    }

    /// Whether playlists may be written.
    pub(super) fn may_write_lists(&self) -> bool {
        self.role == Role::Editor
    }
}
