//! What became of deals: every stay in a stage, followed to the close of the deal or to the view's instant.

use super::draws::seed;
use super::history_since;
use crate::domain::{DealStatus, Object, Timestamp};
use crate::facts::{DealState, Entry, NONE, Stay, View};

/// So many deals are followed at most; of more, a share of this size. What is learnt from as many hardly gets better.
const DEALS: usize = 50_000;

/// A stage in a pipeline, by key; the stage is [`NONE`] where the CRM keeps no stage history.
pub(super) type Place = (u32, u32);

/// A stay, and what became of its deal. Times are milliseconds from the beginning of the stay.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Followed {
    pub(super) place: Place,
    pub(super) from: Timestamp,
    /// How long it lasted, or has lasted so far.
    pub(super) stayed: i64,
    /// Whether it has ended.
    pub(super) has_left: bool,
    /// When the deal was closed, else how long it has been followed.
    pub(super) until: i64,
    pub(super) fate: Fate,
    /// Team of the deal's owner.
    pub(super) team: u32,
    /// What the deal is worth, in minor units.
    pub(super) value: f64,
}

/// What became of a deal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fate {
    Won,
    Lost,
    /// It is open; what will become of it is not known.
    Open,
}

/// The stays of deals that a forecast rests on, as known at the view's instant.
pub struct History {
    /// By when their deals were closed, or until when they were followed; of one instant, closed ones first.
    pub(super) stays: Vec<Followed>,
    /// Whether there are stages to tell apart.
    is_staged: bool,
}

impl History {
    /// Follows the deals of a view.
    pub fn new(view: &View<'_>) -> History {
        let mut history = History { stays: Vec::new(), is_staged: view.is_delivered(Object::StageChange) };
        let since = history_since(view.now);
        let is_recent = |deal, state: &DealState| {
            state.status == DealStatus::Open || view.last_left(deal, state).is_some_and(|left| left >= since)
        };
        let recent = || view.deals().filter(|(deal, state)| is_recent(*deal, state));
        let share = (recent().count() / DEALS).max(1) as u64;
        let (mut entries, mut stays) = (Vec::new(), Vec::new());
        for (deal, state) in recent() {
            // By what the deal itself says, so that the order in which records arrived decides nothing.
            if share == 1 || lot(view, deal).is_multiple_of(share) {
                history.find_stays(view, deal, &state, &mut entries, &mut stays);
                history.follow(view, deal, &state, &stays, since);
            }
        }
        let order = |stay: &Followed| (stay.until, stay.fate, stay.from, stay.stayed, stay.team);
        history.stays.sort_unstable_by(|one, other| {
            order(one).cmp(&order(other)).then_with(|| one.value.total_cmp(&other.value))
        });
        history
    }

    /// The stage in which a deal's present stay counts.
    pub(super) fn place(&self, view: &View<'_>, deal: usize, state: &DealState) -> Place {
        let stage = if self.is_staged { state.stage } else { NONE };
        (view.pipeline(deal, state.stage), stage)
    }

    /// Since when an open deal has been in its stage, if that is known.
    pub(super) fn present(
        &self,
        view: &View<'_>,
        deal: usize,
        state: &DealState,
        entries: &mut Vec<Entry>,
        stays: &mut Vec<Stay>,
    ) -> Option<Timestamp> {
        self.find_stays(view, deal, state, entries, stays);
        stays.last().filter(|stay| stay.to.is_none()).and_then(|stay| stay.from)
    }

    /// The stays of a deal; without stage history it has one, from its creation to its close.
    fn find_stays(
        &self,
        view: &View<'_>,
        deal: usize,
        state: &DealState,
        entries: &mut Vec<Entry>,
        stays: &mut Vec<Stay>,
    ) {
        if self.is_staged {
            return view.stays(deal, state, entries, stays);
        }
        stays.clear();
        let from = view.facts.deals.created(deal).and_then(|created| view.seen(created));
        stays.push(Stay { stage: NONE, from, to: state.closed_at });
    }

    fn follow(&mut self, view: &View<'_>, deal: usize, state: &DealState, stays: &[Stay], since: Timestamp) {
        let (fate, end) = match (state.status, state.closed_at) {
            (DealStatus::Open, _) => (Fate::Open, view.now),
            (DealStatus::Won, Some(closed)) => (Fate::Won, closed),
            (DealStatus::Lost, Some(closed)) => (Fate::Lost, closed),
            // When it was closed nobody knows.
            (_, None) => return,
        };
        let value = view.value(deal, state.closed_at).map_or(0.0, |minor| minor as f64);
        let team = view.people.slots[view.deal_slot(deal) as usize].team;
        for stay in stays {
            let Some(from) = stay.from.filter(|from| *from >= since) else { continue };
            let stage = if self.is_staged { stay.stage } else { NONE };
            let stayed = stay.to.unwrap_or(view.now).millis_since(from);
            let until = end.millis_since(from);
            // A close date before the stage was entered is wrong or a bare date; it says that it took no time.
            if stayed >= 0 {
                let place = (view.pipeline(deal, stay.stage), stage);
                let has_left = stay.to.is_some();
                self.stays.push(Followed { place, from, stayed, has_left, until: until.max(0), fate, team, value });
            }
        }
    }
}

/// A number that is drawn for a deal.
fn lot(view: &View<'_>, deal: usize) -> u64 {
    let at = |at: Option<Timestamp>| at.map_or(0, |at| at.0);
    let deals = &view.facts.deals;
    let value = view.value(deal, None).unwrap_or(0);
    seed([at(deals.created(deal)), at(view.last_entered(deal)), at(deals.closed(deal)), value])
}
