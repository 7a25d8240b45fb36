//! Measures of activities and prospecting.

use std::collections::HashSet;

use super::{Contribution, Dim, Level, Sink, Standing, Sum, Unit};
use crate::domain::{ActivityState, DealStatus, Object, Timestamp};
use crate::facts::{KeyRule, LeftOut, NONE, Touch, Touches, View};

/// Done activities.
pub static DONE: Sum = Sum {
    object: Object::Activity,
    history: Object::Activity,
    dims: &[Dim::Kind],
    unit: Unit::Count,
    each: |view, since, sink| each_done(view, since, |_| Ok(1.0), sink),
};

/// Their durations, where known.
pub static SECONDS: Sum = Sum {
    object: Object::Activity,
    history: Object::Activity,
    dims: &[Dim::Kind],
    unit: Unit::Millis,
    each: |view, since, sink| {
        let seconds = |activity| view.facts.activities.seconds(activity).ok_or("without a duration");
        let millis = |activity| seconds(activity).map(|seconds| f64::from(seconds) * 1000.0);
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
    each: |view, since, sink| {
        let first =
            |touch: &Touch| if touch.is_first { Ok(touch.activity) } else { Err("not the prospect's first touch") };
        each_touch(view, since, first, sink);
    },
};

/// Touches of prospects, first or not. The record is the prospect.
pub static TOUCHES: Sum = Sum {
    object: Object::Activity,
    history: Object::Activity,
    dims: &[],
    unit: Unit::Count,
    each: |view, since, sink| each_touch(view, since, |touch| Ok(touch.prospect), sink),
};

/// Touches of prospects that are not the first. The record is the activity.
pub static FOLLOW_UPS: Sum = Sum {
    object: Object::Activity,
    history: Object::Activity,
    dims: &[],
    unit: Unit::Count,
    each: |view, since, sink| {
        let later = |touch: &Touch| if touch.is_first { Err("the prospect's first touch") } else { Ok(touch.activity) };
        each_touch(view, since, later, sink);
    },
};

/// Done activities from `since` on that have an amount, or else a reason why they do not count.
fn each_done(view: &View<'_>, since: Timestamp, amount: impl Fn(usize) -> Result<f64, &'static str>, sink: Sink<'_>) {
    let activities = &view.facts.activities;
    for (activity, kind, at) in activities.dated() {
        if at < since {
            continue;
        }
        let dims = [u32::from(kind), 0];
        match view.done(activity).and_then(|at| Ok((at, amount(activity)?))) {
            Ok((at, amount)) => {
                let slot = view.slot(activities.owner(activity));
                sink(Contribution { record: activity as u32, at, slot, dims, amount });
            }
            Err(why) => {
                view.leave_out(|| LeftOut { dims: Some(dims), ..activities.left_out(view, activity, Some(at), why) })
            }
        }
    }
    leave_out_strangers(view);
}

/// Tells of the activities that count nowhere: those of kinds that are not configured, and those without a date.
fn leave_out_strangers(view: &View<'_>) {
    if view.is_listened_to() {
        for (activity, at, why) in view.facts.activities.not_counting() {
            view.leave_out(|| view.facts.activities.left_out(view, activity, at, why));
        }
    }
}

fn each_key_activity(view: &View<'_>, since: Timestamp, sink: Sink<'_>) {
    let activities = &view.facts.activities;
    let rules = view.rules().key_activities();
    let can_tell =
        rules.iter().enumerate().fold(0, |bits, (index, rule)| bits | u64::from(view.can_tell(rule)) << index);
    for (activity, _, at) in activities.dated() {
        let mask = activities.mask(activity) & can_tell;
        if at < since || (mask == 0 && !view.is_listened_to()) {
            continue;
        }
        let done = view.done(activity);
        for (index, rule) in rules.iter().enumerate() {
            let own_fit = mask >> index & 1 == 1;
            let dims = [index as u32, 0];
            match done.and_then(|at| matches_rule(view, activity, rule, own_fit).map(|()| at)) {
                Ok(at) => {
                    let slot = view.slot(activities.owner(activity));
                    sink(Contribution { record: activity as u32, at, slot, dims, amount: 1.0 });
                }
                Err(why) => view
                    .leave_out(|| LeftOut { dims: Some(dims), ..activities.left_out(view, activity, Some(at), why) }),
            }
        }
    }
    leave_out_strangers(view);
}

/// Whether a done activity matches a rule, whose conditions on the activity itself hold or not; else which do not.
fn matches_rule(view: &View<'_>, activity: usize, rule: &KeyRule, own_fit: bool) -> Result<(), &'static str> {
    let has_level = || view.levels_of(activity).any(|level| rule.levels.contains(&level));
    match () {
        () if !own_fit => Err("its kind, direction, outcome, duration or subject is not the rule's"),
        () if !rule.levels.is_empty() && !has_level() => Err("no prospect of the rule's contact levels is linked"),
        () if !rule.stages.is_empty() && !view.was_in(activity, &rule.stages) => {
            Err("no linked deal was in the rule's stages at the time")
        }
        () => Ok(()),
    }
}

fn each_no_show(view: &View<'_>, since: Timestamp, sink: Sink<'_>) {
    let activities = &view.facts.activities;
    let meeting = view.rules().kind("meeting");
    for (activity, kind, at) in activities.dated() {
        if at < since || Some(kind) != meeting {
            continue;
        }
        if activities.state(activity) != Some(ActivityState::NoShow) {
            view.leave_out(|| activities.left_out(view, activity, Some(at), "the CRM does not mark it as no-show"));
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

/// Touches from `since` on for which `record` gives a record, or else a reason why they do not count.
fn each_touch(view: &View<'_>, since: Timestamp, record: impl Fn(&Touch) -> Result<u32, &'static str>, sink: Sink<'_>) {
    let activities = &view.facts.activities;
    view.touches().each(view, since, |touch| match record(&touch) {
        Ok(record) => {
            let slot = view.slot(activities.owner(touch.activity as usize));
            sink(Contribution { record, at: touch.at, slot, dims: [0, 0], amount: 1.0 });
        }
        Err(why) => view.leave_out(|| activities.left_out(view, touch.activity as usize, Some(touch.at), why)),
    });
    leave_out_strangers(view);
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
