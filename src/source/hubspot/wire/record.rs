//! Records with their properties, former values and links.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::{Paging, Scalar};

/// A record of any object type.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::source::hubspot) struct Row {
    /// Its id.
    #[serde(default)]
    pub(in crate::source::hubspot) id: Scalar,
    /// Its properties, as far as they were asked for.
    #[serde(default)]
    pub(in crate::source::hubspot) properties: Properties,
    /// When it was last changed.
    #[serde(default)]
    pub(in crate::source::hubspot) updated_at: Scalar,
    /// When it was put into the recycle bin.
    #[serde(default)]
    pub(in crate::source::hubspot) archived_at: Scalar,
    /// What it is linked to, by the name of the other object type, if that was asked for.
    #[serde(default)]
    pub(in crate::source::hubspot) associations: Option<BTreeMap<String, InlineLinks>>,
    /// Former values of properties, newest first, if they were asked for.
    #[serde(default)]
    pub(in crate::source::hubspot) properties_with_history: Option<BTreeMap<String, Vec<FormerValue>>>,
}

/// Properties that have a value, in the order in which they were sent.
#[derive(Debug, Default)]
pub(in crate::source::hubspot) struct Properties(Vec<(String, String)>);

impl Properties {
    /// The value of the property of that name.
    pub(in crate::source::hubspot) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

impl<'de> Deserialize<'de> for Properties {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Properties, D::Error> {
        struct Table;

        impl<'de> Visitor<'de> for Table {
            type Value = Properties;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a table of properties")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Properties, A::Error> {
                let mut properties = Vec::with_capacity(map.size_hint().unwrap_or(16));
                while let Some((name, Scalar(value))) = map.next_entry::<String, Scalar>()? {
                    properties.extend(value.map(|value| (name, value)));
                }
                Ok(Properties(properties))
            }
        }

        deserializer.deserialize_map(Table)
    }
}

/// The links of a record to records of one object type, as a listing tells them.
#[derive(Debug, Default, Deserialize)]
pub(in crate::source::hubspot) struct InlineLinks {
    /// The first of them; a record can stand here several times, once for each type of link.
    #[serde(default = "Vec::new")]
    pub(in crate::source::hubspot) results: Vec<InlineLink>,
    /// Where the rest is.
    paging: Option<Paging>,
}

impl InlineLinks {
    /// Whether there are more than these.
    pub(in crate::source::hubspot) fn has_more(&self) -> bool {
        Paging::after(self.paging.as_ref()).is_some()
    }
}

/// A link of a record.
#[derive(Debug, Deserialize)]
pub(in crate::source::hubspot) struct InlineLink {
    /// The other record.
    #[serde(default)]
    pub(in crate::source::hubspot) id: Scalar,
    /// Name of the type of link.
    #[serde(default, rename = "type")]
    pub(in crate::source::hubspot) kind: Scalar,
}

/// A value that a property has, or had.
#[derive(Debug, Deserialize)]
pub(in crate::source::hubspot) struct FormerValue {
    /// The value; none: it was cleared.
    #[serde(default)]
    pub(in crate::source::hubspot) value: Scalar,
    /// Since when, as ISO 8601 or in milliseconds since 1970.
    #[serde(default)]
    pub(in crate::source::hubspot) timestamp: Scalar,
}

/// The links of one record, as the endpoint for links tells them.
#[derive(Debug, Deserialize)]
pub(in crate::source::hubspot) struct Linked {
    /// The record.
    pub(in crate::source::hubspot) from: Reference,
    /// What it is linked to.
    #[serde(default = "Vec::new")]
    pub(in crate::source::hubspot) to: Vec<LinkedTo>,
    /// Where the rest is.
    paging: Option<Paging>,
}

impl Linked {
    /// Where the rest of this record's links is.
    pub(in crate::source::hubspot) fn after(&self) -> Option<String> {
        Paging::after(self.paging.as_ref())
    }
}

/// A record, by its id.
#[derive(Debug, Deserialize)]
pub(in crate::source::hubspot) struct Reference {
    /// Its id.
    #[serde(default)]
    pub(in crate::source::hubspot) id: Scalar,
}

/// The other end of a link.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::source::hubspot) struct LinkedTo {
    /// The other record.
    #[serde(default)]
    pub(in crate::source::hubspot) to_object_id: Scalar,
    /// All types of link that lead there.
    #[serde(default = "Vec::new")]
    pub(in crate::source::hubspot) association_types: Vec<LinkType>,
}

/// A type of link.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::source::hubspot) struct LinkType {
    /// Its number.
    #[serde(default)]
    pub(in crate::source::hubspot) type_id: Scalar,
    /// Its name.
    #[serde(default)]
    pub(in crate::source::hubspot) label: Scalar,
}
