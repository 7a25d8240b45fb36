//! Measures of leads: how many came, how far they came, and how soon somebody answered.

use super::{Contribution, Dim, Dims, Level, Sink, Standing, Sum, Unit};
use crate::domain::{Object, Span, Timestamp};
use crate::facts::settings::Clock;
use crate::facts::{LeadState, NONE, Reached, View};

/// Values of [`Dim::LeadLevel`].
pub const LEVELS: [&str; 2] = ["mql", "sql"];

/// Values of [`Dim::LeadOutcome`].
pub const OUTCOMES: [&str; 5] = ["created", "mql", "sql", "disqualified", "converted"];

macro_rules! sum {
    ($(#[$doc:meta])* $name:ident, $dims:expr, $unit:ident, $each:expr) => {
        sum!($(#[$doc])* $name, Lead, $dims, $unit, $each);
    };
    ($(#[$doc:meta])* $name:ident, $history:ident, $dims:expr, $unit:ident, $each:expr) => {
        $(#[$doc])*
        pub static $name: Sum =
            Sum { object: Object::Lead, history: Object::$history, dims: $dims, unit: Unit::$unit, each: $each };
    };
}

sum!(
    /// Leads created.
    CREATED, &[], Count, |view, since, sink| each(view, since, sink, |_, state, add| add(state.created_at, [0, 0], 1.0))
);
sum!(
    /// Leads that reached a level.
    QUALIFIED, &[Dim::LeadLevel], Count, |view, since, sink| {
        each(view, since, sink, |_, state, add| {
            reached(state).into_iter().zip(0..).for_each(|(reached, level)| add(reached.at(), [level, 0], 1.0));
        });
    }
);
sum!(
    /// Leads that are disqualified, when they became so.
    DISQUALIFIED, &[], Count, |view, since, sink| {
        each(view, since, sink, |_, state, add| add(state.disqualified.at(), [0, 0], 1.0));
    }
);
sum!(
    /// Leads converted with a deal.
    CONVERTED, &[], Count, |view, since, sink| {
        each(view, since, sink, |lead, state, add| add(converted(view, lead, state), [0, 0], 1.0));
    }
);
sum!(
    /// All of these by source and outcome.
    BY_SOURCE, &[Dim::LeadSource, Dim::LeadOutcome], Count, |view, since, sink| {
        each(view, since, sink, |lead, state, add| {
            let source = view.facts.leads.source.get(lead);
            let [mql, sql] = reached(state).map(Reached::at);
            let instants = [state.created_at, mql, sql, state.disqualified.at(), converted(view, lead, state)];
            instants.into_iter().zip(0..).for_each(|(at, outcome)| add(at, [source, outcome], 1.0));
        });
    }
);
sum!(
    /// Leads by their creation, once for every level.
    COHORT, &[Dim::LeadLevel], Count, |view, since, sink| {
        each(view, since, sink, |_, state, add| {
            (0..LEVELS.len() as u32).for_each(|level| add(state.created_at, [level, 0], 1.0));
        });
    }
);
sum!(
    /// Of those, the ones that have reached the level.
    COHORT_QUALIFIED, &[Dim::LeadLevel], Count, |view, since, sink| {
        each(view, since, sink, |_, state, add| {
            let levels = reached(state).into_iter().zip(0..).filter(|(reached, _)| reached.is());
            levels.for_each(|(_, level)| add(state.created_at, [level, 0], 1.0));
        });
    }
);
sum!(
    /// From the creation of an inbound lead to the first touch, by its creation. One sample a lead that was answered.
    RESPONSE, Activity, &[], Millis, |view, since, sink| {
        each_inbound(view, since, sink, |lead, created, _, add| {
            let touched = view.answered(lead);
            if let Some(touched) = touched {
                add(Some(created), [0, 0], elapsed(view, lead, created, touched) as f64);
            }
        });
    }
);
sum!(
    /// Inbound leads that were answered, or whose time to be answered has run out, by their creation.
    ANSWER_DUE, Activity, &[], Count, |view, since, sink| {
        each_inbound(view, since, sink, |lead, created, state, add| {
            if answer(view, lead, created, state).is_some() {
                add(Some(created), [0, 0], 1.0);
            }
        });
    }
);
sum!(
    /// Of those, the ones that were answered in time.
    ANSWERED_IN_TIME, Activity, &[], Count, |view, since, sink| {
        each_inbound(view, since, sink, |lead, created, state, add| {
            if answer(view, lead, created, state) == Some(true) {
                add(Some(created), [0, 0], 1.0);
            }
        });
    }
);
sum!(
    /// Leads that reached `sql`, by contact level.
    QUALIFIED_PROSPECTS, &[Dim::ContactLevel], Count, |view, since, sink| {
        each(view, since, sink, |lead, state, add| {
            add(state.sql.at(), [u32::from(view.level_of_lead(lead)), 0], 1.0);
        });
    }
);

sum!(
    /// Leads created, by source: what sources are ranked by.
    CREATED_BY_SOURCE, &[Dim::LeadSource], Count, |view, since, sink| {
        each(view, since, sink, |lead, state, add| add(state.created_at, [view.facts.leads.source.get(lead), 0], 1.0));
    }
);
sum!(
    /// Yearly revenue of the companies of leads that reached `sql`, where known. One sample a lead.
    COMPANY_REVENUE, &[], Money, |view, since, sink| {
        each(view, since, sink, |lead, state, add| {
            if let Some(revenue) = view.company_revenue(lead) {
                add(state.sql.at(), [0, 0], revenue as f64);
            }
        });
    }
);
sum!(
    /// Number of people of those companies, where known. One sample a lead.
    COMPANY_EMPLOYEES, &[], Count, |view, since, sink| {
        each(view, since, sink, |lead, state, add| {
            if let Some(employees) = view.company_employees(lead) {
                add(state.sql.at(), [0, 0], employees as f64);
            }
        });
    }
);

/// Inbound leads that nobody has answered.
pub static UNANSWERED: Level = Level { object: Object::Lead, dims: &[], unit: Unit::Count, each: each_unanswered };

/// Takes what a lead adds: when (none: nothing), for which further labels, and how much.
type Add<'a> = &'a mut dyn FnMut(Option<Timestamp>, Dims, f64);

fn each(view: &View<'_>, since: Timestamp, sink: Sink<'_>, of: impl Fn(usize, &LeadState, Add<'_>)) {
    for (lead, state) in view.leads() {
        let slot = view.lead_slot(lead);
        of(lead, state, &mut |at, dims, amount| {
            if let Some(at) = at.filter(|at| *at >= since) {
                sink(Contribution { record: lead as u32, at, slot, dims, amount });
            }
        });
    }
}

/// Inbound leads with a creation time.
fn each_inbound(view: &View<'_>, since: Timestamp, sink: Sink<'_>, of: impl Fn(usize, Timestamp, &LeadState, Add<'_>)) {
    each(view, since, sink, |lead, state, add| {
        if let Some(created) = state.created_at.filter(|_| view.facts.leads.is_inbound(lead)) {
            of(lead, created, state, add);
        }
    });
}

fn each_unanswered(view: &View<'_>, sink: &mut dyn FnMut(Standing)) {
    let held_since = view.held_since(Object::Activity).unwrap_or(Timestamp::MIN);
    for (lead, state) in view.leads() {
        let is_over = state.disqualified.is() || state.converted.is();
        let from = state.created_at.unwrap_or(Timestamp::MIN);
        // Of a lead from before the history held nobody knows whether it was answered.
        if is_over || !view.facts.leads.is_inbound(lead) || from < held_since || view.answered(lead).is_some() {
            continue;
        }
        let slot = view.lead_slot(lead);
        let (object, record) = (Object::Lead, lead as u32);
        sink(Standing { object, record, from, to: Timestamp::MAX, slot, dims: [0, 0], amount: 1.0 });
    }
}

fn reached(state: &LeadState) -> [Reached; 2] {
    [state.mql, state.sql]
}

/// When a lead was converted with a deal.
fn converted(view: &View<'_>, lead: usize, state: &LeadState) -> Option<Timestamp> {
    state.converted.at().filter(|_| view.facts.leads.deal.get(lead) != NONE)
}

/// Time from one instant to another by the configured clock, in milliseconds.
fn elapsed(view: &View<'_>, lead: usize, from: Timestamp, to: Timestamp) -> i64 {
    match view.rules().leads().clock {
        Clock::Calendar => to.millis_since(from),
        Clock::Working => view.schedule_of_lead(lead).working_millis(Span { start: from, end: to }),
    }
}

/// Whether a lead was answered in time; none while that is still open, or where it was settled before its time ran out.
fn answer(view: &View<'_>, lead: usize, created: Timestamp, state: &LeadState) -> Option<bool> {
    let sla = view.rules().leads().sla_millis;
    if let Some(touched) = view.answered(lead) {
        return Some(elapsed(view, lead, created, touched) <= sla);
    }
    let settled = [state.disqualified, state.converted];
    let until = settled.iter().filter_map(|reached| reached.at()).min().unwrap_or(view.now);
    // Settled nobody knows when: it cannot be said that time ran out before.
    let is_unclear = settled.contains(&Reached::Sometime) && settled.iter().all(|reached| reached.at().is_none());
    (!is_unclear && elapsed(view, lead, created, until) > sla).then_some(false)
}
