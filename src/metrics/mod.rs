//! The catalogue of figures: one row a metric, and the shapes that rows are made of.
//!
//! To add a metric, add a row to its group's file. Whether something reads 0 or is absent, which windows and populations
//! it has, and what becomes of hidden people is decided by its shape, in `shape`, for all metrics alike.

mod accounts;
mod activities;
mod benchmarks;
mod contests;
mod costs;
mod coverage;
mod customers;
mod deals;
pub mod explain;
mod forecast;
mod frame;
mod free_text;
mod funnel;
mod goals;
mod hygiene;
mod info;
mod leads;
mod measured;
mod periods;
mod plan;
mod quality;
mod reference;
pub mod settings;
mod shape;
#[cfg(test)]
pub(crate) mod tests;
mod wins;

use crate::domain::Object;
use crate::exposition::Encoder;
use crate::measures::stats::Stat;
use crate::measures::{Level, Sum};

use explain::{Asked, Explain, Part};

pub use accounts::OwnersZero;
pub use frame::{Frame, Options, unknown_metric};
pub use hygiene::doubts;
pub use measured::resolve;
pub use plan::{Horizon, plans};
pub use quality::checks_of_quality;
pub use reference::{Counted, Format, print};
pub use shape::windows_of;

/// A metric: everything there is to know about it.
pub struct Metric {
    /// Name.
    pub name: &'static str,
    /// What it means, in one or two sentences.
    pub help: &'static str,
    /// Which windows it has.
    pub group: Group,
    /// What must have been loaded completely for it to be known.
    pub needs: Needs,
    /// How it is computed.
    pub shape: Shape,
    /// What it says of a past instant.
    pub as_of: AsOf,
    /// Families with a higher number are dropped first when there are too many series.
    pub drop_order: u8,
    /// Whether it tells early or late.
    pub nature: Nature,
}

/// Groups of metrics, each with its windows in the settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// Without a window.
    Now,
    /// `metrics.windows.activities`.
    Activities,
    /// `metrics.windows.leads`.
    Leads,
    /// `metrics.windows.deals`.
    Deals,
    /// `metrics.windows.deals_ratios`.
    DealRatios,
    /// `metrics.windows.funnel`.
    Funnel,
    /// `metrics.windows.coverage`.
    Coverage,
    /// `metrics.windows.forecast`.
    Forecast,
    /// `metrics.windows.accounts`.
    Accounts,
    /// `metrics.windows.customers`.
    Customers,
    /// Each goal's own period.
    Goals,
    /// `metrics.windows.benchmarks`.
    Benchmarks,
}

impl Group {
    /// The key of its windows below `metrics.windows`, if they are set there.
    pub fn windows_key(self) -> Option<&'static str> {
        match self {
            Group::Now | Group::Goals => None,
            Group::Activities => Some("activities"),
            Group::Leads => Some("leads"),
            Group::Deals => Some("deals"),
            Group::DealRatios => Some("deals_ratios"),
            Group::Funnel => Some("funnel"),
            Group::Coverage => Some("coverage"),
            Group::Forecast => Some("forecast"),
            Group::Accounts => Some("accounts"),
            Group::Customers => Some("customers"),
            Group::Benchmarks => Some("benchmarks"),
        }
    }
}

/// What must have been loaded completely at least once.
#[derive(Debug, Clone, Copy)]
pub struct Needs {
    /// Each of these is delivered.
    pub all: &'static [Object],
    /// At least one of these is delivered, if any is named.
    pub any: &'static [Object],
    /// Loaded where it is delivered.
    pub also: &'static [Object],
}

/// What a metric says of a past instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AsOf {
    /// What it said then.
    Exact,
    /// What it said then, with today's owners, teams and amounts.
    Attributes,
    /// Nothing: it is absent.
    None,
}

/// Whether a metric tells early or late.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nature {
    /// What people do: it can still be changed.
    Leading,
    /// What came of it.
    Lagging,
    /// Neither: it describes.
    Descriptive,
}

/// How a metric is computed from measures.
pub enum Shape {
    /// A sum per rep: leaves only. 0 for active reps.
    Sum(&'static Sum),
    /// A sum per team, by free text: leaves only, without zeros. Texts are ranked by the other measure.
    TeamSum(&'static Sum, &'static Sum),
    /// What stands now, per rep: leaves only. 0 for active reps.
    Level(&'static Level),
    /// The latest instant of contributions, per rep.
    Latest(&'static Sum),
    /// The sum of one measure over that of another, for everybody, teams and reps. Absent where the other is 0.
    Ratio(&'static Sum, &'static Sum),
    /// The sum of one measure over how many different records contribute to another.
    PerDistinct(&'static Sum, &'static Sum),
    /// How many different records contribute. 0 for active reps, their teams, and everybody.
    Distinct(&'static Sum),
    /// The mean of a measure's single amounts.
    Mean(&'static Sum),
    /// Statistics of a measure's single amounts.
    Stats(&'static Sum, &'static [Stat]),
    /// Means of several measures, by the value of the label `stat`: for everybody and teams; reps have the first.
    Means(&'static [(&'static str, &'static Sum)]),
    /// A sum per key account and rep: leaves only.
    AccountSum(&'static Sum, OwnersZero),
    /// Something of its own.
    Own(Own),
}

/// A metric with a computation of its own.
pub struct Own {
    /// Labels, in order.
    pub labels: &'static [&'static str],
    /// Writes the samples.
    pub write: fn(frame: &Frame<'_>, out: &mut Encoder),
    /// How one of them is explained.
    pub explain: Explain,
}

/// Every metric that is derived from records, in the order in which they are exposed.
pub fn catalogue() -> impl Iterator<Item = &'static Metric> {
    SECTIONS.iter().flat_map(|(_, parts)| parts.iter().copied().flatten())
}

/// The groups of the catalogue, what they are called in print, and the files that make them up.
const SECTIONS: &[(&str, &[&[Metric]])] = &[
    ("Activities and prospecting", &[activities::METRICS]),
    ("Leads", &[leads::METRICS]),
    ("Deals: results", &[deals::METRICS]),
    ("Pipeline and funnel", &[funnel::METRICS, coverage::METRICS, forecast::METRICS]),
    ("Accounts and customers", &[accounts::METRICS, customers::METRICS]),
    ("Goals and pacing", &[goals::METRICS, plan::METRICS, contests::METRICS, periods::METRICS, wins::METRICS]),
    ("Benchmarks and drivers", &[benchmarks::METRICS]),
    ("Data quality", &[quality::METRICS]),
    ("Information", &[info::METRICS]),
];

/// The metric of that name.
pub fn find(name: &str) -> Option<&'static Metric> {
    catalogue().find(|metric| metric.name == name)
}

impl Metric {
    /// Label names, in order.
    pub fn labels(&self) -> Vec<&'static str> {
        let dims = |sum: &Sum| sum.dims.iter().map(|dim| dim.label()).collect::<Vec<_>>();
        let scoped = |dims: Vec<&'static str>| [vec!["scope", "team", "rep"], dims, vec!["window"]].concat();
        match &self.shape {
            Shape::Sum(sum) => [vec!["team", "rep"], dims(sum), vec!["window"]].concat(),
            Shape::TeamSum(sum, _) => [vec!["team"], dims(sum), vec!["window"]].concat(),
            Shape::Level(level) => [vec!["team", "rep"], level.dims.iter().map(|dim| dim.label()).collect()].concat(),
            Shape::Latest(_) => vec!["team", "rep"],
            Shape::Ratio(over, _) => scoped(dims(over)),
            Shape::PerDistinct(..) | Shape::Distinct(_) | Shape::Mean(_) => scoped(vec![]),
            Shape::Stats(sum, _) => [scoped(dims(sum)), vec!["stat"]].concat(),
            Shape::Means(parts) => [scoped(parts.first().map_or(vec![], |(_, sum)| dims(sum))), vec!["stat"]].concat(),
            Shape::AccountSum(..) => vec!["account", "team", "rep", "window"],
            Shape::Own(own) => own.labels.to_vec(),
        }
    }

    /// Whether the records at hand allow the figure at the instant of the frame.
    fn is_known(&self, frame: &Frame<'_>) -> bool {
        self.unknown(frame).is_none()
    }

    /// Why the records at hand do not allow the figure at the instant of the frame, if they do not.
    pub fn unknown(&self, frame: &Frame<'_>) -> Option<String> {
        let view = frame.view;
        let lacks = |object: &&Object| !view.has(**object);
        let is_loading = |object: &&Object| lacks(object) && view.is_delivered(**object);
        if !view.live && self.as_of == AsOf::None {
            return Some("of a past instant nobody knows it".to_owned());
        }
        if let Some(object) = self.needs.any.iter().chain(self.needs.also).chain(self.needs.all).find(is_loading) {
            return Some(format!("{object} have not been loaded completely yet"));
        }
        if let Some(object) = self.needs.all.iter().find(lacks) {
            return Some(format!("no source delivers {object}"));
        }
        let has_any = self.needs.any.is_empty() || !self.needs.any.iter().all(|object| lacks(&object));
        let names = || self.needs.any.iter().map(|object| object.name()).collect::<Vec<_>>().join(" or ");
        (!has_any).then(|| format!("no source delivers {}", names()))
    }

    /// What the figure asked for is made of.
    pub fn parts(&self, frame: &Frame<'_>, asked: &Asked<'_>) -> Vec<Part> {
        explain::parts(frame, self, asked)
    }

    /// Writes the family: heading and samples, or nothing where nothing is known.
    pub fn write(&self, frame: &Frame<'_>, out: &mut Encoder) {
        if self.is_known(frame) {
            out.family(self.name, self.help);
            shape::write(self, frame, out);
        }
    }
}
