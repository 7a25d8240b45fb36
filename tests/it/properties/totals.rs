//! Figures of one snapshot agree with each other: what is exposed for teams and the whole follows from the sums over reps.
//!
//! All groups of metrics are to have the same windows, and ratios are to pool all pipelines.

use std::collections::BTreeSet;

use crate::samples::{Labels, Samples, close};

/// Checks everything.
pub(super) fn check(samples: &Samples) {
    samples.check_against_catalogue();
    ratios(samples);
    velocity(samples);
    stages(samples);
    open_deals(samples);
    activities(samples);
    teams(samples);
}

/// The labels of a sample with a scope that a sum has too: what to add up.
fn population(labels: &Labels) -> Vec<(&str, &str)> {
    let shared = labels.iter().filter(|(name, value)| !matches!(name.as_str(), "scope" | "stat") && !value.is_empty());
    shared.map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

/// Every population that has a sum other than 0: labels `scope`, `team`, `rep` and `window`.
fn populations(samples: &Samples, families: &[&str]) -> BTreeSet<[String; 4]> {
    let mut populations = BTreeSet::new();
    let added = families.iter().flat_map(|family| samples.of(family)).filter(|(_, value)| *value != 0.0);
    for (labels, _) in added {
        let (team, rep, window) = (&labels["team"], &labels["rep"], &labels["window"]);
        let of =
            |scope: &str, team: &str, rep: &str| [scope.to_owned(), team.to_owned(), rep.to_owned(), window.clone()];
        populations.insert(of("org", "", ""));
        populations.insert(of("team", team, ""));
        if rep != "hidden" {
            populations.insert(of("rep", team, rep));
        }
    }
    populations
}

/// A ratio is there for just the populations whose denominator is not 0, and is the ratio of the sums over reps.
fn ratio_of_sums(samples: &Samples, family: &str, over: &[&str], under: &[&str]) {
    let sum = |families: &[&str], labels: &[(&str, &str)]| -> f64 {
        families.iter().map(|family| samples.sum(family, labels)).sum()
    };
    let exposed: BTreeSet<[String; 4]> = samples
        .of(family)
        .iter()
        .map(|(labels, _)| ["scope", "team", "rep", "window"].map(|name| labels[name].clone()))
        .collect();
    assert_eq!(exposed, populations(samples, under), "populations of {family}");
    for (labels, value) in samples.of(family) {
        let of = population(labels);
        let expected = sum(over, &of) / sum(under, &of);
        assert!(close(*value, expected), "{family} {labels:?} is {value}, the sums say {expected}");
    }
}

fn ratios(samples: &Samples) {
    ratio_of_sums(samples, "crm_win_ratio", &["crm_deals_won"], &["crm_deals_won", "crm_deals_lost"]);
    let (won, lost) = ("crm_deals_won_value", "crm_deals_lost_value");
    ratio_of_sums(samples, "crm_win_value_ratio", &[won], &[won, lost]);
    // Deals without a value count and add nothing, so the mean of those that have one is not below that of all.
    for (labels, mean) in samples.of("crm_deal_size_average") {
        let of = population(labels);
        let count = samples.sum("crm_deals_won", &of);
        let value = samples.sum("crm_deals_won_value", &of);
        let valued = if *mean == 0.0 { 0.0 } else { value / mean };
        assert!(close(valued, valued.round()), "{labels:?}: {value} at {mean} each");
        assert!(valued.round() <= count, "{labels:?}: {valued} deals have a value of {count} that were won");
    }
    for (labels, lost) in samples.of("crm_deals_lost_by_reason") {
        assert!(*lost > 0.0, "{labels:?}");
    }
    let by_rep: f64 = samples.sum("crm_deals_lost", &[]);
    assert_eq!(samples.sum("crm_deals_lost_by_reason", &[]), by_rep, "deals lost by reason and by rep");
}

/// Open deals times win ratio times mean value, over the mean cycle.
fn velocity(samples: &Samples) {
    for (labels, value) in samples.of("crm_sales_velocity_value_per_day") {
        let of: Vec<_> = labels.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let figure = |family: &str| samples.value(family, &of).unwrap();
        let cycle = samples.value("crm_sales_cycle_seconds", &[&of[..], &[("stat", "mean")]].concat()).unwrap();
        let without_window: Vec<_> = population(labels).into_iter().filter(|(name, _)| *name != "window").collect();
        let open = samples.sum("crm_open_deals", &without_window);
        let expected = open * figure("crm_win_ratio") * figure("crm_deal_size_average") / (cycle / 86_400.0);
        assert!(close(*value, expected), "velocity {labels:?} is {value}, its parts say {expected}");
    }
}

/// Whatever entered a stage advanced, was lost or waits.
fn stages(samples: &Samples) {
    for (labels, entered) in samples.of("crm_stage_entered") {
        let of: Vec<_> = labels.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let fate = |family: &str| samples.value(family, &of).unwrap_or(0.0);
        let fates = fate("crm_stage_advanced") + fate("crm_stage_lost") + fate("crm_stage_waiting");
        assert_eq!(*entered, fates, "{labels:?}");
    }
    for family in ["crm_stage_advanced", "crm_stage_lost", "crm_stage_waiting"] {
        assert!(samples.sum(family, &[]) <= samples.sum("crm_stage_entered", &[]), "{family}");
    }
    for (labels, ratio) in samples.of("crm_stage_conversion_ratio") {
        let of = population(labels);
        let (advanced, lost) = (samples.sum("crm_stage_advanced", &of), samples.sum("crm_stage_lost", &of));
        assert!(close(*ratio, advanced / (advanced + lost)), "{labels:?}: {ratio}, {advanced} advanced, {lost} lost");
    }
}

/// What is said of open deals is said of no more than there are.
fn open_deals(samples: &Samples) {
    let parts = [
        "crm_open_deals_overdue",
        "crm_open_deals_stalled",
        "crm_open_deals_without_next_step",
        "crm_open_deals_single_threaded",
    ];
    for family in parts {
        for (labels, count) in samples.of(family) {
            let open = samples.sum("crm_open_deals", &population(labels));
            assert!(*count <= open, "{family} {labels:?} is {count} of {open}");
        }
    }
    let open: BTreeSet<&Labels> = samples.of("crm_open_deals").iter().map(|(labels, _)| labels).collect();
    let valued: BTreeSet<&Labels> = samples.of("crm_open_deals_value").iter().map(|(labels, _)| labels).collect();
    assert_eq!(open, valued);
    for (labels, weighted) in samples.of("crm_open_deals_weighted_value") {
        let of: Vec<_> = labels.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let value = samples.value("crm_open_deals_value", &of).unwrap();
        assert!(*weighted <= value + 1e-6, "{labels:?}: {weighted} of {value}");
    }
}

fn activities(samples: &Samples) {
    for (labels, calls) in samples.of("crm_key_activities").iter().filter(|(of, _)| of["activity"] == "any_call") {
        let of: Vec<_> = population(labels).into_iter().filter(|(name, _)| *name != "activity").collect();
        assert_eq!(*calls, samples.sum("crm_activities", &[&of[..], &[("kind", "call")]].concat()), "{labels:?}");
    }
    for (labels, touched) in samples.of("crm_contacts_touched") {
        let of: Vec<_> = labels.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let ratio = samples.value("crm_follow_ups_per_contact", &of);
        let sums = population(labels);
        let follow_ups = samples.sum("crm_follow_ups", &sums);
        let expected = (*touched > 0.0).then(|| follow_ups / touched);
        assert_eq!(ratio.is_some(), expected.is_some(), "{labels:?}");
        assert!(ratio.zip(expected).is_none_or(|(ratio, expected)| close(ratio, expected)), "{labels:?}");
        // Every prospect was touched first or again.
        let approached = samples.sum("crm_prospects_approached", &sums);
        assert!(*touched <= approached + follow_ups, "{labels:?}: {touched} of {approached} and {follow_ups}");
    }
}

/// Every value of `team` has its one line of information.
fn teams(samples: &Samples) {
    let informed: Vec<&str> = samples.of("crm_team_info").iter().map(|(labels, _)| labels["team"].as_str()).collect();
    let distinct: BTreeSet<&str> = informed.iter().copied().collect();
    assert_eq!(informed.len(), distinct.len());
    for family in samples.families() {
        let teams = samples.of(family).iter().filter_map(|(labels, _)| labels.get("team"));
        for team in teams.filter(|team| !team.is_empty()) {
            assert!(distinct.contains(team.as_str()), "team {team} of {family} is not in crm_team_info");
        }
    }
}
