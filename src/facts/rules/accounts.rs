//! Which accounts are key accounts as far as their record tells, and which surveys ask for a recommendation. What
//! follows from several records (value won) is joined in `key_accounts`.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::words::word;
use crate::domain::{Account, Currency, Key, Minor};
use crate::facts::settings::Accounts;
use crate::setting::{Number, OneOrMany, Problem};

/// `accounts` of the settings, ready for use.
#[derive(Debug, Clone)]
pub struct AccountRules {
    /// An account with so much revenue in a year, or more, is a key account.
    pub min_annual_revenue: Option<Minor>,
    /// An account from which so much was won in the last 365 days, or more, is a key account.
    pub min_won_value: Option<Minor>,
    marked: bool,
    tiers: BTreeSet<String>,
    list: BTreeSet<String>,
    /// Surveys whose answers are recommendations; `*` is every survey.
    nps_surveys: BTreeSet<String>,
}

impl AccountRules {
    /// Reads the settings; amounts are in the reporting currency. Problems name keys of the whole settings.
    pub(super) fn new(settings: &Accounts, currency: Currency) -> Result<AccountRules, Problem> {
        let key = &settings.key;
        let amount = |name: &str, number: Option<Number>| {
            let problem = |text: String| Problem::new(format!("accounts.key.{name}"), text);
            let Some(Number(number)) = number else { return Ok(None) };
            if number <= Decimal::ZERO {
                return Err(problem("an amount must be above 0; leave the key out for no such condition".to_owned()));
            }
            let minor = currency.minor(number, Decimal::ONE);
            minor.map(Some).ok_or_else(|| problem(format!("`{number}` is too large an amount to be counted")))
        };
        let words = |name: &str, list: &OneOrMany| {
            let words: BTreeSet<String> = list.0.iter().map(|text| word(text)).collect();
            match words.contains("") {
                true => Err(Problem::new(name, "one of the texts is empty; leave it out")),
                false => Ok(words),
            }
        };
        Ok(AccountRules {
            min_annual_revenue: amount("min_annual_revenue", key.min_annual_revenue)?,
            min_won_value: amount("min_won_value", key.min_won_value)?,
            marked: key.marked,
            tiers: words("accounts.key.tiers", &key.tiers)?,
            list: words("accounts.key.list", &key.list)?,
            nps_surveys: words("accounts.nps_surveys", &settings.nps_surveys)?,
        })
    }

    /// Whether the record itself says that it is a key account: by its mark, its tier, or because it is in the list.
    pub(crate) fn is_named(&self, id: &str, account: &Account<Key>) -> bool {
        let is_in = |words: &BTreeSet<String>, text: Option<&str>| text.is_some_and(|text| words.contains(&word(text)));
        (self.marked && account.key == Some(true))
            || is_in(&self.tiers, account.tier.as_deref())
            || [Some(id), account.name.as_deref(), account.domain.as_deref()]
                .into_iter()
                .any(|text| is_in(&self.list, text))
    }

    /// Whether answers to the survey of that name are recommendations.
    pub(crate) fn asks_for_recommendation(&self, survey: Option<&str>) -> bool {
        self.nps_surveys.contains("*") || survey.is_some_and(|survey| self.nps_surveys.contains(&word(survey)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::testing::yaml;

    fn rules(settings: &str) -> Result<AccountRules, Problem> {
        AccountRules::new(&yaml(settings), Currency::new("USD").unwrap())
    }

    fn account(name: &str, tier: &str, key: Option<bool>) -> Account<Key> {
        Account {
            name: Some(name.into()),
            domain: Some("acme.example".into()),
            tier: Some(tier.into()),
            key,
            ..Account::default()
        }
    }

    #[test]
    fn one_condition_is_enough() {
        let marked = rules("{}").unwrap();
        assert!(marked.is_named("1", &account("Acme", "", Some(true))));
        assert!(!marked.is_named("1", &account("Acme", "", Some(false))));
        assert!(!marked.is_named("1", &account("", "", None)));
        let others =
            rules("{key: {marked: false, tiers: [Strategic, a], list: [' acme ', '7', bolt.example]}}").unwrap();
        assert!(!others.is_named("1", &account("Bolt", "b", Some(true))));
        assert!(others.is_named("1", &account("Bolt", "strategic ", None)));
        assert!(others.is_named("1", &account("ACME", "", None)));
        assert!(others.is_named("7", &account("Bolt", "", None)));
        let by_domain = Account { domain: Some("Bolt.example".into()), ..Account::default() };
        assert!(others.is_named("1", &by_domain));
    }

    #[test]
    fn recommendations_are_asked_for_by_the_surveys_that_are_named() {
        assert!(rules("{}").unwrap().asks_for_recommendation(None));
        let named = rules("{nps_surveys: [Relationship]}").unwrap();
        assert!(named.asks_for_recommendation(Some(" relationship")));
        assert!(!named.asks_for_recommendation(Some("Stars")) && !named.asks_for_recommendation(None));
    }
}
