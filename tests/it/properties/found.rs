//! What properties have found, as single cases.

use crm_exporter::domain::{
    Activity, Contact, Cursor, Deal, Gone, Merged, Next, Object, Page, Pipeline, Record, Stage, Stamped, Timestamp,
    User, When,
};
use rust_decimal::Decimal;

use super::delivery::Delivered;
use super::floor::{Floor, POLLED_AT};
use crate::samples::Samples;

fn page() -> Page {
    Page::empty(Next::UpToDate(Cursor("somewhere".to_owned())))
}

fn tell(records: Vec<(&str, Record<String>)>) -> Page {
    let version = Timestamp(1);
    let stamped = |(id, record): (&str, _)| Stamped { id: id.to_owned(), version, record };
    Page { records: records.into_iter().map(stamped).collect(), ..page() }
}

fn gone(object: Object, id: &str) -> Page {
    Page { gone: vec![Gone { object, id: id.to_owned(), at: Timestamp(2) }], ..page() }
}

fn floor(pages: Vec<Page>) -> Floor {
    let mut floor = Floor::new();
    pages.into_iter().for_each(|page| floor.apply(&Delivered { source: 0, stream: "all", page }));
    floor
}

fn call(contact: Option<&str>, deal: Option<&str>) -> Record<String> {
    let list = |id: Option<&str>| id.map(|id| vec![id.to_owned()]);
    Activity {
        kind: Some("call".to_owned()),
        at: Some(When::On("2026-11-17".parse().unwrap())),
        contacts: list(contact),
        deals: list(deal),
        ..Default::default()
    }
    .into()
}

fn stage(pipeline: &str, name: &str) -> Record<String> {
    Stage { pipeline: Some(pipeline.to_owned()), name: Some(name.to_owned()), ..Default::default() }.into()
}

/// An open deal, created long ago.
fn deal(pipeline: &str, stage: &str) -> Deal<String> {
    Deal {
        pipeline: Some(pipeline.to_owned()),
        stage: Some(stage.to_owned()),
        created_at: Some(When::On("2026-10-01".parse().unwrap())),
        ..Default::default()
    }
}

/// How many activities of a rule there are, by facts that were kept and by those that a restart loads.
fn matching(floor: &Floor, rule: &str) -> [f64; 2] {
    let sum = |text: &str| Samples::read(text).sum("crm_key_activities", &[("activity", rule), ("window", "week")]);
    [sum(&floor.kept(POLLED_AT)), sum(&floor.text(&floor.load(), POLLED_AT))]
}

#[test]
fn a_deleted_contact_has_no_level() {
    let vp = Contact { title: Some("VP Sales".to_owned()), ..Default::default() };
    let told = || tell(vec![("c", vp.clone().into()), ("1", call(Some("c"), None))]);
    assert_eq!(matching(&floor(vec![told()]), "vp_talk"), [1.0, 1.0]);
    assert_eq!(matching(&floor(vec![told(), gone(Object::Contact, "c")]), "vp_talk"), [0.0, 0.0]);
}

#[test]
fn a_deleted_deal_is_in_no_stage() {
    let told = || tell(vec![("s", stage("p", "Talk")), ("d", deal("p", "s").into()), ("1", call(None, Some("d")))]);
    assert_eq!(matching(&floor(vec![told()]), "late_talk"), [1.0, 1.0]);
    assert_eq!(matching(&floor(vec![told(), gone(Object::Deal, "d")]), "late_talk"), [0.0, 0.0]);
}

#[test]
fn stages_of_merged_pipelines_have_names_of_their_own() {
    let told = tell(vec![
        ("p", Pipeline::default().into()),
        ("s", stage("p", "Talk")),
        ("t", stage("q", "Talk")),
        ("d", deal("p", "s").into()),
        ("e", deal("q", "t").into()),
    ]);
    let merged = Merged { object: Object::Pipeline, id: "q".to_owned(), into: "p".to_owned(), at: Timestamp(2) };
    let floor = floor(vec![told, Page { merged: vec![merged], ..page() }]);
    let samples = Samples::read(&floor.kept(POLLED_AT));
    samples.check_against_catalogue();
    assert_eq!(samples.sum("crm_open_deals", &[("pipeline", "p")]), 2.0);
}

#[test]
fn weighted_values_do_not_depend_on_the_order_of_arrival() {
    let weighted = |minor: i64| {
        let amount = Some(Decimal::new(minor, 2));
        let probability = Some(Decimal::new(1, 1));
        let currency = Some("USD".to_owned());
        Record::from(Deal { amount, probability, currency, ..deal("p", "s") })
    };
    let user = || ("u", User::default().into());
    let text = |amounts: [i64; 3]| {
        let ids = ["1", "2", "3"];
        let deals = ids.into_iter().zip(amounts.map(weighted));
        floor(vec![tell([user()].into_iter().chain(deals).collect())]).kept(POLLED_AT)
    };
    let line = |text: &str| {
        let found = text.lines().find(|line| line.starts_with("crm_open_deals_weighted_value{"));
        found.unwrap().to_owned()
    };
    for amounts in [[1, 2, 3], [7, 1, 2], [11, 3, 101], [999, 7, 13]] {
        let [a, b, c] = amounts;
        assert_eq!(line(&text(amounts)), line(&text([c, b, a])), "{amounts:?}");
    }
}
