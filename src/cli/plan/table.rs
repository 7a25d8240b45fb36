//! A plan as a table: a row a step, a column a team.

use std::fmt::Write as _;

use crate::app::Planned;
use crate::calendar::Calendar;
use crate::goals::plan::Plan;

const SECONDS_A_DAY: f64 = 86_400.0;

/// The plans of each goal, one table behind the other.
pub(super) fn text(planned: &Planned, calendar: &Calendar) -> String {
    let mut text = String::new();
    for plans in planned.plans.chunk_by(|one, other| one.goal == other.goal) {
        let last_day = calendar.date(plans[0].period.end.plus_millis(-1));
        let first_day = calendar.date(plans[0].period.start);
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "{}, {first_day} to {last_day}, as of {}; at each team's own rates of 180 days\n",
            plans[0].goal, planned.at
        );
        let rows = rows(plans, calendar);
        let widths: Vec<usize> = (0..=plans.len())
            .map(|column| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0))
            .collect();
        for row in rows {
            let cells = row.iter().zip(&widths).skip(1).map(|(cell, width)| format!("  {cell:>width$}"));
            let _ = writeln!(text, "{:<2$}{}", row[0], cells.collect::<String>(), widths[0]);
        }
        text.push('\n');
    }
    text
}

fn rows(plans: &[Plan], calendar: &Calendar) -> Vec<Vec<String>> {
    let row = |name: &str, cell: &dyn Fn(&Plan) -> String| -> Vec<String> {
        [name.to_owned()].into_iter().chain(plans.iter().map(cell)).collect()
    };
    let figure = |name: &str, decimals: usize, value: &dyn Fn(&Plan) -> Option<f64>| {
        row(name, &|plan| value(plan).map_or("-".to_owned(), |value| format!("{value:.decimals$}")))
    };
    let day = |name: &str, of: &dyn Fn(&Plan) -> Option<crate::domain::Timestamp>| {
        row(name, &|plan| of(plan).map_or("-".to_owned(), |at| calendar.date(at).to_string()))
    };
    let mut rows = vec![
        row("", &|plan| plan.team.clone()),
        figure("target", 0, &|plan| Some(plan.target)),
        figure("won", 0, &|plan| Some(plan.won)),
        figure("average deal size", 0, &|plan| plan.rates.deal_size),
        figure("win ratio", 3, &|plan| plan.rates.win_ratio),
        figure("median cycle, days", 1, &|plan| Some(plan.rates.cycle_seconds? / SECONDS_A_DAY)),
        figure("deals to win", 1, &|plan| plan.wins),
        figure("deals to create", 1, &|plan| plan.deals),
        day("  from", &|plan| Some(plan.creation?.start)),
        day("  to", &|plan| Some(plan.creation?.end.plus_millis(-1))),
        figure("SQLs", 1, &|plan| plan.sqls),
        figure("active reps", 0, &|plan| Some(f64::from(plan.reps))),
        figure("working days", 0, &|plan| Some(f64::from(plan.days))),
    ];
    for (place, (name, _)) in plans[0].activities.iter().enumerate() {
        rows.push(figure(&format!("{name}, a rep and day"), 2, &|plan| plan.activities[place].1));
    }
    rows
}
