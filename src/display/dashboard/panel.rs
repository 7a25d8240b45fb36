//! A panel: what it asks, what it says of it, and how that is drawn.

use serde_json::{Map, Value, json};

use super::board::data_source;
use super::look::Look;
use super::query::{Query, ref_id};
use super::style::{AHEAD, Colour, NEUTRAL, Steps, Unit, words};
use super::transform::Transform;
use crate::display::Display;

/// What draws a panel: Grafana's own panels only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Large values, whose text grows with the panel.
    Stat,
    /// Bars, whose text grows with the panel.
    BarGauge,
    /// Lines over time.
    TimeSeries,
    /// Rows and columns.
    Table,
    /// Text.
    Text,
}

impl Kind {
    fn id(self) -> &'static str {
        match self {
            Kind::Stat => "stat",
            Kind::BarGauge => "bargauge",
            Kind::TimeSeries => "timeseries",
            Kind::Table => "table",
            Kind::Text => "text",
        }
    }
}

/// A panel of a board. Where it stands, the row says.
#[derive(Debug, Clone)]
pub struct Panel {
    /// What draws it.
    pub kind: Kind,
    /// The question that it answers, or what it shows.
    pub title: String,
    /// What the figure means.
    pub meaning: String,
    /// What it asks.
    pub queries: Vec<Query>,
    unit: Unit,
    decimals: Option<u32>,
    nothing: String,
    steps: Option<Steps>,
    mappings: Vec<Value>,
    field: Map<String, Value>,
    /// What is different for some fields: the matcher, what it matches, how they look.
    looks: Vec<(&'static str, String, Vec<Look>)>,
    transforms: Vec<Transform>,
    options: Value,
    has_title: bool,
    interval: Option<&'static str>,
}

impl Panel {
    fn new(kind: Kind, title: &str, meaning: &str, options: Value) -> Panel {
        Panel {
            kind,
            title: title.to_owned(),
            meaning: meaning.to_owned(),
            queries: Vec::new(),
            unit: Unit::Count,
            decimals: None,
            nothing: "no data".to_owned(),
            steps: None,
            mappings: Vec::new(),
            field: Map::new(),
            looks: Vec::new(),
            transforms: Vec::new(),
            options,
            has_title: true,
            interval: None,
        }
    }

    /// Large values on their colour, one beside the other.
    pub fn stat(title: &str, meaning: &str) -> Panel {
        let options = json!({
            "reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": false},
            "orientation": "auto",
            "textMode": "auto",
            "wideLayout": true,
            "colorMode": "background_solid",
            "graphMode": "none",
            "justifyMode": "auto",
            "showPercentChange": false,
            "percentChangeColorMode": "standard",
        });
        Panel::new(Kind::Stat, title, meaning, options).steps(Steps::only(NEUTRAL))
    }

    /// Bars from left to right, one below the other, with names on the left.
    pub fn bars(title: &str, meaning: &str) -> Panel {
        let options = json!({
            "reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": false},
            "orientation": "horizontal",
            "displayMode": "basic",
            "valueMode": "color",
            "namePlacement": "left",
            "showUnfilled": true,
            "sizing": "auto",
            "minVizWidth": 8,
            "minVizHeight": 16,
            "maxVizHeight": 300,
            "legend": {"showLegend": false, "displayMode": "list", "placement": "bottom", "calcs": []},
        });
        Panel::new(Kind::BarGauge, title, meaning, options).steps(Steps::only(NEUTRAL))
    }

    /// Lines over the time that the board shows.
    pub fn lines(title: &str, meaning: &str) -> Panel {
        let options = json!({
            "legend": {"showLegend": true, "displayMode": "list", "placement": "bottom", "calcs": []},
            "tooltip": {"mode": "multi", "sort": "desc", "hideZeros": false},
        });
        let custom = json!({
            "drawStyle": "line",
            "lineInterpolation": "linear",
            "lineWidth": 2,
            "fillOpacity": 0,
            "gradientMode": "none",
            // Six hours: history that was filled in comes by the hour, and ends some hours before the figures begin.
            "spanNulls": 21_600_000,
            "showPoints": "never",
            "pointSize": 5,
            "stacking": {"mode": "none", "group": "A"},
            "axisPlacement": "auto",
            "axisLabel": "",
            "axisColorMode": "text",
            "axisBorderShow": false,
            "axisCenteredZero": false,
            "scaleDistribution": {"type": "linear"},
            "hideFrom": {"tooltip": false, "viz": false, "legend": false},
            "thresholdsStyle": {"mode": "off"},
            "barAlignment": 0,
        });
        Panel::new(Kind::TimeSeries, title, meaning, options)
            .field("custom", custom)
            .field("color", json!({"mode": "palette-classic"}))
    }

    /// Rows and columns, for desks.
    pub fn table(title: &str, meaning: &str) -> Panel {
        let options = json!({
            "frameIndex": 0,
            "showHeader": true,
            "cellHeight": "sm",
            "footer": {"show": false, "reducer": ["sum"], "countRows": false, "fields": []},
        });
        let custom = json!({
            "align": "auto",
            "cellOptions": {"type": "auto"},
            "filterable": false,
            "inspect": false,
            "minWidth": 60,
            // Titles of goals and stages are longer than their figures; before Grafana 12.1 they are cut.
            "wrapHeaderText": true,
        });
        Panel::new(Kind::Table, title, meaning, options).field("custom", custom)
    }

    /// Text in Markdown.
    pub fn text(title: &str, meaning: &str, markdown: &str) -> Panel {
        let code = json!({"language": "plaintext", "showLineNumbers": false, "showMiniMap": false});
        Panel::new(Kind::Text, title, meaning, json!({"mode": "markdown", "code": code, "content": markdown}))
    }

    /// Asks `query`, too.
    #[must_use]
    pub fn query(mut self, query: Query) -> Panel {
        self.queries.push(query);
        self
    }

    /// Asks for lines with at least so much between their points, such as `4h`; else what figures take to change.
    #[must_use]
    pub fn every(mut self, interval: &'static str) -> Panel {
        self.interval = Some(interval);
        self
    }

    /// What values are measured in.
    #[must_use]
    pub fn unit(mut self, unit: Unit) -> Panel {
        self.unit = unit;
        self
    }

    /// How many decimals are shown; else as many as make sense.
    #[must_use]
    pub fn decimals(mut self, decimals: u32) -> Panel {
        self.decimals = Some(decimals);
        self
    }

    /// What is shown where there is no value.
    #[must_use]
    pub fn nothing(mut self, text: &str) -> Panel {
        text.clone_into(&mut self.nothing);
        self
    }

    /// Colours by value.
    #[must_use]
    pub fn steps(mut self, steps: Steps) -> Panel {
        self.steps = Some(steps);
        self
    }

    /// Texts in place of values.
    #[must_use]
    pub fn words(mut self, mappings: Vec<Value>) -> Panel {
        self.mappings = mappings;
        self
    }

    /// Where bars and axes begin and end.
    #[must_use]
    pub fn between(self, min: f64, max: f64) -> Panel {
        self.field("min", min.into()).field("max", max.into())
    }

    /// Another option of all fields.
    #[must_use]
    pub fn field(mut self, key: &str, value: Value) -> Panel {
        self.field.insert(key.to_owned(), value);
        self
    }

    /// Another look for the column or series of that name.
    #[must_use]
    pub fn column(self, name: &str, looks: impl IntoIterator<Item = Look>) -> Panel {
        self.look("byName", name, looks)
    }

    /// Another look for the series whose names match a regular expression.
    #[must_use]
    pub fn series(self, pattern: &str, looks: impl IntoIterator<Item = Look>) -> Panel {
        self.look("byRegexp", &format!("/{pattern}/"), looks)
    }

    /// Another look for the answer to the query in that place, from 0.
    #[must_use]
    pub fn answer(self, place: usize, looks: impl IntoIterator<Item = Look>) -> Panel {
        self.look("byFrameRefID", &ref_id(place), looks)
    }

    fn look(mut self, matcher: &'static str, of: &str, looks: impl IntoIterator<Item = Look>) -> Panel {
        self.looks.push((matcher, of.to_owned(), looks.into_iter().collect()));
        self
    }

    /// Another option of the panel's kind; a key such as `text.titleSize` goes into the table `text`.
    #[must_use]
    pub fn option(mut self, key: &str, value: Value) -> Panel {
        let mut at = &mut self.options;
        for part in key.split('.') {
            at = &mut at[part];
        }
        *at = value;
        self
    }

    /// Another option of how a field is drawn, below `custom`.
    #[must_use]
    pub fn drawn(mut self, key: &str, value: Value) -> Panel {
        self.field.entry("custom").or_insert_with(|| json!({}))[key] = value;
        self
    }

    /// Does this to the answers, after what was said before.
    #[must_use]
    pub fn then(mut self, transform: Transform) -> Panel {
        self.transforms.push(transform);
        self
    }

    /// Draws no title: what is seen says what it is.
    #[must_use]
    pub fn without_title(mut self) -> Panel {
        self.has_title = false;
        self
    }

    /// One bar or tile a row of a table, named by the column `name`.
    #[must_use]
    pub fn per_row(self, name: &str) -> Panel {
        self.option("reduceOptions.values", true.into())
            .option("reduceOptions.calcs", json!([]))
            .field("displayName", format!("${{__data.fields.{name}}}").into())
    }

    /// A colour of its own for all values.
    #[must_use]
    pub fn coloured(self, colour: Colour) -> Panel {
        self.steps(Steps::only(colour))
    }

    pub(super) fn json(&self, display: &Display<'_>, id: usize, grid: &Value) -> Value {
        let mut panel = json!({"id": id, "type": self.kind.id()});
        panel["title"] = if self.has_title { self.title.clone().into() } else { "".into() };
        panel["description"] = self.meaning.clone().into();
        panel["gridPos"] = grid.clone();
        panel["pluginVersion"] = "12.0.0".into();
        panel["transparent"] = Value::Bool(!self.has_title && self.kind == Kind::Text);
        if !self.queries.is_empty() {
            panel["datasource"] = data_source();
            let interval = self.interval.map_or_else(|| display.refresh_interval.to_string(), str::to_owned);
            panel["interval"] = interval.into();
            let targets = self.queries.iter().enumerate().map(|(place, query)| query.target(place));
            panel["targets"] = targets.collect();
        }
        let transforms = self.transforms.iter().map(|transform| transform.0.clone());
        panel["transformations"] = transforms.collect();
        panel["fieldConfig"] = json!({"defaults": self.defaults(display), "overrides": self.overrides(display)});
        panel["options"] = self.options.clone();
        panel
    }

    fn defaults(&self, display: &Display<'_>) -> Value {
        let mut defaults = Map::new();
        if self.kind == Kind::Text {
            return Value::Object(defaults);
        }
        defaults.insert("unit".to_owned(), self.unit.id(display.currency).into());
        if let Some(decimals) = self.decimals {
            defaults.insert("decimals".to_owned(), decimals.into());
        }
        defaults.insert("noValue".to_owned(), self.nothing.clone().into());
        // A table without rows says what that means; a cell without a value is only empty.
        let nothing = match self.kind {
            Kind::Table => words::empty_cell(),
            _ => words::nothing(&self.nothing),
        };
        let mappings = [nothing].into_iter().chain(self.mappings.iter().cloned());
        defaults.insert("mappings".to_owned(), mappings.collect());
        // Grafana's own steps, which it adds where there are none, end in a red at 80.
        let steps = self.steps.clone().unwrap_or_else(|| Steps::only(AHEAD));
        defaults.insert("thresholds".to_owned(), steps.json());
        defaults.insert("color".to_owned(), json!({"mode": "thresholds"}));
        defaults.extend(self.field.clone());
        Value::Object(defaults)
    }

    fn overrides(&self, display: &Display<'_>) -> Value {
        let overrides = self.looks.iter().map(|(matcher, of, looks)| {
            let properties: Vec<Value> = looks.iter().map(|look| look.json(display)).collect();
            json!({"matcher": {"id": matcher, "options": of}, "properties": properties})
        });
        overrides.collect()
    }
}
