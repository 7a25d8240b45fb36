//! What was seen of a deal while its stream was up to date: the store notes it, `facts` decides what it means.

use super::{Key, Timestamp};

/// A change of what decides whether a deal is won: its stage and its status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sighting {
    /// When it was seen: at the latest one poll after it took place. None where the stream was being loaded (again): the
    /// change may be of any age.
    pub at: Option<Timestamp>,
    /// What the deal said until then; none for a deal that was not there before.
    pub before: Option<Former>,
}

/// What a deal said before a change, in the CRM's own terms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Former {
    /// Its stage.
    pub stage: Option<Key>,
    /// Its status, where the CRM has one beside the stage.
    pub status: Option<String>,
}
