//! The types of objects, and how they differ.

use super::properties::Definition;

/// A type of object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Kind {
    Contacts,
    Companies,
    Deals,
    Tickets,
    Tasks,
    Notes,
    Meetings,
    Calls,
    Emails,
    GoalTargets,
    Leads,
}

impl Kind {
    pub(crate) const ALL: [Kind; 11] = [
        Kind::Contacts,
        Kind::Companies,
        Kind::Deals,
        Kind::Tickets,
        Kind::Tasks,
        Kind::Notes,
        Kind::Meetings,
        Kind::Calls,
        Kind::Emails,
        Kind::GoalTargets,
        Kind::Leads,
    ];

    /// What paths call it: by name or by id.
    pub(crate) fn named(text: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.name() == text || kind.id() == text)
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Kind::Contacts => "contacts",
            Kind::Companies => "companies",
            Kind::Deals => "deals",
            Kind::Tickets => "tickets",
            Kind::Tasks => "tasks",
            Kind::Notes => "notes",
            Kind::Meetings => "meetings",
            Kind::Calls => "calls",
            Kind::Emails => "emails",
            Kind::GoalTargets => "goal_targets",
            Kind::Leads => "leads",
        }
    }

    pub(crate) fn singular(self) -> &'static str {
        match self {
            Kind::Companies => "company",
            other => other.name().trim_end_matches('s'),
        }
    }

    pub(crate) fn id(self) -> &'static str {
        match self {
            Kind::Contacts => "0-1",
            Kind::Companies => "0-2",
            Kind::Deals => "0-3",
            Kind::Tickets => "0-5",
            Kind::Tasks => "0-27",
            Kind::Notes => "0-46",
            Kind::Meetings => "0-47",
            Kind::Calls => "0-48",
            Kind::Emails => "0-49",
            Kind::GoalTargets => "0-74",
            Kind::Leads => "0-136",
        }
    }

    pub(crate) fn is_activity(self) -> bool {
        matches!(self, Kind::Tasks | Kind::Notes | Kind::Meetings | Kind::Calls | Kind::Emails)
    }

    /// The property with the date of the last modification; the name of the other kinds' matches nothing.
    pub(crate) fn modified_property(self) -> &'static str {
        if self == Kind::Contacts { "lastmodifieddate" } else { "hs_lastmodifieddate" }
    }

    /// The property with the date of creation.
    pub(crate) fn created_property(self) -> &'static str {
        match self {
            Kind::Contacts | Kind::Companies | Kind::Deals | Kind::Tickets => "createdate",
            _ => "hs_createdate",
        }
    }

    /// The properties that hold stage and pipeline, of kinds that have them.
    pub(crate) fn stage_properties(self) -> Option<(&'static str, &'static str)> {
        match self {
            Kind::Deals => Some(("dealstage", "pipeline")),
            Kind::Leads | Kind::Tickets => Some(("hs_pipeline_stage", "hs_pipeline")),
            _ => None,
        }
    }

    /// The scope that reading it takes. Activities ride on that of contacts.
    pub(crate) fn scope(self) -> &'static str {
        match self {
            Kind::Companies => "crm.objects.companies.read",
            Kind::Deals => "crm.objects.deals.read",
            Kind::Tickets => "tickets",
            Kind::GoalTargets => "crm.objects.goals.read",
            Kind::Leads => "crm.objects.leads.read",
            _ => "crm.objects.contacts.read",
        }
    }

    /// What comes back when no property is asked for, besides id and dates.
    pub(crate) fn default_properties(self) -> &'static [&'static str] {
        match self {
            Kind::Contacts => &["email", "firstname", "lastname"],
            Kind::Companies => &["name", "domain"],
            Kind::Deals => &["amount", "closedate", "dealname", "dealstage", "pipeline"],
            Kind::Tickets => &["subject", "hs_pipeline", "hs_pipeline_stage"],
            _ => &[],
        }
    }

    /// The properties that every account has.
    pub(super) fn definitions(self) -> Vec<Definition> {
        let own: &[(&str, &str)] = match self {
            Kind::Contacts => CONTACTS,
            Kind::Companies => COMPANIES,
            Kind::Deals => DEALS,
            Kind::Tickets => TICKETS,
            Kind::GoalTargets => GOALS,
            Kind::Leads => LEADS,
            Kind::Tasks => TASKS,
            Kind::Notes => NOTES,
            Kind::Meetings => MEETINGS,
            Kind::Calls => CALLS,
            Kind::Emails => EMAILS,
        };
        let dates = [(self.created_property(), "datetime"), (self.modified_property(), "datetime")];
        let all = COMMON.iter().copied().chain(dates).chain(own.iter().copied());
        let mut definitions: Vec<Definition> =
            all.map(|(name, value_type)| Definition::given(name, value_type)).collect();
        if let Kind::Contacts | Kind::Companies = self {
            let entered = |stage| Definition::given(&format!("hs_v2_date_entered_{stage}"), "datetime");
            definitions.extend(LIFECYCLE_STAGES.map(entered));
        }
        definitions
    }
}

const LIFECYCLE_STAGES: [&str; 8] = [
    "subscriber",
    "lead",
    "marketingqualifiedlead",
    "salesqualifiedlead",
    "opportunity",
    "customer",
    "evangelist",
    "other",
];

/// Name and type of value.
type Properties = &'static [(&'static str, &'static str)];

const COMMON: Properties = &[
    ("hs_object_id", "number"),
    ("hubspot_owner_id", "enumeration"),
    ("hubspot_team_id", "enumeration"),
    ("hs_merged_object_ids", "enumeration"),
    ("hs_created_by_user_id", "number"),
    ("hs_object_source", "string"),
];

const CONTACTS: Properties = &[
    ("email", "string"),
    ("firstname", "string"),
    ("lastname", "string"),
    ("jobtitle", "string"),
    ("hs_seniority", "enumeration"),
    ("hs_role", "enumeration"),
    ("hs_buying_role", "enumeration"),
    ("associatedcompanyid", "number"),
    ("lifecyclestage", "enumeration"),
    ("hs_lead_status", "enumeration"),
    ("hs_calculated_merged_vids", "string"),
    ("hs_analytics_source", "enumeration"),
    ("notes_last_contacted", "datetime"),
    ("notes_last_updated", "datetime"),
];

const COMPANIES: Properties = &[
    ("name", "string"),
    ("domain", "string"),
    ("industry", "enumeration"),
    ("numberofemployees", "number"),
    ("annualrevenue", "number"),
    ("hs_is_target_account", "bool"),
    ("hs_ideal_customer_profile", "enumeration"),
    ("country", "string"),
    ("type", "enumeration"),
    ("lifecyclestage", "enumeration"),
    ("notes_last_contacted", "datetime"),
    ("notes_last_updated", "datetime"),
];

const DEALS: Properties = &[
    ("dealname", "string"),
    ("amount", "number"),
    ("amount_in_home_currency", "number"),
    ("deal_currency_code", "enumeration"),
    ("hs_exchange_rate", "number"),
    ("hs_forecast_amount", "number"),
    ("hs_manual_forecast_category", "enumeration"),
    ("hs_forecast_probability", "number"),
    ("hs_projected_amount", "number"),
    ("hs_projected_amount_in_home_currency", "number"),
    ("hs_deal_stage_probability", "number"),
    ("dealstage", "enumeration"),
    ("pipeline", "enumeration"),
    ("hs_is_closed", "bool"),
    ("hs_is_closed_won", "bool"),
    ("hs_is_closed_lost", "bool"),
    ("closedate", "datetime"),
    ("hubspot_owner_assigneddate", "datetime"),
    ("closed_lost_reason", "string"),
    ("closed_won_reason", "string"),
    ("hs_all_collaborator_owner_ids", "enumeration"),
    ("dealtype", "enumeration"),
    ("hs_arr", "number"),
    ("hs_mrr", "number"),
    ("hs_acv", "number"),
    ("hs_tcv", "number"),
    ("notes_last_contacted", "datetime"),
    ("notes_last_updated", "datetime"),
    ("notes_next_activity_date", "datetime"),
    ("num_contacted_notes", "number"),
    ("num_notes", "number"),
    ("num_associated_contacts", "number"),
    ("hs_is_stalled_after_timestamp", "datetime"),
    ("hs_v2_date_entered_current_stage", "datetime"),
    ("hs_analytics_source", "enumeration"),
];

const TICKETS: Properties =
    &[("subject", "string"), ("hs_pipeline", "enumeration"), ("hs_pipeline_stage", "enumeration")];

const LEADS: Properties = &[
    ("hs_lead_name", "string"),
    ("hs_lead_type", "enumeration"),
    ("hs_lead_label", "enumeration"),
    ("hs_lead_source", "enumeration"),
    ("hs_pipeline", "enumeration"),
    ("hs_pipeline_stage", "enumeration"),
    ("hs_lead_is_disqualified", "bool"),
    ("hs_lead_disqualification_reason", "enumeration"),
    ("hs_lead_associated_deals_count", "number"),
    ("hs_primary_contact_id", "number"),
    ("hs_lead_first_outreach_date", "datetime"),
];

const GOALS: Properties = &[
    ("hs_group_correlation_uuid", "string"),
    ("hs_goal_target_group_id", "string"),
    ("hs_goal_name", "string"),
    ("hs_goal_type", "enumeration"),
    ("hs_milestone", "enumeration"),
    ("hs_target_amount", "number"),
    ("hs_start_datetime", "datetime"),
    ("hs_end_datetime", "datetime"),
    ("hs_kpi_value", "number"),
    ("hs_pipeline_ids", "enumeration"),
    ("hs_assignee_team_id", "number"),
    ("hs_assignee_property_name", "string"),
    ("hs_kpi_object_type_id", "string"),
    ("hs_kpi_property_name", "string"),
    ("hs_kpi_unit_type", "enumeration"),
    ("hs_goal_target_currency_code", "string"),
];

const TASKS: Properties = &[
    ("hs_timestamp", "datetime"),
    ("hs_task_subject", "string"),
    ("hs_task_status", "enumeration"),
    ("hs_task_type", "enumeration"),
    ("hs_task_priority", "enumeration"),
    ("hs_task_completion_date", "datetime"),
];

const NOTES: Properties = &[("hs_timestamp", "datetime"), ("hs_note_body", "string")];

const MEETINGS: Properties = &[
    ("hs_timestamp", "datetime"),
    ("hs_meeting_title", "string"),
    ("hs_meeting_start_time", "datetime"),
    ("hs_meeting_end_time", "datetime"),
    ("hs_meeting_outcome", "enumeration"),
    ("hs_activity_type", "enumeration"),
    ("hs_attendee_owner_ids", "enumeration"),
    ("hs_meeting_location_type", "enumeration"),
];

const CALLS: Properties = &[
    ("hs_timestamp", "datetime"),
    ("hs_call_title", "string"),
    ("hs_call_direction", "enumeration"),
    ("hs_call_duration", "number"),
    ("hs_call_disposition", "enumeration"),
    ("hs_call_status", "enumeration"),
    ("hs_activity_type", "enumeration"),
];

const EMAILS: Properties = &[
    ("hs_timestamp", "datetime"),
    ("hs_email_direction", "enumeration"),
    ("hs_email_status", "enumeration"),
    ("hs_email_subject", "string"),
    ("hs_email_text", "string"),
];
