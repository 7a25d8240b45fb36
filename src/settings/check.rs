//! What the parts say of each other, and of values that only their users can judge.

use std::collections::HashMap;

use chrono_tz::Tz;

use super::{Settings, Source};
use crate::calendar::{Calendar, Window};
use crate::domain::Currency;
use crate::facts::settings::{Money, People, ZeroIsMissing};
use crate::metrics::settings::Windows;
use crate::setting::{self, Lasting, Problem};

/// Every problem that can be found without asking a CRM. `families` are the names of all families of metrics.
pub(super) fn problems(settings: &Settings, families: &[&str]) -> Vec<Problem> {
    let mut problems = Vec::new();
    intervals(settings, &mut problems);
    let zone = calendar(settings, &mut problems);
    let currency = currency(&settings.currency, &mut problems);
    sources(settings, zone, currency, &mut problems);
    identities(&settings.people, &mut problems);
    if let ZeroIsMissing::Sources(names) = &settings.deals.zero_is_missing {
        known_sources("deals.zero_is_missing", names, settings, &mut problems);
    }
    windows(&settings.metrics.windows, &mut problems);
    disabled(&settings.metrics.disable, families, &mut problems);
    problems
}

/// The business time zone; where the calendar is wrong, one that lets the rest be looked at.
fn calendar(settings: &Settings, problems: &mut Vec<Problem>) -> Tz {
    match Calendar::new(&settings.calendar, &settings.directory) {
        Ok(calendar) => calendar.zone(),
        Err(problem) => {
            problems.push(problem.under("calendar"));
            Tz::UTC
        }
    }
}

fn intervals(settings: &Settings, problems: &mut Vec<Problem>) {
    let sources = settings.sources.iter().map(|(name, source)| (format!("sources.{name}.interval"), source.interval));
    for (key, interval) in sources.chain([("refresh_interval".to_owned(), settings.refresh_interval)]) {
        if interval < Lasting::seconds(1) {
            problems.push(Problem::new(key, "is too short; write at least 1s"));
        }
    }
}

/// The reporting currency, if it is one.
fn currency(money: &Money, problems: &mut Vec<Problem>) -> Option<Currency> {
    for (code, rate) in &money.rates {
        let key = format!("currency.rates.{code}");
        if let Err(error) = Currency::new(code) {
            problems.push(Problem::new(key, error.to_string()));
        } else if rate.0 <= rust_decimal::Decimal::ZERO {
            let text = format!("`{}` is no rate; write what one {code} is worth in {}", rate.0, money.reporting);
            problems.push(Problem::new(key, text));
        }
    }
    let reporting = Currency::new(&money.reporting);
    reporting.map_err(|error| problems.push(Problem::new("currency.reporting", error.to_string()))).ok()
}

fn sources(settings: &Settings, zone: Tz, currency: Option<Currency>, problems: &mut Vec<Problem>) {
    let mut renamed: HashMap<&str, &str> = HashMap::new();
    for (name, source) in &settings.sources {
        let renaming = renaming(name, source, settings, &mut renamed);
        let building = currency.and_then(|currency| source.build(&settings.context(name, zone, currency)).err());
        problems.extend(renaming.into_iter().chain(building).map(|problem| problem.under(name).under("sources")));
    }
}

fn renaming<'a>(
    name: &'a str,
    source: &'a Source,
    settings: &Settings,
    renamed: &mut HashMap<&'a str, &'a str>,
) -> Option<Problem> {
    let old = source.renamed_from.as_deref()?;
    let text = if settings.sources.contains_key(old) {
        format!("`{old}` is a source itself; a source can only take over a name that is no longer used")
    } else {
        let other = renamed.insert(old, name)?;
        format!("`{old}` has become `{other}` already; the records of one source can only go on as one")
    };
    Some(Problem::new("renamed_from", text))
}

/// One address belongs to one person: it may stand under one person only, and not be a person of its own.
fn identities(people: &People, problems: &mut Vec<Problem>) {
    let persons: HashMap<String, &str> =
        people.identities.keys().map(|key| (key.to_lowercase(), key.as_str())).collect();
    let mut owners: HashMap<String, &str> = HashMap::new();
    for (person, addresses) in &people.identities {
        for (index, address) in addresses.iter().enumerate() {
            let key = format!("people.identities.{person}[{index}]");
            let folded = address.to_lowercase();
            let other = persons.get(&folded).copied().filter(|other| !other.eq_ignore_ascii_case(person));
            let other = other.or_else(|| owners.insert(folded, person).filter(|other| other != person));
            if let Some(other) = other {
                let text =
                    format!("`{address}` belongs to `{other}` already; write all addresses of one person under one");
                problems.push(Problem::new(key, text));
            }
        }
    }
}

fn known_sources(key: &str, names: &[String], settings: &Settings, problems: &mut Vec<Problem>) {
    let known: Vec<&str> = settings.sources.keys().map(String::as_str).collect();
    for (index, name) in names.iter().enumerate().filter(|(_, name)| !settings.sources.contains_key(*name)) {
        let text = format!("`{name}` is no source; {}", setting::instead(name, &known));
        problems.push(Problem::new(format!("{key}[{index}]"), text));
    }
}

fn windows(windows: &Windows, problems: &mut Vec<Problem>) {
    for (group, names) in [
        ("activities", &windows.activities),
        ("deals", &windows.deals),
        ("deals_ratios", &windows.deals_ratios),
        ("funnel", &windows.funnel),
    ] {
        for (index, name) in names.iter().enumerate() {
            let problem = match name.parse::<Window>() {
                Err(error) => error.to_string(),
                Ok(_) if names[..index].contains(name) => format!("`{name}` is listed twice; write it once"),
                Ok(_) => continue,
            };
            problems.push(Problem::new(format!("metrics.windows.{group}[{index}]"), problem));
        }
    }
}

fn disabled(names: &[String], families: &[&str], problems: &mut Vec<Problem>) {
    for (index, name) in names.iter().enumerate().filter(|(_, name)| !families.contains(&name.as_str())) {
        let remedy = match setting::nearest(name, families.iter().copied()) {
            Some(family) => format!("did you mean `{family}`?"),
            None => "`crm_exporter metrics` shows them all".to_owned(),
        };
        problems.push(Problem::new(format!("metrics.disable[{index}]"), format!("`{name}` is no metric; {remedy}")));
    }
}
