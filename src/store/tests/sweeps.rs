//! Complete listings.

use proptest::prelude::*;

use super::*;
use crate::domain::{Gone, Sweep};

/// A page of the listing that began at `began_at`.
fn listing(began_at: i64, seen: &[&str], ends: bool) -> Page {
    let seen = seen.iter().map(|id| (Object::Deal, (*id).to_owned())).collect();
    Page { sweep: Some(Sweep { began_at: Timestamp(began_at), objects: vec![Object::Deal], seen, ends }), ..more() }
}

fn with_deals(ids: &[&str]) -> Fixture {
    let mut fixture = Fixture::new();
    fixture.apply(&records(ids.iter().map(|id| deal(id, 1)).collect()));
    fixture
}

#[test]
fn what_a_listing_does_not_show_is_deleted_at_its_end() {
    let mut fixture = with_deals(&["a", "b", "c", "d"]);
    fixture.apply(&records(vec![filled(Object::Lead, "a", 1, 0)]));
    assert!(fixture.apply(&listing(10, &["b"], false)).is_empty());
    let mut fixture = fixture.reopened();
    assert_eq!(fixture.live(Object::Deal).len(), 4);
    let last = Page { records: vec![deal("c", 1)], ..listing(10, &["never heard of"], true) };
    let gone = fixture.row(Object::Deal, "a").key;
    let gone = [(Object::Deal, gone), (Object::Deal, fixture.row(Object::Deal, "d").key)];
    assert_eq!(fixture.apply(&last), gone);
    assert_eq!(fixture.live(Object::Deal), ["b", "c"]);
    assert_eq!(fixture.live(Object::Lead), ["a"]);
    // Said twice, it says nothing more; also not of records that came meanwhile.
    fixture.apply(&records(vec![deal("e", 9)]));
    assert!(fixture.apply(&last).is_empty());
    assert_eq!(fixture.live(Object::Deal), ["b", "c", "e"]);
    assert!(fixture.apply(&listing(11, &["b", "c"], true)).len() == 1);
    assert_eq!(fixture.live(Object::Deal), ["b", "c"]);
    let left: i64 =
        fixture.store.connection.query_row("SELECT count(*) FROM sweep_seen", [], |row| row.get(0)).unwrap();
    assert_eq!(left, 0);
}

#[test]
fn what_changed_after_the_listing_began_stays() {
    let mut fixture = with_deals(&["a", "b"]);
    fixture.apply(&records(vec![deal("a", 11), deal("b", 10)]));
    fixture.apply(&listing(10, &[], true));
    assert_eq!(fixture.live(Object::Deal), ["a"]);
    fixture.apply(&records(vec![deal("b", 11)]));
    assert_eq!(fixture.live(Object::Deal), ["a", "b"]);
}

#[test]
fn a_listed_id_protects_a_record_that_arrives_later() {
    let mut fixture = with_deals(&[]);
    fixture.apply(&listing(10, &["a"], false));
    fixture.apply(&records(vec![deal("a", 3), deal("b", 3)]));
    fixture.apply(&listing(10, &[], true));
    assert_eq!(fixture.live(Object::Deal), ["a"]);
}

#[test]
fn only_the_newest_listing_of_a_stream_counts() {
    let mut fixture = with_deals(&["a", "b", "c"]);
    fixture.apply(&listing(10, &["a"], false));
    fixture.apply(&listing(20, &["b"], false));
    // A straggler of the older one neither counts nor ends anything.
    assert!(fixture.apply(&listing(10, &["c"], true)).is_empty());
    assert_eq!(fixture.apply(&listing(20, &[], true)).len(), 2);
    assert_eq!(fixture.live(Object::Deal), ["b"]);
    assert!(fixture.apply(&listing(15, &[], true)).is_empty());
    assert_eq!(fixture.live(Object::Deal), ["b"]);
}

#[test]
fn listings_of_two_streams_and_sources_do_not_mix() {
    let mut fixture = with_deals(&["a", "b"]);
    let (main, other) = (fixture.source, fixture.store.register("other", "csv", None).unwrap());
    fixture.store.stream(main, "ids", "1").unwrap();
    fixture.store.stream(other, "deals", "1").unwrap();
    fixture.store.apply(other, "deals", &records(vec![deal("a", 1)]), NOW).unwrap();
    fixture.apply(&listing(10, &["a"], false));
    fixture.store.apply(main, "ids", &listing(20, &["b"], false), NOW).unwrap();
    fixture.apply(&listing(10, &[], true));
    assert_eq!(fixture.live(Object::Deal), ["a", "a"]);
    fixture.store.apply(other, "deals", &listing(10, &[], true), NOW).unwrap();
    assert_eq!(fixture.live(Object::Deal), ["a"]);
    fixture.store.apply(main, "ids", &listing(20, &[], true), NOW).unwrap();
    assert!(fixture.live(Object::Deal).is_empty());
}

#[test]
fn a_stream_that_begins_anew_may_list_again_from_the_same_instant() {
    let mut fixture = with_deals(&["a", "b"]);
    fixture.apply(&listing(10, &["a", "b"], true));
    fixture.store.stream(fixture.source, "deals", "2").unwrap();
    fixture.apply(&listing(10, &["a"], true));
    assert_eq!(fixture.live(Object::Deal), ["a"]);
}

#[test]
fn what_is_deleted_already_keeps_its_deletion() {
    let mut fixture = with_deals(&["a"]);
    fixture.apply(&Page { gone: vec![Gone { object: Object::Deal, id: "a".into(), at: Timestamp(5) }], ..more() });
    assert!(fixture.apply(&listing(10, &[], true)).is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// However a listing is cut, repeated and interrupted, also by an older one that never ended: at its end exactly what
    /// it did not show is deleted, as far as it was there before.
    #[test]
    fn interrupted_listings_delete_what_was_not_shown(
        versions in prop::collection::vec(1..20_i64, 8),
        abandoned in prop::collection::vec(0..8_usize, 0..6),
        shown in prop::collection::vec(0..8_usize, 0..12),
        cuts in prop::collection::vec((1..4_usize, 0..3_usize, any::<bool>()), 1..8),
    ) {
        let mut fixture = Fixture::new();
        let id = |index: usize| format!("d{index}");
        fixture.apply(&records(versions.iter().enumerate().map(|(index, at)| deal(&id(index), *at)).collect()));
        let page = |began_at: i64, indices: &[usize], ends: bool| {
            let ids: Vec<String> = indices.iter().map(|index| id(*index)).collect();
            listing(began_at, &ids.iter().map(String::as_str).collect::<Vec<_>>(), ends)
        };
        fixture.apply(&page(5, &abandoned, false));
        let mut at = 0;
        for (length, back, restart) in cuts {
            let end = shown.len().min(at + length);
            fixture.apply(&page(10, &shown[at..end], false));
            if restart {
                fixture = fixture.reopened();
            }
            at = end.saturating_sub(back);
        }
        fixture.apply(&page(10, &shown[at..], true));
        fixture.apply(&page(10, &shown[at..], true));
        let expected: Vec<String> =
            (0..8).filter(|index| shown.contains(index) || versions[*index] > 10).map(id).collect();
        prop_assert_eq!(fixture.live(Object::Deal), expected);
    }
}
