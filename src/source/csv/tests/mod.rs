//! Whole sources on real files: what a caller of `page` sees.

mod files;
mod problems;
mod published;
mod values;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::Path;
use std::time::{Duration, UNIX_EPOCH};

use chrono_tz::Tz;

use super::*;
use crate::domain::{Currency, Next, Record, Stamped, Unreadable, When};

/// When the files of a fixture were written, unless a test says otherwise.
const WRITTEN: &str = "2026-01-05T12:00:00Z";
/// An hour later.
const NOW: &str = "2026-01-05T13:00:00Z";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A directory with files of known times.
struct Fixture {
    directory: tempfile::TempDir,
}

impl Fixture {
    fn new(files: &[(&str, &str)]) -> Fixture {
        let fixture = Fixture { directory: tempfile::tempdir().unwrap() };
        for (name, content) in files {
            fixture.write(name, content.as_bytes(), at(WRITTEN));
        }
        fixture
    }

    fn write(&self, name: &str, content: &[u8], written: Timestamp) {
        let path = self.directory.path().join(name);
        fs::write(&path, content).unwrap();
        let modified = UNIX_EPOCH + Duration::from_millis(written.0.unsigned_abs());
        File::options().write(true).open(path).unwrap().set_modified(modified).unwrap();
    }

    /// The source that `objects`, a YAML text, makes of the directory.
    fn source(&self, objects: &str, rows_per_page: usize) -> Csv {
        let settings = format!("{{directory: exports, objects: {objects}}}");
        let context = context(self.directory.path());
        let mut settings = setting::read::<Settings>(value(&settings)).unwrap();
        settings.directory = Some(".".into());
        Csv::new(&settings, &context, rows_per_page).unwrap()
    }

    fn path(&self, name: &str) -> String {
        self.directory.path().join(".").join(name).display().to_string()
    }
}

fn context(directory: &Path) -> Context {
    Context {
        name: "exports".to_owned(),
        zone: Tz::America__New_York,
        currency: Currency::new("USD").unwrap(),
        directory: directory.to_owned(),
        history_days: None,
        surroundings: crate::http::Surroundings::none("exports"),
    }
}

/// YAML as the settings file gives it.
fn value(yaml: &str) -> Value {
    let text = format!("source: {yaml}");
    let file = config::File::from_str(&text, config::FileFormat::Yaml);
    config::Config::builder().add_source(file).build().unwrap().get("source").unwrap()
}

/// What the pages of a stream gave, up to the first that was up to date.
#[derive(Debug, Default)]
struct Listed {
    records: Vec<Stamped>,
    unreadable: Vec<Unreadable>,
    seen: Vec<(Object, String)>,
    ended: bool,
    pages: usize,
    cursor: Option<Cursor>,
}

impl Listed {
    fn ids(&self, object: Object) -> Vec<&str> {
        let of_object = self.records.iter().filter(|stamped| stamped.record.object() == object);
        of_object.map(|stamped| stamped.id.as_str()).collect()
    }

    /// Records by object and id; the last one counts.
    fn by_id(&self) -> BTreeMap<(Object, &str), &Stamped> {
        self.records.iter().map(|stamped| ((stamped.record.object(), stamped.id.as_str()), stamped)).collect()
    }

    fn faults(&self) -> Vec<String> {
        self.unreadable.iter().map(|bad| format!("{} {}: {}", bad.id, bad.reason.name(), bad.detail)).collect()
    }
}

/// Asks for pages until the stream is up to date.
fn list(source: &Csv, stream: &str, from: Option<&Cursor>, now: &str) -> Result<Listed, SourceError> {
    let index = source.streams.iter().position(|known| known.name == stream).unwrap();
    let mut listed = Listed { cursor: from.cloned(), ..Listed::default() };
    loop {
        let page = source.files[index].page(listed.cursor.as_ref(), at(now))?;
        listed.pages += 1;
        listed.records.extend(page.records);
        listed.unreadable.extend(page.unreadable);
        if let Some(sweep) = page.sweep {
            listed.seen.extend(sweep.seen);
            listed.ended |= sweep.ends;
        }
        let more = matches!(page.next, Next::More(_));
        listed.cursor = Some(page.next.cursor().clone());
        if !more {
            return Ok(listed);
        }
        assert!(listed.pages < 1_000, "the listing does not come to an end");
    }
}

/// One page.
fn page(source: &Csv, from: Option<&Cursor>, now: &str) -> Page {
    source.files[0].page(from, at(now)).unwrap()
}

fn deal(listed: &Listed, id: &str) -> crate::domain::Deal<String> {
    match &listed.by_id()[&(Object::Deal, id)].record {
        Record::Deal(deal) => deal.clone(),
        other => panic!("{other:?}"),
    }
}

fn on(text: &str) -> Option<When> {
    Some(When::On(text.parse().unwrap()))
}

fn instant(text: &str) -> Option<When> {
    Some(When::At(at(text)))
}
