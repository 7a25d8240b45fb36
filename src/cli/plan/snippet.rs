//! A plan as goals, to be pasted into the settings.

use std::fmt::Write as _;

use crate::calendar::Period;
use crate::goals::plan::Plan;

/// Periods that a goal may have, shortest first, with their length in weeks.
const PERIODS: [(Period, f64); 4] =
    [(Period::Day, 0.0), (Period::Week, 1.0), (Period::Month, 52.0 / 12.0), (Period::Quarter, 13.0)];

/// A goal in the making.
struct Proposal {
    name: String,
    measure: String,
    /// Key of its targets: per rep of a team, or for the team as a whole.
    key: &'static str,
    /// Teams, what each needs a working day, and how many working days a week has.
    teams: Vec<(String, f64, f64)>,
}

/// Goals for what the plans need; empty where nothing more is needed or nothing is known.
pub(super) fn text(plans: &[Plan]) -> String {
    let proposals = plans.chunk_by(|one, other| one.goal == other.goal).flat_map(proposals);
    let goals: String = proposals.map(|proposal| goal(&proposal)).collect();
    match goals.is_empty() {
        true => String::new(),
        false => format!("# These go below `goals` in the settings.\ngoals:\n{goals}"),
    }
}

fn proposals(plans: &[Plan]) -> Vec<Proposal> {
    let goal = &plans[0].goal;
    let teams = |daily: &dyn Fn(&Plan) -> Option<f64>| -> Vec<(String, f64, f64)> {
        let needed = plans.iter().filter_map(|plan| Some((plan.team.clone(), daily(plan)?, plan.days_a_week)));
        needed.filter(|(_, daily, days)| *daily > 0.0 && *days > 0.0).collect()
    };
    let a_day = |plan: &Plan, total: Option<f64>| (plan.days > 0).then_some(total? / f64::from(plan.days));
    let mut all = vec![
        Proposal {
            name: format!("{goal}_deals_created"),
            measure: "crm_deals_created".to_owned(),
            key: "team_totals",
            teams: teams(&|plan| a_day(plan, plan.deals)),
        },
        Proposal {
            name: format!("{goal}_sqls"),
            measure: "crm_leads_qualified{level=\"sql\"}".to_owned(),
            key: "team_totals",
            teams: teams(&|plan| a_day(plan, plan.sqls)),
        },
    ];
    for (place, (name, _)) in plans[0].activities.iter().enumerate() {
        all.push(Proposal {
            name: format!("{goal}_{name}"),
            measure: format!("crm_key_activities{{activity={name:?}}}"),
            key: "teams",
            teams: teams(&|plan| plan.activities[place].1),
        });
    }
    all.retain(|proposal| !proposal.teams.is_empty());
    all
}

/// The goal over the shortest period in which nobody's target is less than one.
fn goal(proposal: &Proposal) -> String {
    let target = |weeks: f64, (_, daily, days): &(String, f64, f64)| match weeks {
        0.0 => *daily,
        weeks => daily * days * weeks,
    };
    let fits = |(_, weeks): &(Period, f64)| proposal.teams.iter().all(|team| target(*weeks, team) >= 1.0);
    let (period, weeks) = PERIODS.into_iter().find(fits).unwrap_or(PERIODS[PERIODS.len() - 1]);
    // Rounded up to a tenth, but not for the last bit of a float.
    let up = |value: f64| (value * 10.0 - 1e-9).ceil() / 10.0;
    let teams = proposal.teams.iter().map(|team| format!("{}: {}", quoted(&team.0), up(target(weeks, team))));
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = writeln!(text, "  {}:", quoted(&format!("plan_{}", proposal.name)));
    let _ = writeln!(text, "    measure: {}", quoted(&proposal.measure));
    let _ = writeln!(text, "    window: {}", period.name());
    let _ = writeln!(text, "    target: {{{}: {{{}}}}}", proposal.key, teams.collect::<Vec<_>>().join(", "));
    text
}

/// A text as YAML and JSON both write it.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
