//! A snapshot: every figure for one instant, as the text that is served.
//!
//! Families are built one by one and kept as text only. When there are too many series, whole families are left out,
//! those with the highest drop order first.

use std::cmp::Reverse;
use std::ops::Range;

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

/// A family within the text.
struct Family {
    metric: &'static Metric,
    text: Range<usize>,
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
        // All into one text: families of their own would be held twice while they are joined.
        let mut encoder = Encoder::default();
        let mut families: Vec<Family> = wanted.map(|metric| Family::write(metric, &frame, &mut encoder)).collect();
        let mut text = encoder.finish();
        let surplus = drop_beyond(&mut families, options.limits.max_series);
        let dropped = surplus.iter().map(|family| (family.metric.name, family.series)).collect();
        cut(&mut text, surplus);
        let series = families.iter().map(|family| family.series).sum();
        Snapshot { at: now, text, series, dropped }
    }
}

impl Family {
    fn write(metric: &'static Metric, frame: &Frame<'_>, encoder: &mut Encoder) -> Family {
        let (start, before) = (encoder.end_family(), encoder.series());
        metric.write(frame, encoder);
        Family { metric, text: start..encoder.end_family(), series: encoder.series() - before }
    }
}

/// Takes out families until at most `most` series are left, and tells which. Of families with the same drop order, the
/// one further back in the catalogue goes first.
fn drop_beyond(families: &mut Vec<Family>, most: usize) -> Vec<Family> {
    let mut dropped = Vec::new();
    let mut total: usize = families.iter().map(|family| family.series).sum();
    while total > most {
        let candidates = families.iter().enumerate().filter(|(_, family)| family.series > 0);
        let Some((index, _)) = candidates.max_by_key(|(_, family)| family.metric.drop_order) else { break };
        let family = families.remove(index);
        total -= family.series;
        dropped.push(family);
    }
    dropped
}

/// Takes the texts of these families out.
fn cut(text: &mut Vec<u8>, mut families: Vec<Family>) {
    // From the end on, so that the places of those before stay.
    families.sort_unstable_by_key(|family| Reverse(family.text.start));
    for family in families {
        text.drain(family.text);
    }
}
