//! What is usual: the median of the reps' own medians over finished periods.

use super::{NOW, calls, left, org, rep};
use crate::calendar::Period;
use crate::facts::View;
use crate::facts::testing::Org;
use crate::goals::Usual;
use crate::metrics::{Frame, Options};
use crate::settings::Settings;

fn usual_of(org: &Org, selector: &str, period: Period, most: usize) -> Result<Option<Usual>, String> {
    let options = Options::new(&Settings::default().figures()).unwrap();
    let facts = org.facts();
    let view = View::new(&facts, &org.people(), &org.coverage, NOW.parse().unwrap());
    Frame::new(&view, &options).usual(selector, period, most)
}

fn usual(org: &Org, most: usize) -> Option<Usual> {
    usual_of(org, "crm_activities{kind=\"call\"}", Period::Week, most).unwrap()
}

/// So many calls in each of the weeks before the present one, the latest first.
fn weeks(org: &mut Org, name: &str, counts: &[usize]) {
    let monday = chrono::NaiveDate::from_ymd_opt(2026, 3, 16).unwrap();
    for (back, count) in counts.iter().enumerate() {
        let day = monday - chrono::Days::new(7 * (back as u64 + 1));
        let times: Vec<String> = (0..*count).map(|number| format!("{day}T09:{number:02}:00Z")).collect();
        calls(org, name, &times.iter().map(String::as_str).collect::<Vec<_>>());
    }
}

#[test]
fn of_every_reps_median_the_median() {
    let mut org = org([rep("Ana"), rep("Bo"), rep("Cy"), rep("Di"), rep("Fay"), left("Ed", "2026-03-10")]);
    // Ana's median is 4. Bo began three weeks ago: of 6, 0 and 2 it is 2. Fay's is 8. Cy never called, and of Di nobody
    // knows what is usual.
    weeks(&mut org, "Ana", &[4, 3, 9, 4]);
    weeks(&mut org, "Bo", &[6, 0, 2]);
    weeks(&mut org, "Di", &[7]);
    weeks(&mut org, "Fay", &[8, 8]);
    weeks(&mut org, "Ed", &[30, 30, 30, 30]);
    // The present week is not over.
    calls(&mut org, "Ana", &["2026-03-17T09:00:00Z"]);
    let expected = Usual { median: 4.0, lower_quartile: 3.0, upper_quartile: 6.0, reps: 3, periods: 4 };
    assert_eq!(usual(&org, 4), Some(expected));
}

#[test]
fn too_few_periods_or_reps_have_nothing_usual() {
    let mut single = org([rep("Ana")]);
    weeks(&mut single, "Ana", &[5]);
    assert_eq!(usual(&single, 12), None);
    let mut few = org([rep("Ana"), rep("Bo"), rep("Cy")]);
    weeks(&mut few, "Ana", &[5, 5]);
    weeks(&mut few, "Bo", &[5, 5]);
    assert_eq!(usual(&few, 12), None);
    // Two are the whole floor.
    let mut whole = org([rep("Ana"), rep("Bo")]);
    weeks(&mut whole, "Ana", &[5, 5]);
    weeks(&mut whole, "Bo", &[5, 5]);
    assert_eq!(usual(&whole, 12).map(|usual| usual.reps), Some(2));
}

#[test]
fn what_is_not_delivered_or_no_metric_is_told_apart() {
    let org = org([rep("Ana")]);
    assert_eq!(usual_of(&org, "crm_win_ratio", Period::Quarter, 4), Ok(None));
    assert_eq!(usual_of(&org, "crm_open_deals", Period::Quarter, 4), Ok(None));
    let error = usual_of(&org, "crm_calls", Period::Week, 4).unwrap_err();
    assert!(error.contains("there is no metric `crm_calls`"), "{error}");
}
