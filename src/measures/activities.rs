//! Measures of activities and prospecting.

use std::collections::HashSet;

use super::{Contribution, Dim, Level, Sink, Standing, Sum, Unit};
use crate::domain::{ActivityState, DealStatus, Object, Timestamp};
use crate::facts::{NONE, Touch, Touches, View};

/// Done activities.
pub static DONE: Sum = Sum {
    object: Object::Activity,
    history: Object::Activity,
    dims: &[Dim::Kind],
    unit: Unit::Count,
    each: |view, since, sink| each_done(view, since, |_| Some(1.0), sink),
};

/// Their durations, where known.
pub static SECONDS: Sum = Sum {
    object: Object::Activity,
    history: Object::Activity,
    dims: &[Dim::Kind],
    unit: Unit::Millis,
    each: |view, since, sink| {
        let millis = |activity| view.facts.activities.seconds(activity).map(|seconds| f64::from(seconds) * 1000.0);
        each_done(view, since, millis, sink);
    },
};

/// Done activities that match a named rule.
pub static KEY: Sum = Sum {
    object: Object::Activity,
    history: Object::Activity,
    dims: &[Dim::KeyActivity],
    unit: Unit::Count,
    each: each_key_activity,
};

/// Meetings that the CRM marks as no-show.
pub static NO_SHOW: Sum =
    Sum { object: Object::Activity, history: Object::Activity, dims: &[], unit: Unit::Count, each: each_no_show };

/// Open activities from now to the end of the day seven days ahead.
pub static SCHEDULED: Level =
    Level { object: Object::Activity, dims: &[Dim::Kind], unit: Unit::Count, each: each_scheduled };

/// First touches of prospects. The record is the activity.
pub static APPROACHED: Sum = Sum {
    object: Object::Activity,
    history: Object::Activity,
    dims: &[],
    unit: Unit::Count,
    each: |view, since, sink| each_touch(view, since, |touch| touch.is_first.then_some(touch.activity), sink),
};

/// Touches of prospects, first or not. The record is the prospect.
pub static TOUCHES: Sum = Sum {
    object: Object::Activity,
    history: Object::Activity,
    dims: &[],
    unit: Unit::Count,
    each: |view, since, sink| each_touch(view, since, |touch| Some(touch.prospect), sink),
};

/// Touches of prospects that are not the first. The record is the activity.
pub static FOLLOW_UPS: Sum = Sum {
    object: Object::Activity,
    history: Object::Activity,
    dims: &[],
    unit: Unit::Count,
    each: |view, since, sink| each_touch(view, since, |touch| (!touch.is_first).then_some(touch.activity), sink),
};

/// Done activities from `since` on that have an amount.
fn each_done(view: &View<'_>, since: Timestamp, amount: impl Fn(usize) -> Option<f64>, sink: Sink<'_>) {
    let activities = &view.facts.activities;
    for (activity, kind, at) in activities.dated() {
        if at < since {
            continue;
        }
        let (Some(at), Some(amount)) = (view.done(activity), amount(activity)) else { continue };
        let slot = view.slot(activities.owner(activity));
        sink(Contribution { record: activity as u32, at, slot, dims: [u32::from(kind), 0], amount });
    }
}

fn each_key_activity(view: &View<'_>, since: Timestamp, sink: Sink<'_>) {
    let activities = &view.facts.activities;
    let rules = view.rules().key_activities();
    let can_tell =
        rules.iter().enumerate().fold(0, |bits, (index, rule)| bits | u64::from(view.can_tell(rule)) << index);
    for (activity, _, at) in activities.dated() {
        let mask = activities.mask(activity) & can_tell;
        if mask == 0 || at < since {
            continue;
        }
        let Some(at) = view.done(activity) else { continue };
        let slot = view.slot(activities.owner(activity));
        for (index, rule) in rules.iter().enumerate().filter(|(index, _)| mask >> index & 1 == 1) {
            let has_level = || view.levels_of(activity).any(|level| rule.levels.contains(&level));
            if (rule.levels.is_empty() || has_level())
                && (rule.stages.is_empty() || view.was_in(activity, &rule.stages))
            {
                sink(Contribution { record: activity as u32, at, slot, dims: [index as u32, 0], amount: 1.0 });
            }
        }
    }
}

fn each_no_show(view: &View<'_>, since: Timestamp, sink: Sink<'_>) {
    let activities = &view.facts.activities;
    let meeting = view.rules().kind("meeting");
    for (activity, kind, at) in activities.dated() {
        let missed = activities.state(activity) == Some(ActivityState::NoShow);
        if at < since || Some(kind) != meeting || !missed {
            continue;
        }
        let Some(at) = view.seen(at) else { continue };
        let slot = view.slot(activities.owner(activity));
        sink(Contribution { record: activity as u32, at, slot, dims: [0, 0], amount: 1.0 });
    }
}

fn each_scheduled(view: &View<'_>, sink: &mut dyn FnMut(Standing)) {
    let activities = &view.facts.activities;
    let behind = view.start_of_day(8);
    let today = view.start_of_day(0);
    for (activity, kind, at) in activities.dated() {
        if at < today || at >= behind || !view.is_planned(activity, view.now) {
            continue;
        }
        let slot = view.slot(activities.owner(activity));
        let dims = [u32::from(kind), 0];
        let (object, record) = (Object::Activity, activity as u32);
        sink(Standing { object, record, from: view.now, to: Timestamp::MAX, slot, dims, amount: 1.0 });
    }
}

/// Touches from `since` on for which `record` gives a record.
fn each_touch(view: &View<'_>, since: Timestamp, record: impl Fn(&Touch) -> Option<u32>, sink: Sink<'_>) {
    view.touches().each(view, since, |touch| {
        let Some(record) = record(&touch) else { return };
        let slot = view.slot(view.facts.activities.owner(touch.activity as usize));
        sink(Contribution { record, at: touch.at, slot, dims: [0, 0], amount: 1.0 });
    });
}

/// Deals that an activity planned for after now is linked to.
pub(super) fn deals_with_next_step(view: &View<'_>) -> HashSet<u32> {
    let activities = &view.facts.activities;
    let today = view.start_of_day(0);
    let after_now = view.now.plus_millis(1);
    let planned = activities.dated().filter(|(activity, _, at)| *at >= today && view.is_planned(*activity, after_now));
    planned.flat_map(|(activity, _, _)| view.deals_of(activity)).collect()
}

/// Which open deals have been discussed with at least two prospects, by the deal's key.
pub(super) fn multi_threaded(view: &View<'_>) -> Vec<bool> {
    let mut only: Vec<u32> = vec![NONE; view.facts.deals.len()];
    let mut several = vec![false; view.facts.deals.len()];
    let mut open = vec![false; view.facts.deals.len()];
    for (deal, state) in view.deals() {
        open[deal] = state.status == DealStatus::Open;
    }
    let is_open = |deal: &usize| open.get(*deal).is_some_and(|open| *open);
    let mut prospects = Vec::new();
    Touches::each_activity(view, Timestamp::MIN, |activity, _| {
        // Few activities concern a deal that is open still, and only for those it matters who was touched.
        for (nth, deal) in view.deals_of(activity).map(|deal| deal as usize).filter(is_open).enumerate() {
            if nth == 0 {
                view.touches().linked(view.facts, activity, &mut prospects);
            }
            for &prospect in &prospects {
                match only[deal] {
                    NONE => only[deal] = prospect,
                    known => several[deal] |= known != prospect,
                }
            }
        }
    });
    several
}
