//! Playlists: boards that a TV shows in turn.
//!
//! Grafana provisions no playlists from files; `crm_exporter grafana apply` creates them, and the files are for those who
//! do it otherwise.

use serde_json::{Value, json};

use super::dashboard::{Board, Place};
use super::file::File;

/// How long each board is shown.
const INTERVAL: &str = "30s";

/// A playlist as Grafana's API takes it.
fn playlist(name: &str, title: &str, boards: &[&str]) -> Value {
    let items: Vec<Value> = boards.iter().map(|uid| json!({"type": "dashboard_by_uid", "value": uid})).collect();
    json!({
        "apiVersion": "playlist.grafana.app/v1",
        "kind": "Playlist",
        "metadata": {"name": name},
        "spec": {"title": title, "interval": INTERVAL, "items": items},
    })
}

/// One for the floor with every board for the wall, in their order.
pub(super) fn files(boards: &[Board]) -> Vec<File> {
    let walls: Vec<&str> = boards.iter().filter(|board| board.place == Place::Wall).map(|board| board.uid).collect();
    vec![File::json("grafana/playlists/crm-floor.json", &playlist("crm-floor", "Sales floor", &walls))]
}
