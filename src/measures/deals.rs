//! Measures of deals: created, won, lost, and how long it took.

use super::{Contribution, Dim, Dims, Sink, Sum, Unit};
use crate::domain::{DealStatus, Object, Timestamp};
use crate::facts::{DealState, LeftOut, View};

macro_rules! sum {
    ($(#[$doc:meta])* $name:ident, $dims:expr, $unit:ident, $each:expr) => {
        $(#[$doc])*
        pub static $name: Sum = Sum {
            object: Object::Deal,
            history: Object::Deal,
            dims: $dims, unit: Unit::$unit, each: $each };
    };
}

const PIPELINE: &[Dim] = &[Dim::Pipeline];

sum!(
    /// Deals created, whatever became of them.
    CREATED, PIPELINE, Count, |view, since, sink| each_created(view, since, one, sink)
);
sum!(
    /// Their value.
    CREATED_VALUE, PIPELINE, Money, |view, since, sink| each_created(view, since, worth_of(view), sink)
);
sum!(
    /// Deals won.
    WON, PIPELINE, Count, |view, since, sink| each_closed(view, since, DealStatus::Won, by_pipeline, one, sink)
);
sum!(
    /// Their value.
    WON_VALUE, PIPELINE, Money, |view, since, sink| each_closed(view, since, DealStatus::Won, by_pipeline, worth_of(view), sink)
);
sum!(
    /// Deals lost.
    LOST, PIPELINE, Count, |view, since, sink| each_closed(view, since, DealStatus::Lost, by_pipeline, one, sink)
);
sum!(
    /// Their value.
    LOST_VALUE, PIPELINE, Money, |view, since, sink| each_closed(view, since, DealStatus::Lost, by_pipeline, worth_of(view), sink)
);
sum!(
    /// Deals lost, by the CRM's reason.
    LOST_BY_REASON,
    &[Dim::Pipeline, Dim::Reason],
    Count,
    |view, since, sink| each_closed(view, since, DealStatus::Lost, by_reason, one, sink)
);
sum!(
    /// Deals won in the pipelines that ratios pool.
    POOLED_WON, &[], Count, |view, since, sink| each_closed(view, since, DealStatus::Won, pooled, one, sink)
);
sum!(
    /// Deals won or lost in the pipelines that ratios pool.
    POOLED_CLOSED, &[], Count, |view, since, sink| {
        each_closed(view, since, DealStatus::Won, pooled, one, sink);
        each_closed(view, since, DealStatus::Lost, pooled, one, sink);
    }
);
sum!(
    /// Value of deals won in the pipelines that ratios pool; only deals that have one. One sample a deal.
    POOLED_WON_SIZE, &[], Money, |view, since, sink| each_closed(view, since, DealStatus::Won, pooled, value_of(view), sink)
);
sum!(
    /// Value of deals won in the pipelines that ratios pool.
    POOLED_WON_VALUE, &[], Money, |view, since, sink| each_closed(view, since, DealStatus::Won, pooled, worth_of(view), sink)
);
sum!(
    /// Value of deals won or lost in the pipelines that ratios pool.
    POOLED_CLOSED_VALUE, &[], Money, |view, since, sink| {
        each_closed(view, since, DealStatus::Won, pooled, worth_of(view), sink);
        each_closed(view, since, DealStatus::Lost, pooled, worth_of(view), sink);
    }
);
sum!(
    /// Value of deals won in any pipeline.
    ALL_WON_VALUE, &[], Money, |view, since, sink| each_closed(view, since, DealStatus::Won, |_, _, _| Ok([0, 0]), worth_of(view), sink)
);
sum!(
    /// From creation to close of deals won in the pipelines that ratios pool. One sample a deal.
    CYCLE, &[], Millis, |view, since, sink| each_closed(view, since, DealStatus::Won, pooled, |deal, state| cycle(view, deal, state), sink)
);

/// What a deal counts, or why it does not.
type Counts<T> = Result<T, &'static str>;

type Labels = fn(&View<'_>, usize, &DealState) -> Counts<Dims>;

fn one(_: usize, _: &DealState) -> Counts<f64> {
    Ok(1.0)
}

fn by_pipeline(view: &View<'_>, deal: usize, state: &DealState) -> Counts<Dims> {
    Ok([view.deal_pipeline(deal, state), 0])
}

fn by_reason(view: &View<'_>, deal: usize, state: &DealState) -> Counts<Dims> {
    Ok([view.deal_pipeline(deal, state), view.facts.deals.reason(deal)])
}

fn pooled(view: &View<'_>, deal: usize, state: &DealState) -> Counts<Dims> {
    let is_pooled = view.is_pooled(view.deal_pipeline(deal, state));
    if is_pooled { Ok([0, 0]) } else { Err("in a pipeline that deals.ratio_pipelines does not name") }
}

/// Value of a deal, as a sample: none without an amount or a rate.
fn value_of<'v>(view: &'v View<'_>) -> impl Fn(usize, &DealState) -> Counts<f64> + 'v {
    |deal, state| match view.value(deal, state.closed_at) {
        Some(minor) => Ok(minor as f64),
        None if view.facts.deals.worth.get(deal).is_none() => Err("without an amount"),
        None => Err("without an exchange rate"),
    }
}

/// Value of a deal, as a summand: a deal without an amount or a rate adds 0.
fn worth_of<'v>(view: &'v View<'_>) -> impl Fn(usize, &DealState) -> Counts<f64> + 'v {
    let value = value_of(view);
    move |deal, state| Ok(value(deal, state).unwrap_or(0.0))
}

/// Deals created from `since` on for which `amount` gives something.
fn each_created(view: &View<'_>, since: Timestamp, amount: impl Fn(usize, &DealState) -> Counts<f64>, sink: Sink<'_>) {
    for (deal, state) in view.deals() {
        let created = view.facts.deals.created(deal);
        let dims = [view.deal_pipeline(deal, &state), 0];
        let Some(created) = created else {
            leave_out(view, deal, None, Some(dims), "without a creation time, so in no window");
            continue;
        };
        let Some(at) = view.seen(created) else {
            leave_out(view, deal, Some(created), Some(dims), "created after now");
            continue;
        };
        if at < since {
            continue;
        }
        match amount(deal, &state) {
            Ok(amount) => sink(Contribution { record: deal as u32, at, slot: view.deal_slot(deal), dims, amount }),
            Err(why) => leave_out(view, deal, Some(at), Some(dims), why),
        }
    }
}

/// Deals of that status closed from `since` on, for which `labels` and `amount` give something.
fn each_closed(
    view: &View<'_>,
    since: Timestamp,
    status: DealStatus,
    labels: Labels,
    amount: impl Fn(usize, &DealState) -> Counts<f64>,
    sink: Sink<'_>,
) {
    for (deal, state) in view.deals().filter(|(_, state)| state.status == status) {
        let Some(at) = state.closed_at else {
            leave_out(view, deal, None, labels(view, deal, &state).ok(), "no date says when it was closed");
            continue;
        };
        if at < since {
            continue;
        }
        let dims = labels(view, deal, &state);
        match dims.and_then(|dims| Ok((dims, amount(deal, &state)?))) {
            Ok((dims, amount)) => {
                sink(Contribution { record: deal as u32, at, slot: view.deal_slot(deal), dims, amount });
            }
            Err(why) => leave_out(view, deal, Some(at), dims.ok(), why),
        }
    }
}

pub(super) fn leave_out(view: &View<'_>, deal: usize, at: Option<Timestamp>, dims: Option<Dims>, why: &'static str) {
    let slot = || view.deal_slot(deal);
    view.leave_out(|| LeftOut { object: Object::Deal, record: deal as u32, at, slot: slot(), dims, why });
}

/// Milliseconds from creation to close. None where the close lies before the creation; where the close is a date, it is
/// compared with the local date of the creation, and a close on that very day took no time.
fn cycle(view: &View<'_>, deal: usize, state: &DealState) -> Counts<f64> {
    const UNKNOWN: &str = "without a creation time";
    let created = view.facts.deals.created(deal).and_then(|created| view.seen(created)).ok_or(UNKNOWN)?;
    let closed = state.closed_at.ok_or("no date says when it was closed")?;
    if view.is_closed_before_created(deal, created, closed) {
        return Err("closed before it was created");
    }
    Ok(closed.millis_since(created).max(0) as f64)
}

impl View<'_> {
    /// Whether a deal was closed before it was created: by instants, or by local dates where the close is a date.
    pub(super) fn is_closed_before_created(&self, deal: usize, created: Timestamp, closed: Timestamp) -> bool {
        let deals = &self.facts.deals;
        match deals.is_closed_on_date(deal) && deals.closed(deal) == Some(closed) {
            true => self.calendar().date(closed) < self.calendar().date(created),
            false => closed < created,
        }
    }
}
