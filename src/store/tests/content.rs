//! Records and what is told of them.

use super::*;
use crate::domain::{Account, Contact, Gone, Lead, Merged, User};
use crate::store::Fault;

#[test]
fn every_field_of_every_object_comes_back() {
    let mut fixture = Fixture::new();
    let given: Vec<_> = Object::ALL.into_iter().zip(1..).map(|(object, n)| filled(object, "x", n, 100 * n)).collect();
    fixture.apply(&records(given.clone()));
    let fixture = fixture.reopened();
    let stored = content(&fixture.store.reader().unwrap());
    for stamped in given {
        let object = stamped.record.object();
        // The same fields in the same words, links being ids on both sides.
        let start = format!("Some({}) true", stamped.version.0);
        let mut expected = Told { id: |_, id: &String| id.clone(), text: start };
        stamped.record.write(&mut expected).unwrap();
        assert_eq!(stored[&(object, fixture.source, "x".into())], expected.text, "{object}");
    }
}

#[test]
fn single_rows_and_all_rows_have_one_form() {
    let mut fixture = Fixture::new();
    let mut page = more();
    for (object, n) in Object::ALL.into_iter().zip(1..) {
        page.records.extend((0..7).map(|i| filled(object, &format!("{i}"), n, 10 * i)));
    }
    page.gone.push(Gone { object: Object::Deal, id: "3".into(), at: Timestamp(99) });
    page.merged.push(Merged { object: Object::Contact, id: "4".into(), into: "5".into(), at: Timestamp(99) });
    fixture.apply(&page);
    let reader = fixture.store.reader().unwrap();
    for object in Object::ALL {
        let mut all = Vec::new();
        reader.for_each(object, |row| all.push(row)).unwrap();
        let mut keys: Vec<Key> = all.iter().map(|row| row.key).collect();
        assert!(keys.iter().map(|key| key.index()).eq(0..all.len()), "{object} is not dense");
        keys.reverse();
        keys.push(Key(9_999));
        assert_eq!(fixture.store.rows(object, &keys).unwrap(), all);
        assert_eq!(reader.rows(object, &keys).unwrap(), all);
        let live = all.iter().filter(|row| row.live).count() as u64;
        assert_eq!(reader.count(fixture.source, object).unwrap(), live, "{object}");
    }
    assert_eq!(fixture.row(Object::Contact, "4").merged_into, Some(fixture.row(Object::Contact, "5").key));
}

#[test]
fn what_is_only_mentioned_is_a_stub_until_it_arrives() {
    let mut fixture = Fixture::new();
    let lead = Lead { owner: Some("ana".into()), account: Some("acme".into()), ..Lead::default() };
    let stamped = Stamped { id: "1".into(), version: Timestamp(1), record: lead.into() };
    assert_eq!(
        fixture.apply(&records(vec![stamped])),
        [(Object::User, Key(0)), (Object::Account, Key(0)), (Object::Lead, Key(0))]
    );
    let stub = fixture.row(Object::User, "ana");
    assert_eq!((stub.version, stub.live, &stub.record), (None, false, &User::default().into()));

    let user = User { email: Some("ana@example.com".into()), ..User::default() };
    let stamped = Stamped { id: "ana".into(), version: Timestamp(1), record: user.clone().into() };
    assert_eq!(fixture.apply(&records(vec![stamped])), [(Object::User, stub.key)]);
    let user = User { email: user.email, ..User::default() };
    assert_eq!(fixture.row(Object::User, "ana").record, user.into());
}

#[test]
fn two_sources_have_their_own_records() {
    let mut fixture = Fixture::new();
    let other = fixture.store.register("other", "csv", None).unwrap();
    fixture.store.stream(other, "deals", "1").unwrap();
    fixture.apply(&records(vec![deal("1", 5)]));
    fixture.store.apply(other, "deals", &records(vec![deal("1", 3)]), NOW).unwrap();
    let reader = fixture.store.reader().unwrap();
    assert_eq!(reader.id_of(Object::Deal, Key(1)).unwrap(), Some((other, "1".into())));
    assert_eq!(reader.id_of(Object::Deal, Key(2)).unwrap(), None);
    assert_eq!(reader.key_of(fixture.source, Object::Deal, "2").unwrap(), None);
    assert_eq!(fixture.row(Object::Deal, "1").version, Some(Timestamp(5)));
}

#[test]
fn only_what_changes_is_reported_and_numbered() {
    let mut fixture = Fixture::new();
    let seq = |fixture: &mut Fixture, page: &Page| {
        let applied = fixture.store.apply(fixture.source, "deals", page, NOW).unwrap();
        (applied.seq, applied.changed.len())
    };
    let page = records(vec![deal("1", 5), deal("2", 5)]);
    assert_eq!(seq(&mut fixture, &more()), (0, 0));
    assert_eq!(seq(&mut fixture, &page), (1, 2));
    assert_eq!(seq(&mut fixture, &page), (1, 0));
    assert_eq!(seq(&mut fixture, &records(vec![deal("1", 4)])), (1, 0));
    let gone = |at| Page { gone: vec![Gone { object: Object::Deal, id: "2".into(), at: Timestamp(at) }], ..more() };
    assert_eq!(seq(&mut fixture, &gone(6)), (2, 1));
    // A later deletion of what is deleted is kept, but nobody sees it.
    assert_eq!(seq(&mut fixture, &gone(8)), (2, 0));
    assert_eq!(seq(&mut fixture, &records(vec![deal("2", 7)])), (3, 1));
    assert!(!fixture.row(Object::Deal, "2").live);
    assert_eq!(seq(&mut fixture, &records(vec![deal("2", 9)])), (4, 1));
    assert!(fixture.row(Object::Deal, "2").live);
    let sql = "SELECT group_concat(_seq) FROM (SELECT _seq FROM deals ORDER BY _key)";
    let numbers: String = fixture.store.connection.query_row(sql, [], |row| row.get(0)).unwrap();
    assert_eq!(numbers, "1,4");
}

#[test]
fn links_that_are_not_told_stay_and_emptied_fields_are_empty() {
    let mut fixture = Fixture::new();
    let version = |version: i64, name: Option<&str>, contacts: Option<&[&str]>| {
        let contacts = contacts.map(|ids| ids.iter().map(|id| (*id).to_owned()).collect());
        let record = Deal { name: name.map(str::to_owned), contacts, ..Deal::default() };
        records(vec![Stamped { id: "1".into(), version: Timestamp(version), record: record.into() }])
    };
    let seen = |fixture: &Fixture| match fixture.row(Object::Deal, "1").record {
        Record::Deal(deal) => (deal.name, deal.contacts.map(|keys| keys.iter().map(|key| key.0).collect::<Vec<_>>())),
        other => panic!("{other:?}"),
    };
    fixture.apply(&version(1, Some("a"), None));
    assert_eq!(seen(&fixture), (Some("a".into()), None));
    fixture.apply(&version(2, Some("b"), Some(&["y", "x", "y"])));
    assert_eq!(seen(&fixture), (Some("b".into()), Some(vec![0, 1])));
    fixture.apply(&version(4, None, None));
    assert_eq!(seen(&fixture), (None, Some(vec![0, 1])));
    let mut fixture = fixture.reopened();
    // Older than the content, but newer than what told the links.
    fixture.apply(&version(3, Some("c"), Some(&["z"])));
    assert_eq!(seen(&fixture), (None, Some(vec![2])));
    fixture.apply(&version(2, Some("b"), Some(&["y"])));
    assert_eq!(seen(&fixture), (None, Some(vec![2])));
    fixture.apply(&version(4, Some("d"), Some(&[])));
    assert_eq!(seen(&fixture), (Some("d".into()), Some(vec![])));
}

#[test]
fn mergers_name_the_survivor_while_the_record_is_gone() {
    let mut fixture = Fixture::new();
    let contact = |version: i64| Stamped {
        id: "1".into(),
        version: Timestamp(version),
        record: Contact { title: Some("Chief".into()), ..Contact::default() }.into(),
    };
    let merged = |into: &str, at: i64| Page {
        merged: vec![Merged { object: Object::Contact, id: "1".into(), into: into.into(), at: Timestamp(at) }],
        ..more()
    };
    fixture.apply(&records(vec![contact(1)]));
    fixture.apply(&merged("1", 2));
    assert!(fixture.row(Object::Contact, "1").live, "merged into itself");
    fixture.apply(&merged("2", 3));
    let survivor = fixture.row(Object::Contact, "2").key;
    let row = fixture.row(Object::Contact, "1");
    assert_eq!((row.live, row.merged_into), (false, Some(survivor)));
    fixture.apply(&records(vec![contact(4)]));
    let row = fixture.row(Object::Contact, "1");
    assert_eq!((row.live, row.merged_into), (true, None));
}

#[test]
fn a_value_that_cannot_be_is_told_with_its_place() {
    let mut fixture = Fixture::new();
    let account = Account { annual_revenue: Some(Decimal::TEN), ..Account::default() };
    fixture.apply(&records(vec![Stamped { id: "acme".into(), version: Timestamp(1), record: account.into() }]));
    fixture.store.connection.execute("UPDATE accounts SET annual_revenue = 'much'", []).unwrap();
    for error in [
        fixture.store.rows(Object::Account, &[Key(0)]).unwrap_err(),
        fixture.store.reader().unwrap().for_each(Object::Account, |_| ()).unwrap_err(),
        fixture
            .store
            .apply(fixture.source, "deals", &records(vec![filled(Object::Account, "acme", 2, 0)]), NOW)
            .unwrap_err(),
    ] {
        assert!(
            matches!(error.fault(), Fault::Value { table: "accounts", key: 0, column: "annual_revenue" }),
            "{error}"
        );
        assert!(error.to_string().contains("crm.db"), "{error}");
    }
}
