//! Measures of leads: how many came, how far they came, and how soon somebody answered.

use super::{Contribution, Dim, Dims, Level, Sink, Standing, Sum, Unit};
use crate::domain::{Object, Span, Timestamp};
use crate::facts::settings::Clock;
use crate::facts::{LeadState, LeftOut, NONE, Reached, View};

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
    CREATED, &[], Count, |view, since, sink| each(view, since, sink, |lead, state, add| add(created(view, lead, state), [0, 0], 1.0))
);
sum!(
    /// Leads that reached a level.
    QUALIFIED, &[Dim::LeadLevel], Count, |view, since, sink| {
        each(view, since, sink, |lead, state, add| {
            let levels = reached(state).into_iter().zip(0..);
            levels.for_each(|(reached, level)| add(when(view, lead, reached, [level, 0]), [level, 0], 1.0));
        });
    }
);
sum!(
    /// Leads that are disqualified, when they became so.
    DISQUALIFIED, &[], Count, |view, since, sink| {
        each(view, since, sink, |lead, state, add| add(when(view, lead, state.disqualified, [0, 0]), [0, 0], 1.0));
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
            let at = |reached, outcome| when(view, lead, reached, [source, outcome]);
            let [mql, sql] = reached(state);
            let created = created(view, lead, state);
            let instants =
                [created, at(mql, 1), at(sql, 2), at(state.disqualified, 3), converted(view, lead, state)];
            instants.into_iter().zip(0..).for_each(|(at, outcome)| add(at, [source, outcome], 1.0));
        });
    }
);
sum!(
    /// Leads by their creation, once for every level.
    COHORT, &[Dim::LeadLevel], Count, |view, since, sink| {
        each(view, since, sink, |lead, state, add| {
            let created = created(view, lead, state);
            (0..LEVELS.len() as u32).for_each(|level| add(created, [level, 0], 1.0));
        });
    }
);
sum!(
    /// Of those, the ones that have reached the level.
    COHORT_QUALIFIED, &[Dim::LeadLevel], Count, |view, since, sink| {
        each(view, since, sink, |lead, state, add| {
            for (reached, level) in reached(state).into_iter().zip(0..) {
                match reached.is() {
                    true => add(state.created_at, [level, 0], 1.0),
                    false => leave_out(view, lead, state.created_at, Some([level, 0]), "it has not reached the level"),
                }
            }
        });
    }
);
sum!(
    /// From the creation of an inbound lead to the first touch, by its creation. One sample a lead that was answered.
    RESPONSE, Activity, &[], Millis, |view, since, sink| {
        each_inbound(view, since, sink, |lead, created, _, add| {
            match view.answered(lead) {
                Some(touched) => add(Some(created), [0, 0], elapsed(view, lead, created, touched) as f64),
                None => leave_out(view, lead, Some(created), None, "not answered so far"),
            }
        });
    }
);
sum!(
    /// Inbound leads that were answered, or whose time to be answered has run out, by their creation.
    ANSWER_DUE, Activity, &[], Count, |view, since, sink| {
        each_inbound(view, since, sink, |lead, created, state, add| {
            match answer(view, lead, created, state) {
                Ok(_) => add(Some(created), [0, 0], 1.0),
                Err(why) => leave_out(view, lead, Some(created), None, why),
            }
        });
    }
);
sum!(
    /// Of those, the ones that were answered in time.
    ANSWERED_IN_TIME, Activity, &[], Count, |view, since, sink| {
        each_inbound(view, since, sink, |lead, created, state, add| {
            match answer(view, lead, created, state) {
                Ok(true) => add(Some(created), [0, 0], 1.0),
                Ok(false) => leave_out(view, lead, Some(created), None, "answered too late, or not at all"),
                Err(why) => leave_out(view, lead, Some(created), None, why),
            }
        });
    }
);
sum!(
    /// Leads that reached `sql`, by contact level.
    QUALIFIED_PROSPECTS, &[Dim::ContactLevel], Count, |view, since, sink| {
        each(view, since, sink, |lead, state, add| {
            let dims = [u32::from(view.level_of_lead(lead)), 0];
            add(when(view, lead, state.sql, dims), dims, 1.0);
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
            match view.company_revenue(lead) {
                Some(revenue) => add(when(view, lead, state.sql, [0, 0]), [0, 0], revenue as f64),
                None if state.sql.is() => leave_out(view, lead, state.sql.at(), None, "the company's revenue is not known"),
                None => {}
            }
        });
    }
);
sum!(
    /// Number of people of those companies, where known. One sample a lead.
    COMPANY_EMPLOYEES, &[], Count, |view, since, sink| {
        each(view, since, sink, |lead, state, add| {
            match view.company_employees(lead) {
                Some(employees) => add(when(view, lead, state.sql, [0, 0]), [0, 0], employees as f64),
                None if state.sql.is() => leave_out(view, lead, state.sql.at(), None, "nobody knows how many people the company has"),
                None => {}
            }
        });
    }
);

/// Inbound leads that nobody has answered.
pub static UNANSWERED: Level = Level { object: Object::Lead, dims: &[], unit: Unit::Count, each: each_unanswered };

/// Of those, the ones whose time to be answered has run out.
pub static BEYOND_SLA: Level = Level { object: Object::Lead, dims: &[], unit: Unit::Count, each: each_beyond_sla };

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

fn leave_out(view: &View<'_>, lead: usize, at: Option<Timestamp>, dims: Option<Dims>, why: &'static str) {
    view.leave_out(|| LeftOut { object: Object::Lead, record: lead as u32, at, slot: view.lead_slot(lead), dims, why });
}

/// When a lead was created, where that is known.
fn created(view: &View<'_>, lead: usize, state: &LeadState) -> Option<Timestamp> {
    if state.created_at.is_none() {
        leave_out(view, lead, None, None, "without a creation time, so in no window");
    }
    state.created_at
}

/// When something was reached, where that is known.
fn when(view: &View<'_>, lead: usize, reached: Reached, dims: Dims) -> Option<Timestamp> {
    if reached == Reached::Sometime {
        leave_out(view, lead, None, Some(dims), "reached nobody knows when, so in no window");
    }
    reached.at()
}

/// Inbound leads with a creation time.
fn each_inbound(view: &View<'_>, since: Timestamp, sink: Sink<'_>, of: impl Fn(usize, Timestamp, &LeadState, Add<'_>)) {
    each(view, since, sink, |lead, state, add| match created(view, lead, state) {
        None => {}
        Some(created) if view.facts.leads.is_inbound(lead) => of(lead, created, state, add),
        Some(created) => leave_out(view, lead, Some(created), None, NOT_INBOUND),
    });
}

const NOT_INBOUND: &str = "not inbound: leads.inbound does not name its source";

fn each_unanswered(view: &View<'_>, sink: &mut dyn FnMut(Standing)) {
    each_waiting(view, sink, |_, _| Ok(()));
}

fn each_beyond_sla(view: &View<'_>, sink: &mut dyn FnMut(Standing)) {
    each_waiting(view, sink, |lead, state| match state.created_at {
        Some(created) if elapsed(view, lead, created, view.now) > view.rules().leads().sla_millis => Ok(()),
        Some(_) => Err("its SLA has not run out"),
        None => Err("without a creation time: nobody knows how long it has waited"),
    });
}

/// Leads that wait for an answer, as far as `counts` does not say why one is left out.
fn each_waiting(
    view: &View<'_>,
    sink: &mut dyn FnMut(Standing),
    counts: impl Fn(usize, &LeadState) -> Result<(), &'static str>,
) {
    for (lead, state) in view.leads() {
        match is_waiting(view, lead, state).and_then(|()| counts(lead, state)) {
            Ok(()) => {
                let (from, slot) = (state.created_at.unwrap_or(Timestamp::MIN), view.lead_slot(lead));
                let (object, record) = (Object::Lead, lead as u32);
                sink(Standing { object, record, from, to: Timestamp::MAX, slot, dims: [0, 0], amount: 1.0 });
            }
            Err(why) => leave_out(view, lead, state.created_at, None, why),
        }
    }
}

/// Whether a lead waits for an answer; else why it does not count as one that does.
fn is_waiting(view: &View<'_>, lead: usize, state: &LeadState) -> Result<(), &'static str> {
    let held_since = view.held_since(Object::Activity).unwrap_or(Timestamp::MIN);
    match () {
        () if state.disqualified.is() => Err("disqualified"),
        () if state.converted.is() => Err("converted"),
        () if !view.facts.leads.is_inbound(lead) => Err(NOT_INBOUND),
        // Of a lead from before the history held nobody knows whether it was answered.
        () if state.created_at.unwrap_or(Timestamp::MIN) < held_since => {
            Err("created before the history held: nobody knows whether it was answered")
        }
        () if view.answered(lead).is_some() => Err("answered"),
        () => Ok(()),
    }
}

fn reached(state: &LeadState) -> [Reached; 2] {
    [state.mql, state.sql]
}

/// When a lead was converted with a deal.
fn converted(view: &View<'_>, lead: usize, state: &LeadState) -> Option<Timestamp> {
    let at = when(view, lead, state.converted, [0, 0])?;
    if view.facts.leads.deal.get(lead) == NONE {
        leave_out(view, lead, Some(at), None, "converted without a deal");
        return None;
    }
    Some(at)
}

/// Time from one instant to another by the configured clock, in milliseconds.
fn elapsed(view: &View<'_>, lead: usize, from: Timestamp, to: Timestamp) -> i64 {
    match view.rules().leads().clock {
        Clock::Calendar => to.millis_since(from),
        Clock::Working => view.schedule_of_lead(lead).working_millis(Span { start: from, end: to }),
    }
}

/// Whether a lead was answered in time; else why that cannot be said: it is still open, or it was settled before its time
/// ran out.
fn answer(view: &View<'_>, lead: usize, created: Timestamp, state: &LeadState) -> Result<bool, &'static str> {
    let sla = view.rules().leads().sla_millis;
    if let Some(touched) = view.answered(lead) {
        return Ok(elapsed(view, lead, created, touched) <= sla);
    }
    let settled = [state.disqualified, state.converted];
    let until = settled.iter().filter_map(|reached| reached.at()).min().unwrap_or(view.now);
    // Settled nobody knows when: it cannot be said that time ran out before.
    let is_unclear = settled.contains(&Reached::Sometime) && settled.iter().all(|reached| reached.at().is_none());
    match () {
        () if !is_unclear && elapsed(view, lead, created, until) > sla => Ok(false),
        () if settled.iter().any(|reached| reached.is()) => {
            Err("disqualified or converted unanswered before its SLA ran out")
        }
        () => Err("not answered so far, and its SLA has not run out"),
    }
}
