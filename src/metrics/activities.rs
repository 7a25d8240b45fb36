//! Activities and prospecting.

use super::{AsOf, Group, Metric, Nature, Needs, Shape};
use crate::domain::Object;
use crate::measures::activities as measure;

const ACTIVITIES: Needs = Needs { all: &[Object::Activity], any: &[], also: &[Object::User, Object::Team] };
/// Rules of key activities may look at levels of prospects and stages of deals.
const RULES: Needs = Needs {
    all: &[Object::Activity],
    any: &[],
    also: &[
        Object::User,
        Object::Team,
        Object::Contact,
        Object::Lead,
        Object::Deal,
        Object::Stage,
        Object::StageChange,
    ],
};
const TOUCHES: Needs =
    Needs { all: &[Object::Activity], any: &[Object::Contact, Object::Lead], also: &[Object::User, Object::Team] };

pub(super) const METRICS: &[Metric] = &[
    Metric {
        name: "crm_activities",
        help: "Done activities in the window, inbound ones too.",
        group: Group::Activities,
        needs: ACTIVITIES,
        shape: Shape::Sum(&measure::DONE),
        as_of: AsOf::Attributes,
        drop_order: 10,
        nature: Nature::Leading,
    },
    Metric {
        name: "crm_activity_seconds",
        help: "Sum of the durations of done activities in the window, where known.",
        group: Group::Activities,
        needs: ACTIVITIES,
        shape: Shape::Sum(&measure::SECONDS),
        as_of: AsOf::Attributes,
        drop_order: 20,
        nature: Nature::Leading,
    },
    Metric {
        name: "crm_key_activities",
        help: "Done activities in the window that match the named rule.",
        group: Group::Activities,
        needs: RULES,
        shape: Shape::Sum(&measure::KEY),
        as_of: AsOf::Attributes,
        drop_order: 10,
        nature: Nature::Leading,
    },
    Metric {
        name: "crm_meetings_no_show",
        help: "Meetings with start in the window that the CRM marks as no-show.",
        group: Group::Activities,
        needs: ACTIVITIES,
        shape: Shape::Sum(&measure::NO_SHOW),
        as_of: AsOf::Attributes,
        drop_order: 20,
        nature: Nature::Leading,
    },
    Metric {
        name: "crm_activities_scheduled",
        help: "Open activities dated from now (a task due on a date: from today) to the end of the day seven days ahead.",
        group: Group::Now,
        needs: ACTIVITIES,
        shape: Shape::Level(&measure::SCHEDULED),
        as_of: AsOf::None,
        drop_order: 20,
        nature: Nature::Leading,
    },
    Metric {
        name: "crm_prospects_approached",
        help: "Prospects whose first touch lies in the window, for the rep who made it.",
        group: Group::Activities,
        needs: TOUCHES,
        shape: Shape::Sum(&measure::APPROACHED),
        as_of: AsOf::Attributes,
        drop_order: 10,
        nature: Nature::Leading,
    },
    Metric {
        name: "crm_contacts_touched",
        help: "Distinct prospects touched in the window.",
        group: Group::Activities,
        needs: TOUCHES,
        shape: Shape::Distinct(&measure::TOUCHES),
        as_of: AsOf::Attributes,
        drop_order: 20,
        nature: Nature::Leading,
    },
    Metric {
        name: "crm_follow_ups",
        help: "Touches in the window that are not the prospect's first.",
        group: Group::Activities,
        needs: TOUCHES,
        shape: Shape::Sum(&measure::FOLLOW_UPS),
        as_of: AsOf::Attributes,
        drop_order: 10,
        nature: Nature::Leading,
    },
    Metric {
        name: "crm_follow_ups_per_contact",
        help: "Follow-ups in the window per prospect touched in it.",
        group: Group::Activities,
        needs: TOUCHES,
        shape: Shape::PerDistinct(&measure::FOLLOW_UPS, &measure::TOUCHES),
        as_of: AsOf::Attributes,
        drop_order: 30,
        nature: Nature::Leading,
    },
    Metric {
        name: "crm_last_activity_timestamp_seconds",
        help: "Date of the latest done activity.",
        group: Group::Now,
        needs: ACTIVITIES,
        shape: Shape::Latest(&measure::DONE),
        as_of: AsOf::Attributes,
        drop_order: 20,
        nature: Nature::Descriptive,
    },
];
