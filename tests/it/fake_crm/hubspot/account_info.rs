//! What the account says of itself, and what was used of its day's budget.

use chrono::{Offset as _, TimeZone as _};
use serde_json::json;

use super::account::Account;
use super::time;
use crate::fake_crm::Answer;

/// The account's number.
pub(super) const PORTAL_ID: u64 = 123_456;

/// `GET /account-info/{version}/details`.
pub(super) fn details(account: &Account) -> Answer {
    let offset = account.zone.offset_from_utc_datetime(&account.now().utc().naive_utc()).fix();
    Answer::json(
        200,
        &json!({
            "portalId": PORTAL_ID,
            "accountType": "STANDARD",
            "timeZone": account.zone.name(),
            "companyCurrency": account.currencies.home(),
            "additionalCurrencies": account.currencies.others(),
            "utcOffset": offset.to_string(),
            "utcOffsetMilliseconds": i64::from(offset.local_minus_utc()) * 1000,
            "uiDomain": "app.hubspot.com",
            "dataHostingLocation": "na1",
        }),
    )
}

/// `GET /account-info/{version}/api-usage/daily/private-apps`.
pub(super) fn usage(account: &Account) -> Answer {
    let now = account.now();
    Answer::json(
        200,
        &json!({"results": [{
            "name": "private-apps-api-calls-daily",
            "usageLimit": account.limiter.limits.daily,
            "currentUsage": account.limiter.used_today(),
            "collectedAt": time::iso(now),
            "fetchStatus": "SUCCESS",
            "resetsAt": time::iso(super::limits::next_midnight(now, account.zone)),
        }]}),
    )
}
