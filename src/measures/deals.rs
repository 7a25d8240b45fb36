//! Measures of deals: created, won, lost, and how long it took.

use super::{Contribution, Dim, Sink, Sum, Unit};
use crate::domain::{DealStatus, Object, Timestamp};
use crate::facts::{DealState, View};

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
    CREATED, PIPELINE, Count, |view, since, sink| each_created(view, since, |_, _| Some(1.0), sink)
);
sum!(
    /// Their value.
    CREATED_VALUE, PIPELINE, Money, |view, since, sink| each_created(view, since, worth_of(view), sink)
);
sum!(
    /// Deals won.
    WON, PIPELINE, Count, |view, since, sink| each_closed(view, since, DealStatus::Won, by_pipeline, |_, _| Some(1.0), sink)
);
sum!(
    /// Their value.
    WON_VALUE, PIPELINE, Money, |view, since, sink| each_closed(view, since, DealStatus::Won, by_pipeline, worth_of(view), sink)
);
sum!(
    /// Deals lost.
    LOST, PIPELINE, Count, |view, since, sink| each_closed(view, since, DealStatus::Lost, by_pipeline, |_, _| Some(1.0), sink)
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
    |view, since, sink| each_closed(view, since, DealStatus::Lost, by_reason, |_, _| Some(1.0), sink)
);
sum!(
    /// Deals won in the pipelines that ratios pool.
    POOLED_WON, &[], Count, |view, since, sink| each_closed(view, since, DealStatus::Won, pooled, |_, _| Some(1.0), sink)
);
sum!(
    /// Deals won or lost in the pipelines that ratios pool.
    POOLED_CLOSED, &[], Count, |view, since, sink| {
        each_closed(view, since, DealStatus::Won, pooled, |_, _| Some(1.0), sink);
        each_closed(view, since, DealStatus::Lost, pooled, |_, _| Some(1.0), sink);
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
    ALL_WON_VALUE, &[], Money, |view, since, sink| each_closed(view, since, DealStatus::Won, |_, _, _| Some([0, 0]), worth_of(view), sink)
);
sum!(
    /// From creation to close of deals won in the pipelines that ratios pool. One sample a deal.
    CYCLE, &[], Millis, |view, since, sink| each_closed(view, since, DealStatus::Won, pooled, |deal, state| cycle(view, deal, state), sink)
);

type Labels = fn(&View<'_>, usize, &DealState) -> Option<super::Dims>;

fn by_pipeline(view: &View<'_>, deal: usize, state: &DealState) -> Option<super::Dims> {
    Some([view.deal_pipeline(deal, state), 0])
}

fn by_reason(view: &View<'_>, deal: usize, state: &DealState) -> Option<super::Dims> {
    Some([view.deal_pipeline(deal, state), view.facts.deals.reason(deal)])
}

fn pooled(view: &View<'_>, deal: usize, state: &DealState) -> Option<super::Dims> {
    view.is_pooled(view.deal_pipeline(deal, state)).then_some([0, 0])
}

/// Value of a deal, as a sample: none without an amount or a rate.
fn value_of<'v>(view: &'v View<'_>) -> impl Fn(usize, &DealState) -> Option<f64> + 'v {
    |deal, state| view.value(deal, state.closed_at).map(|minor| minor as f64)
}

/// Value of a deal, as a summand: a deal without an amount or a rate adds 0.
fn worth_of<'v>(view: &'v View<'_>) -> impl Fn(usize, &DealState) -> Option<f64> + 'v {
    let value = value_of(view);
    move |deal, state| Some(value(deal, state).unwrap_or(0.0))
}

/// Deals created from `since` on for which `amount` gives something.
fn each_created(view: &View<'_>, since: Timestamp, amount: impl Fn(usize, &DealState) -> Option<f64>, sink: Sink<'_>) {
    for (deal, state) in view.deals() {
        let Some(at) = view.facts.deals.created(deal).and_then(|created| view.seen(created)) else { continue };
        if at < since {
            continue;
        }
        let Some(amount) = amount(deal, &state) else { continue };
        let dims = [view.deal_pipeline(deal, &state), 0];
        sink(Contribution { record: deal as u32, at, slot: view.deal_slot(deal), dims, amount });
    }
}

/// Deals of that status closed from `since` on, for which `labels` and `amount` give something.
fn each_closed(
    view: &View<'_>,
    since: Timestamp,
    status: DealStatus,
    labels: Labels,
    amount: impl Fn(usize, &DealState) -> Option<f64>,
    sink: Sink<'_>,
) {
    for (deal, state) in view.deals().filter(|(_, state)| state.status == status) {
        let Some(at) = state.closed_at.filter(|at| *at >= since) else { continue };
        let (Some(dims), Some(amount)) = (labels(view, deal, &state), amount(deal, &state)) else { continue };
        sink(Contribution { record: deal as u32, at, slot: view.deal_slot(deal), dims, amount });
    }
}

/// Milliseconds from creation to close. None where the close lies before the creation; where the close is a date, it is
/// compared with the local date of the creation, and a close on that very day took no time.
fn cycle(view: &View<'_>, deal: usize, state: &DealState) -> Option<f64> {
    let deals = &view.facts.deals;
    let (created, closed) = (view.seen(deals.created(deal)?)?, state.closed_at?);
    if view.is_closed_before_created(deal, created, closed) {
        return None;
    }
    Some(closed.millis_since(created).max(0) as f64)
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
