//! The forecast, worked by hand and by property.

use proptest::prelude::*;

use super::draws::{Draws, factors, seed};
use super::history::{Fate, Followed};
use super::*;
use crate::domain::{Deal, Object};
use crate::facts::testing::Org;
use crate::metrics::tests::deals::{deal, put_sales};

/// A Wednesday; the quarter ends on the 31st.
const NOW: &str = "2026-03-18T12:00:00Z";

/// A stay of so many milliseconds in the one stage, of a deal that was closed or followed until then.
pub(super) fn stay(stayed: i64, until: i64, fate: Fate) -> Followed {
    let has_left = fate != Fate::Open || stayed < until;
    Followed { place: (0, 0), from: Timestamp(0), stayed, has_left, until, fate, team: 0, value: 1.0 }
}

/// The pipeline `Sales`: New, Talk, Won, Lost; Ana of team East and Bo of team West.
fn org() -> Org {
    let mut org = Org::default();
    put_sales(&mut org);
    org.user("Ana", "East").user("Bo", "West");
    org.deliver(Object::StageChange);
    org
}

/// A deal with its history; the last stage is the present one.
fn put(org: &mut Org, id: &str, owner: &str, amount: &str, history: &[(&str, &str)]) {
    let (first, last) = (history[0], history[history.len() - 1]);
    let closed = if ["Won", "Lost"].contains(&last.0) { last.1 } else { "" };
    let record = deal(owner, last.0, first.1, closed, amount);
    org.put(id, Deal { pipeline: Some("Sales".into()), ..record }).history(id, history);
}

/// Ten deals that were in New for ten days of January: so many of them were won from there.
fn ten_of_january(org: &mut Org, won: usize) {
    for number in 0..10 {
        let end = if number < won { "Won" } else { "Lost" };
        put(org, &format!("january {number}"), "Ana", "50", &[("New", "2026-01-10"), (end, "2026-01-20")]);
    }
}

/// The forecast of the quarter at an instant.
fn with_forecast<T>(org: &Org, now: &str, of: impl Fn(&View<'_>, Option<Forecast>) -> T) -> T {
    let (facts, people) = (org.facts(), org.people());
    let view = View::new(&facts, &people, &org.coverage, now.parse().unwrap());
    let forecast = Forecast::new(&view, &History::new(&view), Period::Quarter);
    of(&view, forecast)
}

/// Values and probabilities of the open deals, by value.
fn chances_of(org: &Org, now: &str) -> Vec<(f64, f64)> {
    with_forecast(org, now, |_, forecast| {
        let mut chances: Vec<(f64, f64)> =
            forecast.unwrap().chances.iter().map(|chance| (chance.value / 100.0, chance.probability)).collect();
        chances.sort_by(|one, other| one.0.total_cmp(&other.0));
        chances
    })
}

fn quantiles_of(org: &Org, now: &str) -> BTreeMap<Scope, Quantiles> {
    with_forecast(org, now, |view, forecast| forecast.unwrap().quantiles(view))
}

#[test]
fn a_deal_is_as_likely_to_be_won_as_those_before_it() {
    let mut org = org();
    ten_of_january(&mut org, 6);
    // Came into the stage today; thirteen and a half days are left, and all were decided after ten.
    put(&mut org, "open", "Ana", "100", &[("New", "2026-03-18T12:00:00Z")]);
    let [(value, probability)] = chances_of(&org, NOW)[..] else { panic!() };
    assert_eq!(value, 100.0);
    assert!((probability - 0.6).abs() < 1e-9, "{probability}");
}

#[test]
fn what_is_left_of_the_quarter_decides() {
    let mut org = org();
    ten_of_january(&mut org, 6);
    put(&mut org, "open", "Ana", "100", &[("New", "2026-03-25T12:00:00Z")]);
    // Of those that came into the stage as late none was decided in the six days and a half that are left.
    let [(_, probability)] = chances_of(&org, "2026-03-25T12:00:00Z")[..] else { panic!() };
    assert!(probability.abs() < 1e-9, "{probability}");
}

#[test]
fn a_stage_with_little_history_is_drawn_towards_the_pipeline() {
    let mut org = org();
    ten_of_january(&mut org, 4);
    // Two came through Talk, and both were won.
    for id in ["a", "b"] {
        put(&mut org, id, "Ana", "50", &[("New", "2026-01-05"), ("Talk", "2026-01-10"), ("Won", "2026-01-20")]);
    }
    put(&mut org, "open", "Ana", "100", &[("New", "2026-03-01"), ("Talk", "2026-03-18T12:00:00Z")]);
    let [(_, probability)] = chances_of(&org, NOW)[..] else { panic!() };
    // Stays that ended in time: 12 in New (6 of their deals won in 13.5 days or less: two took 15), and 2 in Talk. Of the
    // deals in New, the two of Talk were not won within 13.5 days. The open deal's stay of 17.5 days in New says that it
    // was not won within them either.
    let pipeline = 6.0 / 15.0;
    let expected = (2.0 * 1.0 + 10.0 * pipeline) / 12.0;
    assert!((probability - expected).abs() < 1e-9, "{probability} {expected}");
}

#[test]
fn without_any_closed_deal_nothing_is_forecast() {
    let mut org = org();
    put(&mut org, "open", "Ana", "100", &[("New", "2026-03-01")]);
    assert!(with_forecast(&org, NOW, |_, forecast| forecast.is_none()));
}

#[test]
fn won_so_far_is_the_least() {
    let mut org = org();
    ten_of_january(&mut org, 5);
    put(&mut org, "won", "Bo", "7", &[("New", "2026-02-01"), ("Won", "2026-03-01")]);
    put(&mut org, "before", "Bo", "9999", &[("New", "2025-12-01"), ("Won", "2025-12-31")]);
    put(&mut org, "open", "Ana", "100", &[("New", "2026-03-18T12:00:00Z")]);
    let quantiles: Vec<_> = quantiles_of(&org, NOW).into_values().map(|of| [of.p10, of.p90]).collect();
    // Everybody: 5 x 50 of January and 7. About half of the draws win the open deal of 100. East, West.
    assert_eq!(quantiles, [[25_700.0, 35_700.0], [25_000.0, 35_000.0], [700.0, 700.0]]);
}

#[test]
fn deals_that_look_alike_do_not_win_together() {
    let mut org = org();
    ten_of_january(&mut org, 5);
    for number in 0..100 {
        put(&mut org, &format!("open {number}"), "Ana", "1", &[("New", "2026-03-18")]);
    }
    // Together they would bring all or nothing. Alone: 50 give or take 1.3 x (the 5 of their luck, and 10% of 50).
    let of = quantiles_of(&org, NOW)[&Scope::Team(0)];
    let [p10, p50, p90] = [of.p10, of.p50, of.p90].map(|minor| minor / 100.0 - 250.0);
    assert!((37.0..46.0).contains(&p10) && (48.0..52.0).contains(&p50) && (54.0..63.0).contains(&p90), "{of:?}");
}

/// A floor with some history of everything, with open deals; whatever happened after `until` is left out.
fn floor(until: &str) -> Org {
    told(&mut (0..60), until)
}

/// The floor, its deals told in that order.
fn told(order: &mut dyn Iterator<Item = i64>, until: &str) -> Org {
    let mut org = org();
    for number in order {
        let day = |after: i64| {
            let start: Timestamp = "2025-01-07T09:00:00Z".parse().unwrap();
            start.plus_millis((number * 7 + after) * DAY).to_string()
        };
        let end = if number % 3 == 0 { "Won" } else { "Lost" };
        let owner = if number % 2 == 0 { "Ana" } else { "Bo" };
        let history = [("New", day(0)), ("Talk", day(5 + number % 9)), (end, day(20 + number % 25))];
        let known: Vec<(&str, &str)> =
            history.iter().filter(|(_, at)| at.as_str() <= until).map(|(stage, at)| (*stage, at.as_str())).collect();
        if !known.is_empty() {
            put(&mut org, &format!("deal {number}"), owner, &(100 + number).to_string(), &known);
        }
    }
    org
}

#[test]
fn a_forecast_as_of_the_past_knows_nothing_of_what_came() {
    let then = "2025-11-20T12:00:00Z";
    let mut later = floor("2027-01-01");
    later.coverage.polled_at = Some("2027-01-01T00:00:00Z".parse().unwrap());
    let chances = chances_of(&later, then);
    assert!(chances.len() > 3 && chances.iter().all(|(_, probability)| *probability > 0.0), "{chances:?}");
    assert_eq!(chances, chances_of(&floor(then), then));
    assert_eq!(quantiles_of(&later, then), quantiles_of(&floor(then), then));
}

#[test]
fn the_order_in_which_records_arrived_decides_nothing() {
    let (first, second) = (floor("2025-11-20"), told(&mut (0..60).rev(), "2025-11-20"));
    assert_eq!(quantiles_of(&first, NOW), quantiles_of(&second, NOW));
}

#[test]
fn factors_have_the_mean_1_and_the_spread_that_is_asked_for() {
    for spread in [0.0, 0.1, 0.3] {
        let factors = factors(spread);
        let mean = factors.iter().sum::<f64>() / 16.0;
        let variance = factors.iter().map(|factor| (factor - mean) * (factor - mean)).sum::<f64>() / 16.0;
        assert!((mean - 1.0).abs() < 0.005, "{mean}");
        assert!((variance.sqrt() - spread).abs() < 0.1 * spread + 1e-12, "{variance}");
    }
}

/// The distribution of the value won, worked out exactly: probabilities by whole values.
fn exact(deals: &[(u32, f64)]) -> Vec<f64> {
    let total: u32 = deals.iter().map(|(value, _)| value).sum();
    let mut shares = vec![0.0; total as usize + 1];
    shares[0] = 1.0;
    for (value, probability) in deals {
        for at in (0..shares.len()).rev() {
            let without = shares[at] * (1.0 - probability);
            let with = at.checked_sub(*value as usize).map_or(0.0, |below| shares[below] * probability);
            shares[at] = without + with;
        }
    }
    shares
}

fn drawn(deals: &[(u32, f64)], spread: f64) -> Draws {
    let factors = factors(spread);
    let mut draws = Draws::new(1000.0);
    for (number, (value, probability)) in deals.iter().enumerate() {
        draws.add(&chance(number as i64, f64::from(*value), *probability), &factors);
    }
    draws
}

fn chance(number: i64, value: f64, probability: f64) -> Chance {
    Chance { record: 0, slot: 0, value, probability, seed: seed([number, 0, 0, 0]) }
}

#[test]
fn draws_agree_with_the_exact_distribution() {
    let deals: Vec<(u32, f64)> = (0..60).map(|n| (1 + n * 7 % 13, f64::from(n % 10) / 10.0)).collect();
    let shares = exact(&deals);
    let below = |value: f64| shares.iter().take((value - 1000.0).floor() as usize + 1).sum::<f64>();
    let of = drawn(&deals, 0.0).quantiles();
    for (quantile, share) in [(of.p10, 0.1), (of.p50, 0.5), (of.p90, 0.9)] {
        assert!((below(quantile) - share).abs() < 0.04, "{quantile} {} {share}", below(quantile));
    }
}

#[test]
fn what_is_sure_is_won_in_every_draw() {
    let of = drawn(&[(5, 1.0), (7, 0.0)], 0.2).quantiles();
    assert_eq!([of.p10, of.p50, of.p90], [1005.0; 3]);
}

fn some_deals() -> impl Strategy<Value = Vec<(u32, f64)>> {
    proptest::collection::vec((0_u32..1_000, 0.0..=1.0), 0..40)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn quantiles_are_in_order_and_above_what_is_won(deals in some_deals(), spread in 0.0..0.5) {
        let of = drawn(&deals, spread).quantiles();
        prop_assert!(1000.0 <= of.p10 && of.p10 <= of.p50 && of.p50 <= of.p90);
        let most: u32 = deals.iter().map(|(value, _)| value).sum();
        prop_assert!(of.p90 <= 1000.0 + f64::from(most));
    }

    #[test]
    fn more_deals_and_better_odds_never_lower_it(deals in some_deals(), more in (0_u32..1_000, 0.0..=1.0), spread in 0.0..0.5) {
        let before = drawn(&deals, spread).quantiles();
        let with_more: Vec<_> = deals.iter().copied().chain([more]).collect();
        let better: Vec<_> = deals.iter().map(|(value, probability)| (*value, probability.sqrt())).collect();
        for deals in [with_more, better] {
            let after = drawn(&deals, spread).quantiles();
            prop_assert!(before.p10 <= after.p10 && before.p50 <= after.p50 && before.p90 <= after.p90);
        }
    }

    #[test]
    fn the_same_deals_give_the_same_figures(deals in some_deals(), spread in 0.0..0.5) {
        prop_assert_eq!(drawn(&deals, spread).quantiles(), drawn(&deals, spread).quantiles());
    }
}
