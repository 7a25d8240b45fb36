//! What the settings say of people, ready for use.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use indexmap::IndexMap;

use crate::facts::settings::People as Settings;
use crate::setting::Problem;

/// `people` of the settings, ready for use.
#[derive(Debug, Clone, Default)]
pub struct PeopleRules {
    pub(super) settings: Settings,
    /// E-mail address in lower case -> the one that stands for the person.
    pub(super) identities: HashMap<String, String>,
    pub(super) aliases: HashMap<String, String>,
    pub(super) roles: HashMap<String, String>,
    pub(super) start_dates: HashMap<String, NaiveDate>,
    pub(super) hidden: BTreeSet<String>,
    pub(super) list: BTreeSet<String>,
}

impl PeopleRules {
    /// Checks and prepares the settings. Problems name keys below `people`.
    pub fn new(settings: &Settings) -> Result<PeopleRules, Problem> {
        let mut identities: HashMap<String, String> = HashMap::new();
        for (person, addresses) in &settings.identities {
            for address in std::iter::once(person).chain(addresses) {
                let before = identities.insert(fold(address), fold(person));
                if let Some(other) = before.filter(|before| *before != fold(person)) {
                    let text =
                        format!("`{address}` belongs to `{other}` already: write one person's addresses under one");
                    return Err(Problem::new(format!("identities.{person}"), text));
                }
            }
        }
        let folded = |map: &IndexMap<String, String>| map.iter().map(|(key, to)| (fold(key), to.clone())).collect();
        Ok(PeopleRules {
            identities,
            aliases: folded(&settings.aliases),
            roles: folded(&settings.roles),
            start_dates: settings.start_dates.iter().map(|(key, date)| (fold(key), *date)).collect(),
            hidden: settings.hidden.iter().map(|text| fold(text)).collect(),
            list: settings.reps.list.iter().map(|text| fold(text)).collect(),
            settings: settings.clone(),
        })
    }

    /// All addresses of the person with this identity, whether or not a user has them.
    pub(super) fn addresses_of<'a>(&'a self, identity: &'a str) -> impl Iterator<Item = &'a str> {
        self.identities.iter().filter(move |(_, person)| *person == identity).map(|(address, _)| address.as_str())
    }

    /// Whether `crm_rep_info` shows e-mail addresses.
    pub fn show_email(&self) -> bool {
        self.settings.show_email
    }
}

/// Addresses and ids are compared without regard to case and outer blanks.
pub(super) fn fold(text: &str) -> String {
    text.trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_belongs_to_one_person() {
        let settings = Settings {
            identities: IndexMap::from([
                ("a@x".to_owned(), vec!["old@x".to_owned()]),
                ("b@x".to_owned(), vec!["OLD@x ".to_owned()]),
            ]),
            ..Settings::default()
        };
        let problem = PeopleRules::new(&settings).unwrap_err();
        assert_eq!(
            problem.to_string(),
            "identities.b@x: `OLD@x ` belongs to `a@x` already: write one person's addresses under one"
        );
    }
}
