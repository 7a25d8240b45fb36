//! What a figure is made of: parts, each with its records or the steps that led to it, and what was left out.
//!
//! Ordinary shapes are explained in `shapes`, from the same measures that they fold. A metric with a computation of its own
//! says how it is explained in its row of the catalogue ([`Explain`]). Which series is meant is settled in `reports`.

mod gather;
pub(super) mod goals;
mod listing;
mod shapes;

use crate::calendar::Window;
use crate::domain::Span;
use crate::facts::View;
use crate::measures::fold::Scope;
use crate::measures::stats::Stat;
use crate::measures::{Level, Sum};
use crate::setting::Selector;

use super::Frame;

pub use gather::Gather;
pub(super) use goals::one_figure;
pub use listing::{Listing, RecordLine};
pub(super) use shapes::parts;

/// How the samples of a metric with a computation of its own are explained.
#[derive(Clone, Copy)]
pub enum Explain {
    /// By the parts that it is computed from, which give the figure again.
    Parts(fn(&Frame<'_>, &Asked<'_>) -> Vec<Part>),
    /// By where it is written: it repeats what settings or a CRM say.
    Written(&'static str),
}

/// Which figure is asked for.
pub struct Asked<'a> {
    /// The facts at the instant.
    pub view: &'a View<'a>,
    /// Labels that are given. Of a metric with a computation of its own these are all.
    pub selector: &'a Selector,
    /// The population.
    pub scope: Scope,
    /// The window, if the metric has one.
    pub window: Option<(Window, Span)>,
    /// So many records are listed at most, of each part and for each reason.
    pub limit: usize,
}

/// How a part takes its place in the figure. Parts are joined in their order, from left to right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The figure so far is multiplied by it; the first part is the figure so far.
    Times,
    /// The figure so far is divided by it.
    By,
    /// It is taken from the figure so far.
    Less,
    /// It does not enter the figure; it tells how another part came about.
    Beside,
}

/// A part of a figure, such as the numerator of a ratio.
#[derive(Debug, Clone)]
pub struct Part {
    /// How it takes its place.
    pub role: Role,
    /// What it is.
    pub name: String,
    /// Its figure in base units; none where there is none.
    pub value: Option<f64>,
    /// The records that it is made of, newest first; none where it is not made of records.
    pub records: Option<Listing>,
    /// How it came about, one step after the other: what, and what it is.
    pub steps: Vec<(String, String)>,
    /// Records that were looked at and do not count, by reason.
    pub left_out: Vec<(&'static str, Listing)>,
}

impl Part {
    /// A part that is a figure without records.
    pub fn figure(name: impl Into<String>, value: Option<f64>) -> Part {
        Part { role: Role::Times, name: name.into(), value, records: None, steps: Vec::new(), left_out: Vec::new() }
    }

    /// The same in another role.
    pub fn role(self, role: Role) -> Part {
        Part { role, ..self }
    }

    /// The same under another name.
    pub fn named(self, name: impl Into<String>) -> Part {
        Part { name: name.into(), ..self }
    }

    /// The same with a step more.
    pub fn step(mut self, what: impl Into<String>, is: impl Into<String>) -> Part {
        self.steps.push((what.into(), is.into()));
        self
    }
}

/// The figure that parts come to, from left to right; none where a part that enters it has no figure, or a divisor is 0.
pub fn joined(parts: &[Part]) -> Option<f64> {
    let mut figure: Option<f64> = None;
    for part in parts.iter().filter(|part| part.role != Role::Beside) {
        let value = part.value?;
        figure = Some(match (figure, part.role) {
            (None, _) => value,
            (Some(figure), Role::Times) => figure * value,
            (Some(figure), Role::Less) => figure - value,
            (Some(_), Role::By) if value == 0.0 => return None,
            (Some(figure), _) => figure / value,
        });
    }
    figure
}

impl<'a> Asked<'a> {
    /// The value of a label, if it is given.
    pub fn label(&self, name: &str) -> Option<&'a str> {
        self.selector.label(name)
    }

    /// Takes what counts for the population asked for, in the window asked for, with the labels asked for.
    pub fn gather(&self) -> Gather<'a> {
        Gather::new(self.view, self.limit)
            .of(self.scope)
            .within(self.window.map(|(_, span)| span))
            .labelled(self.selector)
    }

    /// What a sum comes to.
    pub fn sum(&self, name: &'static str, sum: &'static Sum) -> Part {
        self.gather().sum(sum).named(name)
    }

    /// What stands now.
    pub fn level(&self, name: &'static str, level: &'static Level) -> Part {
        self.gather().level(level).named(name)
    }

    /// A statistic of single amounts.
    pub fn samples(&self, name: &'static str, sum: &'static Sum, stat: Stat) -> Part {
        self.gather().samples(sum, stat).named(name)
    }
}
