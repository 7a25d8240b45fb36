//! Definitions of properties, and the schemas of the object types.

use serde_json::{Value, json};

use super::account::Account;
use super::kind::Kind;
use crate::fake_crm::Answer;

/// What a property is.
#[derive(Debug, Clone)]
pub(crate) struct Definition {
    pub(crate) name: String,
    /// `string`, `number`, `bool`, `date`, `datetime` or `enumeration`.
    pub(crate) value_type: String,
    /// Value and label of what an enumeration offers.
    pub(crate) options: Vec<(String, String)>,
    is_custom: bool,
}

impl Definition {
    /// A property that comes with the account.
    pub(super) fn given(name: &str, value_type: &str) -> Definition {
        Definition { name: name.to_owned(), value_type: value_type.to_owned(), options: Vec::new(), is_custom: false }
    }

    fn to_json(&self) -> Value {
        let field_type = match self.value_type.as_str() {
            "number" => "number",
            "bool" => "booleancheckbox",
            "date" | "datetime" => "date",
            "enumeration" => "select",
            _ => "text",
        };
        let option = |(at, (value, label)): (usize, &(String, String))| json!({"label": label, "value": value, "displayOrder": at, "hidden": false});
        json!({
            "name": self.name,
            "label": self.name.replace('_', " "),
            "type": self.value_type,
            "fieldType": field_type,
            "groupName": "information",
            "description": "",
            "options": self.options.iter().enumerate().map(option).collect::<Vec<_>>(),
            "displayOrder": -1,
            "calculated": self.name.starts_with("hs_v2_"),
            "externalOptions": false,
            "hasUniqueValue": false,
            "hidden": false,
            "hubspotDefined": !self.is_custom,
            "formField": false,
        })
    }
}

impl Account {
    /// Adds a property, as an administrator does.
    pub(crate) fn define_property(&mut self, kind: Kind, name: &str, value_type: &str) {
        let definition = Definition { is_custom: true, ..Definition::given(name, value_type) };
        self.table_mut(kind).definitions.insert(name.to_owned(), definition);
    }

    /// Sets what an enumeration offers: values and labels.
    pub(crate) fn set_options(&mut self, kind: Kind, name: &str, options: &[(&str, &str)]) {
        let options = options.iter().map(|(value, label)| ((*value).to_owned(), (*label).to_owned())).collect();
        self.table_mut(kind).definitions.get_mut(name).unwrap().options = options;
    }
}

/// All definitions of a kind, not paged.
pub(super) fn list(account: &Account, kind: Kind) -> Answer {
    let definitions = account.table(kind).definitions.values();
    Answer::json(200, &json!({"results": definitions.map(Definition::to_json).collect::<Vec<_>>()}))
}

/// The schemas of objects that the account made itself: it has none.
pub(super) fn schemas() -> Answer {
    Answer::json(200, &json!({"results": []}))
}
