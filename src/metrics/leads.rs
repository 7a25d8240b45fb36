//! Leads.

use super::explain::{Asked, Explain, Part};
use super::shape::leaf_values;
use super::{AsOf, Frame, Group, Metric, Nature, Needs, Own, Shape};
use crate::domain::{Object, Timestamp};
use crate::exposition::Encoder;
use crate::measures::leads as measure;
use crate::measures::stats::Stat;

const LEADS: Needs =
    Needs { all: &[Object::Lead], any: &[], also: &[Object::User, Object::Team, Object::StatusChange] };
/// Contacts, since a lead and its contact are one prospect.
const ANSWERS: Needs = Needs {
    all: &[Object::Lead, Object::Activity],
    any: &[],
    also: &[Object::User, Object::Team, Object::StatusChange, Object::Contact],
};
const LEVELS: Needs = Needs {
    all: &[Object::Lead],
    any: &[],
    also: &[Object::User, Object::Team, Object::StatusChange, Object::Contact, Object::Account],
};

pub(super) const METRICS: &[Metric] = &[
    Metric {
        name: "crm_leads_created",
        help: "Leads created in the window.",
        group: Group::Leads,
        needs: LEADS,
        shape: Shape::Sum(&measure::CREATED),
        as_of: AsOf::Attributes,
        drop_order: 10,
        nature: Nature::Leading,
    },
    Metric {
        name: "crm_leads_qualified",
        help: "Leads that reached the level in the window: marketing (mql) or sales (sql) qualified.",
        group: Group::Leads,
        needs: LEADS,
        shape: Shape::Sum(&measure::QUALIFIED),
        as_of: AsOf::Attributes,
        drop_order: 10,
        nature: Nature::Leading,
    },
    Metric {
        name: "crm_leads_disqualified",
        help: "Leads disqualified now, by the time of the last change to it.",
        group: Group::Leads,
        needs: LEADS,
        shape: Shape::Sum(&measure::DISQUALIFIED),
        as_of: AsOf::Attributes,
        drop_order: 20,
        nature: Nature::Lagging,
    },
    Metric {
        name: "crm_leads_converted",
        help: "Leads converted with a deal, by the time of the conversion.",
        group: Group::Leads,
        needs: LEADS,
        shape: Shape::Sum(&measure::CONVERTED),
        as_of: AsOf::Attributes,
        drop_order: 10,
        nature: Nature::Leading,
    },
    Metric {
        name: "crm_leads_by_source",
        help: "Leads created, qualified, disqualified and converted in the window, by their source.",
        group: Group::Leads,
        needs: LEADS,
        shape: Shape::TeamSum(&measure::BY_SOURCE, &measure::CREATED_BY_SOURCE),
        as_of: AsOf::Attributes,
        drop_order: 40,
        nature: Nature::Leading,
    },
    Metric {
        name: "crm_lead_qualified_ratio",
        help: "Of the leads created in the window, the share that has reached the level.",
        group: Group::Leads,
        needs: LEADS,
        shape: Shape::Ratio(&measure::COHORT_QUALIFIED, &measure::COHORT),
        as_of: AsOf::Attributes,
        drop_order: 20,
        nature: Nature::Leading,
    },
    Metric {
        name: "crm_lead_response_seconds",
        help: "From the creation of inbound leads of the window to their prospect's first touch, where there is one.",
        group: Group::Leads,
        needs: ANSWERS,
        shape: Shape::Stats(&measure::RESPONSE, &[Stat::Mean, Stat::P50, Stat::P90]),
        as_of: AsOf::Attributes,
        drop_order: 10,
        nature: Nature::Leading,
    },
    Metric {
        name: "crm_lead_response_within_sla_ratio",
        help: "Of the inbound leads of the window that were answered or whose time has run out, the share answered in time.",
        group: Group::Leads,
        needs: ANSWERS,
        shape: Shape::Ratio(&measure::ANSWERED_IN_TIME, &measure::ANSWER_DUE),
        as_of: AsOf::Attributes,
        drop_order: 10,
        nature: Nature::Leading,
    },
    Metric {
        name: "crm_leads_unanswered",
        help: "Inbound leads, neither disqualified nor converted, without a touch since their creation.",
        group: Group::Now,
        needs: ANSWERS,
        shape: Shape::Level(&measure::UNANSWERED),
        as_of: AsOf::Attributes,
        drop_order: 5,
        nature: Nature::Leading,
    },
    Metric {
        name: "crm_leads_beyond_sla",
        help: "Of them, the leads that have waited longer than the SLA, by the configured clock.",
        group: Group::Now,
        needs: ANSWERS,
        shape: Shape::Level(&measure::BEYOND_SLA),
        as_of: AsOf::Attributes,
        drop_order: 5,
        nature: Nature::Leading,
    },
    Metric {
        name: "crm_lead_unanswered_oldest_seconds",
        help: "Age of the oldest unanswered lead.",
        group: Group::Now,
        needs: ANSWERS,
        shape: Shape::Own(Own { labels: &["team", "rep"], write: oldest, explain: Explain::Parts(oldest_parts) }),
        as_of: AsOf::Attributes,
        drop_order: 5,
        nature: Nature::Leading,
    },
    Metric {
        name: "crm_qualified_prospects",
        help: "Leads that reached sql in the window, by the level of the lead's title, else of its contact's.",
        group: Group::Leads,
        needs: LEVELS,
        shape: Shape::Sum(&measure::QUALIFIED_PROSPECTS),
        as_of: AsOf::Attributes,
        drop_order: 20,
        nature: Nature::Leading,
    },
    Metric {
        name: "crm_qualified_prospect_company_revenue_value",
        help: "Yearly revenue of the companies of the leads that reached sql in the window, where known.",
        group: Group::Leads,
        needs: LEVELS,
        shape: Shape::Stats(&measure::COMPANY_REVENUE, &[Stat::Mean, Stat::P50]),
        as_of: AsOf::Attributes,
        drop_order: 40,
        nature: Nature::Descriptive,
    },
    Metric {
        name: "crm_qualified_prospect_company_employees",
        help: "Number of people of the companies of the leads that reached sql in the window, where known.",
        group: Group::Leads,
        needs: LEVELS,
        shape: Shape::Stats(&measure::COMPANY_EMPLOYEES, &[Stat::Mean, Stat::P50]),
        as_of: AsOf::Attributes,
        drop_order: 40,
        nature: Nature::Descriptive,
    },
];

/// All unanswered leads: the oldest stands last.
fn oldest_parts(_: &Frame<'_>, asked: &Asked<'_>) -> Vec<Part> {
    let part = asked.level("unanswered leads", &measure::UNANSWERED);
    let oldest = part.records.as_ref().and_then(|records| records.oldest());
    let age = oldest.map(|at| asked.view.now.millis_since(at) as f64 / 1000.0);
    vec![Part { value: age, ..part.named("age of the oldest") }]
}

/// Age of the oldest unanswered lead of everybody who has one.
fn oldest(frame: &Frame<'_>, out: &mut Encoder) {
    let view = frame.view;
    let mut oldest: Vec<Option<Timestamp>> = vec![None; view.people.slots.len()];
    (measure::UNANSWERED.each)(view, &mut |standing| {
        // Of a lead without a creation time nobody knows the age.
        if standing.from > Timestamp::MIN {
            let known = &mut oldest[view.people.shown(standing.slot) as usize];
            *known = Some(known.map_or(standing.from, |at| at.min(standing.from)));
        }
    });
    let ages = oldest.into_iter().map(|at| at.map(|at| view.now.millis_since(at) as f64 / 1000.0));
    leaf_values(view, ages, out);
}
