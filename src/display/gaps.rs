//! What boards and rules ask for and the settings do not expose: panels that would stay empty and alerts that would stay
//! silent, without anybody knowing why.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use regex::Regex;

use super::{Display, rules};
use crate::metrics::{self, Options};

/// A metric with what is asked of it: names and labels of our own expressions, which have no `}` in their values.
static ASKED: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\b(crm_[a-z_]+)\b(?:\{([^}]*)\})?").expect("it is a regular expression"));
/// The windows that are asked for.
static WINDOWS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#"\bwindow=~?"([a-z0-9_|]+)""#).expect("it is a regular expression"));

/// A sentence for each metric, or window of a metric, that is asked for and not exposed, with where it is missed.
pub fn gaps(display: &Display<'_>, options: &Options) -> Vec<String> {
    let mut missed: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut look = |place: &str, text: &str| {
        for gap in ASKED.captures_iter(text).flat_map(|asked| gaps_of(&asked, options)) {
            missed.entry(gap).or_default().insert(place.to_owned());
        }
    };
    for board in display.boards() {
        for query in board.panels().flat_map(|panel| &panel.queries) {
            look(board.uid, &query.expr);
        }
    }
    for file in rules::files(display) {
        look(file.path.rsplit('/').next().unwrap_or_default(), &file.text);
    }
    let told = missed.into_iter().map(|(gap, places)| {
        let places: Vec<String> = places.into_iter().collect();
        format!("{gap}: missed by {}", places.join(", "))
    });
    told.collect()
}

fn gaps_of(asked: &regex::Captures<'_>, options: &Options) -> Vec<String> {
    // What the exporter counts of itself cannot be left out.
    let Some(metric) = metrics::find(&asked[1]) else { return Vec::new() };
    if options.is_disabled(metric.name) {
        return vec![format!("{} is left out by metrics.disable", metric.name)];
    }
    let there = options.windows(metric.group);
    let Some(key) = metric.group.windows_key() else { return Vec::new() };
    let labels = asked.get(2).map_or("", |labels| labels.as_str());
    let wanted =
        WINDOWS.captures_iter(labels).flat_map(|found| found[1].split('|').map(str::to_owned).collect::<Vec<_>>());
    wanted
        .filter(|wanted| !there.iter().any(|window| window.to_string() == *wanted))
        .map(|wanted| format!("metrics.windows.{key} has no {wanted}, which {} is asked for", metric.name))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gaps_in(text: &str, settings: &str) -> Vec<String> {
        let settings: metrics::settings::Settings =
            crate::setting::read(crate::setting::parse_yaml(settings).unwrap().cache).unwrap();
        let others = crate::settings::Settings::default();
        let options = Options::new(&metrics::settings::Sections { metrics: &settings, ..others.figures() }).unwrap();
        ASKED.captures_iter(text).flat_map(|asked| gaps_of(&asked, &options)).collect()
    }

    #[test]
    fn what_is_not_exposed_is_missed() {
        let settings = "{disable: [crm_win_ratio], windows: {leads: [week]}}";
        let missed = |text: &str| gaps_in(text, settings);
        assert_eq!(missed("sum(crm_deals_won{window=\"quarter\"})"), Vec::<String>::new());
        assert_eq!(missed("crm_exporter_series + up"), Vec::<String>::new());
        assert_eq!(missed("crm_win_ratio{scope=\"org\"}"), ["crm_win_ratio is left out by metrics.disable"]);
        let expected = ["metrics.windows.leads has no 28d, which crm_leads_created is asked for"];
        assert_eq!(missed("crm_leads_created{team=~\"$team\", window=~\"week|28d\"} > 1"), expected);
        // Each goal has its own period.
        assert_eq!(missed("crm_pacing_ratio{window=\"month\"}"), Vec::<String>::new());
    }
}
