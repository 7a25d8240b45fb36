//! Reading a part of the settings into its type.
//!
//! A serde deserializer of its own, because what goes wrong here is read by people: it knows the path of the key, the
//! keys that would be right, and has words of its own for what was expected. Scalars are taken as they are meant:
//! `3` and `"3"` are the same number, since environment variables only have texts.

use std::fmt::{self, Display};
use std::str::FromStr;

use config::{Value, ValueKind};
use serde::de::{self, DeserializeOwned, DeserializeSeed, Expected, IntoDeserializer, Unexpected, Visitor};
use serde::forward_to_deserialize_any;

use super::{Problem, hint};

/// Reads `value` into its type. A problem's key is seen from `value`.
pub fn read<T: DeserializeOwned>(value: Value) -> Result<T, Problem> {
    T::deserialize(Reader(value.kind))
}

impl de::Error for Problem {
    fn custom<T: Display>(text: T) -> Self {
        Problem::new("", text.to_string())
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Problem::new("", format!("expected {expected}, found {}", Found(found)))
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::invalid_type(found, expected)
    }

    fn unknown_variant(name: &str, known: &'static [&'static str]) -> Self {
        Problem::new("", format!("`{name}` is not known; {}", hint::instead(name, known)))
    }

    fn unknown_field(name: &str, known: &'static [&'static str]) -> Self {
        Problem::new(name, format!("unknown key; {}", hint::instead(name, known)))
    }

    fn missing_field(name: &'static str) -> Self {
        Problem::new(name, "is missing and has no default")
    }
}

/// What was found, in the words of people who write YAML.
struct Found<'a>(Unexpected<'a>);

impl Display for Found<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Unexpected::Bool(value) => write!(f, "`{value}`"),
            Unexpected::Unsigned(value) => write!(f, "`{value}`"),
            Unexpected::Signed(value) => write!(f, "`{value}`"),
            Unexpected::Float(value) => write!(f, "`{value}`"),
            Unexpected::Str(value) => write!(f, "`{value}`"),
            Unexpected::Unit | Unexpected::Option => f.write_str("nothing"),
            Unexpected::Seq => f.write_str("a list"),
            Unexpected::Map => f.write_str("keys and values"),
            other => other.fmt(f),
        }
    }
}

struct Reader(ValueKind);

impl Reader {
    fn expected(&self, what: &str) -> Problem {
        let found = match &self.0 {
            ValueKind::Nil => "nothing".to_owned(),
            ValueKind::Table(_) => "keys and values".to_owned(),
            ValueKind::Array(_) => "a list".to_owned(),
            scalar => format!("`{scalar}`"),
        };
        Problem::new("", format!("expected {what}, found {found}"))
    }

    fn text(&self, what: &str) -> Result<String, Problem> {
        match &self.0 {
            ValueKind::Nil | ValueKind::Table(_) | ValueKind::Array(_) => Err(self.expected(what)),
            scalar => Ok(scalar.to_string()),
        }
    }

    fn number<T: FromStr>(&self, what: &str) -> Result<T, Problem> {
        self.text(what)?.trim().parse().map_err(|_| self.expected(what))
    }
}

impl<'de> IntoDeserializer<'de, Problem> for Reader {
    type Deserializer = Reader;

    fn into_deserializer(self) -> Reader {
        self
    }
}

/// What a type says it expects, unless it only has the name that serde gives it.
fn words_of<'de, V: Visitor<'de>>(visitor: &V) -> String {
    let words = (visitor as &dyn Expected).to_string();
    if words.starts_with("struct ") { "keys and values".to_owned() } else { words }
}

fn visit_table<'de, V: Visitor<'de>>(table: config::Map<String, Value>, visitor: V) -> Result<V::Value, Problem> {
    visitor.visit_map(Table { entries: table.into_iter(), next: None })
}

fn visit_array<'de, V: Visitor<'de>>(array: Vec<Value>, visitor: V) -> Result<V::Value, Problem> {
    visitor.visit_seq(Array { values: array.into_iter().enumerate() })
}

macro_rules! numbers {
    ($($deserialize:ident $visit:ident $what:literal;)+) => { $(
        fn $deserialize<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
            visitor.$visit(self.number($what)?)
        }
    )+ };
}

impl<'de> de::Deserializer<'de> for Reader {
    type Error = Problem;

    numbers! {
        deserialize_i8 visit_i8 "a whole number";
        deserialize_i16 visit_i16 "a whole number";
        deserialize_i32 visit_i32 "a whole number";
        deserialize_i64 visit_i64 "a whole number";
        deserialize_u8 visit_u8 "a whole number from 0 to 255";
        deserialize_u16 visit_u16 "a whole number from 0 to 65535";
        deserialize_u32 visit_u32 "a whole number from 0 up";
        deserialize_u64 visit_u64 "a whole number from 0 up";
        deserialize_f32 visit_f32 "a number";
        deserialize_f64 visit_f64 "a number";
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        match self.0 {
            ValueKind::Nil => visitor.visit_unit(),
            ValueKind::Boolean(value) => visitor.visit_bool(value),
            ValueKind::I64(value) => visitor.visit_i64(value),
            ValueKind::I128(value) => visitor.visit_i128(value),
            ValueKind::U64(value) => visitor.visit_u64(value),
            ValueKind::U128(value) => visitor.visit_u128(value),
            ValueKind::Float(value) => visitor.visit_f64(value),
            ValueKind::String(value) => visitor.visit_string(value),
            ValueKind::Array(array) => visit_array(array, visitor),
            ValueKind::Table(table) => visit_table(table, visitor),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        visitor.visit_bool(self.number("true or false")?)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        visitor.visit_string(self.text("a text")?)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        match self.0 {
            ValueKind::Nil => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        match self.0 {
            ValueKind::Array(array) => visit_array(array, visitor),
            ValueKind::Nil | ValueKind::Table(_) => Err(self.expected("a list")),
            ref scalar => Err(self.expected(&format!("a list such as [{scalar}]"))),
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        match self.0 {
            ValueKind::Table(table) => visit_table(table, visitor),
            _ => Err(self.expected("keys and values")),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Problem> {
        match self.0 {
            ValueKind::Table(table) => visit_table(table, visitor),
            _ => Err(self.expected(&words_of(&visitor))),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _name: &'static str, visitor: V) -> Result<V::Value, Problem> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Problem> {
        visitor.visit_enum(self.text("a name")?.into_deserializer())
    }

    forward_to_deserialize_any! { char bytes byte_buf unit unit_struct tuple tuple_struct identifier ignored_any }
}

struct Table<I> {
    entries: I,
    next: Option<(String, Value)>,
}

impl<'de, I: Iterator<Item = (String, Value)>> de::MapAccess<'de> for Table<I> {
    type Error = Problem;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Problem> {
        self.next = self.entries.next();
        let Some((key, _)) = &self.next else { return Ok(None) };
        seed.deserialize(Reader(ValueKind::String(key.clone()))).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Problem> {
        let (key, value) = self.next.take().ok_or_else(|| <Problem as de::Error>::custom("a value before its key"))?;
        seed.deserialize(Reader(value.kind)).map_err(|problem| problem.under(&key))
    }
}

struct Array<I> {
    values: I,
}

impl<'de, I: Iterator<Item = (usize, Value)>> de::SeqAccess<'de> for Array<I> {
    type Error = Problem;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Problem> {
        let Some((index, value)) = self.values.next() else { return Ok(None) };
        let element = seed.deserialize(Reader(value.kind));
        element.map(Some).map_err(|problem| problem.under(&format!("[{index}]")))
    }
}

#[cfg(test)]
mod tests {
    use config::{Config, File, FileFormat};
    use indexmap::IndexMap;
    use serde::Deserialize;

    use super::*;
    use crate::setting::{Lasting, Number, OneOrMany};

    #[derive(Debug, Deserialize, Default)]
    #[serde(deny_unknown_fields, default)]
    struct Part {
        wait: Option<Lasting>,
        rate: Option<Number>,
        share: f64,
        names: Vec<String>,
        kinds: OneOrMany,
        steps: Vec<Step>,
        by_mail: IndexMap<String, Vec<String>>,
        on: bool,
        most: u32,
        show: Show,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields, expecting = "a step such as {from: 2026-02-01}")]
    struct Step {
        #[serde(deserialize_with = "crate::setting::day")]
        from: chrono::NaiveDate,
    }

    #[derive(Debug, Deserialize, Default, PartialEq)]
    #[serde(rename_all = "snake_case")]
    enum Show {
        #[default]
        Name,
        FirstName,
    }

    fn part(yaml: &str) -> Result<Part, String> {
        let text = File::from_str(yaml, FileFormat::Yaml);
        let value = Config::builder().add_source(text).build().unwrap().cache;
        read(value).map_err(|problem| problem.to_string())
    }

    #[test]
    fn values_are_taken_as_they_are_meant() {
        let read = part(
            "{wait: 1h 30m, rate: 1.08, share: 1, names: [7, true, EMEA], kinds: call, on: \"true\", most: \"3\"}",
        );
        let part = read.unwrap();
        assert_eq!(part.wait, Some(Lasting::seconds(5400)));
        assert_eq!(part.rate.unwrap().0.to_string(), "1.08");
        assert_eq!((part.share, part.on, part.most), (1.0, true, 3));
        assert_eq!(part.names, ["7", "true", "EMEA"]);
        assert_eq!(part.kinds.0, ["call"]);
        assert_eq!(self::part("steps: [{from: 2026-02-28}]").unwrap().steps[0].from.to_string(), "2026-02-28");
    }

    #[test]
    fn keys_keep_their_case_their_dots_and_their_order() {
        let part = part("by_mail: {Zoe.B@Example.com: [z], EMEA: [e], ana@example.com: [a]}").unwrap();
        assert_eq!(part.by_mail.keys().collect::<Vec<_>>(), ["Zoe.B@Example.com", "EMEA", "ana@example.com"]);
    }

    #[test]
    fn problems_name_the_key_and_what_to_write() {
        for (yaml, expected) in [
            ("wiat: 1s", "wiat: unknown key; did you mean `wait`?"),
            (
                "colour: red",
                "colour: unknown key; known here: wait, rate, share, names, kinds, steps, by_mail, on, most, show",
            ),
            ("wait: 15", "wait: `15` is no duration: write a number and its unit, such as 15s, 2m, 1h or 800d"),
            ("wait: [1s]", "wait: expected a text, found a list"),
            ("rate: dear", "rate: `dear` is no decimal number such as 1.08"),
            ("names: EMEA", "names: expected a list such as [EMEA], found `EMEA`"),
            ("names: [EMEA, {a: b}]", "names[1]: expected a text, found keys and values"),
            ("kinds: {a: b}", "kinds: expected a text or a list of texts"),
            (
                "steps: [{from: 2026-02-01}, {from: 2026-02-30}]",
                "steps[1].from: `2026-02-30` is no date such as 2026-11-26",
            ),
            ("steps: [now]", "steps[0]: expected a step such as {from: 2026-02-01}, found `now`"),
            ("steps: [{}]", "steps[0].from: is missing and has no default"),
            ("by_mail: {ana@example.com: [[]]}", "by_mail.ana@example.com[0]: expected a text, found a list"),
            ("on: yes", "on: expected true or false, found `yes`"),
            ("most: -1", "most: expected a whole number from 0 up, found `-1`"),
            ("most: 1.5", "most: expected a whole number from 0 up, found `1.5`"),
            ("share: half", "share: expected a number, found `half`"),
            ("show: frist_name", "show: `frist_name` is not known; did you mean `first_name`?"),
            ("show: nick", "show: `nick` is not known; known here: name, first_name"),
            ("show: [name]", "show: expected a name, found a list"),
        ] {
            assert_eq!(part(yaml).unwrap_err(), expected, "{yaml}");
        }
    }
}
