//! Contests: scores, places, and when they end.

use super::{AsOf, Frame, Group, Metric, Nature, Needs, Own, Shape};
use crate::contests::{Contest, Standing};
use crate::exposition::Encoder;
use crate::measures::fold::Scope;

/// What a contest needs is what its measures need, which differs from contest to contest.
const NOTHING: Needs = Needs { all: &[], any: &[], also: &[] };

const STANDING: &[&str] = &["contest", "team", "rep"];

pub(super) const METRICS: &[Metric] = &[
    Metric {
        name: "crm_contest_score",
        help: "What is contested from the first to the last day, both included; between teams `rep` is empty.",
        group: Group::Now,
        needs: NOTHING,
        shape: Shape::Own(Own {
            labels: STANDING,
            write: |frame, out| write(frame, out, |standing| Some(standing.score)),
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
        shape: Shape::Own(Own { labels: &["contest"], write: ends }),
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

fn ends(frame: &Frame<'_>, out: &mut Encoder) {
    for (contest, _) in open(frame) {
        let end = contest.span(frame.view.calendar()).end;
        out.sample(&[("contest", &contest.name)], end.seconds());
    }
}
