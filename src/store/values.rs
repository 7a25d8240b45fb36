//! Fields between Rust and SQLite.

use chrono::NaiveDate;
use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use rust_decimal::Decimal;

use crate::domain::{Column, ColumnKind, Key, Timestamp, When};

/// A field, as it is compared and written; links are keys.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Field {
    /// Empty in the CRM; several links that were not told.
    Missing,
    Text(String),
    Flag(bool),
    Int(i64),
    Decimal(Decimal),
    When(When),
    Day(NaiveDate),
    Link(Key),
    Links(Links),
}

/// Several links, rising and each once, with the stamp of the version that told them.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Links {
    pub(super) told: Timestamp,
    pub(super) keys: Vec<Key>,
}

impl Field {
    /// Whether readers see no difference.
    pub(super) fn looks_like(&self, other: &Field) -> bool {
        match (self, other) {
            (Field::Links(one), Field::Links(other)) => one.keys == other.keys,
            _ => self == other,
        }
    }

    /// What stands in the column of the field, in a row of this version.
    pub(super) fn to_sql(&self, version: Option<Timestamp>) -> ToSqlOutput<'_> {
        let owned = |value: Value| ToSqlOutput::Owned(value);
        match self {
            Field::Missing => owned(Value::Null),
            Field::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Field::Flag(flag) => owned(Value::Integer((*flag).into())),
            Field::Int(number) => owned(Value::Integer(*number)),
            Field::Decimal(decimal) => owned(Value::Text(decimal.normalize().to_string())),
            Field::When(When::At(at)) => owned(Value::Integer(at.0)),
            Field::When(When::On(day)) | Field::Day(day) => owned(Value::Text(day.to_string())),
            Field::Link(key) => owned(Value::Integer(key.0.into())),
            Field::Links(links) => owned(Value::Integer(version.map_or(0, |version| version.millis_since(links.told)))),
        }
    }
}

/// A value that the column of a field must not have.
pub(super) struct Invalid;

/// A field that is no set of links.
pub(super) fn field(column: &Column, value: ValueRef<'_>) -> Result<Field, Invalid> {
    let read = match column.kind {
        ColumnKind::Text => text(value)?.map(Field::Text),
        ColumnKind::Flag => flag(value)?.map(Field::Flag),
        ColumnKind::Int => int(value)?.map(Field::Int),
        ColumnKind::Decimal => decimal(value)?.map(Field::Decimal),
        ColumnKind::When => when(value)?.map(Field::When),
        ColumnKind::Day => day(value)?.map(Field::Day),
        ColumnKind::Link(_) => key(value)?.map(Field::Link),
        ColumnKind::Links(_) => return Err(Invalid),
    };
    Ok(read.unwrap_or(Field::Missing))
}

pub(super) fn text(value: ValueRef<'_>) -> Result<Option<String>, Invalid> {
    Ok(str(value)?.map(str::to_owned))
}

pub(super) fn int(value: ValueRef<'_>) -> Result<Option<i64>, Invalid> {
    value.as_i64_or_null().map_err(|_| Invalid)
}

pub(super) fn flag(value: ValueRef<'_>) -> Result<Option<bool>, Invalid> {
    match int(value)? {
        None => Ok(None),
        Some(0) => Ok(Some(false)),
        Some(1) => Ok(Some(true)),
        Some(_) => Err(Invalid),
    }
}

pub(super) fn decimal(value: ValueRef<'_>) -> Result<Option<Decimal>, Invalid> {
    str(value)?.map(|text| text.parse().map_err(|_| Invalid)).transpose()
}

pub(super) fn day(value: ValueRef<'_>) -> Result<Option<NaiveDate>, Invalid> {
    str(value)?.map(|text| text.parse().map_err(|_| Invalid)).transpose()
}

pub(super) fn when(value: ValueRef<'_>) -> Result<Option<When>, Invalid> {
    match value {
        ValueRef::Integer(ms) => Ok(Some(When::At(Timestamp(ms)))),
        other => Ok(day(other)?.map(When::On)),
    }
}

pub(super) fn timestamp(value: ValueRef<'_>) -> Result<Option<Timestamp>, Invalid> {
    Ok(int(value)?.map(Timestamp))
}

pub(super) fn key(value: ValueRef<'_>) -> Result<Option<Key>, Invalid> {
    int(value)?.map(|number| u32::try_from(number).map(Key).map_err(|_| Invalid)).transpose()
}

fn str(value: ValueRef<'_>) -> Result<Option<&str>, Invalid> {
    value.as_str_or_null().map_err(|_| Invalid)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(kind: ColumnKind) -> Column {
        Column { name: "field", kind }
    }

    #[test]
    fn fields_round_trip() {
        let day = NaiveDate::from_ymd_opt(2024, 2, 29).unwrap();
        let decimal = |text: &str| Field::Decimal(text.parse().unwrap());
        let cases = [
            (ColumnKind::Text, Field::Text("Zoë\n\"x\"".into()), Value::Text("Zoë\n\"x\"".into())),
            (ColumnKind::Flag, Field::Flag(false), Value::Integer(0)),
            (ColumnKind::Int, Field::Int(i64::MIN), Value::Integer(i64::MIN)),
            (ColumnKind::Decimal, decimal("1200.50"), Value::Text("1200.5".into())),
            (ColumnKind::Decimal, decimal("-0.0"), Value::Text("0".into())),
            (ColumnKind::When, Field::When(When::At(Timestamp(-1))), Value::Integer(-1)),
            (ColumnKind::When, Field::When(When::On(day)), Value::Text("2024-02-29".into())),
            (ColumnKind::Day, Field::Day(day), Value::Text("2024-02-29".into())),
            (ColumnKind::Link(crate::domain::Object::Deal), Field::Link(Key(u32::MAX)), Value::Integer(4_294_967_295)),
            (ColumnKind::Text, Field::Missing, Value::Null),
        ];
        for (kind, given, stored) in cases {
            let written = match given.to_sql(None) {
                ToSqlOutput::Borrowed(value) => Value::try_from(value).unwrap(),
                ToSqlOutput::Owned(value) => value,
                other => panic!("{other:?}"),
            };
            assert_eq!(written, stored, "{kind:?}");
            assert!(field(&column(kind), ValueRef::from(&stored)).is_ok_and(|read| read == given), "{kind:?}");
        }
    }

    #[test]
    fn what_a_field_cannot_hold_is_told() {
        for (kind, value) in [
            (ColumnKind::Flag, Value::Integer(2)),
            (ColumnKind::Int, Value::Text("3".into())),
            (ColumnKind::Decimal, Value::Text("much".into())),
            (ColumnKind::Day, Value::Text("2023-02-29".into())),
            (ColumnKind::When, Value::Text("soon".into())),
            (ColumnKind::Link(crate::domain::Object::Deal), Value::Integer(-1)),
        ] {
            assert!(field(&column(kind), ValueRef::from(&value)).is_err(), "{kind:?} {value:?}");
        }
    }
}
