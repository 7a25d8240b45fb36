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

fn converted(amount: &str, currency: &str, deal: Deal<String>) -> Deal<String> {
    Deal { converted_amount: decimal(amount), converted_currency: Some(currency.into()), ..deal }
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
fn money_is_converted_by_the_first_rate_there_is() {
    let closed = |at: &str, deal| Deal { closed_at: when(at), ..deal };
    // The default currency, the deal, and its value; none is left out of averages.
    for (default, record, value) in [
        ("", worth("100", "USD"), Some(100.0)),
        ("", worth("100", "usd"), Some(100.0)),
        ("", worth("100", "EUR"), Some(108.0)),
        ("", converted("999", "USD", worth("100", "EUR")), Some(108.0)),
        ("", converted("14", "USD", worth("10", "GBP")), Some(14.0)),
        ("", converted("14", "EUR", worth("10", "GBP")), Some(13.0)),
        ("", worth("10", "GBP"), Some(13.0)),
        ("", closed("2026-02-28T23:59:59Z", worth("10", "GBP")), Some(12.5)),
        ("", worth("10", "CHF"), None),
        ("", worth("10", "XXX"), None),
        ("", worth("", "USD"), None),
        ("", worth("0", "USD"), Some(0.0)),
        // Without a currency, the CRM's default one.
        ("GBP", worth("10", ""), Some(13.0)),
        ("USD", worth("10", ""), Some(10.0)),
        ("EUR", worth("100", ""), Some(108.0)),
        ("EUR", converted("999", "USD", worth("100", "")), Some(108.0)),
        ("GBP", converted("14", "USD", worth("10", "")), Some(14.0)),
        ("", converted("14", "USD", worth("10", "")), Some(14.0)),
        ("", worth("10", ""), None),
        // Rounded half to even.
        ("", worth("0.125", "USD"), Some(0.12)),
        ("", worth("0.135", "USD"), Some(0.14)),
        ("", worth("0.125", "EUR"), Some(0.14)),
        ("", converted("0.125", "USD", worth("10", "GBP")), Some(0.12)),
    ] {
        let mut org = with_rates(default, "{}");
        org.put("1", record.clone());
        let asked = asked(org, "{windows: {deals: [quarter], deals_ratios: [quarter]}}");
        let sum = asked.value("crm_deals_won_value", &[("rep", "Ana")], NOW);
        let mean = asked.value("crm_deal_size_average", &[("scope", "rep")], NOW);
        let count = asked.value("crm_deals_won", &[("rep", "Ana")], NOW);
        assert_eq!((count, sum, mean), (Some(1.0), Some(value.unwrap_or(0.0)), value), "{default} {record:?}");
    }
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
