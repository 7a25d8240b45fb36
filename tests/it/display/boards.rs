//! The structure of dashboards: what Grafana, and people at a TV, need.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{expressions, files};

/// The boards, with their paths.
pub(super) fn boards() -> Vec<(String, Value)> {
    let files = files().into_iter().filter(|file| file.path.starts_with("grafana/dashboards/"));
    files.map(|file| (file.path, serde_json::from_str(&file.text).unwrap())).collect()
}

pub(super) fn panels(board: &Value) -> &[Value] {
    board["panels"].as_array().unwrap()
}

#[test]
fn a_board_has_what_imports_and_provisioning_need() {
    let mut uids = BTreeSet::new();
    for (path, board) in boards() {
        let uid = board["uid"].as_str().unwrap();
        assert!((8..=40).contains(&uid.len()) && uids.insert(uid.to_owned()), "{path}");
        assert!(path.ends_with(&format!("/{uid}.json")), "{path}");
        assert!((39..=41).contains(&board["schemaVersion"].as_i64().unwrap()), "{path}");
        for key in ["id", "__inputs", "__requires"] {
            assert!(board.get(key).is_none(), "{path}: {key}");
        }
        let place = if path.contains("/wall/") { "wall" } else { "desk" };
        assert_eq!(board["tags"], serde_json::json!(["crm_exporter", place]), "{path}");
        let source = &board["templating"]["list"][0];
        assert_eq!(
            (&source["name"], &source["type"], &source["query"]),
            (&"datasource".into(), &"datasource".into(), &"prometheus".into())
        );
        for key in ["title", "description", "timezone"] {
            assert!(board[key].as_str().is_some_and(|text| !text.is_empty()), "{path}: {key}");
        }
    }
}

/// Every object of a board that has a key.
fn with_key<'v>(value: &'v Value, key: &str, found: &mut Vec<&'v Value>) {
    if value.get(key).is_some() {
        found.push(value);
    }
    match value {
        Value::Object(entries) => entries.values().for_each(|value| with_key(value, key, found)),
        Value::Array(items) => items.iter().for_each(|value| with_key(value, key, found)),
        _ => {}
    }
}

#[test]
fn every_query_goes_to_the_chosen_data_source() {
    for (path, board) in boards() {
        let mut found = Vec::new();
        for key in ["datasource", "expr"] {
            with_key(&board, key, &mut found);
        }
        for asking in found.into_iter().filter(|value| value["name"] != "Anno" && value["refId"] != "Anno") {
            assert_eq!(
                asking["datasource"],
                serde_json::json!({"type": "prometheus", "uid": "${datasource}"}),
                "{path}: {asking}"
            );
        }
    }
}

#[test]
fn a_panel_says_what_it_shows() {
    for (path, board) in boards() {
        let mut ids = BTreeSet::new();
        for panel in panels(&board) {
            let at = format!("{path}: {}", panel["title"]);
            assert!(ids.insert(panel["id"].as_i64().unwrap()), "{at}");
            assert!(panel["description"].as_str().is_some_and(|text| text.len() > 20), "{at}");
            if panel["type"] == "text" {
                continue;
            }
            let defaults = &panel["fieldConfig"]["defaults"];
            for key in ["unit", "noValue", "thresholds", "mappings"] {
                assert!(defaults.get(key).is_some(), "{at}: {key}");
            }
            let refs: BTreeSet<&str> =
                panel["targets"].as_array().unwrap().iter().map(|target| target["refId"].as_str().unwrap()).collect();
            assert_eq!(refs.len(), panel["targets"].as_array().unwrap().len(), "{at}");
        }
    }
}

#[test]
fn panels_do_not_overlap() {
    for (path, board) in boards() {
        let mut taken = BTreeSet::new();
        for panel in panels(&board) {
            let [x, y, w, h] = ["x", "y", "w", "h"].map(|key| panel["gridPos"][key].as_u64().unwrap());
            assert!(w > 0 && h > 0 && x + w <= 24, "{path}: {}", panel["title"]);
            for cell in (x..x + w).flat_map(|x| (y..y + h).map(move |y| (x, y))) {
                assert!(taken.insert(cell), "{path}: {} lies over another panel", panel["title"]);
            }
        }
    }
}

/// Grid rows from the top of a board to its end.
fn height(board: &Value) -> u64 {
    let bottom = |panel: &Value| panel["gridPos"]["y"].as_u64().unwrap() + panel["gridPos"]["h"].as_u64().unwrap();
    panels(board).iter().map(bottom).max().unwrap()
}

#[test]
fn a_board_is_one_screen() {
    for (path, board) in boards() {
        assert!(height(&board) <= 26, "{path} is {} rows high, 26 fit", height(&board));
    }
}

#[test]
fn a_board_for_the_wall_fits_a_tv() {
    for (path, board) in boards().into_iter().filter(|(path, _)| path.contains("/wall/")) {
        // The question, the freshness, and what a glance takes in.
        assert!(panels(&board).len() <= 9, "{path}");
        for panel in panels(&board) {
            // The text of everything else does not grow with its panel.
            let kind = panel["type"].as_str().unwrap();
            assert!(["stat", "bargauge", "timeseries"].contains(&kind), "{path}: {kind}");
        }
        let hidden = board["templating"]["list"].as_array().unwrap().iter().all(|variable| variable["hide"] == 2);
        assert!(hidden, "{path}: nobody chooses anything at a TV");
    }
}

#[test]
fn every_expression_asks_for_what_there_is() {
    let mut found = Vec::new();
    for (path, board) in boards() {
        let mut asking = Vec::new();
        with_key(&board, "expr", &mut asking);
        for expr in asking.iter().filter_map(|value| value["expr"].as_str()) {
            let problems = expressions::problems(expr, &BTreeSet::new());
            found.extend(problems.into_iter().map(|problem| format!("{path}: {expr}: {problem}")));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}
