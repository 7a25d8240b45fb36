//! How calls can end: the legacy path of call dispositions.

use serde_json::{Value, json};

use super::account::Account;
use super::errors;
use crate::fake_crm::Answer;

/// Those that every account has: id and label.
pub(super) fn defaults() -> Vec<(String, String)> {
    let defaults = [
        ("f240bbac-87c9-4f6e-bf70-924b57d47db7", "Connected"),
        ("73a0d17f-1163-4015-bdd5-ec830791da20", "No answer"),
        ("b2cf5968-551e-4856-9783-52b3da59a7d0", "Left voicemail"),
        ("a4c4c377-d246-4b32-a13b-75a56a4cd0ff", "Left live message"),
        ("9d9162e7-6cf3-4944-bf63-4dff82258764", "Busy"),
        ("17b47fee-58de-441e-a44c-c6300d46f273", "Wrong number"),
    ];
    defaults.map(|(id, label)| (id.to_owned(), label.to_owned())).into()
}

impl Account {
    /// Adds a disposition of the account's own, to the list and to the options of the property.
    pub(crate) fn add_disposition(&mut self, id: &str, label: &str) {
        self.dispositions.push((id.to_owned(), label.to_owned()));
        self.offer_dispositions();
    }

    /// The property offers what the list has.
    pub(super) fn offer_dispositions(&mut self) {
        let dispositions = self.dispositions.clone();
        let options: Vec<(&str, &str)> = dispositions.iter().map(|(id, label)| (id.as_str(), label.as_str())).collect();
        self.set_options(super::Kind::Calls, "hs_call_disposition", &options);
    }
}

/// `GET /calling/v1/dispositions`.
pub(super) fn dispositions(account: &Account) -> Answer {
    if !account.behaviour.has_dispositions {
        return errors::not_found();
    }
    let show = |(id, label): &(String, String)| json!({"id": id, "label": label, "deleted": false});
    Answer::json(200, &Value::Array(account.dispositions.iter().map(show).collect()))
}
