//! Error answers in HubSpot's words.

use serde_json::{Value, json};

use crate::fake_crm::Answer;

/// Ids of requests are of no interest to anyone here.
pub(super) const CORRELATION_ID: &str = "0d8a3f6a-0000-4000-8000-000000000000";

fn body(category: &str, message: &str) -> Value {
    json!({"status": "error", "message": message, "correlationId": CORRELATION_ID, "category": category})
}

/// 400: the request makes no sense.
pub(super) fn bad_request(message: &str) -> Answer {
    Answer::json(400, &body("VALIDATION_ERROR", message))
}

/// 401: no token, or one that nobody gave out.
pub(super) fn unauthenticated() -> Answer {
    let message = "Authentication credentials not found. This API supports OAuth 2.0 authentication";
    Answer::json(401, &body("INVALID_AUTHENTICATION", message))
}

/// 401: a token that was good once.
pub(super) fn expired() -> Answer {
    Answer::json(401, &body("EXPIRED_AUTHENTICATION", "The OAuth token used to make this call expired"))
}

/// 403: the token lacks scopes.
pub(super) fn missing_scopes(required: &[&str]) -> Answer {
    let mut body = body("MISSING_SCOPES", "This app hasn't been granted all required scopes to make this call.");
    let message = "One or more of the following scopes are required.";
    body["errors"] = json!([{"message": message, "context": {"requiredScopes": required}}]);
    Answer::json(403, &body)
}

/// 403: the subscription does not contain this.
pub(super) fn not_in_plan(what: &str) -> Answer {
    Answer::json(403, &body("FORBIDDEN", &format!("The account's subscription does not include {what}")))
}

/// 404: no such thing.
pub(super) fn not_found() -> Answer {
    Answer::json(404, &body("OBJECT_NOT_FOUND", "resource not found"))
}

/// 405: the path is there, the method is not.
pub(super) fn wrong_method() -> Answer {
    Answer::json(405, &body("INVALID_METHOD", "HTTP method not allowed here"))
}

/// 414, said by the edge in front of the service, so in HTML.
pub(super) fn target_too_long() -> Answer {
    Answer::text(414, "text/html", "<html><head><title>414 Request-URI Too Large</title></head></html>")
}

/// 423: wait two seconds at least.
pub(super) fn locked() -> Answer {
    Answer::json(423, &body("LOCKED", "Locked"))
}

/// 477: the account is moving to another data centre.
pub(super) fn migrating(seconds: u32) -> Answer {
    Answer::json(477, &body("MIGRATION_IN_PROGRESS", "The account is being migrated")).header("Retry-After", seconds)
}

/// 500.
pub(super) fn server_error() -> Answer {
    Answer::json(500, &body("INTERNAL_ERROR", "internal error"))
}

/// 400 of the token endpoint: the grant is revoked, or was never given.
pub(super) fn bad_refresh_token() -> Answer {
    let message = "missing or invalid refresh token";
    Answer::json(
        400,
        &json!({
            "status": "BAD_REFRESH_TOKEN",
            "message": message,
            "error": "invalid_grant",
            "error_description": message,
            "correlationId": CORRELATION_ID,
        }),
    )
}
