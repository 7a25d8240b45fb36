//! How Grafana says no.

use serde_json::{Value, json};

use crate::fake_crm::Answer;

/// A page, as for every path that is none of the API.
pub(super) fn page(status: u16) -> Answer {
    Answer::text(status, "text/html; charset=UTF-8", "<!DOCTYPE html><html><head><title>Grafana</title></head></html>")
}

/// A token that is none.
pub(super) fn unauthorized() -> Answer {
    let body = json!({
        "extra": null, "message": "Invalid API key", "messageId": "api-key.invalid", "statusCode": 401, "traceID": "",
    });
    Answer::json(401, &body)
}

/// The older API, where an action is not granted.
pub(super) fn forbidden(needed: &str) -> Answer {
    let message = format!("You'll need additional permissions to perform this action. Permissions needed: {needed}");
    Answer::json(403, &json!({"accessErrorId": "ACE0123456789", "message": message, "title": "Access denied"}))
}

/// The older API, in general.
pub(super) fn message(status: u16, text: &str) -> Answer {
    Answer::json(status, &json!({"message": text}))
}

/// The older API, where a program is to tell refusals apart.
pub(super) fn with_status(status: u16, text: &str, reason: &str) -> Answer {
    Answer::json(status, &json!({"message": text, "status": reason}))
}

/// The API of resources: a `Status`.
pub(super) fn failure(code: u16, reason: &str, message: &str) -> Answer {
    let status: Value = json!({
        "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
        "message": message, "reason": reason, "code": code,
    });
    Answer::json(code, &status)
}
