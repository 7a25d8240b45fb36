//! The parts of the ordinary shapes.

use super::{Asked, Explain, Part, Role};
use crate::measures::Sum;
use crate::measures::fold;
use crate::measures::stats::Stat;
use crate::metrics::free_text::FreeText;
use crate::metrics::shape::windows_of;
use crate::metrics::{Frame, Metric, Shape};

/// What the figure asked for is made of.
pub(in crate::metrics) fn parts(frame: &Frame<'_>, metric: &Metric, asked: &Asked<'_>) -> Vec<Part> {
    match &metric.shape {
        Shape::Sum(sum) => vec![asked.sum("records", sum)],
        Shape::AccountSum(sum, _) => vec![asked.sum("records", sum)],
        Shape::Means(means) => {
            let wanted = means.iter().find(|(stat, _)| asked.label("stat") == Some(stat));
            wanted.map(|(_, sum)| asked.gather().samples(sum, Stat::Mean)).into_iter().collect()
        }
        Shape::Level(level) => vec![asked.level("records", level)],
        Shape::TeamSum(sum, ranking) => vec![team_sum(frame, metric, asked, sum, ranking)],
        Shape::Latest(sum) => vec![asked.gather().latest(sum)],
        Shape::Ratio(over, under) => {
            vec![asked.sum("numerator", over), asked.sum("denominator", under).role(Role::By)]
        }
        Shape::PerDistinct(over, under) => {
            let under = asked.gather().distinct(under).named("denominator");
            vec![asked.sum("numerator", over), under.role(Role::By)]
        }
        Shape::Distinct(sum) => vec![asked.gather().distinct(sum)],
        Shape::Mean(sum) => vec![asked.gather().samples(sum, Stat::Mean)],
        Shape::Stats(sum, stats) => {
            let wanted = asked.label("stat").and_then(|name| stats.iter().find(|stat| stat.to_string() == name));
            wanted.map(|stat| asked.gather().samples(sum, *stat)).into_iter().collect()
        }
        Shape::Own(own) => match own.explain {
            Explain::Parts(parts) => parts(frame, asked),
            Explain::Written(place) => vec![Part::figure("written", None).role(Role::Beside).step("where", place)],
        },
    }
}

/// A sum by free text, of which the rarer ones are shown as one.
fn team_sum(frame: &Frame<'_>, metric: &Metric, asked: &Asked<'_>, sum: &'static Sum, ranking: &Sum) -> Part {
    let windows = windows_of(frame, metric.group, sum.history);
    let text = FreeText::new(frame, sum, ranking, &fold::sums(frame.view, sum, &windows));
    let shown = |dim, value| text.shown(value).filter(|_| FreeText::is(dim)).map(str::to_owned);
    Part { name: "records".to_owned(), ..asked.gather().showing(&shown).sum(sum) }
}
