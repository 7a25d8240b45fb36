//! What deals are worth in the reporting currency.

use super::deals::{deal, org};
use super::{Asked, asked};
use crate::domain::{CurrencyRate, Deal};
use crate::facts::testing::{Org, decimal, when};

const NOW: &str = "2026-03-18T12:00:00Z";

/// A deal of Ana, won on the first of March, over so much of a currency.
fn worth(amount: &str, currency: &str) -> Deal<String> {
    Deal {
        currency: if currency.is_empty() { None } else { Some(currency.into()) },
        ..deal("Ana", "Won", "2026-01-10", "2026-03-01", amount)
    }
}

fn rate(currency: &str, rate: &str, from: &str) -> CurrencyRate<String> {
    CurrencyRate {
        currency: Some(currency.into()),
        to: Some("USD".into()),
        rate: decimal(rate),
        effective_at: if from.is_empty() { None } else { when(from) },
        is_default: Some(false),
        ..Default::default()
    }
}

/// An organisation with the rate 1.08 for EUR configured, and the CRM's rates for GBP, in the default currency named.
fn with_rates(default: &str, deals: &'static str) -> Org {
    let mut org = Org { money: "{reporting: USD, rates: {EUR: 1.08}}", deals, ..org() };
    org.put("gbp 1", rate("GBP", "1.25", "")).put("gbp 2", rate("gbp", "1.3", "2026-03-01"));
    org.put("gbp 3", rate("GBP", "9", "2026-03-19")).put("eur", rate("EUR", "2", ""));
    let chf = CurrencyRate { to: Some("EUR".into()), ..rate("CHF", "1.1", "") };
    org.put("chf", chf);
    if !default.is_empty() {
        let record = CurrencyRate { currency: Some(default.into()), is_default: Some(true), ..Default::default() };
        org.put("default", record);
    }
    org
}

#[test]
fn values_are_rounded_before_they_are_added() {
    let mut org = org();
    // Half a cent each: 0, 0.02, 0.02.
    for (id, amount) in [("1", "0.005"), ("2", "0.015"), ("3", "0.025")] {
        org.put(id, worth(amount, "USD"));
    }
    let asked = asked(org, "{windows: {deals: [quarter]}}");
    assert_eq!(asked.value("crm_deals_won_value", &[("rep", "Ana")], NOW), Some(0.04));
}

#[test]
fn open_deals_are_worth_what_the_rate_of_now_says() {
    let mut org = with_rates("", "{}");
    org.put("1", Deal { stage: Some("New".into()), closed_at: when("2026-02-01"), ..worth("10", "GBP") });
    let found = Asked::new(org).value("crm_open_deals_value", &[("rep", "Ana"), ("stage", "New")], NOW);
    assert_eq!(found, Some(13.0));
}

#[test]
fn an_amount_of_zero_is_missing_where_the_settings_say_so() {
    for (settings, size) in [
        ("{}", 50.0),
        ("{zero_is_missing: true}", 100.0),
        ("{zero_is_missing: [crm]}", 100.0),
        ("{zero_is_missing: [erp]}", 50.0),
    ] {
        let mut org = with_rates("", settings);
        org.put("1", worth("100", "USD")).put("2", worth("0.00", "USD"));
        org.from_source("erp");
        let asked = asked(org, "{windows: {deals_ratios: [quarter]}}");
        assert_eq!(asked.value("crm_deal_size_average", &[("scope", "org")], NOW), Some(size), "{settings}");
    }
}
