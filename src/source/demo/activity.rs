//! Activities as records: planned, then done, missed or called off.

use super::news::News;
use super::time::{at, on};
use super::world::user_id;
use crate::domain::{Activity, When};

/// What an activity is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Call,
    Email,
    Meeting,
    Task,
}

/// What an activity is about: ids of records.
#[derive(Debug, Clone, Default)]
pub(super) struct About {
    pub(super) contact: Option<String>,
    pub(super) lead: Option<String>,
    pub(super) deal: Option<String>,
    pub(super) account: Option<String>,
}

/// An activity of a person.
#[derive(Debug, Clone)]
pub(super) struct Act {
    pub(super) id: u64,
    pub(super) kind: Kind,
    pub(super) person: usize,
    pub(super) subject: &'static str,
    /// When it was entered, if that was before it took place.
    pub(super) planned: Option<i64>,
    /// When it took place or will take place.
    pub(super) at: i64,
    /// The day by which a task is to be done.
    pub(super) due: Option<i64>,
    /// When it was over and entered as it was; none: it never is.
    pub(super) ended: Option<i64>,
    /// Status at its end.
    pub(super) status: &'static str,
    pub(super) inbound: bool,
    pub(super) outcome: Option<&'static str>,
    pub(super) about: About,
}

impl Act {
    /// One that was done, and entered when it was over.
    pub(super) fn done(id: u64, kind: Kind, person: usize, subject: &'static str, at: i64, seconds: i64) -> Act {
        Act {
            id,
            kind,
            person,
            subject,
            planned: None,
            at,
            due: None,
            ended: Some(at + seconds * 1_000),
            status: "completed",
            inbound: false,
            outcome: None,
            about: About::default(),
        }
    }

    /// Tells it, if it changes in the span and is wanted.
    pub(super) fn tell(&self, news: &mut News) {
        if self.at < news.activities_since() {
            return;
        }
        let stamps = self.planned.into_iter().chain(self.ended);
        news.tell(self.id.to_string(), stamps, |stamp| self.record(stamp).into());
    }

    fn record(&self, stamp: i64) -> Activity<String> {
        let ended = self.ended.filter(|ended| *ended <= stamp);
        let list = |id: &Option<String>| Some(id.iter().cloned().collect::<Vec<_>>());
        let done = ended.filter(|_| self.status == "completed");
        Activity {
            kind: Some(self.kind.name().to_owned()),
            owner: Some(user_id(self.person)),
            at: self.starts(),
            due: self.due.and_then(on),
            completed_at: done.filter(|_| self.kind == Kind::Task).and_then(at),
            duration_seconds: done.filter(|_| self.kind.lasts()).map(|ended| (ended - self.at) / 1_000),
            status: Some(ended.map_or("open", |_| self.status).to_owned()),
            direction: self.direction().map(str::to_owned),
            outcome: ended.and(self.outcome).map(str::to_owned),
            subject: Some(self.subject.to_owned()),
            contacts: list(&self.about.contact),
            leads: list(&self.about.lead),
            deals: list(&self.about.deal),
            accounts: list(&self.about.account),
            created_at: at(self.planned.or(self.ended).unwrap_or(self.at)),
            ..Default::default()
        }
    }

    fn starts(&self) -> Option<When> {
        (self.kind != Kind::Task).then_some(self.at).and_then(at)
    }

    fn direction(&self) -> Option<&'static str> {
        match (self.kind, self.inbound) {
            (Kind::Task | Kind::Meeting, _) => None,
            (_, true) => Some("inbound"),
            (_, false) => Some("outbound"),
        }
    }
}

impl Kind {
    const fn name(self) -> &'static str {
        match self {
            Kind::Call => "call",
            Kind::Email => "email",
            Kind::Meeting => "meeting",
            Kind::Task => "task",
        }
    }

    const fn lasts(self) -> bool {
        matches!(self, Kind::Call | Kind::Meeting)
    }
}
