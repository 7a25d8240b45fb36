//! Reading parameters and bodies, with HubSpot's refusals.

use serde_json::Value;

use super::errors;
use crate::fake_crm::{Answer, Request};

/// The parameter `limit`.
pub(super) fn limit(request: &Request, default: usize, most: usize) -> Result<usize, Answer> {
    let Some(given) = request.parameter("limit") else { return Ok(default) };
    match given.parse() {
        Ok(limit) if (1..=most).contains(&limit) => Ok(limit),
        _ => Err(errors::bad_request(&format!("limit must be a number from 1 to {most}"))),
    }
}

/// A parameter that is true or false, in letters of any case, and false where it is not given.
pub(super) fn flag(request: &Request, name: &str) -> Result<bool, Answer> {
    let given = request.parameter(name).map_or_else(|| "false".to_owned(), str::to_lowercase);
    given.parse().map_err(|_| errors::bad_request(&format!("{name} cannot be {given}")))
}

/// The body, which must be a JSON object.
pub(super) fn body(request: &Request) -> Result<Value, Answer> {
    let is_json = request.header("content-type").is_some_and(|kind| kind.starts_with("application/json"));
    match request.json() {
        Some(body) if is_json && body.is_object() => Ok(body),
        _ => Err(errors::bad_request("Invalid input JSON")),
    }
}

/// A list of texts in a body; empty where it is not given.
pub(super) fn texts(body: &Value, name: &str) -> Result<Vec<String>, Answer> {
    match &body[name] {
        Value::Null => Ok(Vec::new()),
        Value::Array(items) => items.iter().map(|item| text(item, name)).collect(),
        _ => Err(errors::bad_request(&format!("{name} must be a list"))),
    }
}

fn text(item: &Value, name: &str) -> Result<String, Answer> {
    item.as_str().map(str::to_owned).ok_or_else(|| errors::bad_request(&format!("{name} must hold texts")))
}

/// The inputs of a batch, not more than `most`.
pub(super) fn inputs(body: &Value, most: usize) -> Result<&[Value], Answer> {
    let inputs = body["inputs"].as_array().ok_or_else(|| errors::bad_request("inputs must be a list"))?;
    if inputs.len() > most {
        return Err(errors::bad_request(&format!("inputs must not hold more than {most} items")));
    }
    Ok(inputs)
}

/// The id of an input.
pub(super) fn input_id(input: &Value) -> Result<&str, Answer> {
    input["id"].as_str().ok_or_else(|| errors::bad_request("every input needs an id, as text"))
}
