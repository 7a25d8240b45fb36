//! How some fields of a panel look, where that differs from the others.

use serde_json::{Value, json};

use super::style::{Colour, Steps, Unit, words};
use crate::display::Display;

/// A property of a field.
#[derive(Debug, Clone)]
pub enum Look {
    /// What it is measured in.
    Unit(Unit),
    /// How many decimals it has.
    Decimals(u32),
    /// What it is called.
    Name(&'static str),
    /// Colours by value.
    Steps(Steps),
    /// Always this colour.
    Colour(Colour),
    /// Texts in place of values of a column.
    Words(Vec<Value>),
    /// Where bars and axes begin.
    Min(f64),
    /// Where bars and axes end.
    Max(f64),
    /// Width of a column in pixels.
    Width(u32),
    /// A cell on the colour of its value.
    Background,
    /// A cell with a bar.
    Bar,
    /// A dashed line.
    Dashed,
    /// Where a click leads: a title and an address, with `${__value.text}` and `${__data.fields.rep}`.
    Link(&'static str, String),
    /// Any other.
    Other(&'static str, Value),
}

impl Look {
    pub(super) fn json(&self, display: &Display<'_>) -> Value {
        let (id, value) = match self {
            Look::Unit(unit) => ("unit", unit.id(display.currency).into()),
            Look::Decimals(decimals) => ("decimals", (*decimals).into()),
            Look::Name(name) => ("displayName", (*name).into()),
            Look::Steps(steps) => ("thresholds", steps.json()),
            Look::Colour(colour) => ("color", json!({"mode": "fixed", "fixedColor": colour})),
            Look::Words(mappings) => {
                // They replace the panel's own, with what these say of nothing.
                let all = [words::empty_cell()].into_iter().chain(mappings.iter().cloned());
                ("mappings", all.collect())
            }
            Look::Min(min) => ("min", (*min).into()),
            Look::Max(max) => ("max", (*max).into()),
            Look::Width(pixels) => ("custom.width", (*pixels).into()),
            Look::Background => ("custom.cellOptions", json!({"type": "color-background", "mode": "basic"})),
            Look::Bar => ("custom.cellOptions", json!({"type": "gauge", "mode": "basic", "valueDisplayMode": "text"})),
            Look::Dashed => ("custom.lineStyle", json!({"fill": "dash", "dash": [10, 10]})),
            Look::Link(title, url) => ("links", json!([{"title": title, "url": url, "targetBlank": false}])),
            Look::Other(id, value) => (*id, value.clone()),
        };
        json!({"id": id, "value": value})
    }
}
