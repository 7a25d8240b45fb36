//! When changes of deals were seen.

use super::*;
use crate::domain::{Activity, Former, Gone, Sighting, Sweep};

fn up_to_date(page: Page) -> Page {
    Page { next: Next::UpToDate(Cursor("on".into())), ..page }
}

/// A version of a deal in a stage.
fn staged(id: &str, version: i64, stage: &str) -> Stamped {
    let record = Deal { stage: Some(stage.to_owned()), ..Deal::default() };
    Stamped { id: id.into(), version: Timestamp(version), record: record.into() }
}

impl Fixture {
    /// Applies a page at an instant.
    fn apply_at(&mut self, at: i64, page: &Page) {
        self.store.apply(self.source, "deals", page, Timestamp(at)).unwrap();
    }

    /// What was seen of a deal: when, and in which stage it was before; `-` stands for none, `new` for no deal.
    fn seen(&self, id: &str) -> Vec<String> {
        let row = self.row(Object::Deal, id);
        let mut walked = Vec::new();
        let reader = self.store.reader().unwrap();
        reader.for_each(Object::Deal, |row| walked.extend((row.id == id).then_some(row.sightings))).unwrap();
        assert_eq!(walked.as_slice(), std::slice::from_ref(&row.sightings), "one row and all rows tell the same");
        let stage = |former: &Former| {
            let stage = former.stage.map(|key| reader.id_of(Object::Stage, key).unwrap().unwrap().1);
            [stage.unwrap_or("-".into()), former.status.clone().unwrap_or_default()].concat()
        };
        let told = |seen: &Sighting| {
            let at = seen.at.map_or("-".to_owned(), |at| at.0.to_string());
            format!("{at} {}", seen.before.as_ref().map_or("new".into(), stage))
        };
        row.sightings.iter().map(told).collect()
    }
}

/// A store whose stream has loaded the deal 1 in the stage `talk`.
fn loaded() -> Fixture {
    let mut fixture = Fixture::new();
    fixture.apply_at(1, &records(vec![staged("1", 1, "talk")]));
    fixture.apply_at(2, &up_to_date(more()));
    fixture
}

#[test]
fn nothing_is_seen_while_a_stream_is_loaded() {
    let mut fixture = Fixture::new();
    fixture.apply_at(1, &records(vec![staged("1", 1, "won")]));
    fixture.apply_at(2, &up_to_date(records(vec![staged("2", 1, "won")])));
    assert!(fixture.seen("1").is_empty() && fixture.seen("2").is_empty());
}

#[test]
fn changes_of_stage_and_status_and_new_deals_are_seen() {
    let mut fixture = loaded();
    fixture.apply_at(3, &records(vec![staged("1", 2, "won"), staged("2", 2, "won")]));
    fixture.apply_at(4, &up_to_date(records(vec![staged("1", 3, "paid")])));
    let status = Deal { stage: Some("paid".into()), status: Some("Won".into()), ..Deal::default() };
    let told = |version| Stamped { id: "1".into(), version: Timestamp(version), record: status.clone().into() };
    fixture.apply_at(5, &records(vec![told(4)]));
    fixture.apply_at(6, &records(vec![staged("1", 5, "paid")]));
    let mut fixture = fixture.reopened();
    assert_eq!(fixture.seen("1"), ["3 talk", "4 won", "5 paid", "6 paidWon"]);
    assert_eq!(fixture.seen("2"), ["3 new"]);

    // Whatever else changes, comes late or again, is nothing new.
    let amount = Deal { stage: Some("paid".into()), amount: Some(7.into()), ..Deal::default() };
    fixture.apply_at(7, &records(vec![Stamped { id: "1".into(), version: Timestamp(6), record: amount.into() }]));
    fixture.apply_at(8, &records(vec![staged("1", 3, "won"), staged("2", 2, "won")]));
    assert_eq!(fixture.seen("1").len(), 4);
    assert_eq!(fixture.seen("2").len(), 1);
}

#[test]
fn who_was_only_mentioned_is_new() {
    let mut fixture = loaded();
    let call = Activity { deals: Some(vec!["7".into()]), ..Activity::default() };
    fixture.apply_at(3, &records(vec![Stamped { id: "c".into(), version: Timestamp(3), record: call.into() }]));
    assert!(fixture.seen("7").is_empty());
    fixture.apply_at(4, &records(vec![staged("7", 3, "won")]));
    assert_eq!(fixture.seen("7"), ["4 new"]);
}

#[test]
fn a_stream_that_is_loaded_again_finds_changes_of_any_age() {
    let mut fixture = loaded();
    fixture.store.stream(fixture.source, "deals", "2").unwrap();
    fixture.apply_at(3, &records(vec![staged("1", 2, "won"), staged("2", 2, "won")]));
    fixture.apply_at(4, &up_to_date(more()));
    assert_eq!(fixture.seen("1"), ["- talk"]);
    assert!(fixture.seen("2").is_empty());
    fixture.apply_at(5, &records(vec![staged("1", 3, "talk"), staged("2", 3, "talk")]));
    assert_eq!(fixture.seen("1"), ["- talk", "5 won"]);
    assert_eq!(fixture.seen("2"), ["5 won"]);
}

#[test]
fn a_deal_that_goes_and_comes_back_is_not_new() {
    let mut fixture = loaded();
    let gone = Gone { object: Object::Deal, id: "1".into(), at: Timestamp(2) };
    fixture.apply_at(3, &Page { gone: vec![gone], ..more() });
    fixture.apply_at(4, &records(vec![staged("1", 3, "talk")]));
    // The same by listings, the first of which lacks it.
    let listing = |began_at, records| Page {
        sweep: Some(Sweep { began_at: Timestamp(began_at), objects: vec![Object::Deal], seen: Vec::new(), ends: true }),
        records,
        ..more()
    };
    fixture.apply_at(5, &listing(5, Vec::new()));
    assert!(fixture.live(Object::Deal).is_empty());
    fixture.apply_at(6, &listing(6, vec![staged("1", 6, "talk")]));
    assert_eq!(fixture.live(Object::Deal), ["1"]);
    assert!(fixture.seen("1").is_empty());
}

#[test]
fn details_are_seen_too() {
    let mut fixture = loaded();
    let page = records(vec![staged("1", 2, "won")]);
    fixture.store.apply_details(fixture.source, "deals", &[], &page, Timestamp(3)).unwrap();
    assert_eq!(fixture.seen("1"), ["3 talk"]);
}

#[test]
fn what_was_seen_goes_with_its_source() {
    let mut fixture = loaded();
    let other = fixture.store.register("other", "csv", None).unwrap();
    fixture.store.stream(other, "deals", "1").unwrap();
    fixture.store.apply(other, "deals", &up_to_date(more()), Timestamp(2)).unwrap();
    fixture.store.apply(other, "deals", &records(vec![staged("9", 1, "won")]), Timestamp(3)).unwrap();
    fixture.apply_at(3, &records(vec![staged("1", 2, "won")]));
    fixture.store.prune("main").unwrap();
    let left = "SELECT group_concat(deal) FROM deal_sightings";
    let left: String = fixture.store.connection.query_row(left, [], |row| row.get(0)).unwrap();
    assert_eq!(left, "1", "the key of the other source's deal");
}

#[test]
fn a_page_that_fails_leaves_nothing_seen() {
    let mut fixture = loaded();
    // The counter is written last.
    let full = "CREATE TRIGGER full BEFORE UPDATE ON counters BEGIN SELECT RAISE(ABORT, 'full'); END";
    fixture.store.connection.execute_batch(full).unwrap();
    let page = records(vec![staged("1", 2, "won")]);
    assert!(fixture.store.apply(fixture.source, "deals", &page, Timestamp(3)).is_err());
    assert!(fixture.seen("1").is_empty());
    fixture.store.connection.execute_batch("DROP TRIGGER full").unwrap();
    fixture.apply_at(4, &page);
    assert_eq!(fixture.seen("1"), ["4 talk"]);
}
