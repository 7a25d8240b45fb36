//! Contacts and leads, as far as they are prospects: who can be touched, at which level, and where contacts work.

use super::column::{Column, NONE, link};
use super::rules::Rules;
use crate::domain::{Contact, Key, Lead};

/// What is known of a contact or lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Presence {
    /// The CRM does not have it, or not yet.
    Absent,
    /// The CRM has it.
    Live,
    /// A link mentions it, and its source tells no more of such records.
    Untold,
}

/// Contacts and leads by key.
#[derive(Debug, Clone)]
pub(crate) struct Prospects {
    contact: Column<Presence>,
    contact_level: Column<u8>,
    contact_account: Column<u32>,
    lead: Column<Presence>,
    lead_level: Column<u8>,
    lead_contact: Column<u32>,
}

/// Level of a contact or lead that nobody has read yet.
const UNREAD: u8 = u8::MAX;

impl Default for Prospects {
    fn default() -> Self {
        Prospects {
            contact: Column::new(Presence::Absent),
            contact_level: Column::new(UNREAD),
            contact_account: Column::new(NONE),
            lead: Column::new(Presence::Absent),
            lead_level: Column::new(UNREAD),
            lead_contact: Column::new(NONE),
        }
    }
}

impl Prospects {
    /// Makes room for so many contacts and leads.
    pub(crate) fn reserve(&mut self, contacts: usize, leads: usize) {
        self.contact.reserve(contacts);
        self.contact_level.reserve(contacts);
        self.contact_account.reserve(contacts);
        self.lead.reserve(leads);
        self.lead_level.reserve(leads);
        self.lead_contact.reserve(leads);
    }

    /// Puts a contact in.
    pub(crate) fn put_contact(&mut self, key: Key, contact: &Contact<Key>, rules: &Rules) {
        self.contact.set(key.index(), Presence::Live);
        self.contact_level.set(key.index(), rules.level(contact.title.as_deref()));
        self.contact_account.set(key.index(), link(contact.account));
    }

    /// Notes that a contact is deleted or has only been mentioned; `untold`: its source tells no more of contacts than that.
    pub(crate) fn remove_contact(&mut self, key: Key, untold: bool) {
        self.contact.set(key.index(), if untold { Presence::Untold } else { Presence::Absent });
    }

    /// Puts a lead in.
    pub(crate) fn put_lead(&mut self, key: Key, lead: &Lead<Key>, rules: &Rules) {
        self.lead.set(key.index(), Presence::Live);
        self.lead_level.set(key.index(), rules.level(lead.title.as_deref()));
        self.lead_contact.set(key.index(), link(lead.contact));
    }

    /// Notes that a lead is deleted or has only been mentioned; `untold`: its source tells no more of leads than that.
    pub(crate) fn remove_lead(&mut self, key: Key, untold: bool) {
        self.lead.set(key.index(), if untold { Presence::Untold } else { Presence::Absent });
    }

    /// One more than the largest key of a contact.
    pub(crate) fn contacts(&self) -> usize {
        self.contact.len()
    }

    /// One more than the largest key of a lead.
    pub(crate) fn leads(&self) -> usize {
        self.lead.len()
    }

    /// Whether a contact can be touched.
    pub(crate) fn has_contact(&self, contact: usize) -> bool {
        self.contact.get(contact) != Presence::Absent
    }

    /// Whether a lead can be touched.
    pub(crate) fn has_lead(&self, lead: usize) -> bool {
        self.lead.get(lead) != Presence::Absent
    }

    /// The contact that a lead is or became, or [`NONE`].
    pub(crate) fn contact_of(&self, lead: usize) -> u32 {
        self.lead_contact.get(lead)
    }

    /// Key of the account of a contact, or [`NONE`].
    pub(crate) fn account_of(&self, contact: usize) -> u32 {
        self.contact_account.get(contact)
    }

    /// Level of a contact.
    pub(crate) fn contact_level(&self, contact: usize, rules: &Rules) -> u8 {
        known_level(self.contact_level.get(contact), rules)
    }

    /// Level of a lead: by its own title, else by its contact's. `find` follows merges of contacts; none if it is deleted.
    pub(crate) fn lead_level(&self, lead: usize, find: impl Fn(u32) -> Option<usize>, rules: &Rules) -> u8 {
        let own = known_level(self.lead_level.get(lead), rules);
        match self.contact_of(lead) {
            contact if own == rules.unknown_level() && contact != NONE => {
                find(contact).map_or(own, |contact| self.contact_level(contact, rules))
            }
            _ => own,
        }
    }
}

fn known_level(level: u8, rules: &Rules) -> u8 {
    if level == UNREAD { rules.unknown_level() } else { level }
}
