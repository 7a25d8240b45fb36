//! A snapshot: every figure for one instant, as the text that is served.
//!
//! Families are built one by one and kept as text only. When there are too many series, whole families are left out,
//! those with the highest drop order first.

use crate::domain::Timestamp;
use crate::exposition::Encoder;
use crate::facts::{Coverage, Facts, PeopleRules, View};
use crate::metrics::{Frame, Metric, Options, catalogue};

/// The figures of one instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// The instant.
    pub at: Timestamp,
    /// The exposition: text format 0.0.4.
    pub text: Vec<u8>,
    /// Number of series in it.
    pub series: usize,
    /// Families that were left out because of the limit, with their numbers of series.
    pub dropped: Vec<(&'static str, usize)>,
}

struct Family {
    metric: &'static Metric,
    text: Vec<u8>,
    series: usize,
}

impl Snapshot {
    /// Derives every figure as of `now`.
    pub fn new(
        facts: &Facts,
        people: &PeopleRules,
        options: &Options,
        coverage: &Coverage,
        now: Timestamp,
    ) -> Snapshot {
        let view = View::new(facts, people, coverage, now);
        let frame = Frame::new(&view, options);
        let wanted = catalogue().filter(|metric| !options.is_disabled(metric.name));
        let mut families: Vec<Family> = wanted.map(|metric| Family::new(metric, &frame)).collect();
        let dropped = drop_beyond(&mut families, options.limits.max_series);
        let mut text = Vec::with_capacity(families.iter().map(|family| family.text.len()).sum());
        for family in &mut families {
            text.append(&mut std::mem::take(&mut family.text));
        }
        let series = families.iter().map(|family| family.series).sum();
        Snapshot { at: now, text, series, dropped }
    }
}

impl Family {
    fn new(metric: &'static Metric, frame: &Frame<'_>) -> Family {
        let mut encoder = Encoder::default();
        metric.write(frame, &mut encoder);
        let series = encoder.series();
        Family { metric, text: encoder.finish(), series }
    }
}

/// Takes out families until at most `most` series are left, and tells which. Of families with the same drop order, the
/// one further back in the catalogue goes first.
fn drop_beyond(families: &mut Vec<Family>, most: usize) -> Vec<(&'static str, usize)> {
    let mut dropped = Vec::new();
    let mut total: usize = families.iter().map(|family| family.series).sum();
    while total > most {
        let candidates = families.iter().enumerate().filter(|(_, family)| family.series > 0);
        let Some((index, _)) = candidates.max_by_key(|(_, family)| family.metric.drop_order) else { break };
        let family = families.remove(index);
        total -= family.series;
        dropped.push((family.metric.name, family.series));
    }
    dropped
}
