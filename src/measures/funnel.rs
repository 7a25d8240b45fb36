//! Measures of the funnel: what is open now, and what became of the deals that came into a stage.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::activities::{deals_with_next_step, multi_threaded};
use super::deals::leave_out;
use super::stats::quantile;
use super::{Contribution, Dim, Dims, Level, Sink, Standing, Sum, Unit};
use crate::calendar::Window;
use crate::domain::{DealStatus, Object, Timestamp};
use crate::facts::{DealState, Entry, NONE, View};

const PIPELINE: &[Dim] = &[Dim::Pipeline];
const STAGE: &[Dim] = &[Dim::Pipeline, Dim::Stage];

macro_rules! level {
    ($(#[$doc:meta])* $name:ident, $dims:expr, $unit:ident, $each:expr) => {
        $(#[$doc])*
        pub static $name: Level = Level { object: Object::Deal, dims: $dims, unit: Unit::$unit, each: $each };
    };
}

macro_rules! sum {
    ($(#[$doc:meta])* $name:ident, $unit:ident, $each:expr) => {
        $(#[$doc])*
        pub static $name: Sum = Sum { object: Object::Deal, history: Object::Deal, dims: STAGE, unit: Unit::$unit, each: $each };
    };
}

level!(
    /// Open deals.
    OPEN, STAGE, Count, |view, sink| each_open(view, by_stage, |_, _| Ok(1.0), sink)
);
level!(
    /// Their value.
    OPEN_VALUE, STAGE, Money, |view, sink| each_open(view, by_stage, |deal, _| Ok(value(view, deal)), sink)
);
level!(
    /// Their value times the probability of winning.
    OPEN_WEIGHTED_VALUE, STAGE, Money, |view, sink| {
        let shares = won_shares(view);
        let weighted = |deal, state: &DealState| Ok(value(view, deal) * probability(view, &shares, deal, state.stage));
        let mut standings = Vec::new();
        each_open(view, by_stage, weighted, &mut |standing| standings.push(standing));
        // A sum of fractions depends on their order, and that of keys is the order in which records arrived.
        standings.sort_unstable_by(|one, other| one.amount.total_cmp(&other.amount));
        standings.into_iter().for_each(sink);
    }
);
level!(
    /// Open deals whose expected close date is before today.
    OVERDUE, PIPELINE, Count, |view, sink| each_open(view, by_pipeline, |deal, _| counts_if(view.is_overdue(deal), "not expected to have closed by now"), sink)
);
level!(
    /// Open deals that have been in their stage for unusually long.
    STALLED, PIPELINE, Count, |view, sink| {
        // What they are made of is no deal that is not stalled.
        let limits = view.unheard(|| stall_limits(view));
        let stalled = |deal, state: &DealState| is_stalled(view, &limits, deal, state).map(|()| 1.0);
        each_open(view, by_pipeline, stalled, sink);
    }
);
level!(
    /// Open deals for which nothing is planned.
    WITHOUT_NEXT_STEP, PIPELINE, Count, |view, sink| {
        let planned = deals_with_next_step(view);
        let lacks = |deal: usize| !planned.contains(&(deal as u32));
        each_open(view, by_pipeline, |deal, _| counts_if(lacks(deal), "a next step is planned"), sink);
    }
);
level!(
    /// Open deals discussed with fewer than two prospects.
    SINGLE_THREADED, PIPELINE, Count, |view, sink| {
        let several = multi_threaded(view);
        let single = |deal: usize| counts_if(!several[deal], "two prospects or more have been touched");
        each_open(view, by_pipeline, |deal, _| single(deal), sink);
    }
);
level!(
    /// Open deals in the pipelines that ratios pool.
    POOLED_OPEN, &[], Count, |view, sink| {
        let pooled = |view: &View<'_>, deal, state: &DealState| {
            let is_pooled = view.is_pooled(view.deal_pipeline(deal, state));
            if is_pooled { Ok([0, 0]) } else { Err("in a pipeline that deals.ratio_pipelines does not name") }
        };
        each_open(view, pooled, |_, _| Ok(1.0), sink);
    }
);
sum!(
    /// Deals by their first entry into a stage.
    ENTERED, Count, |view, since, sink| each_entered(view, since, |_, _| Ok(1.0), sink)
);
sum!(
    /// Of those, deals that came further or were won.
    ADVANCED, Count, |view, since, sink| each_entered(view, since, |_, fate| fate.counts(fate == Fate::Advanced), sink)
);
sum!(
    /// Of those, deals that were lost from there.
    LOST, Count, |view, since, sink| each_entered(view, since, |_, fate| fate.counts(fate == Fate::Lost), sink)
);
sum!(
    /// Their value.
    LOST_VALUE, Money, |view, since, sink| {
        each_entered(view, since, |deal, fate| {
            fate.counts(fate == Fate::Lost).map(|_| closed_value(view, deal))
        }, sink);
    }
);
sum!(
    /// Of those, deals of which neither is known yet.
    WAITING, Count, |view, since, sink| each_entered(view, since, |_, fate| fate.counts(fate == Fate::Waiting), sink)
);
sum!(
    /// Of those, deals that came further, were won or were lost.
    DECIDED, Count, |view, since, sink| each_entered(view, since, |_, fate| fate.counts(fate != Fate::Waiting), sink)
);
sum!(
    /// How long deals stayed in a stage, by the end of the stay. One sample a stay.
    STAY, Millis, |view, since, sink| each_ended_stay(view, since, |deal, stage, to, millis| {
        let dims = [view.pipeline(deal, stage), stage];
        sink(Contribution { record: deal as u32, at: to, slot: view.deal_slot(deal), dims, amount: millis });
    })
);

/// Hands out the value of the open deals that are expected to close from today to `last`, by pipeline.
pub fn each_expected(view: &View<'_>, last: NaiveDate, sink: &mut dyn FnMut(Standing)) {
    let expected = |deal, _: &DealState| match view.is_expected_by(deal, last) {
        true => Ok(value(view, deal)),
        false => Err("not expected to close from today to the end of the period"),
    };
    each_open(view, by_pipeline, expected, sink);
}

/// What a deal counts, or why it does not.
type Counts<T> = Result<T, &'static str>;

fn counts_if(counts: bool, why_not: &'static str) -> Counts<f64> {
    if counts { Ok(1.0) } else { Err(why_not) }
}

fn by_stage(view: &View<'_>, deal: usize, state: &DealState) -> Counts<Dims> {
    Ok([view.deal_pipeline(deal, state), view.open_stage_of(state)])
}

fn by_pipeline(view: &View<'_>, deal: usize, state: &DealState) -> Counts<Dims> {
    Ok([view.deal_pipeline(deal, state), 0])
}

/// Value of an open deal; 0 without an amount or a rate.
fn value(view: &View<'_>, deal: usize) -> f64 {
    view.value(deal, None).map_or(0.0, |minor| minor as f64)
}

/// Value of a closed deal; 0 without an amount or a rate.
fn closed_value(view: &View<'_>, deal: usize) -> f64 {
    let closed_at = view.deal_state(deal).and_then(|state| state.closed_at);
    view.value(deal, closed_at).map_or(0.0, |minor| minor as f64)
}

fn each_open(
    view: &View<'_>,
    labels: impl Fn(&View<'_>, usize, &DealState) -> Counts<Dims>,
    amount: impl Fn(usize, &DealState) -> Counts<f64>,
    sink: &mut dyn FnMut(Standing),
) {
    for (deal, state) in view.deals().filter(|(_, state)| state.status == DealStatus::Open) {
        let from = view.facts.deals.created(deal).unwrap_or(Timestamp::MIN).min(view.now);
        let dims = labels(view, deal, &state);
        let (dims, amount) = match dims.and_then(|dims| Ok((dims, amount(deal, &state)?))) {
            Ok(counts) => counts,
            Err(why) => {
                let at = Some(from).filter(|from| *from > Timestamp::MIN);
                leave_out(view, deal, at, dims.ok(), why);
                continue;
            }
        };
        let (object, record, slot) = (Object::Deal, deal as u32, view.deal_slot(deal));
        sink(Standing { object, record, from, to: Timestamp::MAX, slot, dims, amount });
    }
}

/// A stage in a pipeline: several pipelines may share stages.
type Place = (u32, u32);

/// Probability of winning an open deal: its own, else the stage's, else the share won of the deals that were in the stage.
/// A deal that has moved on or been closed since says nothing of what was thought of it before.
fn probability(view: &View<'_>, shares: &HashMap<Place, f64>, deal: usize, stage: u32) -> f64 {
    let deals = &view.facts.deals;
    let is_unchanged = || stage == deals.stage.get(deal) && view.present_status(deal) == DealStatus::Open;
    let own = if view.live || is_unchanged() { deals.probability(deal) } else { None };
    let of_stage = || view.facts.directory.stages.get(&stage)?.probability();
    let of_closed = || shares.get(&(view.pipeline(deal, stage), stage)).copied();
    own.or_else(of_stage).or_else(of_closed).unwrap_or(0.0)
}

/// Per stage, the share won of the closed deals that first entered it in the last 365 days.
fn won_shares(view: &View<'_>) -> HashMap<Place, f64> {
    let year = view.calendar().span(Window::Days(365), view.now);
    let mut counts: HashMap<Place, (f64, f64)> = HashMap::new();
    each_first_entry(view, year.start, |deal, state, entries, index| {
        if state.status != DealStatus::Open && entries[index].at.is_some_and(|at| year.contains(at)) {
            let stage = entries[index].stage;
            let (won, closed) = counts.entry((view.pipeline(deal, stage), stage)).or_default();
            *won += f64::from(u8::from(state.status == DealStatus::Won));
            *closed += 1.0;
        }
    });
    counts.into_iter().map(|(place, (won, closed))| (place, won / closed)).collect()
}

/// Fewer stays than this say nothing about what is usual.
const ENOUGH_STAYS: usize = 10;

/// Per stage, how long a stay may last before the deal is stalled: a multiple of the median of the stays that ended in the
/// last 365 days, in milliseconds.
fn stall_limits(view: &View<'_>) -> HashMap<Place, f64> {
    let year = view.calendar().span(Window::Days(365), view.now);
    let mut lengths: HashMap<Place, Vec<f64>> = HashMap::new();
    each_ended_stay(view, year.start, |deal, stage, to, millis| {
        if year.contains(to) {
            lengths.entry((view.pipeline(deal, stage), stage)).or_default().push(millis);
        }
    });
    lengths.retain(|_, lengths| lengths.len() >= ENOUGH_STAYS);
    let multiple = view.rules().stalled_multiple();
    let limit = |mut lengths: Vec<f64>| {
        lengths.sort_unstable_by(f64::total_cmp);
        quantile(&lengths, 0.5).map(|median| median * multiple)
    };
    lengths.into_iter().filter_map(|(place, lengths)| Some((place, limit(lengths)?))).collect()
}

/// Hands out the stays in open stages that ended since `since`, or some time before: deal, stage, end and milliseconds.
/// Those that ended before they began are left out: their dates are wrong.
fn each_ended_stay(view: &View<'_>, since: Timestamp, mut take: impl FnMut(usize, u32, Timestamp, f64)) {
    let (mut entries, mut stays) = (Vec::new(), Vec::new());
    for (deal, state) in view.deals().filter(|(deal, state)| view.last_left(*deal, state) >= Some(since)) {
        view.stays(deal, &state, &mut entries, &mut stays);
        for stay in &stays {
            let Some(to) = stay.to else { continue };
            let dims = Some([view.pipeline(deal, stay.stage), stay.stage]);
            match stay.from {
                None => leave_out(view, deal, Some(to), dims, "nobody knows when the stay began"),
                Some(from) if to < from => leave_out(view, deal, Some(to), dims, "the stay ended before it began"),
                Some(from) => take(deal, stay.stage, to, to.millis_since(from) as f64),
            }
        }
    }
}

/// Whether a deal is stalled; else why it is not.
fn is_stalled(view: &View<'_>, limits: &HashMap<Place, f64>, deal: usize, state: &DealState) -> Counts<()> {
    let limit = limits.get(&(view.pipeline(deal, state.stage), state.stage));
    let limit = limit.ok_or("fewer than 10 stays in its stage ended in 365 days")?;
    let (mut entries, mut stays) = (Vec::new(), Vec::new());
    view.stays(deal, state, &mut entries, &mut stays);
    let present = stays.last().filter(|stay| stay.to.is_none() && stay.stage == state.stage);
    let from = present.and_then(|stay| stay.from).ok_or("nobody knows since when it is in its stage")?;
    let is_long = view.now.millis_since(from) as f64 > *limit;
    if is_long { Ok(()) } else { Err("not in its stage for long enough") }
}

/// What became of a deal that came into a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// It came into a later open stage of the pipeline, or was won.
    Advanced,
    /// It was lost.
    Lost,
    /// Neither.
    Waiting,
}

impl Fate {
    /// 1 where it counts; else why not: what became of it instead.
    fn counts(self, counts: bool) -> Counts<f64> {
        let why_not = match self {
            Fate::Advanced => "it came further or was won",
            Fate::Lost => "it was lost",
            Fate::Waiting => "neither further nor lost yet",
        };
        counts_if(counts, why_not)
    }
}

fn each_entered(view: &View<'_>, since: Timestamp, amount: impl Fn(usize, Fate) -> Counts<f64>, sink: Sink<'_>) {
    each_first_entry(view, since, |deal, state, entries, index| {
        let Entry { stage, at } = entries[index];
        let dims = [view.pipeline(deal, stage), stage];
        let Some(at) = at else {
            return leave_out(view, deal, None, Some(dims), "nobody knows when it came into the stage");
        };
        match amount(deal, fate(view, deal, state, entries, index)) {
            Ok(amount) => sink(Contribution { record: deal as u32, at, slot: view.deal_slot(deal), dims, amount }),
            Err(why) => leave_out(view, deal, Some(at), Some(dims), why),
        }
    });
}

/// Hands out the first entry into every open stage of the deals that came into any since `since`: deal, its state, its
/// entries, and the index of the entry.
fn each_first_entry(view: &View<'_>, since: Timestamp, mut take: impl FnMut(usize, &DealState, &[Entry], usize)) {
    let mut entries = Vec::new();
    for (deal, state) in view.deals().filter(|(deal, _)| view.last_entered(*deal) >= Some(since)) {
        view.entries(deal, &mut entries);
        for index in 0..entries.len() {
            let stage = entries[index].stage;
            let is_open = view.outcome(stage) == DealStatus::Open;
            if is_open && entries[..index].iter().all(|earlier| earlier.stage != stage) {
                take(deal, &state, &entries, index);
            }
        }
    }
}

fn fate(view: &View<'_>, deal: usize, state: &DealState, entries: &[Entry], index: usize) -> Fate {
    let pipeline = view.pipeline(deal, entries[index].stage);
    let is_later = |entry: &Entry| {
        view.outcome(entry.stage) == DealStatus::Open
            && view.pipeline(deal, entry.stage) == pipeline
            // Of a stage whose place nobody knows, none is later.
            && view.position(entries[index].stage).is_some_and(|place| view.position(entry.stage) > Some(place))
    };
    match state.status {
        _ if entries[index + 1..].iter().any(is_later) => Fate::Advanced,
        DealStatus::Won => Fate::Advanced,
        DealStatus::Lost => Fate::Lost,
        DealStatus::Open => Fate::Waiting,
    }
}

impl View<'_> {
    /// Key of the pipeline that a deal counts in, or [`NONE`]: that of its stage, else its own.
    pub(crate) fn deal_pipeline(&self, deal: usize, state: &DealState) -> u32 {
        self.pipeline(deal, state.stage)
    }

    /// Key of the open stage that a deal is in, or [`NONE`] where the CRM calls it open in a stage for closed ones.
    fn open_stage_of(&self, state: &DealState) -> u32 {
        match self.outcome(state.stage) {
            DealStatus::Open => state.stage,
            DealStatus::Won | DealStatus::Lost => NONE,
        }
    }

    /// Index of the slot that a deal counts for.
    pub(crate) fn deal_slot(&self, deal: usize) -> u32 {
        self.slot(self.facts.deals.owner.get(deal))
    }
}
