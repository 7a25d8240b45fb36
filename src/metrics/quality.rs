//! Quality of data.

use super::{AsOf, Group, Metric, Nature, Needs, Shape};
use crate::domain::Object;
use crate::measures::quality as measure;

/// Each check is there where the records are that it looks at.
const CHECKS: Needs = Needs {
    all: &[],
    any: &[Object::Deal, Object::Lead, Object::Account, Object::Activity],
    also: &[
        Object::User,
        Object::Team,
        Object::Contact,
        Object::Pipeline,
        Object::Stage,
        Object::StageChange,
        Object::StatusChange,
        Object::CurrencyRate,
    ],
};

/// Values of the label `check`.
pub fn checks_of_quality() -> impl Iterator<Item = &'static str> {
    measure::Check::ALL.into_iter().map(measure::Check::name)
}

pub(super) const METRICS: &[Metric] = &[
    Metric {
        name: "crm_data_quality_issues",
        help: "Records that fail a check of the quality of data now, by their owner.",
        group: Group::Now,
        needs: CHECKS,
        shape: Shape::Level(&measure::ISSUES),
        as_of: AsOf::Attributes,
        drop_order: 55,
        nature: Nature::Descriptive,
    },
    Metric {
        name: "crm_data_quality_checked",
        help: "Records that the check looks at.",
        group: Group::Now,
        needs: CHECKS,
        shape: Shape::Level(&measure::CHECKED),
        as_of: AsOf::Attributes,
        drop_order: 55,
        nature: Nature::Descriptive,
    },
];
