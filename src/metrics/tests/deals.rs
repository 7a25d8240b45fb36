//! Deals: results.

use super::Asked;
use crate::domain::{Deal, Pipeline, Stage};
use crate::facts::testing::{Org, decimal, when};

/// One pipeline `Sales` with stages New, Talk, Won, Lost; teams East (Ana, Bo) and West (Cy).
pub(crate) fn org() -> Org {
    let mut org = Org::default();
    org.put("Sales", Pipeline { name: Some("Sales".into()), ..Default::default() });
    for (position, (name, outcome)) in
        [("New", "open"), ("Talk", "open"), ("Won", "won"), ("Lost", "lost")].iter().enumerate()
    {
        let stage = Stage {
            pipeline: Some("Sales".into()),
            name: Some((*name).to_owned()),
            position: Some(position as i64),
            outcome: Some((*outcome).to_owned()),
            ..Default::default()
        };
        org.put(name, stage);
    }
    org.user("Ana", "East").user("Bo", "East").user("Cy", "West");
    org
}

/// A deal of `owner` in `stage`, created and closed then, worth so many dollars.
pub(crate) fn deal(owner: &str, stage: &str, created: &str, closed: &str, amount: &str) -> Deal<String> {
    Deal {
        owner: Some(owner.to_owned()),
        pipeline: Some("Sales".into()),
        stage: Some(stage.to_owned()),
        currency: Some("USD".into()),
        amount: if amount.is_empty() { None } else { decimal(amount) },
        created_at: if created.is_empty() { None } else { when(created) },
        closed_at: if closed.is_empty() { None } else { when(closed) },
        ..Default::default()
    }
}

const NOW: &str = "2026-03-18T12:00:00Z";

#[test]
fn results_count_in_the_window_of_their_close() {
    let mut org = org();
    org.put("1", deal("Ana", "Won", "2026-01-10", "2026-03-18", "100.50"));
    org.put("2", deal("Ana", "Won", "2026-01-10", "2026-03-01", "50"));
    org.put("3", deal("Ana", "Lost", "2026-01-10", "2026-02-28", "70"));
    org.put("4", deal("Bo", "Won", "2026-03-17", "2026-03-18T12:10:00Z", ""));
    let asked = Asked::new(org);
    let won = |rep, window| asked.value("crm_deals_won", &[("rep", rep), ("window", window)], NOW);
    assert_eq!(won("Ana", "day"), Some(1.0));
    assert_eq!(won("Ana", "month"), Some(2.0));
    assert_eq!(won("Ana", "quarter"), Some(2.0));
    assert_eq!(won("Ana", "previous_month"), Some(0.0));
    // Ten minutes ahead is a clock that differs.
    assert_eq!(won("Bo", "day"), Some(1.0));
    // Cy owns no deal at all and reads 0 all the same.
    assert_eq!(won("Cy", "year"), Some(0.0));
    let value = |rep, window| asked.value("crm_deals_won_value", &[("rep", rep), ("window", window)], NOW);
    assert_eq!(value("Ana", "month"), Some(150.5));
    assert_eq!(value("Bo", "month"), Some(0.0));
    assert_eq!(asked.value("crm_deals_lost", &[("rep", "Ana"), ("window", "previous_month")], NOW), Some(1.0));
    let size =
        |rep| asked.value("crm_deal_size_average", &[("scope", "rep"), ("rep", rep), ("window", "quarter")], NOW);
    assert_eq!(size("Ana"), Some(75.25));
    assert_eq!(size("Bo"), None, "a deal without an amount is left out of averages");
    let ratio = |labels: &[(&str, &str)]| asked.value("crm_win_ratio", labels, NOW);
    assert_eq!(ratio(&[("scope", "rep"), ("rep", "Ana"), ("window", "quarter")]), Some(2.0 / 3.0));
    assert_eq!(ratio(&[("scope", "team"), ("team", "East"), ("window", "quarter")]), Some(0.75));
    assert_eq!(ratio(&[("scope", "org"), ("window", "quarter")]), Some(0.75));
    assert_eq!(ratio(&[("scope", "team"), ("team", "West"), ("window", "quarter")]), None);
}
