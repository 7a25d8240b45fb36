//! How the words of a CRM are to be read. Records keep the CRM's own words; `facts` reads them with a dictionary, which
//! a connector proposes and the settings amend, so that a changed reading needs no request.

/// What a CRM's status says of an activity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ActivityState {
    /// It took place.
    Done,
    /// It is still to take place.
    Open,
    /// It was called off.
    Cancelled,
    /// The other side did not come.
    NoShow,
}

/// Who began an activity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// The customer.
    Inbound,
    /// Us.
    Outbound,
}

/// What a status or stage says of a deal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DealStatus {
    /// Not decided.
    Open,
    /// Won.
    Won,
    /// Lost.
    Lost,
}

/// What a status says of a lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LeadLevel {
    /// Marketing qualified.
    Mql,
    /// Sales qualified.
    Sql,
    /// Given up.
    Disqualified,
}

/// The words of one CRM. Words are compared without regard to case and outer blanks.
#[derive(Debug, Clone, Copy, Default)]
pub struct Dictionary {
    /// Types of activity and the kind (value of the label `kind`) that they are.
    pub kinds: &'static [(&'static str, &'static str)],
    /// Statuses of activities; also outcomes that say that an activity did not take place.
    pub states: &'static [(&'static str, ActivityState)],
    /// Directions of activities.
    pub directions: &'static [(&'static str, Direction)],
    /// Outcomes of activities and the names that rules use for them.
    pub outcomes: &'static [(&'static str, &'static str)],
    /// Statuses of deals and outcomes of stages.
    pub statuses: &'static [(&'static str, DealStatus)],
    /// Statuses of leads.
    pub lead_statuses: &'static [(&'static str, LeadLevel)],
}

impl Dictionary {
    /// No words of its own.
    pub const EMPTY: Dictionary =
        Dictionary { kinds: &[], states: &[], directions: &[], outcomes: &[], statuses: &[], lead_statuses: &[] };

    /// The product's own words, which every source may use.
    pub const COMMON: Dictionary = Dictionary {
        kinds: &[("call", "call"), ("email", "email"), ("meeting", "meeting"), ("task", "task")],
        states: &[
            ("done", ActivityState::Done),
            ("completed", ActivityState::Done),
            ("open", ActivityState::Open),
            ("scheduled", ActivityState::Open),
            ("planned", ActivityState::Open),
            ("cancelled", ActivityState::Cancelled),
            ("canceled", ActivityState::Cancelled),
            ("no_show", ActivityState::NoShow),
            ("no show", ActivityState::NoShow),
            ("no-show", ActivityState::NoShow),
        ],
        directions: &[
            ("inbound", Direction::Inbound),
            ("incoming", Direction::Inbound),
            ("outbound", Direction::Outbound),
            ("outgoing", Direction::Outbound),
        ],
        outcomes: &[],
        statuses: &[("open", DealStatus::Open), ("won", DealStatus::Won), ("lost", DealStatus::Lost)],
        lead_statuses: &[("mql", LeadLevel::Mql), ("sql", LeadLevel::Sql), ("disqualified", LeadLevel::Disqualified)],
    };
}
