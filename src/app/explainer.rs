//! Explanations from a running daemon: worked out beside its refreshes, one at a time.

use std::sync::{Arc, OnceLock};

use tokio::sync::Semaphore;

use super::explained::{Asking, answer};
use super::floor::Floor;
use super::in_force::{Current, InForce};
use super::once::Instant;
use super::{figures, status};
use crate::expose::{Asked, Explained};
use crate::facts::{Facts, View};
use crate::meter::Meter;
use crate::reports::NotExplained;
use crate::setting::Selector;
use crate::store::Reader;

/// Records listed of each part where nobody says how many ...
const LIMIT: usize = 20;
/// ... and at most: each is looked up in the store.
const MOST: usize = 1000;

/// Explains figures of the facts that a daemon holds.
pub(super) struct Explainer {
    current: Arc<Current>,
    meter: Arc<Meter>,
    /// There once the store is loaded.
    floor: OnceLock<Arc<Floor>>,
    /// Each takes a core for a while, so there is one at a time.
    places: Arc<Semaphore>,
}

impl Explainer {
    /// An explainer that has no facts yet.
    pub(super) fn new(current: Arc<Current>, meter: Arc<Meter>) -> Explainer {
        Explainer { current, meter, floor: OnceLock::new(), places: Arc::new(Semaphore::new(1)) }
    }

    /// Explains figures of these facts from now on.
    pub(super) fn begin(&self, floor: Arc<Floor>) {
        // There is one floor as long as the program runs.
        let _ = self.floor.set(floor);
    }

    /// Explains a figure on a thread of its own. Refreshes read the same facts at the same time; a poll that wants to write
    /// waits meanwhile, as it does for a refresh.
    pub(super) async fn explain(self: Arc<Self>, asked: Asked) -> Explained {
        if !self.current.look(|in_force| in_force.parts.enables_explain()) {
            return Explained::NotEnabled;
        }
        let asking = match asking(&asked) {
            Ok(asking) => asking,
            Err(why) => return Explained::Wrong(why),
        };
        let Some(floor) = self.floor.get().cloned() else { return Explained::NotReady };
        let Ok(place) = self.places.clone().try_acquire_owned() else { return Explained::Busy };
        let work = move || {
            let _place = place;
            floor.read(|in_force, facts| self.work_out(in_force, facts, &asking))
        };
        tokio::task::spawn_blocking(work).await.unwrap_or_else(|error| {
            tracing::error!(%error, "explaining a figure has failed");
            Explained::Failed("explaining it has ended in a defect, which the log tells more of".to_owned())
        })
    }

    fn work_out(&self, in_force: &InForce, facts: &Facts, (asking, instant): &(Asking, Instant)) -> Explained {
        let parts = &in_force.parts;
        let coverage = figures::coverage(in_force, &status::delivered(in_force, &self.meter));
        let view = View::new(facts, &parts.people, &coverage, instant.of(parts));
        let own = self.meter.encode();
        let explained = || {
            let reader = Reader::open(&parts.store_path())?;
            let answer = answer(parts, &view, &reader, Some(&String::from_utf8_lossy(&own)), asking)?;
            anyhow::Ok(serde_json::to_string(&answer)?)
        };
        match explained() {
            Ok(json) => Explained::Done(json),
            Err(error) if error.is::<NotExplained>() => Explained::Wrong(error.to_string()),
            Err(error) => {
                tracing::warn!(error = format!("{error:#}"), "a figure could not be explained");
                Explained::Failed(format!("{error:#}"))
            }
        }
    }
}

/// Reads what is asked.
fn asking(asked: &Asked) -> Result<(Asking, Instant), String> {
    let selector: Selector =
        asked.selector.parse().map_err(|error: crate::setting::SelectorError| error.to_string())?;
    let limit = match &asked.limit {
        None => LIMIT,
        Some(text) => text.parse().map_err(|_| format!("`{text}` is no number of records to list"))?,
    };
    let instant = match &asked.now {
        None => Instant::Now,
        Some(text) => Instant::At(super::parse_when(text)?),
    };
    Ok((Asking { selector, limit: limit.min(MOST) }, instant))
}
