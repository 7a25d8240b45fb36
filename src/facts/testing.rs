//! For tests: facts from records written down by hand, without a store.

use std::collections::{BTreeSet, HashMap};
use std::convert::Infallible;
use std::path::Path;
use std::sync::Arc;

use chrono::NaiveDate;
use indexmap::IndexSet;
use rust_decimal::Decimal;
use serde::de::DeserializeOwned;

use super::settings::{Accounts, Activities, DataQuality, Deals, Leads, Money, People, Readings};
use super::{Coverage, Facts, PeopleRules, Rules, SourceInfo};
use crate::calendar::{self, Calendar};
use crate::domain::{
    Dictionary, FieldReader, FieldWriter, Former, Key, Object, Record, Row, Sighting, StageChange, Team, Timestamp,
    User, When,
};

/// Settings from YAML.
pub fn yaml<T: DeserializeOwned>(text: &str) -> T {
    let file = config::File::from_str(text, config::FileFormat::Yaml);
    config::Config::builder().add_source(file).build().unwrap().try_deserialize().unwrap()
}

/// An instant (RFC 3339) or a date.
pub fn when(text: &str) -> Option<When> {
    Some(match text.parse() {
        Ok(at) => When::At(at),
        Err(_) => When::On(text.parse().unwrap()),
    })
}

/// A decimal.
pub fn decimal(text: &str) -> Option<Decimal> {
    Some(text.parse().unwrap())
}

/// An organisation in the making: settings, and records of the source `crm`, or of several.
pub struct Org {
    /// Settings `calendar`, as YAML.
    pub calendar: &'static str,
    /// Settings `people`, as YAML.
    pub people: &'static str,
    /// Settings `activities`, as YAML.
    pub activities: &'static str,
    /// Settings `leads`, as YAML.
    pub leads: &'static str,
    /// Settings `deals`, as YAML.
    pub deals: &'static str,
    /// Settings `data_quality`, as YAML.
    pub data_quality: &'static str,
    /// Settings `accounts`, as YAML.
    pub accounts: &'static str,
    /// Settings `currency`, as YAML.
    pub money: &'static str,
    /// What the records are good for. Objects of the records put in are complete without being named.
    pub coverage: Coverage,
    /// The records so far, which the methods keep.
    pub records: Records,
}

/// Records of an organisation in the making.
pub struct Records {
    /// Names of the sources; the place of each is the store's number of it.
    sources: Vec<&'static str>,
    source: u32,
    delivered: BTreeSet<(Option<u32>, Object)>,
    /// Keys by object: source and id.
    keys: HashMap<Object, IndexSet<(u32, String)>>,
    rows: Vec<Row>,
}

impl Default for Records {
    fn default() -> Self {
        Records { sources: vec!["crm"], source: 0, delivered: BTreeSet::new(), keys: HashMap::new(), rows: Vec::new() }
    }
}

impl Default for Org {
    fn default() -> Self {
        Org {
            calendar: "{}",
            people: "{}",
            activities: "{}",
            leads: "{}",
            deals: "{}",
            data_quality: "{}",
            accounts: "{}",
            money: "{}",
            coverage: Coverage::default(),
            records: Records::default(),
        }
    }
}

impl Org {
    /// Records put in from here on come from the source of that name.
    pub fn from_source(&mut self, name: &'static str) -> &mut Self {
        let place = self.records.sources.iter().position(|known| *known == name);
        self.records.source = place.unwrap_or(self.records.sources.len()) as u32;
        if place.is_none() {
            self.records.sources.push(name);
        }
        self
    }

    /// The source delivers such records, and all sources that do have delivered all there are: maybe none.
    pub fn deliver(&mut self, object: Object) -> &mut Self {
        self.records.delivered.insert((Some(self.records.source), object));
        self.coverage.complete.insert(object);
        self
    }

    /// The source delivers such records, and has not yet delivered all.
    pub fn deliver_in_part(&mut self, object: Object) -> &mut Self {
        self.records.delivered.insert((Some(self.records.source), object));
        self.coverage.complete.remove(&object);
        self
    }

    /// Puts a record in.
    pub fn put(&mut self, id: &str, record: impl Into<Record<String>>) -> &mut Self {
        let record = self.keyed(&record.into());
        self.row(id, record, true)
    }

    /// Puts a record in as one that was deleted.
    pub fn put_deleted(&mut self, id: &str, record: impl Into<Record<String>>) -> &mut Self {
        let record = self.keyed(&record.into());
        self.row(id, record, false)
    }

    /// Deletes a record that was put in: the facts have it first, and lose it then.
    pub fn delete(&mut self, object: Object, id: &str) -> &mut Self {
        let key = self.key(object, id);
        let known = self.records.rows.iter().find(|row| (row.record.object(), row.key) == (object, key));
        let gone = Row { live: false, ..known.unwrap().clone() };
        self.records.rows.push(gone);
        self
    }

    /// Puts a record in as one that was merged into another.
    pub fn put_merged(&mut self, id: &str, into: &str, record: impl Into<Record<String>>) -> &mut Self {
        let record = self.keyed(&record.into());
        let into = self.key(record.object(), into);
        self.row(id, record, false);
        self.records.rows.last_mut().unwrap().merged_into = Some(into);
        self
    }

    /// Notes that a deal that was put in was seen to change at an instant (if known), and the stage in which it was before
    /// (if it was there).
    pub fn sighted(&mut self, deal: &str, at: Option<&str>, before: Option<&str>) -> &mut Self {
        let stage = before.map(|stage| self.key(Object::Stage, stage));
        let before = stage.map(|stage| Former { stage: Some(stage), status: None });
        self.saw(deal, Sighting { at: at.map(|at| at.parse().unwrap()), before })
    }

    /// Notes a sighting of a deal that was put in.
    pub fn saw(&mut self, deal: &str, sighting: Sighting) -> &mut Self {
        let key = self.key(Object::Deal, deal);
        let mut rows = self.records.rows.iter_mut();
        let row = rows.find(|row| (row.record.object(), row.key) == (Object::Deal, key));
        row.unwrap().sightings.push(sighting);
        self
    }

    /// Puts an active user of a team in; his name is his id.
    pub fn user(&mut self, id: &str, team: &str) -> &mut Self {
        let team_record = Team { name: Some(team.to_owned()), ..Default::default() };
        self.put(team, team_record);
        let user = User { name: Some(id.to_owned()), team: Some(team.to_owned()), ..Default::default() };
        self.put(id, user)
    }

    /// Puts a deal's stage changes in, as pairs of a stage and when it was entered.
    pub fn history(&mut self, deal: &str, changes: &[(&str, &str)]) -> &mut Self {
        for (stage, at) in changes {
            let change = StageChange {
                deal: Some(deal.to_owned()),
                stage: Some((*stage).to_owned()),
                at: when(at),
                ..Default::default()
            };
            self.put(&format!("{deal} {stage} {at}"), change);
        }
        self
    }

    /// The store's number of a record of the present source.
    pub fn key(&mut self, object: Object, id: &str) -> Key {
        let keys = self.records.keys.entry(object).or_default();
        Key(keys.insert_full((self.records.source, id.to_owned())).0 as u32)
    }

    /// The id of a record by the store's number of it.
    pub fn id(&self, object: Object, record: u32) -> String {
        let known = self.records.keys.get(&object).and_then(|keys| keys.get_index(record as usize));
        known.map(|(_, id)| id.clone()).unwrap()
    }

    fn row(&mut self, id: &str, record: Record<Key>, live: bool) -> &mut Self {
        let key = self.key(record.object(), id);
        self.deliver(record.object());
        self.records.rows.retain(|row| (row.record.object(), row.key) != (record.object(), key));
        self.records.rows.push(Row {
            key,
            source: self.records.source,
            id: id.to_owned(),
            version: Some(Timestamp(0)),
            live,
            merged_into: None,
            sightings: Vec::new(),
            record,
        });
        self
    }

    fn keyed(&mut self, record: &Record<String>) -> Record<Key> {
        let mut values = Values { org: self, all: Vec::new() };
        let Ok(()) = record.write(&mut values);
        let mut taken = Taken(values.all.into_iter());
        let Ok(record) = Record::read(record.object(), &mut taken);
        record
    }

    /// The facts.
    pub fn facts(&self) -> Facts {
        let calendar: calendar::Settings = yaml(self.calendar);
        let calendar = Calendar::new(&calendar, Path::new(".")).unwrap();
        let info = |(key, name): (usize, &&str)| SourceInfo {
            key: key as u32,
            name: (*name).to_owned(),
            dictionary: Dictionary::default(),
        };
        let sources: Vec<SourceInfo> = self.records.sources.iter().enumerate().map(info).collect();
        let activities: Activities = yaml(self.activities);
        let deals: Deals = yaml(self.deals);
        let money: Money = yaml(self.money);
        let leads: Leads = yaml(self.leads);
        let data_quality: DataQuality = yaml(self.data_quality);
        let accounts: Accounts = yaml(self.accounts);
        let readings = Readings {
            activities: &activities,
            leads: &leads,
            deals: &deals,
            accounts: &accounts,
            data_quality: &data_quality,
            currency: &money,
        };
        let rules = Rules::new(&sources, &readings).unwrap();
        let mut facts = Facts::new(rules, Arc::new(calendar), self.records.delivered.clone());
        self.stubs().chain(self.records.rows.iter().cloned()).for_each(|row| facts.put(row));
        facts
    }

    /// Rows of what is mentioned, as the store has them: without content.
    fn stubs(&self) -> impl Iterator<Item = Row> + '_ {
        let keys =
            self.records.keys.iter().flat_map(|(object, keys)| keys.iter().enumerate().map(move |key| (*object, key)));
        keys.map(|(object, (key, (source, id)))| {
            let Ok(record) = Record::read(object, &mut Taken(Vec::new().into_iter()));
            let key = Key(key as u32);
            let (source, id) = (*source, id.clone());
            Row { key, source, id, version: None, live: false, merged_into: None, sightings: Vec::new(), record }
        })
    }

    /// The rules for people.
    pub fn people(&self) -> PeopleRules {
        let people: People = yaml(self.people);
        PeopleRules::new(&people).unwrap()
    }
}

enum Value {
    Text(Option<String>),
    Flag(Option<bool>),
    Int(Option<i64>),
    Decimal(Option<Decimal>),
    When(Option<When>),
    Day(Option<NaiveDate>),
    Link(Option<Key>),
    Links(Option<Vec<Key>>),
}

struct Values<'a> {
    org: &'a mut Org,
    all: Vec<Value>,
}

macro_rules! take {
    ($($name:ident $kind:ident $of:ty,)+) => {
        impl FieldWriter<String> for Values<'_> {
            type Error = Infallible;
            fn text(&mut self, value: Option<&str>) -> Result<(), Infallible> {
                self.all.push(Value::Text(value.map(str::to_owned)));
                Ok(())
            }
            fn link(&mut self, object: Object, value: Option<&String>) -> Result<(), Infallible> {
                let key = value.map(|id| self.org.key(object, id));
                self.all.push(Value::Link(key));
                Ok(())
            }
            fn links(&mut self, object: Object, value: Option<&[String]>) -> Result<(), Infallible> {
                let keys = value.map(|ids| ids.iter().map(|id| self.org.key(object, id)).collect());
                self.all.push(Value::Links(keys));
                Ok(())
            }
            $(fn $name(&mut self, value: Option<$of>) -> Result<(), Infallible> {
                self.all.push(Value::$kind(value));
                Ok(())
            })+
        }

        impl FieldReader<Key> for Taken {
            type Error = Infallible;
            fn text(&mut self) -> Result<Option<String>, Infallible> {
                match self.0.next() {
                    Some(Value::Text(value)) => Ok(value),
                    None => Ok(None),
                    Some(_) => panic!("no text"),
                }
            }
            fn link(&mut self, _: Object) -> Result<Option<Key>, Infallible> {
                match self.0.next() {
                    Some(Value::Link(value)) => Ok(value),
                    None => Ok(None),
                    Some(_) => panic!("no link"),
                }
            }
            fn links(&mut self, _: Object) -> Result<Option<Vec<Key>>, Infallible> {
                match self.0.next() {
                    Some(Value::Links(value)) => Ok(value),
                    None => Ok(None),
                    Some(_) => panic!("no links"),
                }
            }
            $(fn $name(&mut self) -> Result<Option<$of>, Infallible> {
                match self.0.next() {
                    Some(Value::$kind(value)) => Ok(value),
                    None => Ok(None),
                    Some(_) => panic!("no {}", stringify!($name)),
                }
            })+
        }
    };
}

/// Fields in their order; behind the last, all are missing.
struct Taken(std::vec::IntoIter<Value>);

take! {
    flag Flag bool,
    int Int i64,
    decimal Decimal Decimal,
    when When When,
    day Day NaiveDate,
}
