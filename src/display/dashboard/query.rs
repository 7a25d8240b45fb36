//! A query of a panel.

use serde_json::{Value, json};

use super::board::data_source;

/// PromQL, and how its answer is read.
#[derive(Debug, Clone)]
pub struct Query {
    /// The expression.
    pub expr: String,
    /// What a series is called: `{{ rep }}`.
    legend: Option<String>,
    form: Form,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// The present values, a field a series.
    Now,
    /// The present values as rows with the labels as columns.
    Table,
    /// Values over the time that the board shows.
    OverTime,
}

impl Query {
    /// The present values, each with a name of its own: for stat and bar gauge.
    pub fn now(expr: impl Into<String>) -> Query {
        Query { expr: expr.into(), legend: None, form: Form::Now }
    }

    /// The present values as rows, with the labels as columns and the values in the column `Value`.
    pub fn table(expr: impl Into<String>) -> Query {
        Query { expr: expr.into(), legend: None, form: Form::Table }
    }

    /// Lines over the time that the board shows.
    pub fn over_time(expr: impl Into<String>) -> Query {
        Query { expr: expr.into(), legend: None, form: Form::OverTime }
    }

    /// Names the series: `{{ rep }}` or any text.
    #[must_use]
    pub fn legend(mut self, legend: impl Into<String>) -> Query {
        self.legend = Some(legend.into());
        self
    }

    /// The query as the target of a panel, in the place of that number.
    pub(super) fn target(&self, place: usize) -> Value {
        let format = if self.form == Form::Table { "table" } else { "time_series" };
        let mut target = json!({
            "refId": ref_id(place),
            "datasource": data_source(),
            "editorMode": "code",
            "expr": self.expr,
            "format": format,
            "instant": self.form != Form::OverTime,
            "range": self.form == Form::OverTime,
        });
        target["legendFormat"] = self.legend.clone().unwrap_or_else(|| "__auto".to_owned()).into();
        target
    }
}

/// Name of the query in that place: A, B, C ...
pub(super) fn ref_id(place: usize) -> String {
    debug_assert!(place < 26, "a panel has few queries");
    char::from(b'A' + place as u8).to_string()
}
