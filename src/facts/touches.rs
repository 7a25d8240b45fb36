//! Touches: pairs of a done call, email or meeting that is not inbound and a prospect. A lead that is or became a contact
//! is one prospect with it; one activity touches a prospect once.

use std::cmp::Ordering;

use super::activities::{Activities, Linked};
use super::view::View;
use super::{Facts, NONE};
use crate::domain::{Object, Timestamp};

/// A touch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Touch {
    /// Key of the activity.
    pub activity: u32,
    /// Number of the prospect.
    pub prospect: u32,
    /// When.
    pub at: Timestamp,
    /// Whether it is the prospect's first, over all activities held.
    pub is_first: bool,
}

/// Who can be touched, and when each prospect was first. Prospects are numbered: contacts by their key, then leads.
#[derive(Debug)]
pub struct Touches {
    contacts: Vec<u32>,
    leads: Vec<u32>,
    /// The activity that first touched each prospect.
    first: Vec<u32>,
}

impl Touches {
    /// Joins the touches as of the view's instant.
    pub(super) fn new(view: &View<'_>) -> Touches {
        let mut touches = prospects(view);
        let activities = &view.facts.activities;
        // Per linked record at first: there are far fewer of them than links, and prospects are looked up but once each.
        let mut contacts = vec![NEVER; touches.contacts.len()];
        let mut leads = vec![NEVER; touches.leads.len()];
        Touches::each_activity(view, Timestamp::MIN, |activity, at| {
            // Clocks that are ahead of ours tell no order: what they say is later than now is now.
            let touch = (at, activity as u32);
            for link in activities.links(activity) {
                match link {
                    Linked::Contact(contact) => keep_first(activities, &mut contacts[contact as usize], touch),
                    Linked::Lead(lead) => keep_first(activities, &mut leads[lead as usize], touch),
                    Linked::Deal(_) | Linked::Account(_) => {}
                }
            }
        });
        let mut first = vec![NEVER; touches.prospects()];
        let linked = touches.contacts.iter().zip(contacts).chain(touches.leads.iter().zip(leads));
        for (prospect, touch) in linked.filter(|(prospect, (_, activity))| **prospect != NONE && *activity != NONE) {
            keep_first(activities, &mut first[*prospect as usize], touch);
        }
        touches.first = first.into_iter().map(|(_, activity)| activity).collect();
        touches
    }

    /// All touches from `since` up to the view's instant.
    pub fn each(&self, view: &View<'_>, since: Timestamp, mut sink: impl FnMut(Touch)) {
        self.each_pair(view, since, |activity, at, prospect| {
            let is_first = self.first[prospect as usize] == activity as u32;
            sink(Touch { activity: activity as u32, prospect, at, is_first });
        });
    }

    /// The distinct prospects that an activity is linked to, put into `found` (which is emptied first).
    pub fn linked(&self, facts: &Facts, activity: usize, found: &mut Vec<u32>) {
        found.clear();
        for prospect in facts.activities.links(activity).map(|link| self.of_link(link)) {
            if prospect != NONE && !found.contains(&prospect) {
                found.push(prospect);
            }
        }
    }

    /// Whether an activity is linked to any prospect.
    pub fn has_prospect(&self, facts: &Facts, activity: usize) -> bool {
        facts.activities.links(activity).any(|link| self.of_link(link) != NONE)
    }

    /// Number of the prospect that a link leads to, or [`NONE`].
    fn of_link(&self, link: Linked) -> u32 {
        match link {
            Linked::Contact(contact) => self.contacts.get(contact as usize).copied().unwrap_or(NONE),
            Linked::Lead(lead) => self.of_lead(lead),
            Linked::Deal(_) | Linked::Account(_) => NONE,
        }
    }

    fn each_pair(&self, view: &View<'_>, since: Timestamp, mut sink: impl FnMut(usize, Timestamp, u32)) {
        let mut found = Vec::new();
        Touches::each_activity(view, since, |activity, at| {
            self.linked(view.facts, activity, &mut found);
            if found.is_empty() {
                leave_out(view, activity, at, "linked to no contact or lead that is there");
            }
            found.iter().for_each(|prospect| sink(activity, at, *prospect));
        });
    }

    /// The activities that touch whomever they are linked to, from `since` up to the view's instant.
    pub fn each_activity(view: &View<'_>, since: Timestamp, mut sink: impl FnMut(usize, Timestamp)) {
        let facts = view.facts;
        let is_touch: Vec<bool> =
            facts.rules.kinds().iter().map(|kind| matches!(kind.as_str(), "call" | "email" | "meeting")).collect();
        for (activity, kind, at) in facts.activities.dated() {
            if at < since {
                continue;
            }
            let touched = match () {
                () if !is_touch[usize::from(kind)] => Err("neither a call, an email nor a meeting"),
                () if facts.activities.is_inbound(activity) => Err("inbound: the other side began it"),
                () => view.done(activity),
            };
            match touched {
                Ok(at) => sink(activity, at),
                Err(why) => leave_out(view, activity, at, why),
            }
        }
    }

    /// The contact or lead that a prospect is: a lead that is or became a contact is that contact.
    pub fn record_of(&self, prospect: u32) -> (Object, u32) {
        match (prospect as usize).checked_sub(self.contacts.len()) {
            None => (Object::Contact, prospect),
            Some(lead) => (Object::Lead, lead as u32),
        }
    }

    /// Number of the prospect that a lead is, or [`NONE`].
    pub(super) fn of_lead(&self, lead: u32) -> u32 {
        self.leads.get(lead as usize).copied().unwrap_or(NONE)
    }

    /// One more than the largest number of a prospect.
    pub fn prospects(&self) -> usize {
        self.contacts.len() + self.leads.len()
    }
}

fn leave_out(view: &View<'_>, activity: usize, at: Timestamp, why: &'static str) {
    view.leave_out(|| view.facts.activities.left_out(view, activity, Some(at), why));
}

/// A date and the activity of that date, or [`NONE`].
type Dated = (Timestamp, u32);

const NEVER: Dated = (Timestamp::MAX, NONE);

/// Keeps the earlier of two, of equal ones that with the lower id.
fn keep_first(activities: &Activities, known: &mut Dated, other: Dated) {
    let by_id = || known.1 == NONE || activities.compare_ids(other.1 as usize, known.1 as usize) == Ordering::Less;
    if other.0 < known.0 || (other.0 == known.0 && by_id()) {
        *known = other;
    }
}

/// The prospect of every contact and lead; [`NONE`] for those that cannot be touched, as leads that are still to come.
fn prospects(view: &View<'_>) -> Touches {
    let facts = view.facts;
    let known = &facts.prospects;
    let linked = facts.activities.largest_links();
    let contacts = known.contacts().max(linked.0);
    let prospect_of = |contact: u32| {
        let survivor = facts.merges.survivor(Object::Contact, contact);
        if known.has_contact(survivor as usize) { survivor } else { NONE }
    };
    let lead_prospect = |lead: u32| {
        let survivor = facts.merges.survivor(Object::Lead, lead);
        if !view.has_lead(survivor as usize) {
            return NONE;
        }
        match known.contact_of(survivor as usize) {
            NONE => contacts as u32 + survivor,
            contact => match facts.merges.survivor(Object::Contact, contact) {
                contact if known.has_contact(contact as usize) => contact,
                _ => contacts as u32 + survivor,
            },
        }
    };
    Touches {
        contacts: (0..contacts as u32).map(prospect_of).collect(),
        leads: (0..known.leads().max(linked.1) as u32).map(lead_prospect).collect(),
        first: Vec::new(),
    }
}
