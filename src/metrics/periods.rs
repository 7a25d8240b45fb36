//! The current periods of the business calendar: how far they have come, when they end, what they are called.

use super::{AsOf, Frame, Group, Metric, Nature, Needs, Own, Shape};
use crate::calendar::Period;
use crate::domain::Span;
use crate::exposition::Encoder;
use crate::measures::stats::ratio;

const NOTHING: Needs = Needs { all: &[], any: &[], also: &[] };

pub(super) const METRICS: &[Metric] = &[
    Metric {
        name: "crm_period_elapsed_ratio",
        help: "Elapsed share of the working time of the current period, by the default calendar. Absent for a period without any.",
        group: Group::Now,
        needs: NOTHING,
        shape: Shape::Own(Own { labels: &["window"], write: elapsed }),
        as_of: AsOf::Exact,
        drop_order: 0,
        nature: Nature::Descriptive,
    },
    Metric {
        name: "crm_period_end_timestamp_seconds",
        help: "First instant of the period after the current one.",
        group: Group::Now,
        needs: NOTHING,
        shape: Shape::Own(Own { labels: &["window"], write: end }),
        as_of: AsOf::Exact,
        drop_order: 0,
        nature: Nature::Descriptive,
    },
    Metric {
        name: "crm_period_info",
        help: "1: name and last day of the current period in the business zone, for texts.",
        group: Group::Now,
        needs: NOTHING,
        shape: Shape::Own(Own { labels: &["window", "name", "last_day"], write: info }),
        as_of: AsOf::Exact,
        drop_order: 0,
        nature: Nature::Descriptive,
    },
];

fn elapsed(frame: &Frame<'_>, out: &mut Encoder) {
    let view = frame.view;
    let schedule = view.calendar().default_schedule();
    for period in Period::ALL {
        let whole = view.calendar().period(period, view.now);
        let passed = schedule.working_millis(Span { end: view.now, ..whole });
        let all = schedule.working_millis(whole);
        if let Some(share) = ratio(passed as f64, all as f64) {
            out.sample(&[("window", period.name())], share);
        }
    }
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
