//! Money without rounding surprises: decimals in, minor units of one currency out.

use std::fmt;

use rust_decimal::prelude::ToPrimitive as _;
use rust_decimal::{Decimal, RoundingStrategy};

/// A currency that amounts are reported in: an ISO 4217 code and the number of its decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Currency {
    code: &'static str,
    decimals: u32,
}

/// No such currency in ISO 4217.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("`{0}` is no ISO 4217 currency code such as USD or EUR")]
pub struct UnknownCurrency(pub String);

/// An amount in minor units (cents) of the reporting currency.
pub type Minor = i64;

impl Currency {
    /// The currency with this ISO 4217 code, in any case.
    pub fn new(code: &str) -> Result<Currency, UnknownCurrency> {
        let unknown = || UnknownCurrency(code.to_owned());
        let known = iso_currency::Currency::from_code(&code.trim().to_ascii_uppercase()).ok_or_else(unknown)?;
        // Precious metals and the like have no minor unit; they are counted whole.
        Ok(Currency { code: known.code(), decimals: known.exponent().map_or(0, u32::from) })
    }

    /// Three capital letters.
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// `amount` times `rate` in minor units of this currency, rounded half to even; nothing if that is too large to count.
    pub fn minor(&self, amount: Decimal, rate: Decimal) -> Option<Minor> {
        let scaled = amount.checked_mul(rate)?.checked_mul(Decimal::from(10_u64.pow(self.decimals)))?;
        scaled.round_dp_with_strategy(0, RoundingStrategy::MidpointNearestEven).to_i64()
    }

    /// How many minor units make one unit.
    pub fn minor_per_unit(&self) -> f64 {
        10_f64.powi(self.decimals as i32)
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn amounts_are_rounded_half_to_even_once() {
        let usd = Currency::new("usd").unwrap();
        assert_eq!(usd.minor(decimal("0.125"), Decimal::ONE), Some(12));
        assert_eq!(usd.minor(decimal("0.135"), Decimal::ONE), Some(14));
        assert_eq!(usd.minor(decimal("-0.125"), Decimal::ONE), Some(-12));
        assert_eq!(usd.minor(decimal("99.99"), decimal("1.08")), Some(10799));
    }

    #[test]
    fn each_currency_has_its_own_decimals() {
        assert_eq!(Currency::new("JPY").unwrap().minor(decimal("1234.5"), Decimal::ONE), Some(1234));
        assert_eq!(Currency::new("KWD").unwrap().minor(decimal("1.2345"), Decimal::ONE), Some(1234));
        assert_eq!(Currency::new("EUR").unwrap().minor_per_unit(), 100.0);
    }

    #[test]
    fn what_cannot_be_counted_is_told() {
        assert_eq!(Currency::new("USD").unwrap().minor(Decimal::MAX, Decimal::TWO), None);
        assert_eq!(Currency::new("DOLLARS"), Err(UnknownCurrency("DOLLARS".into())));
    }
}
