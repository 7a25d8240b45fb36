//! `plan`: what it takes to reach a value target, as a table and as goals to be pasted.

mod snippet;
mod table;

use std::sync::Arc;

use super::{Global, PlanArgs, instant, parts, print};
use crate::app;
use crate::metrics::Horizon;

pub(super) fn run(global: &Global, arguments: &PlanArgs) -> anyhow::Result<()> {
    let parts = Arc::new(parts(global)?);
    let horizon = if arguments.next { Horizon::Next } else { Horizon::Rest };
    let mut planned = app::plan(&parts, horizon, instant(arguments.now))?;
    let is_wanted = |wanted: &Option<String>, name: &String| wanted.as_ref().is_none_or(|wanted| wanted == name);
    planned.plans.retain(|plan| is_wanted(&arguments.goal, &plan.goal) && is_wanted(&arguments.team, &plan.team));
    anyhow::ensure!(
        !planned.plans.is_empty(),
        "there is nothing to plan: no goal on crm_deals_won_value has a target of such a team in this period"
    );
    print(&(table::text(&planned, &parts.calendar) + &snippet::text(&planned.plans)))
}
