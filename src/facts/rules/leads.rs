//! How leads are read: which came by themselves, how soon they are to be answered, and for whom they count.

use std::collections::BTreeSet;

use super::words::word;
use crate::facts::settings::{Clock, Credit, Leads};

/// `leads` of the settings, ready for use.
#[derive(Debug, Clone)]
pub struct LeadRules {
    /// Within how many milliseconds a lead is to be answered.
    pub sla_millis: i64,
    /// By which clock.
    pub clock: Clock,
    /// For whom leads count.
    pub credit: Credit,
    /// Sources and types of the leads that come by themselves; none: all do.
    inbound: BTreeSet<String>,
}

impl LeadRules {
    pub(super) fn new(settings: &Leads) -> LeadRules {
        LeadRules {
            sla_millis: settings.sla.millis(),
            clock: settings.clock,
            credit: settings.credit,
            inbound: settings.inbound.iter().map(|text| word(text)).collect(),
        }
    }

    pub(super) fn is_inbound(&self, source: Option<&str>, kind: Option<&str>) -> bool {
        let is_named = |text: Option<&str>| text.is_some_and(|text| self.inbound.contains(&word(text)));
        self.inbound.is_empty() || is_named(source) || is_named(kind)
    }
}
