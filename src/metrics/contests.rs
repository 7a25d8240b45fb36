//! Contests: scores, places, and when they end.

use super::explain::{Asked, Explain, Gather, Part, Role, joined, one_figure};
use super::{AsOf, Frame, Group, Metric, Nature, Needs, Own, Shape};
use crate::contests::{Contest, Making, Standing};
use crate::exposition::Encoder;
use crate::measures::fold::Scope;

/// What a contest needs is what its measures need, which differs from contest to contest.
const NOTHING: Needs = Needs { all: &[], any: &[], also: &[] };

const STANDING: &[&str] = &["contest", "team", "rep"];

const ENDS: Explain = Explain::Written("contests in the settings: the day after the last one, `to`");

pub(super) const METRICS: &[Metric] = &[
    Metric {
        name: "crm_contest_score",
        help: "What is contested from the first to the last day, both included; between teams `rep` is empty.",
        group: Group::Now,
        needs: NOTHING,
        shape: Shape::Own(Own {
            labels: STANDING,
            write: |frame, out| write(frame, out, |standing| Some(standing.score)),
            explain: Explain::Parts(score_parts),
        }),
        as_of: AsOf::Attributes,
        drop_order: 5,
        nature: Nature::Descriptive,
    },
    Metric {
        name: "crm_contest_rank",
        help: "Place in the contest: 1 is ahead, equal scores share the better place; none below the minimum score.",
        group: Group::Now,
        needs: NOTHING,
        shape: Shape::Own(Own {
            labels: STANDING,
            write: |frame, out| write(frame, out, |standing| standing.rank.map(f64::from)),
            explain: Explain::Parts(rank_parts),
        }),
        as_of: AsOf::Attributes,
        drop_order: 5,
        nature: Nature::Descriptive,
    },
    Metric {
        name: "crm_contest_end_timestamp_seconds",
        help: "First instant of the day after the contest's last.",
        group: Group::Now,
        needs: NOTHING,
        shape: Shape::Own(Own { labels: &["contest"], write: ends, explain: ENDS }),
        as_of: AsOf::Exact,
        drop_order: 5,
        nature: Nature::Descriptive,
    },
];

/// The contests that are exposed.
fn open<'f>(frame: &'f Frame<'_>) -> impl Iterator<Item = (&'f Contest, &'f Option<Vec<Standing>>)> {
    let all = frame.options.contests.contests.iter().zip(frame.standings());
    all.filter(|(contest, _)| !contest.is_hidden)
}

fn write(frame: &Frame<'_>, out: &mut Encoder, value: impl Fn(&Standing) -> Option<f64>) {
    let people = &frame.view.people;
    let team = |team: u32| people.teams[team as usize].label.as_str();
    for (contest, standings) in open(frame) {
        for (standing, value) in standings.iter().flatten().filter_map(|standing| Some((standing, value(standing)?))) {
            let (team, rep) = match standing.who {
                Scope::Rep(slot) => {
                    let slot = &people.slots[slot as usize];
                    (team(slot.team), slot.rep.as_str())
                }
                Scope::Team(index) => (team(index), ""),
                Scope::Org => ("", ""),
            };
            out.sample(&[("contest", &contest.name), ("team", team), ("rep", rep)], value);
        }
    }
}

/// The contest asked for, and its standings.
fn asked_for<'f>(frame: &'f Frame<'_>, asked: &Asked<'_>) -> Option<(&'f Contest, &'f [Standing])> {
    let (contest, standings) = open(frame).find(|(contest, _)| asked.label("contest") == Some(&contest.name))?;
    Some((contest, standings.as_ref()?))
}

fn score_parts(frame: &Frame<'_>, asked: &Asked<'_>) -> Vec<Part> {
    let view = asked.view;
    let Some((contest, _)) = asked_for(frame, asked) else { return Vec::new() };
    let making = Making::new(view, contest, asked.scope);
    let span = contest.span(view.calendar());
    let gather = || Gather::new(view, asked.limit).of_slots(&making.slots).within(Some(span));
    match (making.counted.as_slice(), making.target) {
        ([(measured, None)], None) => one_figure(gather().measure(&measured.measure), Role::Times, "score"),
        ([(measured, None)], Some((target, lower_is_better))) => {
            let (reached, by) = if lower_is_better { (Role::By, Role::Times) } else { (Role::Times, Role::By) };
            let target = Part::figure("target", Some(target)).role(by);
            let reached = one_figure(gather().measure(&measured.measure), reached, "reached");
            if lower_is_better { [vec![target], reached].concat() } else { [reached, vec![target]].concat() }
        }
        (points, _) => {
            let (mut total, mut beside) = (Part::figure("points", None), Vec::new());
            let mut sum = Some(0.0);
            for (measured, each) in points {
                let parts = gather().measure(&measured.measure);
                let (figure, each) = (joined(&parts), each.unwrap_or(1.0));
                sum = sum.zip(figure).map(|(sum, figure)| sum + figure * each);
                let figure = figure.map_or("nothing".to_owned(), |figure| figure.to_string());
                total = total.step(&measured.selector, format!("{figure} x {each}"));
                beside.extend(parts.into_iter().map(|part| part.named(&measured.selector).role(Role::Beside)));
            }
            [Part { value: sum, ..total }].into_iter().chain(beside).collect()
        }
    }
}

fn rank_parts(frame: &Frame<'_>, asked: &Asked<'_>) -> Vec<Part> {
    let Some((_, standings)) = asked_for(frame, asked) else { return Vec::new() };
    let own = standings.iter().find(|standing| standing.who == asked.scope);
    let better = own.map(|own| standings.iter().filter(|other| other.score > own.score).count());
    let mut ranked: Vec<&Standing> = standings.iter().collect();
    ranked.sort_by(|one, other| other.score.total_cmp(&one.score));
    let part = Part::figure("one more than there are better scores", better.map(|better| (better + 1) as f64));
    let people = &frame.view.people;
    vec![ranked.into_iter().take(asked.limit).fold(part, |part, standing| {
        let who = match standing.who {
            Scope::Rep(slot) => people.slots[slot as usize].rep.as_str(),
            Scope::Team(team) => people.teams[team as usize].label.as_str(),
            Scope::Org => "everybody",
        };
        part.step(who, standing.score.to_string())
    })]
}

fn ends(frame: &Frame<'_>, out: &mut Encoder) {
    for (contest, _) in open(frame) {
        let end = contest.span(frame.view.calendar()).end;
        out.sample(&[("contest", &contest.name)], end.seconds());
    }
}
