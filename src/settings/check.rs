//! What the parts say of each other, and of values that only their users can judge.

use std::collections::HashMap;

use chrono_tz::Tz;

use super::{Settings, Source};
use crate::calendar::Calendar;
use crate::display;
use crate::domain::{Currency, Dictionary};
use crate::facts::settings::{Readings, ZeroIsMissing};
use crate::facts::{PeopleRules, Rules, SourceInfo};
use crate::grafana::Access;
use crate::http::Surroundings;
use crate::metrics::Options;
use crate::setting::{self, Lasting, Problem};

/// Every problem that can be found without asking a CRM.
pub(super) fn problems(settings: &Settings) -> Vec<Problem> {
    let mut problems = Vec::new();
    intervals(settings, &mut problems);
    let zone = calendar(settings, &mut problems);
    rules(settings, &mut problems);
    sources(settings, zone, &mut problems);
    problems.extend(Access::check(&settings.grafana).err().map(|problem| problem.under("grafana")));
    let people = PeopleRules::new(&settings.people);
    problems.extend(people.err().map(|problem| problem.under("people")));
    match Options::new(&settings.figures()) {
        Ok(options) => problems.extend(figures(settings, &options)),
        Err(problem) => problems.push(problem),
    }
    problems
        .extend(display::check_alerts(&settings.alerts, &settings.goals).err().map(|problem| problem.under("alerts")));
    problems.extend(settings.routing.check().err().map(|problem| problem.under("routing")));
    if let ZeroIsMissing::Sources(names) = &settings.deals.zero_is_missing {
        known_sources("deals.zero_is_missing", names, settings, &mut problems);
    }
    problems
}

fn intervals(settings: &Settings, problems: &mut Vec<Problem>) {
    let sources = settings.sources.iter().map(|(name, source)| (format!("sources.{name}.interval"), source.interval));
    for (key, interval) in sources.chain([("refresh_interval".to_owned(), settings.refresh_interval)]) {
        if interval < Lasting::seconds(1) {
            problems.push(Problem::new(key, "is too short; write at least 1s"));
        }
    }
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

/// What the rules say of each of their sections. They stop at the first problem, so each section is looked at with the
/// defaults of the others.
fn rules(settings: &Settings, problems: &mut Vec<Problem>) {
    // One more, so that words are looked at while there is no source yet.
    let none = SourceInfo { key: u32::MAX, name: String::new(), dictionary: Dictionary::default() };
    let sources: Vec<SourceInfo> = (0..).zip(&settings.sources).map(source_info).chain([none]).collect();
    let defaults = Settings::default();
    for readings in [
        Readings { activities: &settings.activities, ..defaults.readings() },
        Readings { leads: &settings.leads, ..defaults.readings() },
        Readings { deals: &settings.deals, ..defaults.readings() },
        Readings { data_quality: &settings.data_quality, ..defaults.readings() },
        Readings { accounts: &settings.accounts, ..defaults.readings() },
        Readings { currency: &settings.currency, ..defaults.readings() },
    ] {
        problems.extend(Rules::new(&sources, &readings).err());
    }
}

/// What the rules and sources say against the figures.
fn figures(settings: &Settings, options: &Options) -> Option<Problem> {
    let infos: Vec<SourceInfo> = (0..).zip(&settings.sources).map(source_info).collect();
    let names: Vec<&str> = settings.sources.keys().map(String::as_str).collect();
    // Rules that are wrong have been told.
    let rules = Rules::new(&infos, &settings.readings()).ok()?;
    options.check(&rules, &names).err()
}

fn source_info((key, (name, source)): (u32, (&String, &Source))) -> SourceInfo {
    SourceInfo { key, name: name.clone(), dictionary: source.kind.dictionary }
}

fn sources(settings: &Settings, zone: Tz, problems: &mut Vec<Problem>) {
    let currency = Currency::new(&settings.currency.reporting).ok();
    let mut renamed: HashMap<&str, &str> = HashMap::new();
    for (name, source) in &settings.sources {
        let renaming = renaming(name, source, settings, &mut renamed);
        let context = currency.map(|currency| settings.context(name, zone, currency, Surroundings::none(name)));
        let building = context.and_then(|context| source.build(&context).err());
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

fn known_sources(key: &str, names: &[String], settings: &Settings, problems: &mut Vec<Problem>) {
    let known: Vec<&str> = settings.sources.keys().map(String::as_str).collect();
    for (index, name) in names.iter().enumerate().filter(|(_, name)| !settings.sources.contains_key(*name)) {
        let text = format!("`{name}` is no source; {}", setting::instead(name, &known));
        problems.push(Problem::new(format!("{key}[{index}]"), text));
    }
}
