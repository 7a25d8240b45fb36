//! Streams, queues, sources: what surrounds the records.

use super::*;
use crate::domain::{Activity, PendingId};
use crate::store::Registration;
use crate::store::{Fault, SourceInfo, StreamState};

fn cursor(text: &str) -> Cursor {
    Cursor(text.into())
}

#[test]
fn a_cursor_lasts_with_its_page() {
    let mut fixture = Fixture::new();
    let beginning = StreamState { cursor: None, complete: false, last_complete: None, forbidden: false };
    assert_eq!(fixture.store.stream(fixture.source, "deals", "1").unwrap(), beginning);
    fixture.apply(&Page::empty(Next::More(cursor("a"))));
    let mut fixture = fixture.reopened();
    let loading = StreamState { cursor: Some(cursor("a")), complete: false, last_complete: None, forbidden: false };
    assert_eq!(fixture.store.stream(fixture.source, "deals", "1").unwrap(), loading);

    fixture.store.apply(fixture.source, "deals", &Page::empty(Next::UpToDate(cursor("b"))), Timestamp(7)).unwrap();
    fixture.store.apply(fixture.source, "deals", &Page::empty(Next::More(cursor("c"))), Timestamp(8)).unwrap();
    let complete =
        StreamState { cursor: Some(cursor("c")), complete: true, last_complete: Some(Timestamp(7)), forbidden: false };
    assert_eq!(fixture.store.stream(fixture.source, "deals", "1").unwrap(), complete);
    assert_eq!(fixture.store.reader().unwrap().streams().unwrap()[0].state, complete);
}

#[test]
fn another_fingerprint_begins_anew_and_keeps_the_rows() {
    let mut fixture = Fixture::new();
    fixture.apply(&Page { next: Next::UpToDate(cursor("b")), ..records(vec![deal("1", 1)]) });
    let anew = StreamState { cursor: None, complete: true, last_complete: None, forbidden: false };
    assert_eq!(fixture.store.stream(fixture.source, "deals", "2").unwrap(), anew);
    assert_eq!(fixture.live(Object::Deal), ["1"]);
    fixture.apply(&Page::empty(Next::More(cursor("c"))));
    assert_eq!(fixture.store.stream(fixture.source, "deals", "2").unwrap().cursor, Some(cursor("c")));
}

#[test]
fn a_stream_has_to_be_opened_first() {
    let mut fixture = Fixture::new();
    let page = records(vec![deal("1", 1)]);
    let error = fixture.store.apply(fixture.source, "calls", &page, NOW).unwrap_err();
    assert!(matches!(error.fault(), Fault::UnknownStream), "{error}");
    let error = fixture.store.apply_details(fixture.source, "calls", &[], &page, NOW).unwrap_err();
    assert!(matches!(error.fault(), Fault::UnknownStream), "{error}");
    let error = fixture.store.stream(77, "deals", "1").unwrap_err();
    assert!(matches!(error.fault(), Fault::UnknownSource(_)), "{error}");
    assert!(fixture.live(Object::Deal).is_empty());
}

#[test]
fn a_queue_is_in_order_and_without_repetition_and_lasts() {
    let mut fixture = Fixture::new();
    let ids = |ids: &[&str]| -> Vec<PendingId> {
        ids.iter().map(|id| PendingId { object: Object::Deal, id: (*id).into() }).collect()
    };
    let queued = |ids: Vec<PendingId>| Page { pending: ids, ..more() };
    fixture.apply(&queued(ids(&["c", "a"])));
    fixture.apply(&queued(ids(&["b", "a", "c"])));
    let mut fixture = fixture.reopened();
    assert_eq!(fixture.store.pending(fixture.source, "deals", 9).unwrap(), ids(&["c", "a", "b"]));
    let first = fixture.store.pending(fixture.source, "deals", 2).unwrap();
    assert_eq!(first, ids(&["c", "a"]));

    // The details of `c` go on in another page.
    let page = Page { pending: ids(&["c"]), ..records(vec![deal("a", 1)]) };
    fixture.store.apply_details(fixture.source, "deals", &first, &page, NOW).unwrap();
    assert_eq!(fixture.store.pending(fixture.source, "deals", 9).unwrap(), ids(&["b", "c"]));
    assert_eq!(fixture.store.reader().unwrap().streams().unwrap()[0].pending, 2);
    assert_eq!(fixture.live(Object::Deal), ["a"]);
    assert_eq!(fixture.store.stream(fixture.source, "deals", "1").unwrap().cursor, Some(cursor("on")));

    fixture.store.stream(fixture.source, "calls", "1").unwrap();
    assert!(fixture.store.pending(fixture.source, "calls", 9).unwrap().is_empty());
}

#[test]
fn a_source_keeps_its_number_under_a_new_name() {
    let mut fixture = Fixture::new();
    let main = fixture.source;
    let store = &mut fixture.store;
    assert_eq!(store.register("main", "csv", None).unwrap(), main);
    assert_eq!(store.register("floor", "csv", Some("main")).unwrap(), main);
    // The settings go on naming the old name, also when a source was never there.
    assert_eq!(store.register("floor", "csv", Some("main")).unwrap(), main);
    assert_eq!(store.register("floor", "csv", Some("floor")).unwrap(), main);
    let other = store.register("other", "hubspot", Some("never")).unwrap();
    assert_ne!(other, main);

    let error = store.register("floor", "hubspot", None).unwrap_err();
    assert!(matches!(error.fault(), Fault::KindChanged { .. }), "{error}");
    assert!(error.to_string().contains("crm_exporter store prune floor"), "{error}");
    let error = store.register("new", "hubspot", Some("floor")).unwrap_err();
    assert!(matches!(error.fault(), Fault::KindChanged { .. }), "{error}");
    let error = store.register("floor", "csv", Some("other")).unwrap_err();
    assert!(matches!(error.fault(), Fault::BothNames { .. }), "{error}");

    let info = |key, name: &str, kind: &str| SourceInfo { key, name: name.into(), kind: kind.into() };
    let expected = [info(main, "floor", "csv"), info(other, "other", "hubspot")];
    assert_eq!(store.reader().unwrap().sources().unwrap(), expected);
}

#[test]
fn sources_are_registered_together_or_not_at_all() {
    let mut fixture = Fixture::new();
    let (main, store) = (fixture.source, &mut fixture.store);
    let source = |name, kind, renamed_from| Registration { name, kind, renamed_from };
    let wrong = [source("new", "csv", None), source("floor", "csv", Some("main")), source("floor", "hubspot", None)];
    let error = store.register_all(&wrong).unwrap_err();
    assert!(matches!(error.fault(), Fault::KindChanged { .. }), "{error}");
    let names = |store: &Store| store.reader().unwrap().sources().unwrap().into_iter().map(|source| source.name);
    assert!(names(store).eq(["main"]));
    let keys = store.register_all(&wrong[..2]).unwrap();
    assert_eq!(keys[1], main);
    assert!(names(store).eq(["floor", "new"]));
}

#[test]
fn a_pruned_source_is_gone_and_its_numbers_are_not_used_again() {
    let mut fixture = Fixture::new();
    let other = fixture.store.register("other", "csv", None).unwrap();
    fixture.store.stream(other, "deals", "1").unwrap();
    let deals = |id: &str| filled(Object::Deal, id, 1, 0);
    fixture.store.apply(other, "deals", &records(vec![deals("1")]), NOW).unwrap();
    let kept = content(&fixture.store.reader().unwrap());
    fixture.apply(&Page {
        pending: vec![PendingId { object: Object::Deal, id: "2".into() }],
        ..records(vec![deals("2"), filled(Object::Activity, "3", 1, 50)])
    });
    let highest = fixture.row(Object::Deal, "2").key;

    assert!(fixture.store.prune("main").unwrap() > 2);
    assert_eq!(content(&fixture.store.reader().unwrap()), kept);
    let orphans = "SELECT count(*) FROM deals_contacts WHERE from_key NOT IN (SELECT _key FROM deals)";
    assert_eq!(fixture.store.connection.query_row(orphans, [], |row| row.get::<_, i64>(0)).unwrap(), 0);
    assert_eq!(fixture.store.reader().unwrap().streams().unwrap().len(), 1);
    assert!(matches!(fixture.store.prune("main").unwrap_err().fault(), Fault::UnknownSource(_)));

    let again = fixture.store.register("main", "hubspot", None).unwrap();
    assert!(again > other);
    fixture.store.stream(again, "deals", "1").unwrap();
    assert!(fixture.store.pending(again, "deals", 9).unwrap().is_empty());
    fixture.store.apply(again, "deals", &records(vec![deal("9", 1)]), NOW).unwrap();
    assert!(fixture.store.reader().unwrap().key_of(again, Object::Deal, "9").unwrap() > Some(highest));
}

#[test]
fn a_full_disk_is_told_and_costs_nothing() {
    let mut fixture = Fixture::new();
    fixture.apply(&records(vec![deal("1", 1)]));
    let before = content(&fixture.store.reader().unwrap());
    let pages: i64 = fixture.store.connection.query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap();
    fixture.store.connection.pragma_update(None, "max_page_count", pages + 2).unwrap();
    let subject = "x".repeat(5_000);
    let large = records(
        (0..9)
            .map(|i| Stamped {
                id: i.to_string(),
                version: Timestamp(1),
                record: Activity { subject: Some(subject.clone()), ..Activity::default() }.into(),
            })
            .collect(),
    );
    let page = Page { next: Next::UpToDate(cursor("far")), ..large };
    let error = fixture.store.apply(fixture.source, "deals", &page, NOW).unwrap_err();
    assert!(matches!(error.fault(), Fault::Full), "{error}");
    assert_eq!(content(&fixture.store.reader().unwrap()), before);
    assert_eq!(fixture.store.stream(fixture.source, "deals", "1").unwrap().cursor, Some(cursor("on")));

    fixture.store.connection.pragma_update(None, "max_page_count", 1_000_000).unwrap();
    assert_eq!(fixture.apply(&page).len(), 9);
    assert_eq!(fixture.live(Object::Activity).len(), 9);
}

#[test]
fn a_reader_has_one_view_beside_the_writer() {
    let mut fixture = Fixture::new();
    fixture.apply(&records(vec![deal("1", 1)]));
    let reader = Reader::open(&fixture.path()).unwrap();
    fixture.apply(&records(vec![deal("1", 2), deal("2", 2)]));
    let versions = |reader: &Reader| {
        let mut versions = Vec::new();
        reader.for_each(Object::Deal, |row| versions.push(row.version.map(|at| at.0))).unwrap();
        versions
    };
    assert_eq!(versions(&reader), [Some(1)]);
    assert_eq!(versions(&Reader::open(&fixture.path()).unwrap()), [Some(2), Some(2)]);
    let path = fixture.path();
    drop(fixture.store);
    assert_eq!(versions(&Reader::open(&path).unwrap()), [Some(2), Some(2)]);
}

#[test]
fn a_forbidden_stream_is_one_until_it_is_up_to_date() {
    let mut fixture = Fixture::new();
    let forbidden = |fixture: &mut Fixture| fixture.store.stream(fixture.source, "deals", "1").unwrap().forbidden;
    assert!(!forbidden(&mut fixture));
    fixture.store.forbid(fixture.source, "deals").unwrap();
    assert!(forbidden(&mut fixture));
    fixture.apply(&Page { next: Next::More(cursor("a")), ..records(vec![deal("1", 1)]) });
    assert!(forbidden(&mut fixture), "it is being loaded");
    fixture.apply(&Page { next: Next::UpToDate(cursor("b")), ..records(vec![]) });
    assert!(!forbidden(&mut fixture));
    assert!(fixture.store.forbid(fixture.source, "unknown").is_err());
}
