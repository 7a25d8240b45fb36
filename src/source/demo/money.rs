//! The currencies that customers pay in, with a rate for every quarter.

use rust_decimal::Decimal;

use super::news::News;
use super::time::{DAY, at, next_quarter};
use super::world::{Topic, World, id};
use crate::domain::CurrencyRate;

/// ISO code, what a unit is worth in millionths of a dollar, and whether the CRM keeps a rate (else the settings do).
const CURRENCIES: [(&str, i64, bool); 7] = [
    ("USD", 1_000_000, true),
    ("CAD", 730_000, true),
    ("EUR", 1_080_000, true),
    ("GBP", 1_270_000, true),
    ("SGD", 750_000, true),
    ("JPY", 6_700, true),
    ("AUD", 660_000, false),
];

/// So many dollars in another currency, to ten units (of yen, to a thousand).
pub(super) fn in_currency(dollars: i64, code: &str) -> Decimal {
    let worth = CURRENCIES.iter().find(|(known, _, _)| *known == code).map_or(1_000_000, |(_, worth, _)| *worth);
    let unit = if worth < 100_000 { 1_000 } else { 10 };
    Decimal::from(dollars * 1_000_000 / worth / unit * unit)
}

/// Tells the rates: dollars from the beginning, the others anew each quarter.
pub(super) fn tell(world: &World, news: &mut News) {
    let (_, last) = news.days(0, 0);
    for (number, (code, worth, kept)) in CURRENCIES.iter().enumerate().filter(|(_, (_, _, kept))| *kept) {
        debug_assert!(*kept);
        let mut day = world.start;
        while day <= last {
            let is_dollar = *code == "USD";
            news.tell(id(1, day, number as u64).to_string(), [day * DAY], |stamp| {
                let swing = world.dice(Topic::Rate, day, number as u64).between(9_700, 10_300);
                let rate = if is_dollar { *worth } else { worth * swing / 10_000 };
                CurrencyRate {
                    currency: Some((*code).to_owned()),
                    rate: Some(Decimal::new(rate, 6).normalize()),
                    to: Some("USD".to_owned()),
                    // What was first holds for everything before, too.
                    effective_at: (stamp > world.begins_at()).then_some(stamp).and_then(at),
                    is_default: Some(is_dollar),
                    ..Default::default()
                }
                .into()
            });
            if is_dollar {
                break;
            }
            day = next_quarter(day);
        }
    }
}
