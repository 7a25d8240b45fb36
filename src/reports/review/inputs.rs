//! What the figures of a subject rest on: how much is held, and how good it is.

use super::checks::{Checked, checks};
use super::observed::Observed;
use super::subject::Subject;
use crate::domain::{Object, Span};
use crate::facts::{SlotKind, View};
use crate::measures::{Fold, Sum};

/// What the figures of a subject rest on.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Inputs {
    /// Whether the CRMs deliver the records that it needs.
    pub is_known: bool,
    /// Months of the review.
    pub months: usize,
    /// As many of them are held.
    pub months_held: usize,
    /// The kind of record that counts.
    pub object: Option<Object>,
    /// Records that counted in the months held.
    pub records: usize,
    /// As many of them have no known owner, and so count for nobody.
    pub unowned: usize,
    /// The checks that look at records of that kind, the worst first.
    pub checks: Vec<Checked>,
}

impl Inputs {
    pub(super) fn new(
        view: &View<'_>,
        subject: &Subject<'_>,
        observed: &Observed,
        inside: Span,
        months: usize,
    ) -> Inputs {
        let measure = &subject.measured.measure;
        let inputs = Inputs {
            is_known: subject.is_known,
            months,
            months_held: observed.months_held,
            checks: checks(view, subject),
            ..Inputs::default()
        };
        let sum: &'static Sum = match measure.fold {
            Fold::Sum(sum)
            | Fold::Distinct(sum)
            | Fold::Stat(sum, _)
            | Fold::PerDistinct(sum, _)
            | Fold::Ratio(_, sum) => sum,
            Fold::Level(_) => return inputs,
        };
        let (mut records, mut unowned) = (0, 0);
        if subject.is_known {
            let mut filter = measure.filter(view, sum.dims);
            (sum.each)(view, inside.start, &mut |contribution| {
                if inside.contains(contribution.at) && filter.takes(contribution.dims) {
                    records += 1;
                    let slot = &view.people.slots[contribution.slot as usize];
                    unowned += usize::from(slot.kind == SlotKind::Unassigned);
                }
            });
        }
        Inputs { object: Some(sum.object), records, unowned, ..inputs }
    }

    /// The share of records that count for nobody; none without records.
    pub fn unowned_share(&self) -> Option<f64> {
        (self.records > 0).then(|| self.unowned as f64 / self.records as f64)
    }
}
