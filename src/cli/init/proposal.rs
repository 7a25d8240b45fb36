//! The settings that `init` proposes: what the CRM told, with what there is to decide beside it.

use chrono_tz::Tz;

use super::goals;
use super::page::{Page, option, scalar};
use crate::app::{Draft, Stock};
use crate::domain::{ActivityState, Currency, Dictionary, LeadLevel};
use crate::goals::Usual;
use crate::source::{Headcount, Inventory, Word};

/// The whole file: with goals by what is usual, or with examples while that is not known.
pub(super) fn text(draft: &Draft, stock: &Stock, usual: Option<&[Option<Usual>]>) -> String {
    let mut page = Page::default();
    page.comment(
        0,
        &format!(
            "Proposed by `crm_exporter init` from what {} holds. Look through it; `crm_exporter check` tells what is \
         wrong, and `crm_exporter check --print-defaults` prints every option.",
            draft.kind.name
        ),
    );
    sources(&mut page, draft, stock);
    currency(&mut page, stock.inventory.currency.as_deref());
    calendar(&mut page, stock.inventory.time_zone.as_deref());
    people(&mut page, stock.inventory.people.as_ref());
    activities(&mut page, &stock.inventory, &draft.kind.dictionary);
    leads(&mut page, &stock.inventory.lead_statuses, &draft.kind.dictionary);
    deals(&mut page, &stock.inventory);
    match usual {
        Some(usual) => goals::write(&mut page, usual),
        None => goals::examples(&mut page),
    }
    page.into_text()
}

fn sources(page: &mut Page, draft: &Draft, stock: &Stock) {
    page.line("").line("sources:").line(&format!("  {}:", scalar(&draft.name)));
    page.line(&format!("    kind: {}", draft.kind.name));
    for (key, value) in &draft.options {
        page.line(&format!("    {}: {}", scalar(key), option(value)));
    }
    let refused = refused(stock);
    if !refused.is_empty() {
        page.comment(4, "Could not be read. Figures that need it are absent until it can:");
        refused.iter().for_each(|(what, error)| _ = page.item(4, &format!("{what}: {error}")));
    }
}

/// What may not be read, and why: what was missed here, and streams that are refused. Both may have asked for the same.
fn refused(stock: &Stock) -> Vec<(&str, String)> {
    let missed = stock.inventory.refused.iter().map(|(what, error)| (*what, error.to_string()));
    let streams = stock.probe.streams.iter();
    let streams = streams.filter_map(|(name, allowed)| Some((name.as_str(), allowed.as_ref().err()?.to_string())));
    let mut refused: Vec<(&str, String)> = Vec::new();
    for (what, error) in missed.chain(streams) {
        if !refused.iter().any(|(_, told)| *told == error) {
            refused.push((what, error));
        }
    }
    refused
}

fn currency(page: &mut Page, told: Option<&str>) {
    page.line("").line("currency:").comment(2, "All values are reported in it; amounts in others are converted.");
    match told.map(Currency::new) {
        Some(Ok(currency)) => page.line(&format!("  reporting: {}", currency.code())),
        Some(Err(unknown)) => page
            .comment(2, &format!("The CRM's own cannot be used ({unknown}): write yours here."))
            .line("  reporting: USD"),
        None => page.comment(2, "The CRM does not tell its own: write yours here.").line("  reporting: USD"),
    };
}

fn calendar(page: &mut Page, told: Option<&str>) {
    page.line("").line("calendar:").comment(2, "Days, weeks and quarters begin in this zone.");
    match told.map(|name| (name, name.parse::<Tz>())) {
        Some((_, Ok(zone))) => page.line(&format!("  time_zone: {}", zone.name())),
        Some((name, Err(_))) => page
            .comment(2, &format!("The CRM's own, {name}, is no IANA name: write yours here."))
            .line("  time_zone: UTC"),
        None => page.comment(2, "The CRM does not tell its own: write yours here.").line("  time_zone: UTC"),
    };
    page.comment(2, "What no CRM tells; these are the defaults:")
        .item(2, "week_starts_on: monday")
        .item(2, "fiscal_year_starts_in: january")
        .item(2, "working_days: [mon, tue, wed, thu, fri]")
        .item(2, "working_hours: \"09:00-17:00\"")
        .item(2, "holidays: []");
}

fn people(page: &mut Page, told: Option<&Headcount>) {
    page.line("").line("people:");
    let mut reps = "{teams: [], roles: [], list: []}";
    match told {
        None => _ = page.comment(2, "People could not be asked for."),
        Some(count) if count.teams.is_empty() => {
            page.comment(
                2,
                &format!("{} active people, and no teams: reps are those who own deals or leads.", count.people),
            );
        }
        Some(count) => {
            page.comment(
                2,
                &format!("{} active people, {} of them in no team. Teams:", count.people, count.without_team),
            );
            for (team, members) in &count.teams {
                page.item(2, &format!("{}: {members}", scalar(team)));
            }
            reps = "{teams: [\"*\"]}";
        }
    }
    page.comment(2, "Who is a rep: by teams (\"*\" is every team), by roles, or a list of e-mail addresses.");
    page.line(&format!("  reps: {reps}"));
    page.comment(2, "Roles by e-mail address where the CRM has none, such as {ana@example.com: senior_ae}.");
    page.line("  roles: {}");
}

fn activities(page: &mut Page, inventory: &Inventory, dictionary: &Dictionary) {
    page.line("").line("activities:");
    let kinds: Vec<String> = dictionary.kinds.iter().map(|(word, kind)| format!("{word} is {kind}")).collect();
    page.comment(
        2,
        &format!(
            "Types of activity: {}. Other readings, and \"\" for a type that \
         is not to count:",
            kinds.join(", ")
        ),
    );
    page.line("  kinds: {}");
    if !inventory.activity_statuses.is_empty() {
        page.comment(
            2,
            "How activities end here, and what that is read as. Where it is not known, \
         they count as done once their time is past.",
        );
        for word in &inventory.activity_statuses {
            let state = state(dictionary, &word.word).map_or("not known", name_of_state);
            page.item(2, &format!("{}: {state}", named(word)));
        }
    }
    page.comment(2, "Other readings: done, open, cancelled or no_show, such as {DID_NOT_ATTEND: no_show}.");
    page.line("  statuses: {}");
    if !inventory.outcomes.is_empty() {
        page.comment(2, "Results of activities, as rules name them:");
        inventory.outcomes.iter().for_each(|outcome| _ = page.item(2, &scalar(outcome)));
    }
    page.comment(2, "Activities that count for more, by rules such as:")
        .item(2, "live_conversation: {kind: call, outcome: connected, min_duration: 2m}")
        .item(2, "executive_meeting: {kind: meeting, contact_level: [vp, c_level]}");
    page.line("  key: {}");
}

fn leads(page: &mut Page, statuses: &[Word], dictionary: &Dictionary) {
    page.line("").line("leads:").comment(2, "Within how long an inbound lead is to be answered.").line("  sla: 1h");
    let mut proposed: [(LeadLevel, Vec<String>); 3] =
        [LeadLevel::Mql, LeadLevel::Sql, LeadLevel::Disqualified].map(|level| (level, Vec::new()));
    page.comment(
        2,
        "Statuses that stand for a level. Those named below were guessed from their names; the others \
         are known.",
    );
    for word in statuses {
        let known = level(dictionary, &word.word).map(|level| name_of_level(level).to_owned());
        let guess = if known.is_none() { guessed_level(&word.label) } else { None };
        let reading = known.or_else(|| guess.map(|level| format!("{}, by its name", name_of_level(level))));
        page.item(2, &format!("{}: {}", named(word), reading.as_deref().unwrap_or("no level")));
        for (_, words) in proposed.iter_mut().filter(|(level, _)| Some(*level) == guess) {
            words.push(scalar(&word.word));
        }
    }
    page.line("  statuses:");
    for (level, words) in proposed {
        page.line(&format!("    {}: [{}]", name_of_level(level), words.join(", ")));
    }
}

fn deals(page: &mut Page, inventory: &Inventory) {
    page.line("").line("deals:");
    page.comment(
        2,
        "Pipelines pooled in win ratios, averages, cycles and velocity: take out those, such as renewals, \
         that would hide the others. \"*\" is every pipeline, also those to come.",
    );
    if inventory.pipelines.is_empty() {
        page.line("  ratio_pipelines: [\"*\"]");
        return;
    }
    page.line("  ratio_pipelines:");
    let mut written: Vec<&str> = Vec::new();
    for pipeline in &inventory.pipelines {
        page.comment(4, &format!("Stages: {}", pipeline.stages.join(", ")));
        if !written.contains(&pipeline.name.as_str()) {
            page.line(&format!("    - {}", scalar(&pipeline.name)));
            written.push(&pipeline.name);
        }
    }
}

/// A word of the CRM beside what people see.
fn named(word: &Word) -> String {
    if word.word == word.label { scalar(&word.word) } else { format!("{} ({})", scalar(&word.word), word.label) }
}

fn find<T: Copy>(words: [&[(&str, T)]; 2], wanted: &str) -> Option<T> {
    let same = |(word, _): &&(&str, T)| word.eq_ignore_ascii_case(wanted.trim());
    words.into_iter().flatten().find(same).map(|(_, meaning)| *meaning)
}

fn state(dictionary: &Dictionary, word: &str) -> Option<ActivityState> {
    find([dictionary.states, Dictionary::COMMON.states], word)
}

fn level(dictionary: &Dictionary, word: &str) -> Option<LeadLevel> {
    find([dictionary.lead_statuses, Dictionary::COMMON.lead_statuses], word)
}

/// What the name of a status says. It is a proposal that somebody looks through.
fn guessed_level(label: &str) -> Option<LeadLevel> {
    let label = label.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| label.contains(word));
    match () {
        () if says(&["unqualified", "disqualified", "not qualified"]) => Some(LeadLevel::Disqualified),
        () if says(&["mql", "marketing qualified"]) => Some(LeadLevel::Mql),
        () if says(&["sql", "qualified"]) => Some(LeadLevel::Sql),
        () => None,
    }
}

fn name_of_state(state: ActivityState) -> &'static str {
    match state {
        ActivityState::Done => "done",
        ActivityState::Open => "open",
        ActivityState::Cancelled => "cancelled",
        ActivityState::NoShow => "no_show",
    }
}

fn name_of_level(level: LeadLevel) -> &'static str {
    match level {
        LeadLevel::Mql => "mql",
        LeadLevel::Sql => "sql",
        LeadLevel::Disqualified => "disqualified",
    }
}
