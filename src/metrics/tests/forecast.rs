//! What will have been won by the end of the period.

use super::Asked;
use super::deals::deal;
use crate::domain::{Deal, Object, Pipeline, Stage};
use crate::facts::testing::Org;

/// A Wednesday: month and quarter end on Tuesday the 31st.
const NOW: &str = "2026-03-18T12:00:00Z";

/// Of ten deals of Ana's that stayed in New for ten days of January, six were won, at 50 each. Bo has no deals.
fn org() -> Org {
    let mut org = Org::default();
    org.put("Sales", Pipeline { name: Some("Sales".into()), ..Default::default() });
    for (name, outcome) in [("New", "open"), ("Won", "won"), ("Lost", "lost")] {
        let (pipeline, name_given) = (Some("Sales".into()), Some(name.into()));
        org.put(name, Stage { pipeline, name: name_given, outcome: Some(outcome.into()), ..Default::default() });
    }
    org.user("Ana", "East").user("Bo", "West");
    for number in 0..10 {
        let (id, end) = (format!("january {number}"), if number < 6 { "Won" } else { "Lost" });
        let closed = deal("Ana", end, "2026-01-10", "2026-01-20", "50");
        org.put(&id, Deal { pipeline: Some("Sales".into()), ..closed });
        org.history(&id, &[("New", "2026-01-10"), (end, "2026-01-20")]);
    }
    org
}

fn open(org: &mut Org) {
    let open = deal("Ana", "New", "2026-03-18T12:00:00Z", "", "100");
    org.put("open", Deal { pipeline: Some("Sales".into()), ..open })
        .history("open", &[("New", "2026-03-18T12:00:00Z")]);
}

#[test]
fn the_forecast_is_what_is_won_and_what_comes_of_what_is_open() {
    let mut org = org();
    open(&mut org);
    // The open deal is won in six of ten cases: in most, but not in the one case of ten that is worst.
    Asked::new(org).figures_and_zeros(
        NOW,
        r#"
        crm_forecast_value{scope="org",team="",window="month",stat="p10"} 0
        crm_forecast_value{scope="org",team="",window="month",stat="p50"} 100
        crm_forecast_value{scope="org",team="",window="month",stat="p90"} 100
        crm_forecast_value{scope="team",team="East",window="month",stat="p10"} 0
        crm_forecast_value{scope="team",team="East",window="month",stat="p50"} 100
        crm_forecast_value{scope="team",team="East",window="month",stat="p90"} 100
        crm_forecast_value{scope="team",team="West",window="month",stat="p10"} 0
        crm_forecast_value{scope="team",team="West",window="month",stat="p50"} 0
        crm_forecast_value{scope="team",team="West",window="month",stat="p90"} 0
        crm_forecast_value{scope="org",team="",window="quarter",stat="p10"} 300
        crm_forecast_value{scope="org",team="",window="quarter",stat="p50"} 400
        crm_forecast_value{scope="org",team="",window="quarter",stat="p90"} 400
        crm_forecast_value{scope="team",team="East",window="quarter",stat="p10"} 300
        crm_forecast_value{scope="team",team="East",window="quarter",stat="p50"} 400
        crm_forecast_value{scope="team",team="East",window="quarter",stat="p90"} 400
        crm_forecast_value{scope="team",team="West",window="quarter",stat="p10"} 0
        crm_forecast_value{scope="team",team="West",window="quarter",stat="p50"} 0
        crm_forecast_value{scope="team",team="West",window="quarter",stat="p90"} 0
        "#,
    );
}

#[test]
fn its_windows_can_be_chosen() {
    let asked = Asked { metrics: "{windows: {forecast: [year]}}", ..Asked::new(org()) };
    let of_org = asked.value("crm_forecast_value", &[("scope", "org"), ("window", "year"), ("stat", "p50")], NOW);
    assert_eq!(of_org, Some(300.0));
    assert_eq!(asked.lines("crm_forecast_value", NOW).len(), 9);
    Asked { metrics: "{windows: {forecast: []}}", ..asked }.figures(NOW, "crm_forecast_value absent");
}

#[test]
fn what_nothing_is_known_of_is_absent() {
    let mut none_closed = Org::default();
    none_closed.user("Ana", "East");
    open(&mut none_closed);
    Asked::new(none_closed).figures(NOW, "crm_forecast_value absent");
    let mut half_loaded = org();
    half_loaded.deliver_in_part(Object::StageChange);
    Asked::new(half_loaded).figures(NOW, "crm_forecast_value absent");
}
