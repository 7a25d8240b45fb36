//! One filter of a search.

use std::cmp::Ordering;

use crm_exporter::domain::Timestamp;
use rust_decimal::Decimal;
use serde_json::Value;

use super::errors;
use super::record::{self, Record};
use super::table::Table;
use crate::fake_crm::Answer;

/// How a property is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Eq,
    Neq,
    Lt,
    Lte,
    Gt,
    Gte,
    Between,
    In,
    NotIn,
    HasProperty,
    NotHasProperty,
    ContainsToken,
    NotContainsToken,
}

impl Operator {
    fn named(name: &str) -> Option<Operator> {
        Some(match name {
            "EQ" => Operator::Eq,
            "NEQ" => Operator::Neq,
            "LT" => Operator::Lt,
            "LTE" => Operator::Lte,
            "GT" => Operator::Gt,
            "GTE" => Operator::Gte,
            "BETWEEN" => Operator::Between,
            "IN" => Operator::In,
            "NOT_IN" => Operator::NotIn,
            "HAS_PROPERTY" => Operator::HasProperty,
            "NOT_HAS_PROPERTY" => Operator::NotHasProperty,
            "CONTAINS_TOKEN" => Operator::ContainsToken,
            "NOT_CONTAINS_TOKEN" => Operator::NotContainsToken,
            _ => return None,
        })
    }
}

/// A property, an operator and what to compare with.
#[derive(Debug, Clone)]
pub(super) struct Filter {
    pub(super) property: String,
    pub(super) operator: Operator,
    /// None for questions whether there is a value, two for a range, any number for lists, else one.
    values: Vec<String>,
}

impl Filter {
    pub(super) fn read(given: &Value, table: &Table) -> Result<Filter, Answer> {
        let text = |name: &str| given[name].as_str().map(str::to_owned);
        let property = text("propertyName").ok_or_else(|| errors::bad_request("a filter needs a propertyName"))?;
        let operator = given["operator"].as_str().and_then(Operator::named);
        let operator = operator.ok_or_else(|| errors::bad_request("a filter needs a known operator"))?;
        let values = match operator {
            Operator::HasProperty | Operator::NotHasProperty => Some(Vec::new()),
            Operator::In | Operator::NotIn => {
                super::arguments::texts(given, "values").ok().filter(|values| !values.is_empty())
            }
            Operator::Between => text("value").zip(text("highValue")).map(|(low, high)| vec![low, high]),
            _ => text("value").map(|value| vec![value]),
        };
        let missing = || errors::bad_request(&format!("the filter on {property} lacks what it compares with"));
        let values = values.ok_or_else(missing)?;
        let is_instant = table.definitions.get(&property).is_some_and(|known| known.value_type == "datetime");
        if is_instant && values.iter().any(|value| value.parse::<i64>().is_err()) {
            return Err(errors::bad_request(&format!("{property} is compared with milliseconds since 1970")));
        }
        Ok(Filter { property, operator, values })
    }

    /// What is compared with, where that is one value.
    pub(super) fn value(&self) -> Option<&str> {
        self.values.first().map(String::as_str)
    }

    /// Whether a record, as it stood at an instant, passes. A property that the kind does not have matches nothing.
    pub(super) fn matches(&self, table: &Table, record: &Record, at: Timestamp) -> bool {
        let Some(number) = table.property(&self.property) else { return false };
        let held = match self.property.as_str() {
            "hs_object_id" => Some(Held::Text(record.id.to_string())),
            _ => record.value_at(number, at).and_then(Held::new),
        };
        let Some(held) = held else {
            return matches!(
                self.operator,
                Operator::NotHasProperty | Operator::Neq | Operator::NotIn | Operator::NotContainsToken
            );
        };
        let is_number = table.definitions[usize::from(number)].value_type == "number";
        let against = |at: usize| held.compare(&self.values[at], is_number);
        let contains = || has_token(&held.text(), &self.values[0]);
        match self.operator {
            Operator::Eq => against(0) == Some(Ordering::Equal),
            Operator::Neq => against(0) != Some(Ordering::Equal),
            Operator::Lt => against(0).is_some_and(Ordering::is_lt),
            Operator::Lte => against(0).is_some_and(Ordering::is_le),
            Operator::Gt => against(0).is_some_and(Ordering::is_gt),
            Operator::Gte => against(0).is_some_and(Ordering::is_ge),
            Operator::Between => against(0).is_some_and(Ordering::is_ge) && against(1).is_some_and(Ordering::is_le),
            Operator::In => self.values.contains(&held.text()),
            Operator::NotIn => !self.values.contains(&held.text()),
            Operator::HasProperty => true,
            Operator::NotHasProperty => false,
            Operator::ContainsToken => contains(),
            Operator::NotContainsToken => !contains(),
        }
    }
}

/// A value that is not empty.
enum Held {
    Text(String),
    Time(Timestamp),
}

impl Held {
    fn new(value: &record::Value) -> Option<Held> {
        match value {
            record::Value::Null => None,
            record::Value::Text(text) if text.is_empty() => None,
            record::Value::Text(text) => Some(Held::Text(text.to_string())),
            record::Value::Time(at) => Some(Held::Time(*at)),
        }
    }

    fn text(&self) -> String {
        match self {
            Held::Text(text) => text.clone(),
            Held::Time(at) => at.0.to_string(),
        }
    }

    /// How it stands to a text: as instants, as numbers, else as texts. Nothing where they cannot be compared.
    fn compare(&self, other: &str, is_number: bool) -> Option<Ordering> {
        match self {
            Held::Time(at) => Some(at.0.cmp(&other.parse().ok()?)),
            Held::Text(text) if is_number => Some(text.parse::<Decimal>().ok()?.cmp(&other.parse().ok()?)),
            Held::Text(text) => Some(text.as_str().cmp(other)),
        }
    }
}

/// Whether a word of the text is the wanted one; a star at its end stands for anything.
fn has_token(text: &str, wanted: &str) -> bool {
    let (text, wanted) = (text.to_lowercase(), wanted.to_lowercase());
    let mut words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    match wanted.strip_suffix('*') {
        Some(beginning) => words.any(|word| word.starts_with(beginning)),
        None => words.any(|word| word == wanted),
    }
}
