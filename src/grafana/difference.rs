//! What differs between a board that is there and the one that is wanted, in words.

use serde_json::{Map, Value};

use super::mark::without_mark;

/// Keys of a board that Grafana keeps for itself.
const ITS_OWN: &[&str] = &["id", "uid", "version", "iteration", "gnetId"];
/// Keys of a panel that Grafana writes when it stores one.
const ITS_OWN_IN_PANELS: &[&str] = &["pluginVersion"];
/// Lines that are told of one board.
const MOST: usize = 8;

/// Whether keys count that only the board which is there has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extras {
    /// They do: somebody may have set what we leave to Grafana.
    Count,
    /// They are taken for what Grafana filled in.
    Ignored,
}

/// The differences, a line each and not too many; none: both are the same to who looks at them.
pub(super) fn differences(there: &Value, wanted: &Value, extras: Extras) -> Vec<String> {
    let mut lines = Vec::new();
    let empty = Map::new();
    let (there, wanted) = (there.as_object().unwrap_or(&empty), wanted.as_object().unwrap_or(&empty));
    for key in keys(there, wanted, extras) {
        let (old, new) = (there.get(key).unwrap_or(&Value::Null), wanted.get(key).unwrap_or(&Value::Null));
        match key {
            "panels" => lines.extend(of_panels(old, new, extras)),
            "annotations" => lines.extend(of_value(key, &without_built_in(old), &without_built_in(new), extras)),
            "description" if same_description(old, new) => {}
            // Grafana brings older models to its own number and leaves their meaning.
            "schemaVersion" if old.as_i64() >= new.as_i64() => {}
            key if ITS_OWN.contains(&key) => {}
            key => lines.extend(of_value(key, old, new, extras)),
        }
    }
    let more = lines.len().saturating_sub(MOST);
    if more > 0 {
        lines.truncate(MOST);
        lines.push(format!("and {more} more"));
    }
    lines
}

/// Annotations without the one that Grafana gives every board.
fn without_built_in(annotations: &Value) -> Value {
    let own = array(&annotations["list"]).iter().filter(|annotation| annotation["builtIn"].is_null());
    Value::Array(own.cloned().collect())
}

fn same_description(old: &Value, new: &Value) -> bool {
    let text = |value: &Value| without_mark(value.as_str().unwrap_or_default());
    text(old) == text(new)
}

/// The keys of both, in the order of what is wanted.
fn keys<'v>(there: &'v Map<String, Value>, wanted: &'v Map<String, Value>, extras: Extras) -> Vec<&'v str> {
    let more = there.keys().filter(|key| extras == Extras::Count && !wanted.contains_key(*key));
    wanted.keys().chain(more).map(String::as_str).collect()
}

/// Panels are held against each other by their ids.
fn of_panels(old: &Value, new: &Value, extras: Extras) -> Vec<String> {
    let (old, new) = (array(old), array(new));
    let with_id = |panels: &'_ [Value], id: &Value| panels.iter().position(|panel| panel["id"] == *id);
    let mut lines = Vec::new();
    for panel in new {
        match with_id(old, &panel["id"]) {
            None => lines.push(format!("{}: is missing", name(panel))),
            Some(at) => lines.extend(of_panel(&old[at], panel, extras)),
        }
    }
    let foreign = old.iter().filter(|panel| with_id(new, &panel["id"]).is_none());
    lines.extend(foreign.map(|panel| format!("{}: is not ours", name(panel))));
    lines
}

fn of_panel(old: &Value, new: &Value, extras: Extras) -> Option<String> {
    let mut changed = Vec::new();
    leaves("", old, new, extras, &mut changed);
    changed.retain(|path| !ITS_OWN_IN_PANELS.contains(&path.as_str()));
    (!changed.is_empty()).then(|| format!("{}: {}", name(new), few(&changed)))
}

fn name(panel: &Value) -> String {
    match panel["title"].as_str().filter(|title| !title.is_empty()) {
        Some(title) => format!("panel \"{title}\""),
        None => format!("panel {}", panel["id"]),
    }
}

/// Something at the top of a board: texts are shown, what is larger is named.
fn of_value(key: &str, old: &Value, new: &Value, extras: Extras) -> Option<String> {
    let mut changed = Vec::new();
    leaves(key, old, new, extras, &mut changed);
    let is_plain = |value: &Value| !value.is_object() && !value.is_array();
    match changed.is_empty() {
        true => None,
        false if is_plain(old) && is_plain(new) => Some(format!("{key}: {} -> {}", shown(old), shown(new))),
        false => Some(few(&changed)),
    }
}

fn shown(value: &Value) -> String {
    if value.is_null() { "nothing".to_owned() } else { value.to_string() }
}

fn few(paths: &[String]) -> String {
    match paths {
        [first, second, third, rest @ ..] if !rest.is_empty() => {
            format!("{first}, {second}, {third} and {} more", rest.len())
        }
        paths => paths.join(", "),
    }
}

/// The paths below `path` at which both differ. Nothing and something empty are the same: Grafana drops and adds them.
fn leaves(path: &str, old: &Value, new: &Value, extras: Extras, found: &mut Vec<String>) {
    match (old, new) {
        (Value::Object(there), Value::Object(wanted)) => {
            for key in keys(there, wanted, extras) {
                let below = if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
                let part = |of: &Map<String, Value>| of.get(key).cloned().unwrap_or(Value::Null);
                leaves(&below, &part(there), &part(wanted), extras, found);
            }
        }
        (Value::Array(there), Value::Array(wanted)) if there.len() == wanted.len() => {
            for (at, (there, wanted)) in there.iter().zip(wanted).enumerate() {
                leaves(&format!("{path}[{at}]"), there, wanted, extras, found);
            }
        }
        _ if is_nothing(old) && is_nothing(new) || same_number(old, new) || old == new => {}
        _ => found.push(path.to_owned()),
    }
}

/// `1` and `1.0` are one number to Grafana.
fn same_number(old: &Value, new: &Value) -> bool {
    old.is_number() && old.as_f64() == new.as_f64()
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(list) => list.is_empty(),
        Value::Object(map) => map.is_empty(),
        Value::String(text) => text.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

fn array(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn board() -> Value {
        json!({
            "uid": "crm-today", "title": "Today", "schemaVersion": 39, "refresh": "30s", "tags": ["crm_exporter", "wall"],
            "annotations": {"list": [{"name": "Wins"}]},
            "panels": [
                {"id": 1, "title": "Calls", "gridPos": {"x": 0, "y": 0}, "options": {"links": []},
                 "targets": [{"refId": "A", "expr": "crm_activities"}]},
                {"id": 2, "type": "row", "gridPos": {"x": 0, "y": 8}},
            ],
        })
    }

    /// `board` with the value at a pointer replaced.
    fn with(pointer: &str, value: Value) -> Value {
        let mut board = board();
        *board.pointer_mut(pointer).unwrap() = value;
        board
    }

    #[test]
    fn what_grafana_keeps_for_itself_does_not_count() {
        let mut there = board();
        there["id"] = json!(77);
        there["version"] = json!(4);
        there["iteration"] = json!(1_700_000_000);
        there["schemaVersion"] = json!(42);
        there["links"] = json!([]);
        there["annotations"] = json!({"list": [{"name": "Wins"}, {"builtIn": 1, "name": "Annotations & Alerts"}]});
        there["panels"][0]["pluginVersion"] = json!("12.4.0");
        there["panels"][0]["gridPos"]["x"] = json!(0.0);
        there["panels"][0]["options"].as_object_mut().unwrap().remove("links");
        there["description"] =
            json!("Kept by crm_exporter, which overwrites changes made here (crm-today 9be0d3aa1122 save 4)");
        assert_eq!(differences(&there, &board(), Extras::Count), [""; 0]);
    }

    #[test]
    fn what_people_change_is_told() {
        for (there, said) in [
            (with("/title", json!("Now")), "title: \"Now\" -> \"Today\""),
            (with("/refresh", json!(null)), "refresh: nothing -> \"30s\""),
            (with("/tags", json!(["wall"])), "tags"),
            (with("/tags/0", json!("mine")), "tags[0]"),
            (with("/schemaVersion", json!(38)), "schemaVersion: 38 -> 39"),
            (with("/annotations", json!({"list": []})), "annotations"),
            (with("/panels/0/targets/0/expr", json!("up")), "panel \"Calls\": targets[0].expr"),
            (with("/panels/1/gridPos", json!({"x": 1, "y": 9})), "panel 2: gridPos.x, gridPos.y"),
            (with("/panels/1/id", json!(9)), "panel 2: is missing; panel 9: is not ours"),
            (
                json!({"panels": board()["panels"], "title": "Today"}),
                "schemaVersion: nothing -> 39; refresh: nothing -> \"30s\"; tags; annotations",
            ),
        ] {
            assert_eq!(differences(&there, &board(), Extras::Ignored).join("; "), said);
        }
    }

    #[test]
    fn what_only_the_other_has_counts_when_it_is_asked_for() {
        let there = with("/panels/0/options", json!({"legend": {"showLegend": false}}));
        assert_eq!(differences(&there, &board(), Extras::Ignored), [""; 0]);
        assert_eq!(differences(&there, &board(), Extras::Count), ["panel \"Calls\": options.legend"]);
        let mut there = board();
        there["timezone"] = json!("utc");
        assert_eq!(differences(&there, &board(), Extras::Count), ["timezone: \"utc\" -> nothing"]);
    }

    #[test]
    fn much_is_told_in_short() {
        let panels = |title: &str| -> Vec<Value> {
            (0..12)
                .map(|id| json!({"id": id, "title": format!("P{id}"), "a": title, "b": title, "c": title, "d": title}))
                .collect()
        };
        let lines = differences(&json!({"panels": panels("x")}), &json!({"panels": panels("y")}), Extras::Ignored);
        assert_eq!(lines.len(), 9);
        assert_eq!(lines[0], "panel \"P0\": a, b, c and 1 more");
        assert_eq!(lines[8], "and 4 more");
    }
}
