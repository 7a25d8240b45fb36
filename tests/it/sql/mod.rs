//! Every figure that records alone give, computed a second time: by SQL over the store's file, written from the contract and
//! from nothing of the program. Two CRMs of some thousand records hold every trap; the figures of the real program have to be
//! those of SQL, now and as of three past instants, family by family and series by series.

mod figures;
mod ledger;
mod organisation;
mod windows;

use std::collections::BTreeSet;
use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use crm_exporter::app::Parts;
use crm_exporter::domain::{CurrencyRate, Cursor, Merged, Next, Object, Page, Stamped, Timestamp, When};
use crm_exporter::meter::Meter;
use crm_exporter::settings::Settings;
use crm_exporter::store::Store;

use crate::program;
use crate::samples::{Samples, close};
use figures::{FIGURES, Figure};
use ledger::Ledger;
use organisation::{CRMS, POLLED_AT};

/// Past instants: in the night before a change of clocks, in the first hours of a quarter, on an afternoon of last year.
const PAST: [&str; 3] = ["2026-03-08T05:30:00Z", "2026-02-01T07:10:00Z", "2025-10-15T19:45:00Z"];

/// What was merged into what, in both CRMs: also into what was merged itself.
const MERGERS: [(Object, &str, &str); 12] = [
    (Object::User, "9", "3"),
    (Object::Contact, "11", "12"),
    (Object::Contact, "12", "13"),
    (Object::Contact, "14", "1"),
    (Object::Lead, "21", "22"),
    (Object::Lead, "23", "24"),
    (Object::Deal, "31", "32"),
    (Object::Deal, "33", "34"),
    (Object::Deal, "34", "35"),
    (Object::Account, "41", "42"),
    (Object::Account, "43", "42"),
    (Object::Account, "44", "45"),
];

/// The organisation in a store of its own.
struct Organisation {
    root: tempfile::TempDir,
}

impl Organisation {
    async fn load() -> Organisation {
        let organisation = Organisation { root: tempfile::tempdir().unwrap() };
        std::fs::write(organisation.settings(), organisation::settings()).unwrap();
        let parts = Settings::load(&organisation.settings(), &[]).unwrap();
        let parts = Parts::new(parts, &Arc::new(Meter::new().unwrap())).unwrap();
        let polled_at: Timestamp = POLLED_AT.parse().unwrap();
        let mut store = Store::open(&organisation.store(), polled_at).unwrap();
        let first = polled_at.plus_millis(-86_400_000);
        for (is_last, now) in [(false, first), (true, polled_at)] {
            organisation.write(is_last);
            organisation.poll(&parts, &mut store, now).await;
        }
        organisation
    }

    fn settings(&self) -> PathBuf {
        self.root.path().join("crm_exporter.yaml")
    }

    fn store(&self) -> PathBuf {
        self.root.path().join("crm_exporter.db")
    }

    /// Writes the files as if that had been long ago: what was written just now is waited for.
    fn write(&self, is_last: bool) {
        organisation::write(self.root.path(), is_last);
        let written_at =
            SystemTime::UNIX_EPOCH + Duration::from_secs(if is_last { 1_700_000_000 } else { 1_600_000_000 });
        for file in CRMS.iter().flat_map(|crm| std::fs::read_dir(self.root.path().join(crm)).unwrap()) {
            File::options().write(true).open(file.unwrap().path()).unwrap().set_modified(written_at).unwrap();
        }
    }

    async fn poll(&self, parts: &Parts, store: &mut Store, now: Timestamp) {
        for source in &parts.sources {
            let key = store.register(&source.name, source.kind.name, None).unwrap();
            for stream in source.source.streams() {
                let mut cursor: Option<Cursor> = store.stream(key, &stream.name, &stream.fingerprint).unwrap().cursor;
                loop {
                    let page = source.source.page(stream, cursor.as_ref(), now).await.unwrap();
                    assert_eq!(page.unreadable, [], "{}", stream.name);
                    store.apply(key, &stream.name, &page, now).unwrap();
                    match page.next {
                        Next::More(next) => cursor = Some(next),
                        Next::UpToDate(end) => {
                            let page = besides(stream.objects.as_ref(), end, now);
                            store.apply(key, &stream.name, &page, now).unwrap();
                            break;
                        }
                    }
                }
            }
        }
    }

    /// What the program exposes at an instant.
    fn exposed(&self, now: &str) -> Samples {
        let mut command = program();
        command.args(["snapshot", "--config.file"]).arg(self.settings()).args(["--now", now]);
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Samples::read(std::str::from_utf8(&output.stdout).unwrap())
    }
}

/// What files cannot tell: mergers, and rates of the CRM's own.
fn besides(objects: &[Object], end: Cursor, now: Timestamp) -> Page {
    let mergers = MERGERS.iter().filter(|(object, ..)| objects.contains(object));
    let merged = |(object, id, into): &(Object, &str, &str)| Merged {
        object: *object,
        id: (*id).to_owned(),
        into: (*into).to_owned(),
        at: now.plus_millis(1),
    };
    let rate = |(from, rate): (&str, &str)| Stamped {
        id: format!("EUR {from}"),
        version: now,
        record: CurrencyRate {
            currency: Some("EUR".to_owned()),
            rate: Some(rate.parse().unwrap()),
            to: Some("USD".to_owned()),
            effective_at: Some(When::On(from.parse().unwrap())),
            ..CurrencyRate::default()
        }
        .into(),
    };
    let rates =
        [("2025-03-01", "1.045"), ("2026-02-01", "1.125")].into_iter().filter(|_| objects.contains(&Object::Deal));
    Page {
        merged: mergers.map(merged).collect(),
        records: rates.map(rate).collect(),
        ..Page::empty(Next::UpToDate(end))
    }
}

/// What differs between a family of the program and SQL's, at most some lines.
fn differences(figure: &Figure, exposed: &Samples, ledger: &Ledger) -> Vec<String> {
    let expected = ledger.expected(figure);
    let found: std::collections::BTreeMap<_, _> = exposed.of(figure.family).iter().cloned().collect();
    let labels: BTreeSet<_> = expected.keys().chain(found.keys()).collect();
    let differs = |labels: &&&crate::samples::Labels| match (expected.get(**labels), found.get(**labels)) {
        (Some(expected), Some(found)) => !close(*expected, *found),
        _ => true,
    };
    let line = |labels: &crate::samples::Labels| {
        format!("{} {labels:?}: exposed {:?}, SQL {:?}", figure.family, found.get(labels), expected.get(labels))
    };
    let all: Vec<String> = labels.iter().filter(differs).map(|labels| line(labels)).collect();
    let count = all.len();
    let total = labels.len();
    let summary = format!("{}: {count} of {total} series differ", figure.family);
    if count == 0 { all } else { [summary].into_iter().chain(all.into_iter().take(6)).collect() }
}

#[tokio::test]
async fn every_figure_is_what_sql_says() {
    let organisation = Organisation::load().await;
    let mut failures = Vec::new();
    for now in [&[POLLED_AT][..], &PAST].concat() {
        let exposed = organisation.exposed(now);
        let is_live = now == POLLED_AT;
        let ledger = Ledger::new(&organisation.store(), now.parse::<Timestamp>().unwrap().0, is_live);
        for figure in FIGURES {
            if !is_live && !figure.past {
                assert!(exposed.of(figure.family).is_empty(), "{} at {now}", figure.family);
                continue;
            }
            let found = differences(figure, &exposed, &ledger);
            failures.extend(found.into_iter().map(|line| format!("{now} {line}")));
            let is_idle = exposed.of(figure.family).iter().all(|(_, value)| *value == 0.0);
            failures.extend(is_idle.then(|| format!("{} at {now} says nothing", figure.family)));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
