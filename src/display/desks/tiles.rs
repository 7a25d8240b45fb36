//! Tiles that several boards show, and how they look: a figure for the whole floor, or one for each chosen team.

use serde_json::Value;

use super::quota::{self, When};
use crate::display::dashboard::{AT_RISK, BEHIND, Look, ON_PACE, Panel, Query, Steps, Unit, words};

/// A tile on the colour of its value.
pub(super) fn tile(title: &str, meaning: &str) -> Panel {
    Panel::stat(title, meaning).option("textMode", "value_and_name".into()).option("wideLayout", false.into())
}

/// A tile with figures, and beside them what they mean.
pub(super) fn judged(title: &str, meaning: &str, figures: &str, texts: Vec<Value>) -> Panel {
    tile(title, meaning)
        .query(Query::now(figures).legend("{{ team }}"))
        .query(Query::now(figures).legend("{{ team }}, in words"))
        .answer(1, [Look::Words(texts)])
}

/// A tile with a figure that is neither good nor bad in itself.
pub(super) fn quiet_tile(title: &str, meaning: &str) -> Panel {
    tile(title, meaning).option("colorMode", "value".into())
}

/// The forecast over the quota.
pub(super) fn forecast() -> Panel {
    let meaning = "Value that is as likely as not to be won by the end of the period (won so far and what comes of the \
                   open deals) over the quota. Deals yet to be created are no part of it, so it grows early in a period. \
                   It is crm_forecast_value (p50) over crm_goal_target.";
    judged("Forecast of target ($window)", meaning, &quota::forecast_of_target(), enough_words())
        .unit(Unit::Ratio)
        .decimals(0)
        .nothing("no quota for this period")
        .steps(enough())
}

/// Colours of a forecast over its target.
pub(super) fn enough() -> Steps {
    Steps::only(BEHIND).from(0.9, AT_RISK).from(1.0, ON_PACE)
}

/// The words of [`enough`].
pub(super) fn enough_words() -> Vec<Value> {
    words::from(&[(0.0, "short"), (0.9, "close"), (1.0, "enough")])
}

/// Open deals over what is missing to the quota.
pub(super) fn coverage() -> Panel {
    let meaning = "Value of the open deals that are expected to close in the period over what is missing to the target. \
                   With a win ratio of a third, three times what is missing is needed. Nothing is shown once the target is \
                   met. It is crm_pipeline_coverage_ratio.";
    let figures = quota::chosen(When::Now, "crm_pipeline_coverage_ratio", "window=\"$window\"");
    let texts = words::from(&[(0.0, "too thin"), (2.0, "thin"), (3.0, "covered")]);
    judged("Pipeline over missing ($window)", meaning, &figures, texts)
        .unit(Unit::Times)
        .decimals(1)
        .nothing("target met, or none set")
        .steps(covered())
}

/// Colours of coverage.
pub(super) fn covered() -> Steps {
    Steps::only(BEHIND).from(2.0, AT_RISK).from(3.0, ON_PACE)
}
