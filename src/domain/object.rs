//! The kinds of record, and the dense numbers that stand for records.

use std::fmt;

/// A kind of record. Its name is the value of the label `object` and the name of its table in the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Object {
    /// A person with a login in the CRM.
    User,
    /// A group of users.
    Team,
    /// An ordered set of stages.
    Pipeline,
    /// A step of a pipeline.
    Stage,
    /// A company.
    Account,
    /// A person at an account.
    Contact,
    /// A person or company that may become a customer.
    Lead,
    /// An opportunity to sell.
    Deal,
    /// A deal moved to another stage.
    StageChange,
    /// A lead moved to another status.
    StatusChange,
    /// A deal or lead went to another owner.
    OwnerChange,
    /// A call, email, meeting, task, ...
    Activity,
    /// A target that the CRM keeps (quota).
    Goal,
    /// An answer to a satisfaction survey.
    Survey,
    /// A currency that the CRM uses, with its rate.
    CurrencyRate,
}

impl Object {
    /// Every kind, in the order in which a fresh store is best filled (a link's target before the link).
    pub const ALL: [Object; 15] = [
        Object::CurrencyRate,
        Object::Team,
        Object::User,
        Object::Pipeline,
        Object::Stage,
        Object::Account,
        Object::Contact,
        Object::Lead,
        Object::Deal,
        Object::StageChange,
        Object::StatusChange,
        Object::OwnerChange,
        Object::Activity,
        Object::Goal,
        Object::Survey,
    ];

    /// Plural snake-case name, as in settings, labels and the store.
    pub const fn name(self) -> &'static str {
        match self {
            Object::User => "users",
            Object::Team => "teams",
            Object::Pipeline => "pipelines",
            Object::Stage => "stages",
            Object::Account => "accounts",
            Object::Contact => "contacts",
            Object::Lead => "leads",
            Object::Deal => "deals",
            Object::StageChange => "stage_changes",
            Object::StatusChange => "status_changes",
            Object::OwnerChange => "owner_changes",
            Object::Activity => "activities",
            Object::Goal => "goals",
            Object::Survey => "surveys",
            Object::CurrencyRate => "currency_rates",
        }
    }

    /// The kind of that name.
    pub fn from_name(name: &str) -> Option<Object> {
        Object::ALL.into_iter().find(|object| object.name() == name)
    }
}

impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The store's number of a record: dense per [`Object`], over all sources, never used again for another record.
///
/// A record that is only mentioned by a link has one too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key(pub u32);

impl Key {
    /// As an index into columns that are laid out by key.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
