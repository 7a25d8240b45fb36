//! Lists that may be written as a single value.

use serde::{Deserialize, Deserializer};

/// One value or a list of them: `kind: call` is `kind: [call]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OneOrMany(pub Vec<String>);

impl<'de> Deserialize<'de> for OneOrMany {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged, expecting = "expected a text or a list of texts")]
        enum Form {
            One(String),
            Many(Vec<String>),
        }
        Ok(OneOrMany(match Form::deserialize(deserializer)? {
            Form::One(value) => vec![value],
            Form::Many(values) => values,
        }))
    }
}
