//! Whether the token may do what a plan asks for: found out before the first write.
//!
//! Grafana tells whoever asks which actions they may take, and on what (`/api/access-control/user/permissions`). A new
//! folder brings all rights in it to who makes it.

use std::collections::BTreeSet;

use serde_json::Value;

use super::plan::{Deed, Kind, Plan};
use super::server::Way;
use super::wanted::FOLDER;
use super::wire::Wire;
use super::{Error, playlists};

/// What the token may do: actions with their scopes.
struct Rights(Value);

impl Rights {
    /// Whether it may take the action on any of `scopes`. An action without scopes counts for all.
    fn allow(&self, action: &str, scopes: &[String]) -> bool {
        let Some(granted) = self.0[action].as_array() else { return false };
        let reaches =
            |granted: &str| granted.is_empty() || granted == "*" || scopes.iter().any(|scope| scope == granted);
        granted.is_empty() || granted.iter().filter_map(Value::as_str).any(reaches)
    }

    /// Whether Grafana has actions for playlists at all; older ones go by the role.
    fn know_playlists(&self) -> bool {
        self.0.as_object().is_some_and(|actions| actions.keys().any(|action| action.starts_with("playlists:")))
    }
}

/// What a plan needs to be allowed: an action, where, and what people call it.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Need {
    what: String,
    action: &'static str,
    /// The narrowest scope, which is told.
    scope: String,
    /// The scopes around it.
    wider: Vec<String>,
}

/// Refuses a plan that the token may not carry out.
pub(super) async fn check(wire: &Wire, way_of_playlists: &Way, plan: &Plan) -> Result<(), Error> {
    let needs = needs(plan);
    let writes_playlists = plan.steps.iter().any(|step| step.kind == Kind::Playlist && step.deed.writes());
    if needs.is_empty() && !writes_playlists {
        return Ok(());
    }
    let rights = Rights(wire.get("/api/access-control/user/permissions?reloadcache=true").await?);
    let missing = needs.iter().filter(|need| {
        let scopes: Vec<String> = need.wider.iter().chain([&need.scope]).cloned().collect();
        !rights.allow(need.action, &scopes)
    });
    let mut missing: Vec<String> =
        missing.map(|need| format!("{}: {} on {}", need.what, need.action, need.scope)).collect();
    if writes_playlists {
        let may = match rights.know_playlists() {
            true => rights.allow("playlists:write", &["playlists:*".to_owned(), "playlists:uid:*".to_owned()]),
            false => playlists::may_write(wire, way_of_playlists).await?,
        };
        if !may {
            missing.push(
                "write playlists: the role Editor, or playlists:write on playlists:* from Grafana 13 on".to_owned(),
            );
        }
    }
    if missing.is_empty() { Ok(()) } else { Err(Error::Rights(missing)) }
}

/// What boards and folders need, each once.
fn needs(plan: &Plan) -> BTreeSet<Need> {
    let everywhere = ["folders:*".to_owned(), "folders:uid:*".to_owned()];
    let around = plan.around.iter().map(|uid| format!("folders:uid:{uid}"));
    let in_folder: Vec<String> = everywhere.iter().cloned().chain(around).collect();
    let ours = format!("folders:uid:{FOLDER}");
    let mut needs = BTreeSet::new();
    let mut need = |what: &str, action, scope: &str, wider: &[String]| {
        needs.insert(Need { what: what.to_owned(), action, scope: scope.to_owned(), wider: wider.to_vec() });
    };
    for step in &plan.steps {
        let board: Vec<String> =
            ["dashboards:*".to_owned(), "dashboards:uid:*".to_owned(), format!("dashboards:uid:{}", step.uid)]
                .into_iter()
                .chain(in_folder.iter().cloned())
                .chain(step.folder.iter().map(|uid| format!("folders:uid:{uid}")))
                .collect();
        match (step.kind, &step.deed) {
            (Kind::Folder, Deed::Create) => need("make a folder", "folders:create", "folders:uid:general", &everywhere),
            (Kind::Folder, Deed::Change(_)) => need("rename the folder", "folders:write", &ours, &in_folder),
            (Kind::Board, Deed::Create) if plan.has_folder => {
                need("make boards in the folder", "dashboards:create", &ours, &in_folder);
            }
            (Kind::Board, Deed::Change(_)) => {
                if plan.has_folder && step.folder.as_deref() != Some(FOLDER) {
                    need("bring boards back into the folder", "dashboards:create", &ours, &in_folder);
                }
                let scope = format!("dashboards:uid:{}", step.uid);
                let scope = if step.folder.as_deref() == Some(FOLDER) { ours.as_str() } else { scope.as_str() };
                need("change boards", "dashboards:write", scope, &board);
            }
            (Kind::Board, Deed::Delete) => {
                need("delete boards", "dashboards:delete", &format!("dashboards:uid:{}", step.uid), &board);
            }
            _ => {}
        }
    }
    needs
}
