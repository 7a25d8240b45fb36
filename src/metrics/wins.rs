//! The deals won last, one series each: for walls and celebrations.

use super::accounts::WINS;
use super::deals::DEALS;
use super::explain::{Asked, Explain, Listing, Part, RecordLine};
use super::{AsOf, Frame, Group, Metric, Nature, Needs, Own, Shape};
use crate::domain::{Object, Timestamp};
use crate::exposition::{Encoder, Labels};
use crate::facts::{NONE, View};
use crate::measures::Unit;
use crate::measures::wins::{self, Win};

/// What a deal without an account has in its place; no account is called so.
const NO_ACCOUNT: &str = "unknown";

const LABELS: &[&str] = &["deal", "account", "team", "rep"];

/// Where accounts are delivered, labels need them.
const TITLED_DEALS: Needs = Needs {
    all: DEALS.all,
    any: &[],
    also: &[Object::User, Object::Team, Object::Account, Object::Pipeline, Object::Stage, Object::StageChange],
};

pub(super) const METRICS: &[Metric] = &[
    Metric {
        name: "crm_recent_win_value",
        help: "Value of each of the deals won last, in the reporting currency; 0 without an amount.",
        group: Group::Now,
        needs: WINS,
        shape: Shape::Own(Own { labels: LABELS, write: value, explain: Explain::Parts(value_parts) }),
        as_of: AsOf::Attributes,
        drop_order: 5,
        nature: Nature::Lagging,
    },
    Metric {
        name: "crm_recent_win_timestamp_seconds",
        help: "When each of the deals won last changed to won where the CRM has that, else its close time.",
        group: Group::Now,
        needs: TITLED_DEALS,
        shape: Shape::Own(Own { labels: LABELS, write: timestamp, explain: Explain::Parts(timestamp_parts) }),
        as_of: AsOf::Attributes,
        drop_order: 5,
        nature: Nature::Lagging,
    },
    Metric {
        name: "crm_recent_win_noticed_timestamp_seconds",
        help: "When the exporter first saw each of the deals won last as won, while its source was up to date: for \
               celebrations. Absent for wins of a first load; gone when the deal is reopened.",
        group: Group::Now,
        needs: TITLED_DEALS,
        shape: Shape::Own(Own { labels: LABELS, write: noticed, explain: Explain::Parts(noticed_parts) }),
        as_of: AsOf::Attributes,
        drop_order: 5,
        nature: Nature::Lagging,
    },
];

fn worth(view: &View<'_>, win: &Win) -> Option<f64> {
    let minor = view.value(win.deal as usize, win.state.closed_at).unwrap_or(0);
    Some(Unit::Money.sample(view, minor as f64))
}

fn won_at(_: &View<'_>, win: &Win) -> Option<f64> {
    Some(win.at.seconds())
}

fn noticed_at(view: &View<'_>, win: &Win) -> Option<f64> {
    view.noticed(win.deal as usize, &win.state).map(Timestamp::seconds)
}

fn value(frame: &Frame<'_>, out: &mut Encoder) {
    each(frame, out, |win| worth(frame.view, win));
}

fn timestamp(frame: &Frame<'_>, out: &mut Encoder) {
    each(frame, out, |win| won_at(frame.view, win));
}

fn noticed(frame: &Frame<'_>, out: &mut Encoder) {
    each(frame, out, |win| noticed_at(frame.view, win));
}

fn value_parts(frame: &Frame<'_>, asked: &Asked<'_>) -> Vec<Part> {
    parts(frame, asked, "value", worth)
}

fn timestamp_parts(frame: &Frame<'_>, asked: &Asked<'_>) -> Vec<Part> {
    parts(frame, asked, "won", won_at)
}

fn noticed_parts(frame: &Frame<'_>, asked: &Asked<'_>) -> Vec<Part> {
    parts(frame, asked, "first seen as won", noticed_at)
}

/// The deal that has the labels asked for.
fn parts(frame: &Frame<'_>, asked: &Asked<'_>, name: &str, sample: fn(&View<'_>, &Win) -> Option<f64>) -> Vec<Part> {
    let view = asked.view;
    let mut wanted = Labels::default();
    for label in LABELS {
        wanted.push(label, asked.label(label).unwrap_or_default());
    }
    let found = frame.recent_wins().iter().find(|(_, labels)| *labels == wanted);
    let Some((win, _)) = found else { return Vec::new() };
    let mut records = Listing::new(asked.limit.max(1));
    records.push(RecordLine {
        object: Object::Deal,
        record: win.deal,
        at: Some(win.at),
        slot: view.deal_slot(win.deal as usize),
        amount: worth(view, win).unwrap_or(0.0),
    });
    vec![Part { records: Some(records), ..Part::figure(name, sample(view, win)) }]
}

/// Writes a sample for each of the deals won last for which `sample` gives something.
fn each(frame: &Frame<'_>, out: &mut Encoder, sample: impl Fn(&Win) -> Option<f64>) {
    for (win, labels) in frame.recent_wins() {
        if let Some(sample) = sample(win) {
            out.sample_with(labels, sample);
        }
    }
}

/// The deals won last, with the labels that all their families have.
pub(super) fn labelled(view: &View<'_>, count: usize) -> Vec<(Win, Labels)> {
    let wins = wins::latest(view, count);
    let keys: Vec<u32> = wins.iter().map(|win| win.deal).collect();
    let deals = view.deal_labels(&keys);
    let accounts: Vec<u32> = keys.iter().map(|deal| view.account(*deal)).filter(|account| *account != NONE).collect();
    let accounts = view.account_labels(&accounts);
    let labelled = |win: Win| {
        let slot = &view.people.slots[view.deal_slot(win.deal as usize) as usize];
        let mut labels = Labels::default();
        labels.push("deal", deals.get(&win.deal)?);
        labels.push("account", accounts.get(&view.account(win.deal)).map_or(NO_ACCOUNT, String::as_str));
        labels.push("team", &view.people.teams[slot.team as usize].label);
        labels.push("rep", &slot.rep);
        Some((win, labels))
    };
    wins.into_iter().filter_map(labelled).collect()
}
