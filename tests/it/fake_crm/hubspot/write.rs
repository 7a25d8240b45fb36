//! What people and other programs do in the account, called by tests. Every write is stamped with the fake's clock.

use crm_exporter::domain::Timestamp;

use super::account::Account;
use super::derive;
use super::kind::Kind;
use super::record::{Source, Value};

/// A property and what to write.
pub(crate) type Field<'a> = (&'a str, &'a str);

impl Account {
    /// Adds a record and tells its id.
    pub(crate) fn create(&mut self, kind: Kind, fields: &[Field]) -> u64 {
        let now = self.now();
        self.create_at(kind, now, fields)
    }

    /// Adds a record as if that had happened at another time.
    pub(crate) fn create_at(&mut self, kind: Kind, at: Timestamp, fields: &[Field]) -> u64 {
        let id = self.table_mut(kind).insert(at);
        self.change_at(kind, id, at, fields);
        id
    }

    /// Changes properties of a record.
    pub(crate) fn change(&mut self, kind: Kind, id: u64, fields: &[Field]) {
        let now = self.now();
        self.change_at(kind, id, now, fields);
    }

    /// Changes the same properties of many records within one millisecond.
    pub(crate) fn change_all(&mut self, kind: Kind, ids: &[u64], fields: &[Field]) {
        let now = self.now();
        for id in ids {
            self.change_at(kind, *id, now, fields);
        }
    }

    /// Changes properties as if that had happened at another time.
    pub(crate) fn change_at(&mut self, kind: Kind, id: u64, at: Timestamp, fields: &[Field]) {
        for (name, value) in fields {
            self.table_mut(kind).write(id, name, at, Source::User, (*value).into());
        }
        let named: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
        for (name, value) in derive::values(self, kind, id, at, &named) {
            self.table_mut(kind).write(id, &name, at, Source::Calculated, value);
        }
        self.table_mut(kind).modify(id, at);
    }

    /// Empties a property: it is null from now on.
    pub(crate) fn clear(&mut self, kind: Kind, id: u64, name: &str) {
        let now = self.now();
        let table = self.table_mut(kind);
        table.write(id, name, now, Source::User, Value::Null);
        table.modify(id, now);
    }

    /// Moves the date of the last modification, as recalculations do.
    pub(crate) fn touch(&mut self, kind: Kind, id: u64) {
        let now = self.now();
        self.table_mut(kind).modify(id, now);
    }

    /// Adds an activity about other records, which are modified by that.
    pub(crate) fn log_activity(&mut self, kind: Kind, fields: &[Field], about: &[(Kind, u64)]) -> u64 {
        assert!(kind.is_activity(), "{} are no activities", kind.name());
        let now = self.now();
        let id = self.create(kind, fields);
        for (other, other_id) in about {
            self.link((kind, id), (*other, *other_id));
            if let Kind::Contacts | Kind::Companies | Kind::Deals = other {
                let table = self.table_mut(*other);
                for name in ["notes_last_updated", "notes_last_contacted"] {
                    table.write(*other_id, name, now, Source::Calculated, now.into());
                }
                table.modify(*other_id, now);
            }
        }
        id
    }

    /// Puts a record into the recycle bin. Its date of modification stays.
    pub(crate) fn archive(&mut self, kind: Kind, id: u64) {
        let now = self.now();
        self.table_mut(kind).record_mut(id).archived_at = Some(now);
    }

    /// Takes a record out of the recycle bin, as it was.
    pub(crate) fn restore(&mut self, kind: Kind, id: u64) {
        self.table_mut(kind).record_mut(id).archived_at = None;
    }

    /// Erases a record for good (GDPR, or 90 days in the bin): nothing is left, not in the bin either.
    pub(crate) fn erase(&mut self, kind: Kind, id: u64) {
        self.table_mut(kind).remove(id);
        self.links.forget((kind, id));
    }

    /// Merges a record into another and tells the survivor's id: a contact keeps its own, other kinds get a new one.
    /// What the first has stays, what it lacks comes from the second.
    pub(crate) fn merge(&mut self, kind: Kind, first: u64, second: u64) -> u64 {
        let now = self.now();
        let mut gone = self.merged_ids(kind, first);
        gone.extend(self.merged_ids(kind, second));
        let survivor = if kind == Kind::Contacts { first } else { self.succeed(kind, first, now) };
        if survivor != first {
            gone.push(first);
        }
        gone.push(second);
        gone.sort_unstable();
        self.fill_from(kind, survivor, second, now);
        for id in gone.iter().filter(|id| [first, second].contains(id)) {
            self.table_mut(kind).remove(*id);
            self.table_mut(kind).redirect(*id, survivor);
            self.links.rename((kind, *id), survivor);
        }
        self.name_merged(kind, survivor, &gone, now);
        survivor
    }

    /// The ids that a record took over in earlier merges.
    fn merged_ids(&self, kind: Kind, id: u64) -> Vec<u64> {
        let listed = self.table(kind).text(id, "hs_merged_object_ids").unwrap_or_default();
        listed.split(';').filter_map(|id| id.parse().ok()).collect()
    }

    /// A new record with all that an old one has, its history included.
    fn succeed(&mut self, kind: Kind, id: u64, now: Timestamp) -> u64 {
        let table = self.table_mut(kind);
        let versions = table.record(id).unwrap().versions().to_vec();
        let new = table.insert(now);
        for version in versions {
            table.record_mut(new).write(version.property, version.at, version.source, version.value);
        }
        new
    }

    fn fill_from(&mut self, kind: Kind, survivor: u64, other: u64, now: Timestamp) {
        let table = self.table_mut(kind);
        let missing: Vec<(String, Value)> = table
            .definitions
            .keys()
            .filter(|name| table.text(survivor, name).is_none_or(|text| text.is_empty()))
            .filter_map(|name| Some((name.clone(), table.record(other)?.value(table.property(name)?)?.clone())))
            .collect();
        for (name, value) in missing {
            table.write(survivor, &name, now, Source::Merge, value);
        }
    }

    /// Lets the survivor name those who were merged into it, now and before.
    fn name_merged(&mut self, kind: Kind, survivor: u64, gone: &[u64], now: Timestamp) {
        let list = |show: &dyn Fn(&u64) -> String| gone.iter().map(show).collect::<Vec<_>>().join(";");
        let table = self.table_mut(kind);
        table.write(survivor, "hs_merged_object_ids", now, Source::Merge, list(&u64::to_string).into());
        if kind == Kind::Contacts {
            let with_time = list(&|id| format!("{id}:{}", now.0));
            table.write(survivor, "hs_calculated_merged_vids", now, Source::Calculated, with_time.into());
        }
        table.modify(survivor, now);
    }
}
