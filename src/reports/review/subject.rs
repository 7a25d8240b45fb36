//! What is reviewed: every goal, and every activity that no goal counts.

use crate::goals::{Goal, Resolved};
use crate::metrics::{Frame, Nature, find, resolve};

/// A goal, or an activity without one.
pub(super) struct Subject<'a> {
    pub(super) title: String,
    pub(super) measured: Resolved,
    pub(super) goal: Option<&'a Goal>,
    /// Whether the records that it needs are at hand.
    pub(super) is_known: bool,
    /// Whether it is a result itself, so that it cannot lead to one.
    pub(super) is_result: bool,
}

impl Subject<'_> {
    /// 1 where more is better, else -1.
    pub(super) fn upwards(&self) -> f64 {
        if self.goal.is_some_and(|goal| goal.lower_is_better) { -1.0 } else { 1.0 }
    }
}

/// Goals in their order, key activities, then kinds of activities.
pub(super) fn subjects<'a>(frame: &Frame<'a>) -> Vec<Subject<'a>> {
    let goals = &frame.options.goals.goals;
    let mut subjects: Vec<Subject<'a>> =
        goals.iter().map(|goal| subject(frame, goal.title.clone(), goal.measured.clone(), Some(goal))).collect();
    let rules = frame.view.rules();
    let keys = rules
        .key_activities()
        .iter()
        .map(|rule| (format!("Key activity {}", rule.name), "crm_key_activities", "activity", rule.name.as_str()));
    let kinds =
        rules.kinds().iter().map(|kind| (format!("Activities: {kind}"), "crm_activities", "kind", kind.as_str()));
    for (title, metric, label, value) in keys.chain(kinds) {
        // A name that a selector cannot hold has no figures either.
        let Ok(measured) = resolve(&format!("{metric}{{{label}={value:?}}}")) else { continue };
        let is_counted = goals.iter().any(|goal| goal.measured.selector == measured.selector);
        if !is_counted && frame.is_known(&measured) {
            subjects.push(subject(frame, title, measured, None));
        }
    }
    subjects
}

fn subject<'a>(frame: &Frame<'_>, title: String, measured: Resolved, goal: Option<&'a Goal>) -> Subject<'a> {
    let is_known = frame.is_known(&measured);
    let is_result = find(measured.metric).is_some_and(|metric| metric.nature == Nature::Lagging);
    Subject { title, measured, goal, is_known, is_result }
}
