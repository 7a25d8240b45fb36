//! The current periods of the business calendar: how far they have come, when they end, what they are called.

use super::explain::{Asked, Explain, Part, Role};
use super::{AsOf, Frame, Group, Metric, Nature, Needs, Own, Shape};
use crate::calendar::Period;
use crate::domain::Span;
use crate::exposition::Encoder;
use crate::facts::View;
use crate::measures::stats::ratio;

const NOTHING: Needs = Needs { all: &[], any: &[], also: &[] };

/// What calendars decide alone.
const CALENDAR: Explain =
    Explain::Written("calendar in the settings: time_zone, week_starts_on and fiscal_year_starts_in");

pub(super) const METRICS: &[Metric] = &[
    Metric {
        name: "crm_period_elapsed_ratio",
        help: "Elapsed share of the working time of the current period, by the default calendar. Absent for a period without any.",
        group: Group::Now,
        needs: NOTHING,
        shape: Shape::Own(Own { labels: &["window"], write: elapsed, explain: Explain::Parts(elapsed_parts) }),
        as_of: AsOf::Exact,
        drop_order: 0,
        nature: Nature::Descriptive,
    },
    Metric {
        name: "crm_period_end_timestamp_seconds",
        help: "First instant of the period after the current one.",
        group: Group::Now,
        needs: NOTHING,
        shape: Shape::Own(Own { labels: &["window"], write: end, explain: CALENDAR }),
        as_of: AsOf::Exact,
        drop_order: 0,
        nature: Nature::Descriptive,
    },
    Metric {
        name: "crm_period_info",
        help: "1: name and last day of the current period in the business zone, for texts.",
        group: Group::Now,
        needs: NOTHING,
        shape: Shape::Own(Own { labels: &["window", "name", "last_day"], write: info, explain: CALENDAR }),
        as_of: AsOf::Exact,
        drop_order: 0,
        nature: Nature::Descriptive,
    },
];

/// Working time of the current period that has passed, and all of it, in milliseconds.
fn working_millis(view: &View<'_>, period: Period) -> [f64; 2] {
    let schedule = view.calendar().default_schedule();
    let whole = view.calendar().period(period, view.now);
    [Span { end: view.now, ..whole }, whole].map(|span| schedule.working_millis(span) as f64)
}

fn elapsed(frame: &Frame<'_>, out: &mut Encoder) {
    for period in Period::ALL {
        let [passed, all] = working_millis(frame.view, period);
        if let Some(share) = ratio(passed, all) {
            out.sample(&[("window", period.name())], share);
        }
    }
}

fn elapsed_parts(_: &Frame<'_>, asked: &Asked<'_>) -> Vec<Part> {
    const HOUR: f64 = 3_600_000.0;
    let period = Period::ALL.into_iter().find(|period| asked.label("window") == Some(period.name()));
    let Some([passed, all]) = period.map(|period| working_millis(asked.view, period)) else { return Vec::new() };
    vec![
        Part::figure("working hours passed", Some(passed / HOUR)),
        Part::figure("working hours of the period", Some(all / HOUR)).role(Role::By),
    ]
}

fn end(frame: &Frame<'_>, out: &mut Encoder) {
    let view = frame.view;
    for period in Period::ALL {
        let end = view.calendar().period(period, view.now).end;
        out.sample(&[("window", period.name())], end.seconds());
    }
}

fn info(frame: &Frame<'_>, out: &mut Encoder) {
    let view = frame.view;
    for period in Period::ALL {
        let name = view.calendar().name(period, view.now);
        let last_day = view.calendar().last_day(period, view.now).format("%-d %b").to_string();
        out.sample(&[("window", period.name()), ("name", &name), ("last_day", &last_day)], 1.0);
    }
}
