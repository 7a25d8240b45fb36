//! `sources.*`: what all kinds of source have in common.

use chrono_tz::Tz;
use config::{Map, Value};
use serde::de::DeserializeOwned;

use super::Settings;
use crate::domain::Currency;
use crate::http::Surroundings;
use crate::setting::{self, Lasting, Problem};
use crate::source::{Context, KINDS, Kind};

/// One source: its kind, what all kinds share, and the part that only its kind can read.
#[derive(Clone)]
pub struct Source {
    /// Its kind.
    pub kind: &'static Kind,
    /// Time between two polls.
    pub interval: Lasting,
    /// How far back activities are taken; none: all that there are.
    pub history: Option<Lasting>,
    /// The name that this source had before: its records go on under the new one.
    pub renamed_from: Option<String>,
    part: Map<String, Value>,
}

/// Between two polls of an API.
const POLL: Lasting = Lasting::seconds(60);
/// Between two looks at files, which cost nothing.
const LOOK: Lasting = Lasting::seconds(15);
/// Of activities, from an API.
const HISTORY: Lasting = Lasting::days(800);

impl Source {
    /// Reads the part of the settings that belongs to the source `name`. A problem's key is seen from that part.
    pub(super) fn read(name: &str, part: Value) -> Result<Source, Problem> {
        source_name(name)?;
        let mut part: Map<String, Value> = setting::read(part)?;
        let kind = kind(take(&mut part, "kind")?)?;
        let history = take(&mut part, "history")?;
        let (interval, whole) = if kind.whole_history { (LOOK, None) } else { (POLL, Some(HISTORY)) };
        Ok(Source {
            kind,
            interval: take(&mut part, "interval")?.unwrap_or(interval),
            history: history.or(whole),
            renamed_from: take(&mut part, "renamed_from")?,
            part,
        })
    }

    /// Makes the source. Connects to nothing. A problem's key is seen from the source's part.
    ///
    /// # Errors
    /// Where the part of the settings does not fit the kind.
    pub fn build(&self, context: &Context) -> Result<Box<dyn crate::source::Source>, Problem> {
        (self.kind.build)(self.part.clone().into(), context)
    }

    /// Whether the source is asked for the same things in the same way. How often, and under which name, does not matter.
    pub fn asks_as(&self, other: &Source) -> bool {
        // As texts, because the order of keys can matter (that of stages does), which comparing maps does not see.
        let own = |source: &Source| format!("{:?}", (source.kind.name, source.history, &source.part));
        own(self) == own(other)
    }
}

/// Whether a source may have that name.
///
/// # Errors
/// Tells what a name may consist of.
pub fn source_name(name: &str) -> Result<(), Problem> {
    if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c)) {
        return Err(Problem::new("", "a source's name has letters A-Z and a-z, digits, `_`, `.` and `-` only"));
    }
    Ok(())
}

impl Settings {
    /// What the source `name` may know of what is outside its own part of the settings.
    pub fn context(&self, name: &str, zone: Tz, currency: Currency, surroundings: Surroundings) -> Context {
        let history = self.sources.get(name).and_then(|source| source.history);
        Context {
            name: name.to_owned(),
            zone,
            currency,
            directory: self.directory.clone(),
            // A part of a day is wanted too.
            history_days: history
                .map(|history| u32::try_from(history.0.as_secs().div_ceil(86_400)).unwrap_or(u32::MAX)),
            surroundings,
        }
    }
}

impl std::fmt::Debug for Source {
    /// Leaves out what only the kind can read: it may name secrets.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Source")
            .field("kind", &self.kind.name)
            .field("interval", &self.interval)
            .field("history", &self.history)
            .field("renamed_from", &self.renamed_from)
            .finish_non_exhaustive()
    }
}

fn take<T: DeserializeOwned>(part: &mut Map<String, Value>, key: &str) -> Result<Option<T>, Problem> {
    part.shift_remove(key).map(setting::read).transpose().map_err(|problem| problem.under(key))
}

fn kind(name: Option<String>) -> Result<&'static Kind, Problem> {
    let names: Vec<&str> = KINDS.iter().map(|kind| kind.name).collect();
    let Some(name) = name else {
        return Err(Problem::new("kind", format!("is missing; known here: {}", names.join(", "))));
    };
    KINDS.iter().find(|kind| kind.name == name).ok_or_else(|| {
        Problem::new("kind", format!("`{name}` is no kind of source; {}", setting::instead(&name, &names)))
    })
}
