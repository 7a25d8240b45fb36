//! Exact decimals.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use serde::{Deserialize, Deserializer, de};

/// A decimal number, exact as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Number(pub Decimal);

impl Number {
    /// The nearest binary number; infinite where there is none.
    pub fn float(self) -> f64 {
        self.0.to_f64().unwrap_or(f64::INFINITY)
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let text = text.trim();
        text.parse()
            .or_else(|_| Decimal::from_scientific(text))
            .map(Number)
            .map_err(|_| de::Error::custom(format!("`{text}` is no decimal number such as 1.08")))
    }
}
