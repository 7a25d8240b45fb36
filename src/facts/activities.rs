//! Activities, as columns by key, and what they are linked to.

use super::column::{Column, NONE, link};
use super::ids::Ids;
use super::left_out::LeftOut;
use super::rules::{Rules, Seen};
use super::view::View;
use crate::calendar::Calendar;
use crate::domain::{Activity, ActivityState, Direction, Key, Object, Timestamp, When};

/// Not there, or deleted.
const NO_KIND: u8 = u8::MAX;
/// Not an activity of any configured kind.
const STRANGE: u8 = u8::MAX - 1;
/// Of a configured kind, but nobody knows when.
const UNDATED: u8 = u8::MAX - 2;
/// Kinds are numbered below the marks above.
pub(super) const MAX_KINDS: usize = UNDATED as usize;
const NO_LENGTH: u32 = u32::MAX;

const STATE: u8 = 0b111;
const INBOUND: u8 = 8;
const OUTBOUND: u8 = 16;
const ON_DATE: u8 = 32;
const HAS_CREATION: u8 = 64;
const LOGGED_LATE: u8 = 128;

/// What an activity can be linked to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Linked {
    /// A contact, by key.
    Contact(u32),
    /// A lead, by key.
    Lead(u32),
    /// A deal, by key.
    Deal(u32),
    /// An account, by key.
    Account(u32),
}

/// Activities by key. One that does not count (deleted, of no configured kind, without a date) has no kind.
#[derive(Debug, Clone)]
pub(crate) struct Activities {
    kind: Column<u8>,
    flags: Column<u8>,
    at: Column<i64>,
    owner: Column<u32>,
    seconds: Column<u32>,
    /// Key activities whose own conditions hold: a number in `masks`.
    mask: Column<u16>,
    masks: Vec<u64>,
    links: Links,
    ids: Ids,
}

impl Default for Activities {
    fn default() -> Self {
        Activities {
            kind: Column::new(NO_KIND),
            flags: Column::new(0),
            at: Column::new(0),
            owner: Column::new(NONE),
            seconds: Column::new(NO_LENGTH),
            mask: Column::new(0),
            masks: vec![0],
            links: Links::default(),
            ids: Ids::default(),
        }
    }
}

impl Activities {
    /// Makes room for `count` keys.
    pub(crate) fn reserve(&mut self, count: usize) {
        self.kind.reserve(count);
        self.flags.reserve(count);
        self.at.reserve(count);
        self.owner.reserve(count);
        self.seconds.reserve(count);
        self.mask.reserve(count);
        self.links.places.reserve(count);
        self.ids.reserve(count);
    }

    /// Takes an activity out of all figures.
    pub(crate) fn remove(&mut self, key: Key) {
        if key.index() < self.kind.len() {
            self.kind.set(key.index(), NO_KIND);
            self.links.set(key.index(), std::iter::empty());
        }
    }

    /// Puts an activity in, in place of what was there.
    pub(crate) fn put(
        &mut self,
        key: Key,
        source: u32,
        id: &str,
        activity: &Activity<Key>,
        rules: &Rules,
        calendar: &Calendar,
    ) {
        let kind = rules.kind_of(source, activity.kind.as_deref());
        let when = date(activity, kind.is_some_and(|kind| rules.kinds()[kind as usize] == "task"));
        let at = key.index();
        let (Some(kind), Some(when)) = (kind, when) else {
            self.remove(key);
            self.kind.set(at, if kind.is_none() { STRANGE } else { UNDATED });
            self.at.set(at, when.map_or(Timestamp::MIN.0, |when| calendar.instant(when).0));
            return self.owner.set(at, link(activity.owner));
        };
        let direction = rules.direction(source, activity.direction.as_deref());
        let seconds = activity.duration_seconds.and_then(|seconds| u64::try_from(seconds).ok());
        let state = rules.state(source, activity.status.as_deref(), activity.outcome.as_deref());
        let flags = state.map_or(0, |state| state as u8 + 1)
            | match direction {
                Some(Direction::Inbound) => INBOUND,
                Some(Direction::Outbound) => OUTBOUND,
                None => 0,
            }
            | if matches!(when, When::On(_)) { ON_DATE } else { 0 }
            | match activity.created_at {
                Some(created_at) if rules.quality().is_late(when, created_at, calendar) => HAS_CREATION | LOGGED_LATE,
                Some(_) => HAS_CREATION,
                None => 0,
            };
        let mask = rules.matching(
            source,
            &Seen {
                kind,
                direction,
                outcome: activity.outcome.as_deref(),
                seconds,
                subject: activity.subject.as_deref(),
            },
        );
        self.kind.set(at, kind);
        self.flags.set(at, flags);
        self.at.set(at, calendar.instant(when).0);
        self.owner.set(at, link(activity.owner));
        let seconds = seconds.map_or(NO_LENGTH, |seconds| u32::try_from(seconds).unwrap_or(NO_LENGTH - 1));
        self.seconds.set(at, seconds);
        let mask = self.mask_number(mask);
        self.mask.set(at, mask);
        self.ids.set(at, id);
        let of = |links: &Option<Vec<Key>>, tag: u32| {
            let links = links.clone().unwrap_or_default();
            links.into_iter().map(move |key| tag | (key.0 & KEY))
        };
        let linked = of(&activity.contacts, CONTACT)
            .chain(of(&activity.leads, LEAD))
            .chain(of(&activity.deals, DEAL))
            .chain(of(&activity.accounts, ACCOUNT));
        self.links.set(at, linked);
    }

    fn mask_number(&mut self, mask: u64) -> u16 {
        let number = self.masks.iter().position(|known| *known == mask).unwrap_or_else(|| {
            self.masks.push(mask);
            self.masks.len() - 1
        });
        // There are as many masks as combinations of rules that really occur: far fewer than 65,536.
        u16::try_from(number).unwrap_or(0)
    }

    /// Kind and instant of every activity, by key; the kind is none for those that do not count.
    pub(crate) fn dated(&self) -> impl Iterator<Item = (usize, u8, Timestamp)> + '_ {
        let rows = self.kind.as_slice().iter().zip(self.at.as_slice()).enumerate();
        rows.filter(|(_, (kind, _))| **kind < UNDATED).map(|(key, (kind, at))| (key, *kind, Timestamp(*at)))
    }

    /// Those that count nowhere, by key: when (if known), and why.
    pub(crate) fn not_counting(&self) -> impl Iterator<Item = (usize, Option<Timestamp>, &'static str)> + '_ {
        let why = |kind: u8| match kind {
            STRANGE => Some("of a kind that activities.kinds does not name"),
            UNDATED => Some("without a date"),
            _ => None,
        };
        let rows = self.kind.as_slice().iter().enumerate().filter_map(move |(key, kind)| Some((key, why(*kind)?)));
        rows.map(|(key, why)| (key, Some(self.at(key)).filter(|at| *at > Timestamp::MIN), why))
    }

    /// One that a measure leaves out.
    pub(crate) fn left_out(
        &self,
        view: &View<'_>,
        activity: usize,
        at: Option<Timestamp>,
        why: &'static str,
    ) -> LeftOut {
        let slot = view.slot(self.owner(activity));
        LeftOut { object: Object::Activity, record: activity as u32, at, slot, dims: None, why }
    }

    /// Its date; a date's first instant.
    pub(crate) fn at(&self, activity: usize) -> Timestamp {
        Timestamp(self.at.get(activity))
    }

    /// Whether its date has no time.
    pub(crate) fn is_on_date(&self, activity: usize) -> bool {
        self.flags.get(activity) & ON_DATE != 0
    }

    /// Owner's key.
    pub(crate) fn owner(&self, activity: usize) -> u32 {
        self.owner.get(activity)
    }

    /// Its length, where known.
    pub(crate) fn seconds(&self, activity: usize) -> Option<u32> {
        Some(self.seconds.get(activity)).filter(|seconds| *seconds != NO_LENGTH)
    }

    /// What the CRM says of it, if it says something.
    pub(crate) fn state(&self, activity: usize) -> Option<ActivityState> {
        match self.flags.get(activity) & STATE {
            1 => Some(ActivityState::Done),
            2 => Some(ActivityState::Open),
            3 => Some(ActivityState::Cancelled),
            4 => Some(ActivityState::NoShow),
            _ => None,
        }
    }

    /// Whether the customer began it. No direction is not inbound.
    pub(crate) fn is_inbound(&self, activity: usize) -> bool {
        self.flags.get(activity) & INBOUND != 0
    }

    /// Whether we began it. No direction is not outbound.
    pub(crate) fn is_outbound(&self, activity: usize) -> bool {
        self.flags.get(activity) & OUTBOUND != 0
    }

    /// Whether it was recorded too long after its date; none where nobody knows when it was.
    pub(crate) fn is_logged_late(&self, activity: usize) -> Option<bool> {
        let flags = self.flags.get(activity);
        (flags & HAS_CREATION != 0).then_some(flags & LOGGED_LATE != 0)
    }

    /// Key activities whose conditions on the activity itself hold: one bit each.
    pub(crate) fn mask(&self, activity: usize) -> u64 {
        self.masks[usize::from(self.mask.get(activity))]
    }

    /// What it is linked to.
    pub(crate) fn links(&self, activity: usize) -> impl Iterator<Item = Linked> + '_ {
        self.links.of(activity).iter().map(|linked| match linked & TAG {
            CONTACT => Linked::Contact(linked & KEY),
            LEAD => Linked::Lead(linked & KEY),
            DEAL => Linked::Deal(linked & KEY),
            _ => Linked::Account(linked & KEY),
        })
    }

    /// One more than the largest keys of a contact and of a lead that an activity is linked to.
    pub(crate) fn largest_links(&self) -> (usize, usize) {
        (self.links.contacts, self.links.leads)
    }

    /// Lowest id first.
    pub(crate) fn compare_ids(&self, left: usize, right: usize) -> std::cmp::Ordering {
        self.ids.compare(left, right)
    }
}

/// An activity's date: completion of a task (else when it is due), start of anything else (else when it is due).
fn date(activity: &Activity<Key>, is_task: bool) -> Option<When> {
    match is_task {
        true => activity.completed_at.or(activity.due).or(activity.at),
        false => activity.at.or(activity.due).or(activity.completed_at),
    }
}

const TAG: u32 = 0b11 << 30;
const KEY: u32 = !TAG;
const CONTACT: u32 = 0;
const LEAD: u32 = 1 << 30;
const DEAL: u32 = 2 << 30;
const ACCOUNT: u32 = 3 << 30;

/// Links of all activities in one list; each activity has a piece of it.
#[derive(Debug, Clone)]
struct Links {
    places: Column<(u32, u16)>,
    all: Vec<u32>,
    wasted: usize,
    contacts: usize,
    leads: usize,
}

impl Default for Links {
    fn default() -> Self {
        Links { places: Column::new((0, 0)), all: Vec::new(), wasted: 0, contacts: 0, leads: 0 }
    }
}

impl Links {
    fn of(&self, activity: usize) -> &[u32] {
        let (start, count) = self.places.get(activity);
        &self.all[start as usize..start as usize + usize::from(count)]
    }

    /// Replaces the links of an activity, in its old place if they fit there. More than 65,535 are cut off.
    fn set(&mut self, activity: usize, links: impl Iterator<Item = u32>) {
        let (start, room) = self.places.get(activity);
        let begin = self.all.len();
        self.all.extend(links.take(usize::from(u16::MAX)));
        let count = self.all.len() - begin;
        for linked in &self.all[begin..] {
            let key = (linked & KEY) as usize;
            match linked & TAG {
                CONTACT => self.contacts = self.contacts.max(key + 1),
                LEAD => self.leads = self.leads.max(key + 1),
                _ => {}
            }
        }
        let start = if count <= usize::from(room) {
            self.all.copy_within(begin.., start as usize);
            self.all.truncate(begin);
            self.wasted += usize::from(room) - count;
            start
        } else {
            self.wasted += usize::from(room);
            begin as u32
        };
        self.places.set(activity, (start, count as u16));
        if self.wasted > 1024 && self.wasted > self.all.len() / 4 {
            self.compact();
        }
    }

    fn compact(&mut self) {
        let mut all = Vec::with_capacity(self.all.len() - self.wasted);
        for activity in 0..self.places.len() {
            let start = all.len() as u32;
            all.extend_from_slice(self.of(activity));
            self.places.set(activity, (start, (all.len() as u32 - start) as u16));
        }
        self.all = all;
        self.wasted = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_survive_growing_shrinking_and_compaction() {
        let mut links = Links::default();
        let wanted = |round: u32, activity: u32| (0..(activity * 7 + round * 3) % 5).map(move |n| activity * 10 + n);
        for round in 0..40 {
            for activity in 0..100 {
                links.set(activity as usize, wanted(round, activity));
            }
            for activity in 0..100 {
                assert_eq!(links.of(activity as usize), wanted(round, activity).collect::<Vec<_>>());
            }
        }
        assert!(links.all.len() < 2048, "{} places for at most 400 links", links.all.len());
    }
}
