//! Whether the goals themselves are in order: few enough to be remembered, early enough to act on, and still the right
//! ones. What is said here is a warning: nothing is wrong with the settings.

use chrono::{Months, NaiveDate};

use super::{Nature, find};
use crate::goals::Goal;

/// So many goals are enough to steer by.
const FEWEST: usize = 5;

/// More than so many nobody keeps in mind.
const MOST: usize = 8;

/// What is doubtful about goals on the day `today`, a sentence each: first of the `roles`, then of each goal in order.
/// Without any role, the goals of every rep are looked at together. Without any goal there is nothing to say.
pub fn doubts(goals: &[Goal], roles: &[&str], today: NaiveDate) -> Vec<String> {
    if goals.is_empty() {
        return Vec::new();
    }
    let named = roles.iter().map(|role| (format!("the role {role}"), Some(*role)));
    let everybody = roles.is_empty().then(|| ("every rep".to_owned(), None));
    let populations = named.chain(everybody).flat_map(|(who, role)| {
        let own: Vec<&Goal> = goals.iter().filter(|goal| goal.is_for_role(role, today)).collect();
        [number(&who, own.len()), only_lagging(&who, &own)]
    });
    populations.chain(goals.iter().map(|goal| review(goal, today))).flatten().collect()
}

fn number(who: &str, count: usize) -> Option<String> {
    let goals = if count == 1 { "goal" } else { "goals" };
    match count {
        FEWEST..=MOST => None,
        ..FEWEST => Some(format!(
            "{who} has {count} {goals}, fewer than {FEWEST}: what has none is easily left undone; add those that drive results"
        )),
        _ => Some(format!(
            "{who} has {count} goals, more than {MOST}: nobody keeps so many in mind; keep those that drive results"
        )),
    }
}

fn only_lagging(who: &str, goals: &[&Goal]) -> Option<String> {
    let is_leading = |goal: &&Goal| nature(goal) == Some(Nature::Leading);
    let has_lagging = goals.iter().any(|goal| nature(goal) == Some(Nature::Lagging));
    let names: Vec<&str> = goals.iter().map(|goal| goal.name.as_str()).collect();
    (has_lagging && !goals.iter().any(is_leading)).then(|| {
        format!(
            "{who} has no leading goal, only {}: they tell when it is too late to act; add one on what people do, such as \
             crm_activities or crm_leads_qualified",
            names.join(", ")
        )
    })
}

fn nature(goal: &Goal) -> Option<Nature> {
    find(goal.measured.metric).map(|metric| metric.nature)
}

fn review(goal: &Goal, today: NaiveDate) -> Option<String> {
    let name = &goal.name;
    let remedy = format!("ask whether it is still the right goal, and write the day as goals.{name}.reviewed_on");
    match goal.reviewed_on {
        None => Some(format!("the goal {name} was never reviewed; {remedy}")),
        Some(date) if date < today.checked_sub_months(Months::new(12)).unwrap_or(NaiveDate::MIN) => {
            Some(format!("the goal {name} was last reviewed on {date}, more than a year ago; {remedy}"))
        }
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use indexmap::IndexMap;

    use super::*;
    use crate::facts::testing::yaml;
    use crate::goals::{Goals, settings};
    use crate::metrics::measured::resolve;

    const TODAY: &str = "2026-03-18";

    fn goals(text: &str) -> Vec<Goal> {
        let goals: IndexMap<String, settings::Goal> = yaml(text);
        Goals::new(&goals, &IndexMap::new(), &settings::Records::default(), &resolve).unwrap().goals
    }

    /// A goal that was reviewed not long ago.
    fn goal(name: &str, measure: &str, more: &str) -> String {
        format!("{name}: {{measure: {measure}, window: week, reviewed_on: 2026-01-10, {more}}}")
    }

    fn many(count: usize, measure: &str, more: &str) -> String {
        (0..count).map(|nth| goal(&format!("g{nth}"), measure, more) + "\n").collect()
    }

    fn said(text: &str, roles: &[&str]) -> Vec<String> {
        doubts(&goals(text), roles, TODAY.parse().unwrap())
    }

    const ALL: &str = "target: {default: 1}";
    const AES: &str = "target: {roles: {ae: 1}}";

    #[test]
    fn five_to_eight_goals_are_as_it_should_be() {
        for (count, expected) in [
            (
                4,
                Some(
                    "every rep has 4 goals, fewer than 5: what has none is easily left undone; add those that drive results",
                ),
            ),
            (5, None),
            (8, None),
            (
                9,
                Some("every rep has 9 goals, more than 8: nobody keeps so many in mind; keep those that drive results"),
            ),
        ] {
            let expected: Vec<&str> = expected.into_iter().collect();
            assert_eq!(said(&many(count, "crm_activities", ALL), &[]), expected);
        }
        assert_eq!(said("{}", &["ae"]), [""; 0]);
    }

    #[test]
    fn roles_have_the_goals_that_their_reps_can_have() {
        // Five for everybody; of single reps, of teams as a whole and of everybody together none is a role's.
        let five = many(5, "crm_activities", ALL);
        let others = [
            goal("own", "crm_activities", "target: {reps: {ana@example.com: 1}}"),
            goal("team", "crm_activities", "target: {team_totals: {East: 1}}"),
            goal("org", "crm_activities", "target: {org: 1}"),
            goal("bdrs", "crm_activities", "target: {roles: {bdr: 1}}"),
            goal(
                "over",
                "crm_activities",
                "target: {roles: {bdr: 1}}, effective: [{from: 2026-03-01, target: {org: 1}}]",
            ),
        ];
        let text = five + &others.join("\n") + "\n";
        assert_eq!(said(&text, &["ae", "bdr"]), [""; 0]);
        assert_eq!(
            said(&text.replace("g4: {", "g4: {effective: [{from: 2026-03-18, target: {org: 1}}], "), &["ae", "bdr"])
                .len(),
            1
        );
        let one = goal("only", "crm_activities", AES);
        assert_eq!(
            said(&one, &["ae", "bdr"]),
            [
                "the role ae has 1 goal, fewer than 5: what has none is easily left undone; add those that drive results",
                "the role bdr has 0 goals, fewer than 5: what has none is easily left undone; add those that drive results",
            ]
        );
    }

    #[test]
    fn goals_on_results_alone_come_too_late() {
        let lagging = many(5, "crm_deals_won", ALL);
        assert_eq!(
            said(&lagging, &["ae"]),
            [
                "the role ae has no leading goal, only g0, g1, g2, g3, g4: they tell when it is too late to act; add one on what \
              people do, such as crm_activities or crm_leads_qualified"
            ]
        );
        assert_eq!(said(&(lagging.clone() + &goal("calls", "crm_activities", AES)), &["ae"]), [""; 0]);
        // What describes does not lead.
        let quality = "crm_data_quality_issues, lower_is_better: true";
        assert_eq!(said(&(lagging + &goal("quality", quality, AES)), &["ae"]).len(), 1);
    }

    #[test]
    fn goals_are_to_be_reviewed_every_year() {
        let reviewed = |on: &str| many(5, "crm_activities", ALL).replacen("reviewed_on: 2026-01-10, ", on, 1);
        let remedy = "ask whether it is still the right goal, and write the day as goals.g0.reviewed_on";
        for (on, expected) in [
            ("", Some(format!("the goal g0 was never reviewed; {remedy}"))),
            (
                "reviewed_on: 2025-03-17, ",
                Some(format!("the goal g0 was last reviewed on 2025-03-17, more than a year ago; {remedy}")),
            ),
            ("reviewed_on: 2025-03-18, ", None),
        ] {
            assert_eq!(said(&reviewed(on), &[]), expected.into_iter().collect::<Vec<_>>(), "{on}");
        }
    }
}
