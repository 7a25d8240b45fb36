//! The shapes of metrics, and with them every rule about zeros, absence, populations and hidden people.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};

use super::free_text::FreeText;
use super::{Frame, Group, Metric, Shape, accounts};
use crate::domain::{Object, Timestamp};
use crate::exposition::{Encoder, Labels};
use crate::facts::{NONE, View};
use crate::measures::fold::{self, Cells, Scope};
use crate::measures::quality::Check;
use crate::measures::stats::{self, Stat, ratio};
use crate::measures::{Dim, Dims, Sum, Unit, Windows, leads};

/// The windows of a measure in a frame; those that look back past what is held are left out.
pub fn windows_of(frame: &Frame<'_>, group: Group, object: Object) -> Windows {
    let view = frame.view;
    Windows::new(view.calendar(), frame.options.windows(group), view.now, view.held_since(object))
}

/// Writes the samples of a metric.
pub(super) fn write(metric: &Metric, frame: &Frame<'_>, out: &mut Encoder) {
    let view = frame.view;
    let windows = |sum: &Sum| windows_of(frame, metric.group, sum.history);
    match &metric.shape {
        Shape::Sum(sum) => {
            let windows = windows(sum);
            let mut cells = fold::sums(view, sum, &windows);
            add_zeros(view, sum.dims, &mut cells);
            leaves(view, sum.dims, sum.unit, cells, Some(&windows), out);
        }
        Shape::Level(level) => {
            let mut cells = fold::standing(view, level);
            add_zeros(view, level.dims, &mut cells);
            leaves(view, level.dims, level.unit, cells, None, out);
        }
        Shape::TeamSum(sum, ranking) => team_sums(frame, sum, ranking, &windows(sum), out),
        Shape::Latest(sum) => latest(view, sum, out),
        Shape::Ratio(over, under) => {
            let windows = windows(over);
            let over = fold::sums(view, over, &windows).by_scope(view);
            let under_sums = fold::sums(view, under, &windows).by_scope(view);
            ratios(view, under.dims, &over, under_sums, &windows, out);
        }
        Shape::PerDistinct(over, under) => {
            let windows = windows(over);
            let over = fold::sums(view, over, &windows).by_scope(view);
            let under = fold::distinct(view, under, &windows);
            let under = under.into_iter().map(|(scope, counts)| ((scope, [0, 0]), counts)).collect();
            ratios(view, &[], &over, under, &windows, out);
        }
        Shape::Distinct(sum) => distinct(view, sum, &windows(sum), out),
        Shape::Mean(sum) => {
            let windows = windows(sum);
            scoped(view, sum.dims, mean_of(view, sum, &windows), &windows, None, out);
        }
        Shape::Stats(sum, stats) => statistics(view, sum, stats, &windows(sum), out),
        Shape::Means(parts) => means(frame, metric.group, parts, out),
        Shape::AccountSum(sum, zero) => accounts::write_sums(frame, sum, *zero, &windows(sum), out),
        Shape::Own(own) => (own.write)(frame, out),
    }
}

/// The values that are 0 rather than absent for a slot that has zeros.
fn zero_dims(view: &View<'_>, slot: u32, dims: &[Dim]) -> Vec<Dims> {
    match dims {
        [] => vec![[0, 0]],
        [Dim::Kind] => (0..view.rules().kinds().len() as u32).map(|kind| [kind, 0]).collect(),
        [Dim::KeyActivity] => {
            let rules = view.rules().key_activities().iter().enumerate();
            rules.filter(|(_, rule)| view.can_tell(rule)).map(|(index, _)| [index as u32, 0]).collect()
        }
        [Dim::Pipeline] => view.owned_pipelines(slot).iter().map(|pipeline| [*pipeline, 0]).collect(),
        [Dim::Pipeline, Dim::Stage] => {
            let stages = |pipeline: &u32| {
                let pipeline = *pipeline;
                view.labels().open_stages(pipeline).into_iter().map(move |stage| [pipeline, stage])
            };
            view.owned_pipelines(slot).iter().flat_map(stages).collect()
        }
        [Dim::LeadLevel] => (0..leads::LEVELS.len() as u32).map(|level| [level, 0]).collect(),
        [Dim::ContactLevel] => (0..=u32::from(view.rules().unknown_level())).map(|level| [level, 0]).collect(),
        [Dim::Check] => {
            Check::ALL.into_iter().filter(|check| check.is_known(view)).map(|check| [check as u32, 0]).collect()
        }
        // Free text has no zeros.
        _ => Vec::new(),
    }
}

fn add_zeros(view: &View<'_>, dims: &[Dim], cells: &mut Cells) {
    for (slot, entry) in view.people.slots.iter().enumerate().filter(|(_, slot)| slot.has_zeros()) {
        debug_assert!(entry.is_active);
        for dims in zero_dims(view, slot as u32, dims) {
            cells.zero((slot as u32, dims));
        }
    }
}

fn push_dims(view: &View<'_>, dims: &[Dim], values: Dims, labels: &mut Labels) {
    for (dim, value) in dims.iter().zip(values) {
        labels.push(dim.label(), &dim.shown(view, value));
    }
}

/// Order of the further labels by what they show: keys and numbers follow the order of arrival.
fn compare_dims(view: &View<'_>, dims: &[Dim], left: Dims, right: Dims) -> Ordering {
    let orders = dims.iter().zip(left.into_iter().zip(right)).map(|(dim, (left, right))| match dim {
        _ if left == right => Ordering::Equal,
        Dim::Stage => view.stage_order(left).cmp(&view.stage_order(right)),
        dim => dim.shown(view, left).cmp(&dim.shown(view, right)),
    });
    orders.fold(Ordering::Equal, Ordering::then)
}

/// Window labels, ready to be appended.
pub(super) fn window_labels(windows: &Windows) -> Vec<Labels> {
    let label = |window: crate::calendar::Window| {
        let mut labels = Labels::default();
        labels.push("window", &window.to_string());
        labels
    };
    windows.iter().map(|(window, _)| label(window)).collect()
}

fn leaves(view: &View<'_>, dims: &[Dim], unit: Unit, cells: Cells, windows: Option<&Windows>, out: &mut Encoder) {
    let cells = cells.shown(view);
    let mut rows: Vec<_> = cells.iter().collect();
    rows.sort_by(|((slot, values), _), ((other, others), _)| {
        slot.cmp(other).then_with(|| compare_dims(view, dims, *values, *others))
    });
    let windows = windows.map(window_labels);
    let mut labels = Labels::default();
    for ((slot, values), cells) in rows {
        let entry = &view.people.slots[slot as usize];
        labels.clear();
        labels.push("team", &view.people.teams[entry.team as usize].label).push("rep", &entry.rep);
        push_dims(view, dims, values, &mut labels);
        let mark = labels.mark();
        for (window, amount) in cells {
            if let Some(windows) = &windows {
                labels.append(&windows[window]);
            }
            out.sample_with(&labels, unit.sample(view, amount));
            labels.truncate(mark);
        }
    }
}

fn push_scope(view: &View<'_>, scope: Scope, labels: &mut Labels) {
    let people = &view.people;
    let team = |team: u32| people.teams[team as usize].label.as_str();
    let (name, team, rep) = match scope {
        Scope::Org => ("org", "", ""),
        Scope::Team(index) => ("team", team(index), ""),
        Scope::Rep(slot) => {
            let slot = &people.slots[slot as usize];
            ("rep", team(slot.team), slot.rep.as_str())
        }
    };
    labels.push("scope", name).push("team", team).push("rep", rep);
}

/// Values per population, further labels and window; none is absent.
pub(super) type Scoped = HashMap<(Scope, Dims), Vec<Option<f64>>>;

pub(super) fn scoped(
    view: &View<'_>,
    dims: &[Dim],
    values: Scoped,
    windows: &Windows,
    stat: Option<&str>,
    out: &mut Encoder,
) {
    let mut rows: Vec<_> = values.into_iter().collect();
    rows.sort_by(|((scope, values), _), ((other, others), _)| {
        scope.cmp(other).then_with(|| compare_dims(view, dims, *values, *others))
    });
    let windows = window_labels(windows);
    let mut labels = Labels::default();
    for ((scope, of), values) in rows {
        labels.clear();
        push_scope(view, scope, &mut labels);
        push_dims(view, dims, of, &mut labels);
        let mark = labels.mark();
        for (window, value) in values.into_iter().enumerate() {
            let Some(value) = value else { continue };
            labels.append(&windows[window]);
            if let Some(stat) = stat {
                labels.push("stat", stat);
            }
            out.sample_with(&labels, value);
            labels.truncate(mark);
        }
    }
}

fn ratios(
    view: &View<'_>,
    dims: &[Dim],
    over: &HashMap<(Scope, Dims), Vec<f64>>,
    under: HashMap<(Scope, Dims), Vec<f64>>,
    windows: &Windows,
    out: &mut Encoder,
) {
    let ratio = |(key, under): ((Scope, Dims), Vec<f64>)| {
        let over = over.get(&key);
        let of = |(window, under): (usize, &f64)| ratio(over.map_or(0.0, |over| over[window]), *under);
        let values = under.iter().enumerate().map(of).collect();
        (key, values)
    };
    scoped(view, dims, under.into_iter().map(ratio).collect(), windows, None, out);
}

fn distinct(view: &View<'_>, sum: &Sum, windows: &Windows, out: &mut Encoder) {
    let zero = |scope| ((scope, [0, 0]), vec![Some(0.0); windows.len()]);
    let mut values: Scoped = fold::zero_scopes(view).into_iter().map(zero).collect();
    for (scope, counts) in fold::distinct(view, sum, windows) {
        // Whoever has no zeros has a figure only where there is something to count.
        let row = values.entry((scope, [0, 0])).or_insert_with(|| vec![None; windows.len()]);
        for (value, count) in row.iter_mut().zip(counts).filter(|(_, count)| *count > 0.0) {
            *value = Some(count);
        }
    }
    scoped(view, &[], values, windows, None, out);
}

fn statistics(view: &View<'_>, sum: &Sum, stats: &[Stat], windows: &Windows, out: &mut Encoder) {
    let samples = fold::samples(view, sum, windows);
    for stat in stats {
        let values = samples.iter().filter(|((scope, _), _)| stat.is_for_reps() || !matches!(scope, Scope::Rep(_)));
        let values = values.map(|(key, windows)| {
            let of = |samples: &Vec<f64>| stat.of(samples).map(|value| sum.unit.sample(view, value));
            (*key, windows.iter().map(of).collect())
        });
        scoped(view, sum.dims, values.collect(), windows, Some(&stat.to_string()), out);
    }
}

/// Means of a measure's single amounts.
fn mean_of(view: &View<'_>, sum: &Sum, windows: &Windows) -> Scoped {
    let means = fold::samples(view, sum, windows).into_iter().map(|(key, samples)| {
        let mean = |samples: &Vec<f64>| stats::mean(samples).map(|mean| sum.unit.sample(view, mean));
        (key, samples.iter().map(mean).collect())
    });
    means.collect()
}

fn means(frame: &Frame<'_>, group: Group, parts: &[(&str, &Sum)], out: &mut Encoder) {
    for (place, (stat, sum)) in parts.iter().enumerate() {
        let windows = windows_of(frame, group, sum.history);
        let mut means = mean_of(frame.view, sum, &windows);
        means.retain(|(scope, _), _| place == 0 || !matches!(scope, Scope::Rep(_)));
        scoped(frame.view, sum.dims, means, &windows, Some(stat), out);
    }
}

fn latest(view: &View<'_>, sum: &Sum, out: &mut Encoder) {
    let mut latest: Vec<Option<Timestamp>> = vec![None; view.people.slots.len()];
    (sum.each)(view, Timestamp::MIN, &mut |contribution| {
        let known = &mut latest[view.people.shown(contribution.slot) as usize];
        *known = (*known).max(Some(contribution.at));
    });
    leaf_values(view, latest.into_iter().map(|at| at.map(Timestamp::seconds)), out);
}

/// Writes a value for every slot that has one, in the order of the slots.
pub(super) fn leaf_values(view: &View<'_>, values: impl Iterator<Item = Option<f64>>, out: &mut Encoder) {
    for (entry, value) in view.people.slots.iter().zip(values).filter_map(|(entry, value)| Some((entry, value?))) {
        let team = &view.people.teams[entry.team as usize].label;
        out.sample(&[("team", team), ("rep", &entry.rep)], value);
    }
}

/// A team, and the further labels as they are shown.
type Shown<'v> = (u32, Vec<Cow<'v, str>>);

fn team_sums(frame: &Frame<'_>, sum: &Sum, ranking: &Sum, windows: &Windows, out: &mut Encoder) {
    let view = frame.view;
    let cells = fold::sums(view, sum, windows);
    let text = FreeText::new(frame, sum, ranking, &cells);
    // Several texts may share one label, so rows are joined by what they show.
    let mut rows: BTreeMap<Shown<'_>, Vec<Option<f64>>> = BTreeMap::new();
    for ((slot, dims), values) in cells.iter() {
        let team = view.people.slots[slot as usize].team;
        let label = |(dim, value): (&Dim, u32)| match text.shown(value) {
            Some(shown) if FreeText::is(*dim) => shown.into(),
            _ => dim.shown(view, value),
        };
        let shown = sum.dims.iter().zip(dims).map(label).collect();
        let row = rows.entry((team, shown)).or_insert_with(|| vec![None; windows.len()]);
        values.for_each(|(window, amount)| row[window] = Some(row[window].unwrap_or(0.0) + amount));
    }
    let windows = window_labels(windows);
    let mut labels = Labels::default();
    for ((team, shown), values) in rows {
        labels.clear();
        labels.push("team", &view.people.teams[team as usize].label);
        for (dim, shown) in sum.dims.iter().zip(&shown) {
            labels.push(dim.label(), shown);
        }
        let mark = labels.mark();
        for (window, amount) in values.into_iter().enumerate().filter_map(|(window, amount)| Some((window, amount?))) {
            labels.append(&windows[window]);
            out.sample_with(&labels, sum.unit.sample(view, amount));
            labels.truncate(mark);
        }
    }
}

/// Whether a text is known at all: an empty one is `unknown`, which never becomes `other`.
pub(super) fn is_unknown(value: u32) -> bool {
    value == NONE
}
