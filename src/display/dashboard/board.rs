//! A board: rows of panels, and what all of them share.

use chrono::Weekday;
use serde_json::{Value, json};

use super::layout::Row;
use super::panel::Panel;
use super::variable::Variable;
use crate::display::{Display, File};
use crate::setting::Lasting;

/// Where a board is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// On a TV, from ten metres: nothing is clicked, nothing scrolls.
    Wall,
    /// On somebody's own screen.
    Desk,
}

impl Place {
    /// As in tags and directories.
    pub fn name(self) -> &'static str {
        match self {
            Place::Wall => "wall",
            Place::Desk => "desk",
        }
    }
}

/// A dashboard.
#[derive(Debug, Clone)]
pub struct Board {
    /// Its name in addresses, which never changes.
    pub uid: &'static str,
    /// Its title.
    pub title: &'static str,
    /// The question that it answers.
    pub question: &'static str,
    /// Where it is looked at.
    pub place: Place,
    /// What can be chosen.
    pub variables: Vec<Variable>,
    /// The rows, from top to bottom.
    pub rows: Vec<Row>,
    /// From when on, such as `now/M`. All boards end now: Grafana asks for present values as of the end.
    pub from: &'static str,
    /// Marks on lines: JSON of an annotation query.
    pub marks: Vec<Value>,
}

impl Board {
    /// A board for the wall, without panels yet.
    pub fn wall(uid: &'static str, title: &'static str, question: &'static str) -> Board {
        Board::new(Place::Wall, uid, title, question)
    }

    /// A board for desks, without panels yet.
    pub fn desk(uid: &'static str, title: &'static str, question: &'static str) -> Board {
        Board::new(Place::Desk, uid, title, question)
    }

    fn new(place: Place, uid: &'static str, title: &'static str, question: &'static str) -> Board {
        let (variables, rows, marks) = (Vec::new(), Vec::new(), Vec::new());
        Board { uid, title, question, place, variables, rows, from: "now/M", marks }
    }

    /// One more row below.
    #[must_use]
    pub fn row(mut self, row: Row) -> Board {
        self.rows.push(row);
        self
    }

    /// What can be chosen, too.
    #[must_use]
    pub fn variable(mut self, variable: Variable) -> Board {
        self.variables.push(variable);
        self
    }

    /// Shows the time from then on.
    #[must_use]
    pub fn over(mut self, from: &'static str) -> Board {
        self.from = from;
        self
    }

    /// Marks instants (in milliseconds) on lines, with the label `text` beside them.
    #[must_use]
    pub fn mark(mut self, name: &str, expr: &str, text: &str) -> Board {
        self.marks.push(json!({
            "name": name,
            "datasource": data_source(),
            "enable": true,
            "hide": true,
            "iconColor": super::style::ON_PACE,
            "target": {"refId": "Anno", "expr": expr, "instant": false, "range": true, "interval": ""},
            "expr": expr,
            "titleFormat": text,
            "textFormat": "",
            "tagKeys": "",
            // The value is the instant of the mark.
            "useValueForTime": true,
        }));
        self
    }

    /// Its panels, from the top left to the bottom right.
    pub fn panels(&self) -> impl Iterator<Item = &Panel> {
        self.rows.iter().flat_map(|row| row.panels.iter().map(|(_, panel)| panel))
    }

    /// The board as a file to be imported, provisioned or put there by the API.
    pub(in crate::display) fn file(&self, display: &Display<'_>) -> File {
        File::json(format!("grafana/dashboards/{}/{}.json", self.place.name(), self.uid), &self.json(display))
    }

    /// The board in Grafana's form.
    fn json(&self, display: &Display<'_>) -> Value {
        let on_wall = self.place == Place::Wall;
        json!({
            "uid": self.uid,
            "title": self.title,
            "description": self.question,
            "tags": ["crm_exporter", self.place.name()],
            "schemaVersion": 41,
            "version": 1,
            "editable": true,
            "graphTooltip": 1,
            "liveNow": false,
            "preload": false,
            "timezone": display.calendar.zone().name(),
            "weekStart": weekday(display.calendar.week_starts_on()),
            "fiscalYearStartMonth": display.calendar.fiscal_year_starts_in().number_from_month() - 1,
            "time": {"from": self.from, "to": "now"},
            "timepicker": {"hidden": on_wall, "nowDelay": ""},
            "refresh": if display.refresh_interval > Lasting::seconds(30) { "1m" } else { "30s" },
            "templating": {"list": self.variables_json(on_wall)},
            "annotations": {"list": self.marks},
            "links": if on_wall { json!([]) } else { json!([links()]) },
            "panels": self.panels_json(display),
        })
    }

    fn variables_json(&self, on_wall: bool) -> Vec<Value> {
        let source = json!({
            "type": "datasource",
            "name": "datasource",
            "label": "Data source",
            "query": "prometheus",
            "regex": "",
            "multi": false,
            "includeAll": false,
            // Nobody chooses anything at a TV.
            "hide": if on_wall { 2 } else { 0 },
            "refresh": 1,
            "options": [],
        });
        std::iter::once(source).chain(self.variables.iter().map(Variable::json)).collect()
    }

    fn panels_json(&self, display: &Display<'_>) -> Vec<Value> {
        let mut panels = Vec::new();
        let mut y = 0;
        for row in &self.rows {
            let mut x = 0;
            for (width, panel) in &row.panels {
                let grid = json!({"h": row.height, "w": width, "x": x, "y": y});
                panels.push(panel.json(display, panels.len() + 1, &grid));
                x += width;
            }
            y += row.height;
        }
        panels
    }
}

/// Grafana's name of a first day of the week; it knows three.
fn weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Sun => "sunday",
        Weekday::Sat => "saturday",
        _ => "monday",
    }
}

/// The other boards for desks, in a menu.
fn links() -> Value {
    json!({
        "type": "dashboards",
        "title": "Sales boards",
        "tags": ["crm_exporter", "desk"],
        "asDropdown": true,
        "includeVars": true,
        "keepTime": false,
        "targetBlank": false,
        "icon": "external link",
        "tooltip": "",
        "url": "",
    })
}

/// The data source of everything on a board: whichever is chosen.
pub(super) fn data_source() -> Value {
    json!({"type": "prometheus", "uid": "${datasource}"})
}
