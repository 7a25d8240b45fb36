//! What the checks of the quality of data say of the records that a subject is made of. What they look at and when a record
//! fails is in `measures::quality`.

use std::collections::HashSet;

use super::subject::Subject;
use crate::domain::Timestamp;
use crate::facts::View;
use crate::measures::quality::{CHECKED, Check, ISSUES};
use crate::measures::{Dim, Fold, Level, Measure, Standing, Sum, activities};

/// Where at least this share of records fails a check, figures made of them are in doubt.
const DOUBTFUL: f64 = 0.2;

/// What a check says of the records of a subject, as they stand at the view's instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checked {
    /// The check.
    pub check: Check,
    /// Records that fail it.
    pub failing: usize,
    /// Records that it looks at; at least one.
    pub looked_at: usize,
}

impl Checked {
    /// The share that fails.
    pub fn share(&self) -> f64 {
        self.failing as f64 / self.looked_at as f64
    }

    /// Whether so many fail that the data should be looked at before the figures.
    pub fn is_doubtful(&self) -> bool {
        self.share() >= DOUBTFUL
    }
}

/// The checks that look at any records of the subject's kind, the largest share of failing ones first.
///
/// Which checks those are follows from the records that they look at. All records of the kind are looked at, not only those
/// that counted: a deal without an amount is missing from a value just because it fails. Of activities only those of the kind
/// or key activity that the subject counts.
pub(super) fn checks(view: &View<'_>, subject: &Subject<'_>) -> Vec<Checked> {
    let measure = &subject.measured.measure;
    // A goal on the checks themselves tells what they say.
    let is_check = matches!(measure.fold, Fold::Level(level) if level.dims.contains(&Dim::Check));
    if is_check || !subject.is_known {
        return Vec::new();
    }
    let object = measure.object();
    let activities = activities_of(view, measure);
    let concerns = |standing: &Standing| {
        standing.object == object && activities.as_ref().is_none_or(|own| own.contains(&standing.record))
    };
    let [looked_at, failing] = [&CHECKED, &ISSUES].map(|level| by_check(view, level, &concerns));
    let counts = Check::ALL.into_iter().zip(looked_at.into_iter().zip(failing));
    let mut checks: Vec<Checked> = counts
        .filter(|(_, (looked_at, _))| *looked_at > 0)
        .map(|(check, (looked_at, failing))| Checked { check, failing, looked_at })
        .collect();
    checks.sort_by(|one, other| other.share().total_cmp(&one.share()));
    checks
}

/// How many of the records that matter stand in a level of checks, by check.
fn by_check(view: &View<'_>, level: &Level, concerns: &dyn Fn(&Standing) -> bool) -> [usize; Check::ALL.len()] {
    let mut counts = [0; Check::ALL.len()];
    (level.each)(view, &mut |standing| counts[standing.dims[0] as usize] += usize::from(concerns(&standing)));
    counts
}

/// The done activities of the kind or key activity that the measure counts; none if it names neither.
fn activities_of(view: &View<'_>, measure: &Measure) -> Option<HashSet<u32>> {
    let done: &'static Sum = measure.only.iter().find_map(|(dim, _)| match dim {
        Dim::Kind => Some(&activities::DONE),
        Dim::KeyActivity => Some(&activities::KEY),
        _ => None,
    })?;
    let mut filter = measure.filter(view, done.dims);
    let mut own = HashSet::new();
    (done.each)(view, Timestamp::MIN, &mut |contribution| {
        if filter.takes(contribution.dims) {
            own.insert(contribution.record);
        }
    });
    Some(own)
}
