//! HubSpot's words, as they are to be read unless the settings say otherwise.

use crate::domain::{ActivityState, Dictionary, Direction, LeadLevel};

/// The words of every account. Stages tell their outcome themselves, in our words.
pub(super) const DICTIONARY: Dictionary = Dictionary {
    kinds: &[
        ("calls", "call"),
        ("meetings", "meeting"),
        ("emails", "email"),
        ("tasks", "task"),
        ("SMS", "sms"),
        ("WHATS_APP", "whatsapp"),
        ("LINKEDIN_MESSAGE", "linkedin"),
    ],
    states: &[
        // Calls: tried and not answered is done; still going on is open.
        ("BUSY", ActivityState::Done),
        ("NO_ANSWER", ActivityState::Done),
        ("MISSED", ActivityState::Done),
        ("FAILED", ActivityState::Cancelled),
        ("QUEUED", ActivityState::Open),
        ("RINGING", ActivityState::Open),
        ("CONNECTING", ActivityState::Open),
        ("CALLING_CRM_USER", ActivityState::Open),
        ("IN_PROGRESS", ActivityState::Open),
        // Meetings: another one takes the place of one that was rescheduled.
        ("RESCHEDULED", ActivityState::Cancelled),
        // Emails.
        ("SENT", ActivityState::Done),
        ("SENDING", ActivityState::Open),
        ("BOUNCED", ActivityState::Cancelled),
        // Tasks.
        ("NOT_STARTED", ActivityState::Open),
        ("WAITING", ActivityState::Open),
        ("DEFERRED", ActivityState::Open),
    ],
    directions: &[("EMAIL", Direction::Outbound), ("INCOMING_EMAIL", Direction::Inbound)],
    outcomes: &[
        ("f240bbac-87c9-4f6e-bf70-924b57d47db7", "connected"),
        ("73a0d17f-1163-4015-bdd5-ec830791da20", "no_answer"),
        ("b2cf5968-551e-4856-9783-52b3da59a7d0", "left_voicemail"),
        ("a4c4c377-d246-4b32-a13b-75a56a4cd0ff", "left_live_message"),
        ("9d9162e7-6cf3-4944-bf63-4dff82258764", "busy"),
        ("17b47fee-58de-441e-a44c-c6300d46f273", "wrong_number"),
    ],
    statuses: &[],
    lead_statuses: &[
        // Stages of the life cycle: what became an opportunity or a customer was qualified by sales.
        ("marketingqualifiedlead", LeadLevel::Mql),
        ("salesqualifiedlead", LeadLevel::Sql),
        ("opportunity", LeadLevel::Sql),
        ("customer", LeadLevel::Sql),
        // Stages of the leads object.
        ("qualified-stage-id", LeadLevel::Sql),
        ("unqualified-stage-id", LeadLevel::Disqualified),
    ],
};
