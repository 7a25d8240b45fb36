//! Inhibition: what is not told while something else explains it, or says it louder.
//!
//! Two labels that are missing count as equal, so each side asks for the labels that its rule compares by.

use serde_json::{Value, json};

use super::entry::Entry;
use super::matcher::{is, is_one_of, is_set};

/// The rules, in the order of what they are about: figures, then limits, then the exporter.
///
/// The audience tells at a glance that no two of them mute each other.
pub(super) fn all() -> Vec<Entry> {
    let (ops, sales) = (is("audience", "ops"), is("audience", "sales"));
    // All but good news.
    let judgement = is_one_of("category", ["pacing", "pipeline", "quality"]);
    vec![
        rule(
            "Figures that are old judge nobody: alerts go on for a while after data has stopped to come.",
            &[ops.clone(), is("alertname", "CrmDataOld"), is_set("team")],
            &[sales.clone(), judgement.clone(), is_set("team")],
            &["team"],
        ),
        rule(
            "Nor do figures that are gone.",
            &[ops.clone(), is("alertname", "CrmExporterAbsent")],
            &[sales.clone(), judgement.clone()],
            &["app"],
        ),
        rule(
            "Whoever hears of the limit that is critical need not hear of the lower one as well.",
            &[sales.clone(), judgement.clone(), is("severity", "critical"), is_set("goal")],
            &[sales, judgement, is("severity", "warning"), is_set("goal")],
            &["alertname", "team", "rep", "goal"],
        ),
        rule(
            "That an exporter serves nothing goes without saying while it is down.",
            &[ops.clone(), is("alertname", "CrmExporterDown")],
            &[ops.clone(), is_one_of("alertname", ["CrmExporterAbsent", "CrmFiguresMissing"])],
            &["app"],
        ),
        rule(
            "A source that cannot be polled does not come to the end of its first load.",
            &[ops.clone(), is("alertname", "CrmSourceDown"), is_set("source")],
            &[ops, is("alertname", "CrmFirstLoadLong"), is_set("source")],
            &["source"],
        ),
    ]
}

fn rule(why: &str, source: &[Value], target: &[Value], equal: &[&str]) -> Entry {
    let ours = |matchers: &[Value]| [&[is("app", "crm_exporter")], matchers].concat();
    Entry::new(why, json!({"source_matchers": ours(source), "target_matchers": ours(target), "equal": equal}))
}
