//! The JSON that HubSpot sends; seen nowhere else. What it means is decided in `normalise`.
//!
//! Ids and values are texts by the documentation; numbers and truth values in their place are taken too, since older
//! answers have them. Null and the empty text both mean that there is no value, so neither is kept.

mod lists;
mod record;

use std::fmt;

use serde::de::{DeserializeOwned, Error, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

pub(super) use lists::{
    Account, Disposition, ExchangeRate, Owner, Pipeline, Property, PropertyOption, Stage, Team, Usage,
};
pub(super) use record::{FormerValue, InlineLinks, Linked, LinkedTo, Properties, Row};

/// How many records a search has found.
#[derive(Debug, Deserialize)]
pub(super) struct Total {
    /// Also those that are not shown.
    pub(super) total: u64,
}

/// A list, and how to ask for the rest of it.
#[derive(Debug, Deserialize)]
pub(super) struct List<T> {
    /// What is on this page. An answer without it is no list.
    pub(super) results: Vec<T>,
    /// Where the rest is.
    paging: Option<Paging>,
}

impl<T> List<T> {
    /// What to ask for next; none on the last page.
    pub(super) fn after(&self) -> Option<String> {
        Paging::after(self.paging.as_ref())
    }
}

/// Where the rest of a list is.
#[derive(Debug, Clone, Deserialize)]
struct Paging {
    next: Option<NextPage>,
}

impl Paging {
    /// What to ask for next.
    fn after(paging: Option<&Paging>) -> Option<String> {
        paging?.next.as_ref()?.after.0.clone()
    }
}

#[derive(Debug, Clone, Deserialize)]
struct NextPage {
    #[serde(default)]
    after: Scalar,
}

/// A text, also where a number or a truth value stands in its place; none for null and the empty text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Scalar(pub(super) Option<String>);

impl Scalar {
    /// The text.
    pub(super) fn text(&self) -> Option<&str> {
        self.0.as_deref()
    }
}

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Scalar, D::Error> {
        struct AnyScalar;

        impl Visitor<'_> for AnyScalar {
            type Value = Scalar;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text, a number, a truth value or null")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Scalar, E> {
                let text = text.trim();
                Ok(Scalar((!text.is_empty()).then(|| text.to_owned())))
            }

            fn visit_u64<E: Error>(self, number: u64) -> Result<Scalar, E> {
                Ok(Scalar(Some(number.to_string())))
            }

            fn visit_i64<E: Error>(self, number: i64) -> Result<Scalar, E> {
                Ok(Scalar(Some(number.to_string())))
            }

            fn visit_f64<E: Error>(self, number: f64) -> Result<Scalar, E> {
                Ok(Scalar(Some(number.to_string())))
            }

            fn visit_bool<E: Error>(self, flag: bool) -> Result<Scalar, E> {
                Ok(Scalar(Some(flag.to_string())))
            }

            fn visit_unit<E: Error>(self) -> Result<Scalar, E> {
                Ok(Scalar(None))
            }
        }

        deserializer.deserialize_any(AnyScalar)
    }
}

/// What went wrong.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Failure {
    /// In a word.
    #[serde(default)]
    pub(super) category: Scalar,
    /// Which limit was reached.
    #[serde(default)]
    pub(super) policy_name: Scalar,
    /// In detail.
    #[serde(default = "Vec::new")]
    errors: Vec<FailureDetail>,
}

#[derive(Debug, Deserialize)]
struct FailureDetail {
    context: Option<FailureContext>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct FailureContext {
    #[serde(default = "Vec::new")]
    required_scopes: Vec<String>,
}

impl Failure {
    /// The scopes that would have been needed.
    pub(super) fn required_scopes(&self) -> Vec<&str> {
        let contexts = self.errors.iter().filter_map(|error| error.context.as_ref());
        contexts.flat_map(|context| context.required_scopes.iter().map(String::as_str)).collect()
    }
}

/// A list whose entries are read one by one, so that one in another form does not cost the others.
#[derive(Debug)]
pub(super) struct Entries<T> {
    /// What could be read, and the ids (where there is one) of what could not.
    pub(super) entries: Vec<Result<T, Option<String>>>,
    /// What to ask for next; none on the last page.
    pub(super) after: Option<String>,
}

impl<T> From<List<T>> for Entries<T> {
    fn from(list: List<T>) -> Entries<T> {
        Entries { after: list.after(), entries: list.results.into_iter().map(Ok).collect() }
    }
}

impl<T: DeserializeOwned> Entries<T> {
    /// Reads the entries of a list that may hold anything.
    pub(super) fn loose(list: List<Value>) -> Entries<T> {
        Entries { after: list.after(), entries: list.results.into_iter().map(entry).collect() }
    }
}

fn entry<T: DeserializeOwned>(value: Value) -> Result<T, Option<String>> {
    let id = match value.get("id") {
        Some(Value::String(id)) if !id.is_empty() => Some(id.clone()),
        Some(Value::Number(id)) => Some(id.to_string()),
        _ => None,
    };
    serde_json::from_value(value).map_err(|_| id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_tells_where_its_rest_is() {
        let after = |body: &str| serde_json::from_str::<List<Row>>(body).unwrap().after();
        assert_eq!(after(r#"{"results":[],"paging":{"next":{"after":"9001","link":"?after=9001"}}}"#).unwrap(), "9001");
        assert_eq!(after(r#"{"results":[],"paging":{"next":{"after":9001}}}"#).unwrap(), "9001");
        for last in [r#"{"results":[]}"#, r#"{"results":[],"paging":null}"#, r#"{"results":[],"paging":{"next":null}}"#]
        {
            assert_eq!(after(last), None);
        }
    }

    #[test]
    fn what_has_no_results_is_no_list() {
        for body in ["{}", "[]", "null", r#"{"status":"error","message":"no"}"#, r#"{"results":null}"#] {
            assert!(serde_json::from_str::<List<Value>>(body).is_err(), "{body}");
        }
    }

    #[test]
    fn an_entry_in_another_form_does_not_cost_the_others() {
        let body = r#"{"results":[{"id":"1","properties":{"amount":"5"}},{"id":2,"properties":"none"},"odd",
                       {"id":"3","properties":{"amount":{"value":5}}}],"paging":{"next":{"after":"3"}}}"#;
        assert!(serde_json::from_str::<List<Row>>(body).is_err());
        let entries: Entries<Row> = Entries::loose(serde_json::from_str(body).unwrap());
        let ids: Vec<_> = entries.entries.iter().map(|entry| entry.as_ref().map(|row| row.id.text())).collect();
        assert_eq!(ids, [Ok(Some("1")), Err(&Some("2".to_owned())), Err(&None), Err(&Some("3".to_owned()))]);
        assert_eq!(entries.after.as_deref(), Some("3"));
    }

    #[test]
    fn unknown_fields_are_passed_over() {
        let row: Row = serde_json::from_str(
            r#"{"id":"1","properties":{"new":null},"createdAt":"x","url":"https://example.com","objectWriteTraceId":null,
                "propertiesWithHistory":{"dealstage":[{"value":null,"timestamp":"1","sourceType":"CRM_UI","x":[]}]}}"#,
        )
        .unwrap();
        assert_eq!(row.properties.get("new"), None);
        assert_eq!(row.properties_with_history.unwrap()["dealstage"][0].value, Scalar(None));
    }

    #[test]
    fn a_failure_names_the_scopes_that_are_missing() {
        let failure: Failure = serde_json::from_str(
            r#"{"status":"error","message":"m","category":"MISSING_SCOPES",
                "errors":[{"message":"x","context":{"requiredScopes":["crm.objects.goals.read"]}},{"message":"y"}]}"#,
        )
        .unwrap();
        assert_eq!(failure.required_scopes(), ["crm.objects.goals.read"]);
        assert_eq!(failure.category.text(), Some("MISSING_SCOPES"));
    }
}
