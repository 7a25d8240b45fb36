//! Files that change, grow, vanish or do not fit.

use super::*;

const DEALS: &str = "{deals: {file: deals.csv, columns: {id: id, amount: amount, status: {default: open}}}}";

fn rows(ids: std::ops::Range<u32>) -> String {
    let rows: String = ids.map(|id| format!("{id},{id}.50\n")).collect();
    format!("id,amount\n{rows}")
}

#[test]
fn the_records_do_not_depend_on_where_pages_are_cut() {
    let fixture = Fixture::new(&[("deals.csv", &rows(0..23))]);
    let whole = list(&fixture.source(DEALS, 100), "deals", None, NOW).unwrap();
    assert_eq!(whole.pages, 1);
    for rows_per_page in 1..24 {
        let cut = list(&fixture.source(DEALS, rows_per_page), "deals", None, NOW).unwrap();
        assert_eq!(cut.by_id(), whole.by_id(), "{rows_per_page} rows a page");
        assert_eq!(cut.pages, 23_usize.div_ceil(rows_per_page));
        assert!(cut.ended);
    }
}

#[test]
fn a_repeated_page_is_the_same_page() {
    let fixture = Fixture::new(&[("deals.csv", &rows(0..9)), ("more.csv", &rows(5..12))]);
    let objects = "{deals: {file: [deals.csv, more.csv], columns: {id: id, amount: amount, status: {default: open}}}}";
    let source = fixture.source(objects, 2);
    let mut cursor: Option<Cursor> = None;
    loop {
        let first = page(&source, cursor.as_ref(), NOW);
        // Later, and by a source that has been started anew.
        let second = page(&source, cursor.as_ref(), if cursor.is_none() { NOW } else { "2026-01-06T00:00:00Z" });
        let third = page(&fixture.source(objects, 2), cursor.as_ref(), NOW);
        assert_eq!((&first, &first), (&second, &third));
        cursor = Some(first.next.cursor().clone());
        if matches!(first.next, Next::UpToDate(_)) {
            break;
        }
    }
    let all = list(&source, "deals", None, NOW).unwrap();
    assert_eq!(all.ids(Object::Deal).len(), 12);
    let duplicates: Vec<&str> = all.unreadable.iter().map(|bad| bad.id.as_str()).collect();
    assert_eq!(duplicates, ["more.csv:2", "more.csv:3", "more.csv:4", "more.csv:5"]);
}

#[test]
fn unchanged_files_are_not_read_again_and_a_row_that_disappears_is_not_shown() {
    let fixture = Fixture::new(&[("deals.csv", &rows(0..5))]);
    let source = fixture.source(DEALS, 2);
    let loaded = list(&source, "deals", None, NOW).unwrap();

    let again = page(&source, loaded.cursor.as_ref(), NOW);
    assert_eq!(again, Page::empty(Next::UpToDate(loaded.cursor.clone().unwrap())));

    fixture.write("deals.csv", rows(1..5).as_bytes(), at("2026-01-05T14:00:00Z"));
    let changed = list(&source, "deals", loaded.cursor.as_ref(), "2026-01-05T15:00:00Z").unwrap();
    assert_eq!(changed.ids(Object::Deal), ["1", "2", "3", "4"]);
    assert!(changed.ended && changed.records.iter().all(|one| one.version == at("2026-01-05T15:00:00Z")));

    // Set back, a clock must not make the next listing older than the records held.
    fixture.write("deals.csv", rows(2..5).as_bytes(), at(WRITTEN));
    let set_back = list(&source, "deals", changed.cursor.as_ref(), NOW).unwrap();
    assert_eq!(set_back.records[0].version, at("2026-01-05T15:00:00.001Z"));
}

#[test]
fn a_file_that_changes_in_mid_listing_is_listed_anew() {
    let fixture = Fixture::new(&[("deals.csv", &rows(0..6))]);
    let source = fixture.source(DEALS, 2);
    let first = page(&source, None, NOW);
    assert_eq!(first.sweep.as_ref().map(|sweep| sweep.ends), Some(false));

    fixture.write("deals.csv", rows(3..9).as_bytes(), at("2026-01-05T12:30:00Z"));
    let anew = list(&source, "deals", Some(first.next.cursor()), NOW).unwrap();
    assert_eq!(anew.ids(Object::Deal), ["3", "4", "5", "6", "7", "8"]);
    let sweep = page(&source, Some(first.next.cursor()), NOW).sweep.unwrap();
    // Another sweep, though it began in the same millisecond.
    assert_eq!(sweep.began_at, at("2026-01-05T13:00:00.001Z"));
    assert!(anew.ended);
}

#[test]
fn a_file_that_was_changed_and_put_back_is_listed_anew() {
    let fixture = Fixture::new(&[("deals.csv", &rows(0..6))]);
    let source = fixture.source(DEALS, 2);
    let loaded = list(&source, "deals", None, NOW).unwrap();
    let path = |name: &str| fixture.directory.path().join(name);
    fs::rename(path("deals.csv"), path("aside.csv")).unwrap();
    fixture.write("deals.csv", rows(3..9).as_bytes(), at(WRITTEN));
    let first = page(&source, loaded.cursor.as_ref(), NOW);
    // The very file that was loaded; but a page of another one has come between.
    fs::rename(path("aside.csv"), path("deals.csv")).unwrap();
    let anew = list(&source, "deals", Some(first.next.cursor()), NOW).unwrap();
    assert_eq!(anew.ids(Object::Deal), ["0", "1", "2", "3", "4", "5"]);
    assert!(anew.ended);
}

#[test]
fn a_file_that_may_still_grow_is_waited_for() {
    let fixture = Fixture::new(&[]);
    fixture.write("deals.csv", rows(0..1).as_bytes(), at("2026-01-05T12:59:59.500Z"));
    let source = fixture.source(DEALS, 10);
    let early = list(&source, "deals", None, NOW).unwrap_err();
    assert_eq!(
        early.to_string(),
        format!("file {} was written just now and may still grow; waiting 1s 500ms", fixture.path("deals.csv"))
    );
    let loaded = list(&source, "deals", None, "2026-01-05T13:00:01.500Z").unwrap();
    assert_eq!(loaded.ids(Object::Deal), ["0"]);

    fixture.write("deals.csv", rows(0..2).as_bytes(), at("2026-01-05T13:10:00Z"));
    let growing = list(&source, "deals", loaded.cursor.as_ref(), "2026-01-05T13:10:01Z").unwrap_err();
    assert!(matches!(growing, SourceError::NotYet { wait, .. } if wait == Duration::from_secs(1)));
    let grown = list(&source, "deals", loaded.cursor.as_ref(), "2026-01-05T13:10:02Z").unwrap();
    assert_eq!(grown.ids(Object::Deal), ["0", "1"]);
}

#[test]
fn a_file_from_the_future_is_looked_at_twice() {
    let fixture = Fixture::new(&[]);
    fixture.write("deals.csv", rows(0..1).as_bytes(), at("2027-01-01T00:00:00Z"));
    let source = fixture.source(DEALS, 10);
    let looked = page(&source, None, NOW);
    assert!(looked.records.is_empty() && looked.sweep.is_none() && matches!(looked.next, Next::More(_)));
    let cursor = Some(looked.next.cursor());
    let early = source.files[0].page(cursor, at("2026-01-05T13:00:00.500Z")).unwrap_err();
    assert!(matches!(early, SourceError::NotYet { wait, .. } if wait == Duration::from_millis(1_500)));
    let loaded = list(&source, "deals", cursor, "2026-01-05T13:00:02Z").unwrap();
    assert_eq!(loaded.ids(Object::Deal), ["0"]);
    let again = page(&source, loaded.cursor.as_ref(), "2026-01-05T14:00:00Z");
    assert!(again.sweep.is_none() && matches!(again.next, Next::UpToDate(_)));
}

#[test]
fn a_missing_file_is_an_error_before_and_after_it_was_loaded() {
    let fixture = Fixture::new(&[]);
    let source = fixture.source(DEALS, 10);
    let message =
        format!("file {} is not available: No such file or directory (os error 2)", fixture.path("deals.csv"));
    assert_eq!(list(&source, "deals", None, NOW).unwrap_err().to_string(), message);

    fixture.write("deals.csv", rows(0..4).as_bytes(), at(WRITTEN));
    let loaded = list(&source, "deals", None, NOW).unwrap();
    fs::remove_file(fixture.directory.path().join("deals.csv")).unwrap();
    assert_eq!(list(&source, "deals", loaded.cursor.as_ref(), NOW).unwrap_err().to_string(), message);
}

#[test]
fn a_file_that_does_not_fit_is_told_with_what_it_has() {
    let fits = |text: &str| format!("file PATH does not fit the settings: {text}");
    let table = [
        ("", "file PATH is empty: its first row has to name the columns".to_owned()),
        ("\r\n \r\n", "file PATH is empty: its first row has to name the columns".to_owned()),
        ("id,Amount\n", fits("the header has no column `amount`, did you mean `Amount`?; it has id, Amount")),
        ("a,b\n1,2\n", fits("the header has no column `id`; it has a, b")),
        (
            "id;amount\n1;2\n",
            fits("the header has no column `id`; it has id;amount as one column: is it `delimiter: \";\"`?"),
        ),
        (
            "id,amount,id\n",
            fits("the header has column `id` more than once: rename one, so that it is clear which counts"),
        ),
    ];
    for (content, expected) in table {
        let fixture = Fixture::new(&[("deals.csv", content)]);
        let error = list(&fixture.source(DEALS, 10), "deals", None, NOW).unwrap_err();
        assert!(matches!(error, SourceError::Misconfigured { .. }));
        assert_eq!(error.to_string(), expected.replace("PATH", &fixture.path("deals.csv")));
    }
    // A column that is not mapped may stand there twice; one with a default may be absent.
    let objects = "{deals: {file: deals.csv, columns: {id: id, status: {column: gone, default: open}}}}";
    let fixture = Fixture::new(&[("deals.csv", "id,x,x\n1,2,3\n")]);
    let listed = list(&fixture.source(objects, 10), "deals", None, NOW).unwrap();
    assert_eq!(deal(&listed, "1").status.as_deref(), Some("open"));
}

#[test]
fn nothing_is_deleted_where_a_quote_may_have_swallowed_rows() {
    let table = [
        // Up to the end of the file.
        (
            "id,amount\n1,1\n2,\"2\n3,3\n4,4\n",
            "deals.csv:3 malformed: a quote is opened and not closed before the end of the file",
        ),
        // Up to the next quote.
        (
            "id,amount\n1,1\n2,\"2\n3,3\n4\",4\n5,5\n",
            "deals.csv:3 malformed: 3 cells over several lines instead of 2: is a quote not closed?",
        ),
    ];
    for (content, fault) in table {
        for rows_per_page in [1, 2, 10] {
            let fixture = Fixture::new(&[("deals.csv", content)]);
            let listed = list(&fixture.source(DEALS, rows_per_page), "deals", None, NOW).unwrap();
            assert_eq!(listed.faults(), [fault]);
            assert_eq!(listed.ids(Object::Deal)[0], "1");
            assert!(!listed.ended);
        }
    }
}

#[test]
fn kinds_of_file_for_one_object_are_one_listing() {
    let fixture = Fixture::new(&[("calls.csv", "id,at\nc1,2026-01-02\n"), ("mails.csv", "Id;Sent\nm1;02.01.2026\n")]);
    let objects = r#"{activities: [
        {file: calls.csv, columns: {id: id, at: at, kind: {default: call}}},
        {file: mails.csv, delimiter: ";", dates: "%d.%m.%Y", columns: {id: Id, at: Sent, kind: {default: email}}}]}"#;
    let source = fixture.source(objects, 10);
    assert_eq!(source.streams.len(), 1);
    let listed = list(&source, "activities", None, NOW).unwrap();
    assert_eq!(listed.ids(Object::Activity), ["c1", "m1"]);
    assert_eq!((listed.pages, listed.ended), (2, true));
}

#[test]
fn fingerprints_stand_for_how_files_are_read() {
    let fixture = Fixture::new(&[]);
    let fingerprint = |objects: &str| fixture.source(objects, 10).streams[0].fingerprint.clone();
    assert_eq!(fingerprint(DEALS), fingerprint(DEALS));
    for other in [
        DEALS.replace("deals.csv", "d.csv"),
        DEALS.replace("amount: amount", "amount: x"),
        DEALS.replace("open", "won"),
    ] {
        assert_ne!(fingerprint(&other), fingerprint(DEALS), "{other}");
    }
}

#[tokio::test]
async fn pages_are_given_through_the_interface_of_sources() {
    let fixture = Fixture::new(&[("deals.csv", &rows(0..3))]);
    let settings = value(&format!("{{directory: ., objects: {DEALS}}}"));
    let kind = crate::source::KINDS.iter().find(|kind| kind.name == "csv").unwrap();
    let source = (kind.build)(settings, &context(fixture.directory.path())).unwrap();
    let page = source.page(&source.streams()[0], None, at(NOW)).await.unwrap();
    assert_eq!((page.records.len(), page.sweep.map(|sweep| sweep.ends)), (3, Some(true)));

    let unknown = Stream { name: "leads".into(), ..source.streams()[0].clone() };
    let error = source.page(&unknown, None, at(NOW)).await.unwrap_err();
    assert_eq!(error.to_string(), "no file is mapped to leads: name one under `objects`");
}
