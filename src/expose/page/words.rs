//! Numbers and times as people read them.

use crate::domain::Timestamp;

/// How long before `now` it was, in one unit: `12 seconds ago`.
pub(super) fn ago(at: Timestamp, now: Timestamp) -> String {
    let seconds = now.millis_since(at) / 1000;
    let (number, unit) = match seconds {
        // A clock may have been set back.
        ..1 => return "just now".to_owned(),
        1..90 => (seconds, "second"),
        90..5_400 => ((seconds + 30) / 60, "minute"),
        5_400..129_600 => ((seconds + 1_800) / 3_600, "hour"),
        _ => ((seconds + 43_200) / 86_400, "day"),
    };
    format!("{number} {unit}{} ago", if number == 1 { "" } else { "s" })
}

/// An instant to the second: `2026-11-21 17:00:00 UTC`.
pub(super) fn instant(at: Timestamp) -> String {
    at.utc().format("%Y-%m-%d %H:%M:%S UTC").to_string()
}

/// A number with its thousands set apart: `1,234,567`.
pub(super) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_told_in_the_unit_that_fits() {
        let now = Timestamp(1_000_000_000_000);
        let table = [
            (-5_000, "just now"),
            (0, "just now"),
            (999, "just now"),
            (1_000, "1 second ago"),
            (89_999, "89 seconds ago"),
            (90_000, "2 minutes ago"),
            (5_399_000, "90 minutes ago"),
            (5_400_000, "2 hours ago"),
            (129_599_000, "36 hours ago"),
            (129_600_000, "2 days ago"),
            (365 * 86_400_000, "365 days ago"),
        ];
        for (millis, expected) in table {
            assert_eq!(ago(now.plus_millis(-millis), now), expected);
        }
    }

    #[test]
    fn instants_are_to_the_second() {
        let at: Timestamp = "2026-11-21T12:00:00.999-05:00".parse().unwrap();
        assert_eq!(instant(at), "2026-11-21 17:00:00 UTC");
    }

    #[test]
    fn thousands_are_set_apart() {
        for (number, expected) in [(0, "0"), (999, "999"), (1_000, "1,000"), (98_765_432, "98,765,432")] {
            assert_eq!(count(number), expected);
        }
    }
}
