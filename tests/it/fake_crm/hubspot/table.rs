//! The records of one kind, with what finds them fast.

use std::collections::{BTreeMap, BTreeSet};

use crm_exporter::domain::Timestamp;
use indexmap::IndexMap;

use super::kind::Kind;
use super::properties::Definition;
use super::record::{PropertyNumber, Record, Source, Value};
use super::time;

/// Ids begin here in every table, so records of different kinds share ids.
const FIRST_ID: u64 = 1001;

/// All records of a kind.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) kind: Kind,
    pub(super) definitions: IndexMap<String, Definition>,
    records: BTreeMap<u64, Record>,
    /// By the date of the last modification.
    by_modified: BTreeSet<(Timestamp, u64)>,
    /// Ids that merging took away, and where they lead.
    merged_into: BTreeMap<u64, u64>,
    pub(super) next_id: u64,
}

impl Table {
    pub(super) fn new(kind: Kind) -> Table {
        let definitions = kind.definitions().into_iter().map(|property| (property.name.clone(), property)).collect();
        Table {
            kind,
            definitions,
            records: BTreeMap::new(),
            by_modified: BTreeSet::new(),
            merged_into: BTreeMap::new(),
            next_id: FIRST_ID,
        }
    }

    pub(super) fn property(&self, name: &str) -> Option<PropertyNumber> {
        self.definitions.get_index_of(name).map(|number| PropertyNumber::try_from(number).unwrap())
    }

    /// Like `property`, for tests' own writes: a name that is not defined is a mistake there.
    fn defined(&self, name: &str) -> PropertyNumber {
        self.property(name).unwrap_or_else(|| panic!("{} have no property `{name}`; define it", self.kind.name()))
    }

    /// Adds an empty record.
    pub(super) fn insert(&mut self, born_at: Timestamp) -> u64 {
        let id = self.next_id;
        self.next_id += 1;
        self.records.insert(id, Record::new(id, born_at));
        self.write(id, self.kind.created_property(), born_at, Source::User, born_at.into());
        self.modify(id, born_at);
        id
    }

    /// Adds a value to the log of a record, without a look at the date of modification. An instant may come in either of
    /// its forms and leaves in one.
    pub(super) fn write(&mut self, id: u64, name: &str, at: Timestamp, source: Source, value: Value) {
        let number = self.defined(name);
        let is_instant = self.definitions[usize::from(number)].value_type == "datetime";
        let instant = value.text().filter(|_| is_instant).and_then(|text| time::read(&text));
        let value = instant.map_or(value, Value::Time);
        self.record_mut(id).write(number, at, source, value);
    }

    /// Sets the date of the last modification.
    pub(super) fn modify(&mut self, id: u64, at: Timestamp) {
        let before = self.modified(id);
        if before == Some(at) {
            return;
        }
        if let Some(before) = before {
            self.by_modified.remove(&(before, id));
        }
        self.by_modified.insert((at, id));
        self.write(id, self.kind.modified_property(), at, Source::Calculated, at.into());
    }

    /// The date of the last modification.
    fn modified(&self, id: u64) -> Option<Timestamp> {
        match self.records.get(&id)?.value(self.defined(self.kind.modified_property()))? {
            Value::Time(at) => Some(*at),
            other => panic!("the date of modification is {other:?}"),
        }
    }

    /// The record of that very id.
    pub(super) fn record(&self, id: u64) -> Option<&Record> {
        self.records.get(&id)
    }

    pub(super) fn record_mut(&mut self, id: u64) -> &mut Record {
        let name = self.kind.name();
        self.records.get_mut(&id).unwrap_or_else(|| panic!("there is no {id} among the {name}"))
    }

    /// The record that an id leads to, through any merges.
    pub(super) fn resolve(&self, id: u64) -> Option<&Record> {
        match self.merged_into.get(&id) {
            Some(survivor) => self.resolve(*survivor),
            None => self.records.get(&id),
        }
    }

    /// The record with a value in a property that identifies it.
    pub(super) fn find(&self, property: &str, value: &str) -> Option<&Record> {
        let number = self.property(property)?;
        self.records.values().find(|record| record.value(number).and_then(Value::text).as_deref() == Some(value))
    }

    /// All records by id, archived ones included, from one id on.
    pub(super) fn from(&self, id: u64) -> impl Iterator<Item = &Record> {
        self.records.range(id..).map(|(_, record)| record)
    }

    /// The records that were modified in a period last, both ends included.
    pub(super) fn modified_within(&self, from: Timestamp, to: Timestamp) -> impl Iterator<Item = &Record> {
        let found = (from <= to).then(|| self.by_modified.range((from, u64::MIN)..=(to, u64::MAX)));
        found.into_iter().flatten().map(|(_, id)| &self.records[id])
    }

    /// Removes a record without a trace.
    pub(super) fn remove(&mut self, id: u64) -> Record {
        if let Some(modified) = self.modified(id) {
            self.by_modified.remove(&(modified, id));
        }
        self.records.remove(&id).unwrap_or_else(|| panic!("there is no {id} among the {}", self.kind.name()))
    }

    /// Lets an id lead to another record from now on.
    pub(super) fn redirect(&mut self, from: u64, to: u64) {
        self.merged_into.insert(from, to);
    }

    /// What a record's property shows as text now.
    pub(super) fn text(&self, id: u64, name: &str) -> Option<String> {
        self.record(id)?.value(self.property(name)?)?.text()
    }
}
