//! From cells to records.

use super::*;
use crate::domain::{Account, Activity, Contact, Goal, Pipeline, Stage, StageChange, Team, User};

fn first(listed: &Listed) -> &Record<String> {
    &listed.records[0].record
}

#[test]
fn fields_are_trimmed_scaled_mapped_and_filled_in() {
    let files = [(
        "accounts.csv",
        "Name,Revenue (m),Staff,Since,Key,Owner\n Acme ,1100.04,\"1,185\",26.02.2018,ja,\nBeta,,,,NEIN,ana\n",
    )];
    let objects = r#"{accounts: {file: accounts.csv, dates: "%d.%m.%Y", currency: eur, columns: {
        id: Name, name: Name, annual_revenue: {column: Revenue (m), scale: 1000000},
        employees: {column: Staff, format: "1,234.56", default: 1}, created_at: Since,
        key: {column: Key, map: {ja: true, nein: false}}, owner: {column: Owner, default: nobody}, domain: {default: example.com}}}}"#;
    let listed = list(&Fixture::new(&files).source(objects, 10), "accounts", None, NOW).unwrap();
    assert_eq!(listed.faults(), [""; 0]);
    let acme = Account {
        name: Some("Acme".into()),
        domain: Some("example.com".into()),
        owner: Some("nobody".into()),
        annual_revenue: Some("1100040000".parse().unwrap()),
        currency: Some("EUR".into()),
        employees: Some(1185),
        key: Some(true),
        created_at: on("2018-02-26"),
        ..Account::default()
    };
    assert_eq!(*first(&listed), acme.into());
    let beta = Account {
        name: Some("Beta".into()),
        domain: Some("example.com".into()),
        owner: Some("ana".into()),
        currency: Some("EUR".into()),
        employees: Some(1),
        key: Some(false),
        ..Account::default()
    };
    assert_eq!(listed.records[1].record, beta.into());
    assert!(listed.records.iter().all(|stamped| stamped.version == at(NOW)));
}

#[test]
fn users_bring_their_teams_unless_a_file_does() {
    let files = [("users.csv", "name,office\nAna,East\nBob,East\nCara,\n"), ("teams.csv", "id,name\nEast,The East\n")];
    let users = "users: {file: users.csv, columns: {id: name, name: name, team: office}}";
    let fixture = Fixture::new(&files);

    let source = fixture.source(&format!("{{{users}}}"), 10);
    assert_eq!(source.streams[0].objects, [Object::User, Object::Team]);
    let listed = list(&source, "users", None, NOW).unwrap();
    assert_eq!(listed.ids(Object::Team), ["East"]);
    assert_eq!(*first(&listed), Team { name: Some("East".into()), ..Team::default() }.into());
    let ana = User { name: Some("Ana".into()), team: Some("East".into()), ..User::default() };
    assert_eq!(listed.by_id()[&(Object::User, "Ana")].record, ana.into());

    let source =
        fixture.source(&format!("{{{users}, teams: {{file: teams.csv, columns: {{id: id, name: name}}}}}}"), 10);
    let names: Vec<&str> = source.streams.iter().map(|stream| stream.name.as_str()).collect();
    assert_eq!(names, ["teams", "users"]);
    assert_eq!(source.streams[1].objects, [Object::User]);
    assert!(list(&source, "users", None, NOW).unwrap().ids(Object::Team).is_empty());
}

#[test]
fn deals_bring_their_pipelines_and_stages_in_order() {
    let files = [("deals.csv", "id,stage\n1,Won\n2,Parked\n3,\n")];
    let objects = "{deals: {file: deals.csv, columns: {id: id, stage: stage}, pipeline: Sales,
        stages: {New: open, Won: WON, Lost: lost}}}";
    for rows_per_page in [1, 10] {
        let listed = list(&Fixture::new(&files).source(objects, rows_per_page), "deals", None, NOW).unwrap();
        let by_id = listed.by_id();
        let pipeline = Pipeline { name: Some("Sales".into()), position: Some(0), ..Pipeline::default() };
        assert_eq!(by_id[&(Object::Pipeline, "Sales")].record, pipeline.into());
        let listed_stages =
            [("New", 0, Some("open")), ("Won", 1, Some("won")), ("Lost", 2, Some("lost")), ("Parked", 3, None)];
        for (name, position, outcome) in listed_stages {
            let stage = Stage {
                pipeline: Some("Sales".into()),
                name: Some(name.into()),
                position: Some(position),
                outcome: outcome.map(Into::into),
                ..Stage::default()
            };
            assert_eq!(by_id[&(Object::Stage, format!("Sales/{name}").as_str())].record, stage.into());
        }
        assert_eq!(by_id.keys().filter(|(object, _)| *object == Object::Stage).count(), 4);
        assert_eq!(deal(&listed, "1").stage.as_deref(), Some("Sales/Won"));
        assert_eq!(deal(&listed, "3").stage, None);
        assert_eq!(deal(&listed, "3").pipeline.as_deref(), Some("Sales"));
        // No currency anywhere: the reporting one.
        assert_eq!(deal(&listed, "1").currency.as_deref(), Some("USD"));
    }
}

#[test]
fn several_pipelines_keep_stages_of_one_name_apart() {
    let files = [
        ("deals.csv", "id,pipe,stage,cur\n1,Sales,New,\n2,Service,New,GBP\n3,,New,\n"),
        ("moves.csv", "deal,pipe,from,to,at\n1,Sales,,New,2026-01-01 09:00\n"),
    ];
    let objects =
        "{deals: {file: deals.csv, currency: EUR, stages: {Sales: {New: open, Won: won}, Service: {New: open}},
          columns: {id: id, pipeline: pipe, stage: stage, currency: cur}},
        stage_changes: {file: moves.csv, columns: {deal: deal, pipeline: pipe, from_stage: from, stage: to, at: at}}}";
    let source = Fixture::new(&files).source(objects, 10);
    assert_eq!(source.streams[0].objects, [Object::Deal, Object::Pipeline, Object::Stage]);
    // The files have gone with their fixture, so nothing can be read any more.
    assert!(list(&source, "deals", None, NOW).is_err());

    let fixture = Fixture::new(&files);
    let source = fixture.source(objects, 10);
    let listed = list(&source, "deals", None, NOW).unwrap();
    assert_eq!(listed.ids(Object::Pipeline), ["Sales", "Service"]);
    assert_eq!(listed.ids(Object::Stage), ["New", "Sales/New", "Sales/Won", "Service/New"]);
    assert_eq!(deal(&listed, "2").stage.as_deref(), Some("Service/New"));
    assert_eq!((deal(&listed, "3").pipeline, deal(&listed, "3").stage.as_deref()), (None, Some("New")));
    let currencies = ["1", "2"].map(|id| deal(&listed, id).currency.unwrap());
    assert_eq!(currencies, ["EUR", "GBP"]);

    let moves = list(&source, "stage_changes", None, NOW).unwrap();
    let change = StageChange {
        deal: Some("1".into()),
        stage: Some("Sales/New".into()),
        at: instant("2026-01-01T14:00:00Z"),
        ..StageChange::default()
    };
    assert_eq!(*first(&moves), change.into());
}

#[test]
fn stage_changes_are_in_the_pipeline_of_the_deals() {
    let files = [("d.csv", "id,stage\n"), ("m.csv", "deal,to,at\n1,New,2026-01-01\n")];
    let objects = "{stage_changes: {file: m.csv, columns: {deal: deal, stage: to, at: at}},
        deals: {file: d.csv, pipeline: Sales, stages: {New: open}, columns: {id: id, stage: stage}}}";
    let fixture = Fixture::new(&files);
    let listed = list(&fixture.source(objects, 10), "stage_changes", None, NOW).unwrap();
    let Record::StageChange(change) = first(&listed) else { panic!() };
    assert_eq!((change.stage.as_deref(), change.at), (Some("Sales/New"), on("2026-01-01")));
    // Listed stages are there even where no deal is.
    let deals = list(&fixture.source(objects, 10), "deals", None, NOW).unwrap();
    assert_eq!(deals.ids(Object::Stage), ["Sales/New"]);
    assert!(deals.ended);
}

#[test]
fn activities_link_to_several_records_and_get_ids() {
    let files = [(
        "calls.csv",
        "who,when,ms,people,deal\nana,2026-01-02 10:00,1500,c1; c2;c1,d1\nana,2026-01-02 11:00,500,,\n\
         ana,2026-01-02 10:00,1500,c1; c2;c1,d1\n",
    )];
    let objects = r#"{activities: {file: calls.csv, time_zone: Europe/Berlin, columns: {kind: {default: call}, owner: who, at: when,
        duration_seconds: {column: ms, scale: 0.001}, contact: {column: people, split: ";"}, deal: deal}}}"#;
    for rows_per_page in [1, 2, 10] {
        let fixture = Fixture::new(&files);
        let listed = list(&fixture.source(objects, rows_per_page), "activities", None, NOW).unwrap();
        let call = Activity {
            kind: Some("call".into()),
            owner: Some("ana".into()),
            at: instant("2026-01-02T09:00:00Z"),
            duration_seconds: Some(2),
            contacts: Some(vec!["c1".into(), "c2".into()]),
            deals: Some(vec!["d1".into()]),
            ..Activity::default()
        };
        assert_eq!(*first(&listed), call.into());
        let Record::Activity(second) = &listed.records[1].record else { panic!() };
        // Half a second is rounded to the even number; empty cells link to nothing, which is not the same as not told.
        assert_eq!((second.duration_seconds, second.contacts.as_deref()), (Some(0), Some([].as_slice())));
        assert_eq!(second.leads, None);
        let ids = listed.ids(Object::Activity);
        // Computed apart; stores hold such ids, so they must not change.
        assert_eq!(ids, ["ad89c987449bc5a8", "23c5a28592f9a9ec", "ad89c987449bc5a8.2"]);
    }
}

#[test]
fn a_link_may_name_one_record_and_goals_need_no_currency() {
    let files = [("c.csv", "id,title,acc\n1,CEO,a\n"), ("g.csv", "rep,n,from\nana,100,2026-01-01 00:30 UTC\n")];
    let objects = "{contacts: {file: c.csv, columns: {id: id, title: title, account: acc}},
        goals: {file: g.csv, columns: {owner: rep, target: n, starts_on: from}}}";
    let fixture = Fixture::new(&files);
    let source = fixture.source(objects, 10);
    let contact = Contact { title: Some("CEO".into()), account: Some("a".into()), ..Contact::default() };
    assert_eq!(*first(&list(&source, "contacts", None, NOW).unwrap()), contact.into());
    let goal = Goal {
        owner: Some("ana".into()),
        target: Some("100".parse().unwrap()),
        // Half past midnight in UTC is still the day before in New York.
        starts_on: "2025-12-31".parse().ok(),
        ..Goal::default()
    };
    assert_eq!(*first(&list(&source, "goals", None, NOW).unwrap()), goal.into());
}

#[test]
fn words_are_mapped_as_they_are_then_in_any_case() {
    let files = [("d.csv", "id,status\n1,Closed Won\n2,CLOSED WON\n3,closed won\n4,Stuck\n5,n/a\n6,\n")];
    let objects = r#"{deals: {file: d.csv, columns: {id: id,
        status: {column: status, map: {closed won: won, CLOSED WON: special, n/a: ""}, default: open}}}}"#;
    let listed = list(&Fixture::new(&files).source(objects, 10), "deals", None, NOW).unwrap();
    let statuses = ["1", "2", "3", "4", "5", "6"].map(|id| deal(&listed, id).status);
    let expected = [Some("won"), Some("special"), Some("won"), Some("Stuck"), None, Some("open")];
    assert_eq!(statuses, expected.map(|status| status.map(str::to_owned)));
}

#[test]
fn bad_rows_are_told_with_file_line_and_column_and_are_not_deleted() {
    let content = "id,amount,closed,stage\n\
        1,abc,,New\n\
        2,\"12,50\",,New\n\
        ,5,,New\n\
        4,5,tomorrow,\"New\n(really)\"\n\
        5,5,New\n\
        6,7,2026-01-02,New\n\
        6,8,,New\n\
        ,,,\n";
    let objects = "{deals: {file: deals.csv, columns: {id: id, amount: amount, closed_at: closed, stage: stage}, stages: {New: open}}}";
    for rows_per_page in [1, 2, 3, 100] {
        let fixture = Fixture::new(&[("deals.csv", content)]);
        let listed = list(&fixture.source(objects, rows_per_page), "deals", None, NOW).unwrap();
        assert_eq!(listed.ids(Object::Deal), ["6"]);
        assert_eq!(deal(&listed, "6").amount, "7".parse().ok());
        assert_eq!(
            listed.faults(),
            [
                "deals.csv:2 invalid_value: column `amount`: `abc` is no number",
                "deals.csv:3 invalid_value: column `amount`: `12,50` has separators: name how numbers are written, \
                 such as `format: \"1,234.56\"`",
                "deals.csv:4 missing_id: column `id` is empty",
                "deals.csv:5 invalid_value: column `closed`: `tomorrow` is no date in the expected form: see `dates` \
                 and `format`",
                "deals.csv:7 malformed: 3 cells instead of 4",
                "deals.csv:9 duplicate_id: an earlier row has the same id, and that one counts",
            ]
        );
        let seen: Vec<&str> = listed.seen.iter().map(|(_, id)| id.as_str()).collect();
        assert_eq!(seen, ["1", "2", "4", "5"]);
        assert!(listed.ended);
    }
}

#[test]
fn changes_without_their_essentials_are_bad_rows() {
    let files = [("o.csv", "lead,owner,at\n1,ana,\n1,,2026-01-02\n")];
    let objects = "{owner_changes: {file: o.csv, columns: {lead: lead, owner: owner, at: at}}}";
    let listed = list(&Fixture::new(&files).source(objects, 10), "owner_changes", None, NOW).unwrap();
    assert_eq!(listed.faults(), ["o.csv:2 missing_field: column `at` is empty"]);
    // An owner that was taken away is a change too.
    assert_eq!(listed.records.len(), 1);
}

#[test]
fn other_encodings_and_delimiters_are_read() {
    let text = "Straße;Stück\r\nKöln – \"Süd\";3\r\n\"a;\r\nb\";4\r\n";
    let utf16: Vec<u8> = format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let utf16_be: Vec<u8> = format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_be_bytes).collect();
    let (latin, _, _) = encoding_rs::WINDOWS_1252.encode(text);
    let files: [(&[u8], &str); 5] = [
        (text.as_bytes(), "utf-8"),
        (&utf16, "windows-1252"), // The mark wins.
        (&utf16_be, "utf-8"),
        (&latin, "windows-1252"),
        (&utf16[2..], "utf-16le"),
    ];
    for (content, encoding) in files {
        let fixture = Fixture::new(&[]);
        fixture.write("a.csv", content, at(WRITTEN));
        let objects = format!(
            "{{accounts: {{file: a.csv, delimiter: ';', encoding: {encoding}, columns: {{id: Straße, employees: Stück}}}}}}"
        );
        for rows_per_page in [1, 10] {
            let listed = list(&fixture.source(&objects, rows_per_page), "accounts", None, NOW).unwrap();
            assert_eq!(listed.ids(Object::Account), ["Köln – \"Süd\"", "a;\r\nb"], "{encoding}");
        }
    }
    let marked = Fixture::new(&[("a.csv", "\u{feff}id\tn\n'x\ty'\t1\n")]);
    let objects = "{accounts: {file: a.csv, delimiter: tab, quote: \"'\", columns: {id: id, employees: n}}}";
    assert_eq!(list(&marked.source(objects, 10), "accounts", None, NOW).unwrap().ids(Object::Account), ["x\ty"]);
}

#[test]
fn cells_in_another_encoding_are_bad_rows() {
    let fixture = Fixture::new(&[]);
    fixture.write("a.csv", b"id,n\nK\xf6ln,1\nBonn,2\n", at(WRITTEN));
    let objects = "{accounts: {file: a.csv, columns: {id: id, employees: n}}}";
    let listed = list(&fixture.source(objects, 10), "accounts", None, NOW).unwrap();
    assert_eq!(listed.faults(), ["a.csv:2 malformed: column `id`: not encoded in UTF-8: name the file's `encoding`"]);
    assert_eq!(listed.ids(Object::Account), ["Bonn"]);
}

#[test]
fn activities_from_before_the_history_are_neither_taken_nor_deleted() {
    let fixture = Fixture::new(&[("a.csv", "id,at\n1,2025-12-25\n2,2025-12-26\n3,2025-12-26 07:59:59\n4,\n")]);
    let yaml = "{directory: ., objects: {activities: {file: a.csv, columns: {id: id, at: at, kind: {default: call}}}}}";
    let context = Context { history_days: Some(10), ..context(fixture.directory.path()) };
    let source = Csv::new(&setting::read::<Settings>(value(yaml)).unwrap(), &context, 10).unwrap();
    let listed = list(&source, "activities", None, NOW).unwrap();
    assert_eq!(listed.ids(Object::Activity), ["2", "4"]);
    assert_eq!(listed.seen, [(Object::Activity, "1".to_owned()), (Object::Activity, "3".to_owned())]);
}
