//! What becomes of the answers before they are drawn.

use serde_json::{Value, json};

/// A transformation.
#[derive(Debug, Clone)]
pub struct Transform(pub(super) Value);

impl Transform {
    fn new(id: &str, options: Value) -> Transform {
        Transform(json!({"id": id, "options": options}))
    }

    /// One table of several, with a row for every value of the column `field`.
    pub fn join_by(field: &str) -> Transform {
        Transform::new("joinByField", json!({"byField": field, "mode": "outer"}))
    }

    /// One table of several that have the same labels: rows that agree in all columns with text become one.
    pub fn merge() -> Transform {
        Transform::new("merge", json!({}))
    }

    /// Columns in this order under these names; all others are dropped.
    pub fn columns(columns: &[(&str, &str)]) -> Transform {
        let include: serde_json::Map<String, Value> =
            columns.iter().map(|(name, _)| ((*name).to_owned(), Value::Bool(true))).collect();
        let index: serde_json::Map<String, Value> =
            columns.iter().enumerate().map(|(place, (name, _))| ((*name).to_owned(), place.into())).collect();
        let rename: serde_json::Map<String, Value> = columns
            .iter()
            .filter(|(name, title)| name != title)
            .map(|(name, title)| ((*name).to_owned(), Value::from(*title)))
            .collect();
        Transform::new(
            "organize",
            json!({"excludeByName": {}, "includeByName": include, "indexByName": index, "renameByName": rename}),
        )
    }

    /// Highest first.
    pub fn sort_down(field: &str) -> Transform {
        Transform::new("sortBy", json!({"fields": {}, "sort": [{"field": field, "desc": true}]}))
    }

    /// Lowest first.
    pub fn sort_up(field: &str) -> Transform {
        Transform::new("sortBy", json!({"fields": {}, "sort": [{"field": field, "desc": false}]}))
    }

    /// At most so many rows.
    pub fn limit(rows: usize) -> Transform {
        Transform::new("limit", json!({"limitField": rows}))
    }

    /// Any other.
    pub fn other(id: &str, options: Value) -> Transform {
        Transform::new(id, options)
    }
}
