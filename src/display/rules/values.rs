//! Settings as they are written into expressions.

use crate::setting::{Lasting, Number};

/// A share or factor.
pub(super) fn share(number: Number) -> String {
    number.0.normalize().to_string()
}

/// A number of things.
pub(super) fn count(number: u32) -> String {
    number.to_string()
}

/// A duration in seconds.
pub(super) fn seconds(lasting: Lasting) -> String {
    lasting.0.as_secs_f64().to_string()
}

/// A duration in days.
pub(super) fn days(lasting: Lasting) -> String {
    (lasting.0.as_secs_f64() / 86_400.0).to_string()
}

/// Names as a regular expression that finds each of them and nothing else, for a string in double quotes.
pub(super) fn any_of<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let escaped = names.into_iter().map(|name| regex::escape(name).replace('\\', r"\\").replace('"', "\\\""));
    escaped.collect::<Vec<_>>().join("|")
}
