//! The types of object that are read: what HubSpot calls them, which of their properties we use, and what they become.

use super::settings::Options;
use crate::domain::Object;

/// A type of object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Type {
    /// Accounts.
    Companies,
    /// Contacts; also leads, with `leads: lifecycle`.
    Contacts,
    /// Leads of the leads object.
    Leads,
    /// Deals.
    Deals,
    /// Activities.
    Calls,
    /// Activities.
    Meetings,
    /// Activities.
    Emails,
    /// Activities.
    Tasks,
    /// Activities: text messages and the like.
    Communications,
    /// One target of one person or team for one period.
    Goals,
}

/// The other end of links that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum End {
    /// Contacts.
    Contacts,
    /// Accounts.
    Companies,
    /// Deals.
    Deals,
    /// Leads of the leads object.
    Leads,
}

impl End {
    /// Name in paths.
    pub(super) const fn name(self) -> &'static str {
        match self {
            End::Contacts => "contacts",
            End::Companies => "companies",
            End::Deals => "deals",
            End::Leads => "leads",
        }
    }
}

/// Types of object that are activities, by the names that the settings use.
pub(super) const ACTIVITIES: [Type; 5] = [Type::Calls, Type::Meetings, Type::Emails, Type::Tasks, Type::Communications];

/// The stages of a contact's life cycle that make it a lead, with the properties that hold when it came there: the
/// present one and its older twin.
pub(super) const LIFE_CYCLE: [(&str, [&str; 2]); 5] = [
    ("lead", ["hs_v2_date_entered_lead", "hs_lifecyclestage_lead_date"]),
    (
        "marketingqualifiedlead",
        ["hs_v2_date_entered_marketingqualifiedlead", "hs_lifecyclestage_marketingqualifiedlead_date"],
    ),
    ("salesqualifiedlead", ["hs_v2_date_entered_salesqualifiedlead", "hs_lifecyclestage_salesqualifiedlead_date"]),
    ("opportunity", ["hs_v2_date_entered_opportunity", "hs_lifecyclestage_opportunity_date"]),
    ("customer", ["hs_v2_date_entered_customer", "hs_lifecyclestage_customer_date"]),
];

impl Type {
    /// Name in paths, of the stream, and in the settings.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Type::Companies => "companies",
            Type::Contacts => "contacts",
            Type::Leads => "leads",
            Type::Deals => "deals",
            Type::Calls => "calls",
            Type::Meetings => "meetings",
            Type::Emails => "emails",
            Type::Tasks => "tasks",
            Type::Communications => "communications",
            Type::Goals => "goal_targets",
        }
    }

    /// Number of the type, as in the addresses of records' pages; none where it is not documented.
    pub(super) const fn number(self) -> Option<&'static str> {
        Some(match self {
            Type::Companies => "0-2",
            Type::Contacts => "0-1",
            Type::Leads => "0-136",
            Type::Deals => "0-3",
            Type::Calls => "0-48",
            Type::Meetings => "0-47",
            Type::Emails => "0-49",
            Type::Tasks => "0-27",
            Type::Goals => "0-74",
            Type::Communications => return None,
        })
    }

    /// What its records become.
    pub(super) const fn object(self) -> Object {
        match self {
            Type::Companies => Object::Account,
            Type::Contacts => Object::Contact,
            Type::Leads => Object::Lead,
            Type::Deals => Object::Deal,
            Type::Calls | Type::Meetings | Type::Emails | Type::Tasks | Type::Communications => Object::Activity,
            Type::Goals => Object::Goal,
        }
    }

    /// Our id of its record. Activities of all types share one object, so theirs name the type.
    pub(super) fn record_id(self, id: &str) -> String {
        match self.object() {
            Object::Activity => format!("{}/{id}", self.name()),
            _ => id.to_owned(),
        }
    }

    /// The property that holds when a record was last changed. A search by the wrong one finds nothing.
    pub(super) const fn modified(self) -> &'static str {
        match self {
            Type::Contacts => "lastmodifieddate",
            _ => "hs_lastmodifieddate",
        }
    }

    /// The properties whose former values are read.
    pub(super) const fn history(self) -> &'static [&'static str] {
        match self {
            Type::Deals => &["dealstage", "hubspot_owner_id"],
            Type::Leads => &["hs_pipeline_stage", "hubspot_owner_id"],
            _ => &[],
        }
    }

    /// Which links are read. Those of contacts to their company, and of leads to their contact, stand in properties.
    pub(super) const fn ends(self) -> &'static [End] {
        match self {
            Type::Deals => &[End::Contacts, End::Companies],
            Type::Leads => &[End::Companies, End::Deals],
            Type::Calls | Type::Meetings | Type::Emails | Type::Tasks | Type::Communications => {
                &[End::Contacts, End::Companies, End::Deals, End::Leads]
            }
            Type::Companies | Type::Contacts | Type::Goals => &[],
        }
    }

    /// The properties that are read.
    pub(super) fn properties(self, options: &Options) -> Vec<&str> {
        let own: &[&str] = match self {
            Type::Companies => &COMPANY,
            Type::Contacts => &CONTACT,
            Type::Leads => &LEAD,
            Type::Deals => &DEAL,
            Type::Calls => &CALL,
            Type::Meetings => &MEETING,
            Type::Emails => &EMAIL,
            Type::Tasks => &TASK,
            Type::Communications => &["hs_communication_channel_type"],
            Type::Goals => &GOAL,
        };
        let mut properties = own.to_vec();
        if self.object() == Object::Activity {
            properties.extend(ACTIVITY);
        }
        if self == Type::Companies {
            properties.push(&options.tier_property);
        }
        if self == Type::Contacts && options.life_cycle {
            properties.extend(["lifecyclestage", "hs_analytics_source"]);
            properties.extend(LIFE_CYCLE.iter().flat_map(|(_, dates)| dates));
        }
        properties.push(self.modified());
        properties
    }
}

const COMPANY: [&str; 8] = [
    "name",
    "domain",
    "hubspot_owner_id",
    "annualrevenue",
    "numberofemployees",
    "hs_is_target_account",
    "createdate",
    "hs_merged_object_ids",
];

const CONTACT: [&str; 6] = [
    "jobtitle",
    "associatedcompanyid",
    "hubspot_owner_id",
    "createdate",
    "hs_merged_object_ids",
    "hs_calculated_merged_vids",
];

const LEAD: [&str; 7] = [
    "hubspot_owner_id",
    "hs_lead_source",
    "hs_lead_type",
    "hs_pipeline_stage",
    "hs_primary_contact_id",
    "hs_createdate",
    "hs_merged_object_ids",
];

const DEAL: [&str; 16] = [
    "dealname",
    "hubspot_owner_id",
    "pipeline",
    "dealstage",
    "hs_is_closed",
    "hs_is_closed_won",
    "hs_is_closed_lost",
    "amount",
    "deal_currency_code",
    "amount_in_home_currency",
    "hs_deal_stage_probability",
    "createdate",
    "closedate",
    "closed_lost_reason",
    "hs_analytics_source",
    "hs_merged_object_ids",
];

const ACTIVITY: [&str; 3] = ["hs_timestamp", "hubspot_owner_id", "hs_createdate"];

const CALL: [&str; 5] =
    ["hs_call_title", "hs_call_direction", "hs_call_duration", "hs_call_disposition", "hs_call_status"];

const MEETING: [&str; 4] = ["hs_meeting_title", "hs_meeting_start_time", "hs_meeting_end_time", "hs_meeting_outcome"];

const EMAIL: [&str; 3] = ["hs_email_direction", "hs_email_status", "hs_email_subject"];

const TASK: [&str; 3] = ["hs_task_subject", "hs_task_status", "hs_task_completion_date"];

const GOAL: [&str; 9] = [
    "hs_goal_name",
    "hubspot_owner_id",
    "hubspot_team_id",
    "hs_assignee_team_id",
    "hs_assignee_property_name",
    "hs_target_amount",
    "hs_goal_target_currency_code",
    "hs_start_datetime",
    "hs_end_datetime",
];
