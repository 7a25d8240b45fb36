//! The store as its callers see it.

mod content;
mod history;
mod opening;
mod pages;
mod sightings;
mod sweeps;

use std::collections::BTreeMap;
use std::path::PathBuf;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use tempfile::TempDir;

use super::{Reader, Store};
use crate::domain::{
    Cursor, Deal, FieldReader, FieldWriter, Key, Next, Object, Page, Record, Row, Stamped, Timestamp, When,
};

const NOW: Timestamp = Timestamp(1_000);

/// A store in a directory of its own, with one source and the stream `deals` of it.
struct Fixture {
    directory: TempDir,
    store: Store,
    source: u32,
}

impl Fixture {
    fn new() -> Fixture {
        let directory = tempfile::tempdir().unwrap();
        let mut store = Store::open(&directory.path().join("crm.db"), NOW).unwrap();
        let source = store.register("main", "csv", None).unwrap();
        store.stream(source, "deals", "1").unwrap();
        Fixture { directory, store, source }
    }

    fn path(&self) -> PathBuf {
        self.directory.path().join("crm.db")
    }

    /// Applies a page of the stream `deals` and gives what changed.
    fn apply(&mut self, page: &Page) -> Vec<(Object, Key)> {
        self.store.apply(self.source, "deals", page, NOW).unwrap().changed
    }

    fn reopened(self) -> Fixture {
        let Fixture { directory, store, source } = self;
        drop(store);
        let mut store = Store::open(&directory.path().join("crm.db"), NOW).unwrap();
        store.stream(source, "deals", "1").unwrap();
        Fixture { directory, store, source }
    }

    /// The row of a record.
    fn row(&self, object: Object, id: &str) -> Row {
        let key = self.store.reader().unwrap().key_of(self.source, object, id).unwrap().unwrap();
        self.store.rows(object, &[key]).unwrap().remove(0)
    }

    fn live(&self, object: Object) -> Vec<String> {
        let mut live = Vec::new();
        self.store.reader().unwrap().for_each(object, |row| live.extend(row.live.then_some(row.id))).unwrap();
        live.sort();
        live
    }
}

fn more() -> Page {
    Page::empty(Next::More(Cursor("on".into())))
}

fn records(records: Vec<Stamped>) -> Page {
    Page { records, ..more() }
}

/// Version `version` of a deal, with that in its name.
fn deal(id: &str, version: i64) -> Stamped {
    let record = Deal { name: Some(format!("{id} at {version}")), ..Deal::default() };
    Stamped { id: id.into(), version: Timestamp(version), record: record.into() }
}

/// All that readers see, by object, source and id; links as ids.
fn content(reader: &Reader) -> BTreeMap<(Object, u32, String), String> {
    let mut rows = Vec::new();
    for object in Object::ALL {
        reader.for_each(object, |row| rows.push((object, row))).unwrap();
    }
    let ids: BTreeMap<_, _> = rows.iter().map(|(object, row)| ((*object, row.key), row.id.clone())).collect();
    let told = rows.into_iter().map(|(object, row)| {
        let start = format!("{:?} {}", row.version.map(|at| at.0), row.live);
        let mut text = Told { id: |object, key: &Key| ids[&(object, *key)].clone(), text: start };
        if let Some(survivor) = row.merged_into {
            text.text += &format!(" -> {}", ids[&(object, survivor)]);
        }
        row.record.write(&mut text).unwrap();
        ((object, row.source, row.id), text.text)
    });
    told.collect()
}

/// Writes down the fields of a record; `id` says what a link is called.
struct Told<F> {
    id: F,
    text: String,
}

impl<F> Told<F> {
    fn tell(&mut self, value: impl std::fmt::Debug) -> Result<(), std::convert::Infallible> {
        self.text += &format!(" {value:?}");
        Ok(())
    }
}

impl<L, F: Fn(Object, &L) -> String> FieldWriter<L> for Told<F> {
    type Error = std::convert::Infallible;
    fn text(&mut self, value: Option<&str>) -> Result<(), Self::Error> {
        self.tell(value)
    }
    fn flag(&mut self, value: Option<bool>) -> Result<(), Self::Error> {
        self.tell(value)
    }
    fn int(&mut self, value: Option<i64>) -> Result<(), Self::Error> {
        self.tell(value)
    }
    fn decimal(&mut self, value: Option<Decimal>) -> Result<(), Self::Error> {
        self.tell(value.map(|decimal| decimal.normalize()))
    }
    fn when(&mut self, value: Option<When>) -> Result<(), Self::Error> {
        self.tell(value)
    }
    fn day(&mut self, value: Option<NaiveDate>) -> Result<(), Self::Error> {
        self.tell(value)
    }
    fn link(&mut self, object: Object, value: Option<&L>) -> Result<(), Self::Error> {
        self.tell(value.map(|link| (self.id)(object, link)))
    }
    fn links(&mut self, object: Object, value: Option<&[L]>) -> Result<(), Self::Error> {
        let ids = value.map(|links| {
            let mut ids: Vec<_> = links.iter().map(|link| (self.id)(object, link)).collect();
            ids.sort();
            ids
        });
        self.tell(ids)
    }
}

/// Fills every field of a record with something that is not in any other field.
struct Filler(i64);

impl Filler {
    fn next(&mut self) -> i64 {
        self.0 += 1;
        self.0
    }
}

impl FieldReader<String> for Filler {
    type Error = std::convert::Infallible;
    fn text(&mut self) -> Result<Option<String>, Self::Error> {
        Ok(Some(format!("text {}", self.next())))
    }
    fn flag(&mut self) -> Result<Option<bool>, Self::Error> {
        Ok(Some(self.next() % 2 == 0))
    }
    fn int(&mut self) -> Result<Option<i64>, Self::Error> {
        Ok(Some(-self.next()))
    }
    fn decimal(&mut self) -> Result<Option<Decimal>, Self::Error> {
        Ok(Some(Decimal::new(self.next(), 2)))
    }
    fn when(&mut self) -> Result<Option<When>, Self::Error> {
        let number = self.next();
        Ok(Some(match self.day()? {
            Some(day) if number % 2 == 0 => When::On(day),
            _ => When::At(Timestamp(number)),
        }))
    }
    fn day(&mut self) -> Result<Option<NaiveDate>, Self::Error> {
        Ok(NaiveDate::from_num_days_from_ce_opt(735_000 + self.next() as i32))
    }
    fn link(&mut self, _: Object) -> Result<Option<String>, Self::Error> {
        Ok(Some(format!("link {}", self.next())))
    }
    fn links(&mut self, _: Object) -> Result<Option<Vec<String>>, Self::Error> {
        Ok(Some(vec![format!("one {}", self.next()), format!("other {}", self.next())]))
    }
}

/// A record of `object` whose fields are all filled.
fn filled(object: Object, id: &str, version: i64, first: i64) -> Stamped {
    let Ok(record) = Record::read(object, &mut Filler(first));
    Stamped { id: id.into(), version: Timestamp(version), record }
}
