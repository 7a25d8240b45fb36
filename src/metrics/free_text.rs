//! Free text in labels: only the most frequent values are shown, the rest is `other`.

use std::collections::{BTreeMap, HashMap};

use super::Frame;
use super::shape::is_unknown;
use crate::calendar::Window;
use crate::measures::fold::{self, Cells};
use crate::measures::{Dim, Sum, Windows};

/// What the texts of one measure are shown as, by the number of the text.
pub(super) struct FreeText {
    shown: HashMap<u32, String>,
}

impl FreeText {
    /// Whether a label is free text.
    pub(super) fn is(dim: Dim) -> bool {
        match dim {
            Dim::Reason | Dim::LeadSource => true,
            Dim::Kind
            | Dim::KeyActivity
            | Dim::Pipeline
            | Dim::Stage
            | Dim::LeadLevel
            | Dim::LeadOutcome
            | Dim::ContactLevel
            | Dim::Check
            | Dim::Account
            | Dim::Survey => false,
        }
    }

    /// Ranks the texts in `cells` by the number of records that `ranking` counts in the last 365 days, equal ones in code
    /// point order.
    pub(super) fn new(frame: &Frame<'_>, sum: &Sum, ranking: &Sum, cells: &Cells) -> FreeText {
        let place = |sum: &Sum| sum.dims.iter().position(|dim| FreeText::is(*dim));
        let (Some(place), Some(rank_place)) = (place(sum), place(ranking)) else {
            return FreeText { shown: HashMap::new() };
        };
        let view = frame.view;
        let year = Windows::new(view.calendar(), &[Window::Days(365)], view.now, None);
        let recent = fold::sums(view, ranking, &year);
        let mut counts: BTreeMap<&str, f64> = BTreeMap::new();
        let mut texts: BTreeMap<u32, &str> = BTreeMap::new();
        let all = cells.iter().map(|((_, dims), _)| (dims[place], 0.0));
        let recent = recent.iter().map(|((_, dims), values)| (dims[rank_place], values.map(|(_, count)| count).sum()));
        for (text, count) in all.chain(recent).filter(|(text, _)| !is_unknown(*text)) {
            let Some(name) = view.text(text) else { continue };
            texts.insert(text, name);
            *counts.entry(name).or_default() += count;
        }
        let mut ranked: Vec<(&str, f64)> = counts.into_iter().collect();
        ranked.sort_by(|(left, more), (right, less)| less.total_cmp(more).then(left.cmp(right)));
        let kept: Vec<&str> = ranked.iter().take(frame.options.limits.label_values).map(|(text, _)| *text).collect();
        let shown = |(number, text): (u32, &str)| {
            (number, if kept.contains(&text) { text.to_owned() } else { "other".to_owned() })
        };
        FreeText { shown: texts.into_iter().map(shown).collect() }
    }

    /// What a text is shown as; none for no text.
    pub(super) fn shown(&self, text: u32) -> Option<&str> {
        self.shown.get(&text).map(String::as_str)
    }
}
