//! How things stand, for the landing page and for readiness.

use super::figures::Delivered;
use super::in_force::{InForce, withheld};
use super::parts::Configured;
use crate::domain::{Object, Timestamp};
use crate::expose::{SourceStatus, Status};
use crate::meter::Meter;
use crate::setting::Lasting;
use crate::version;

/// How things stand at `now`. `published`: whether a snapshot is served that was made after the first load.
pub(super) fn status(in_force: &InForce, meter: &Meter, published: bool, now: Timestamp) -> Status {
    let board = meter.board();
    let mut sources = Vec::new();
    let mut awaited = Vec::new();
    for (source, standing) in in_force.sources() {
        let known = board.iter().find(|status| status.name == source.name);
        // Figures that are complete do not cease to be because a source is added.
        let counted = standing.counted(source);
        let complete = |object: &Object| known.is_some_and(|known| known.complete.contains(object));
        let missing: Vec<&str> =
            counted.iter().filter(|object| !complete(object)).map(|object| object.name()).collect();
        if !missing.is_empty() {
            awaited.push(format!("the first load of {}: {}", source.name, missing.join(", ")));
        }
        let records = known.map(|known| known.records.iter().map(|(object, count)| (*object, *count)).collect());
        sources.push(SourceStatus {
            name: source.name.clone(),
            kind: source.kind.name.to_owned(),
            up: known.and_then(|known| known.up),
            last_success: known.and_then(|known| known.last_success),
            last_error: known.and_then(last_error),
            interval: Lasting(source.interval),
            records: records.unwrap_or_default(),
            forbidden: known.map(|known| known.forbidden.iter().cloned().collect()).unwrap_or_default(),
        });
    }
    if awaited.is_empty() && !published {
        awaited.push("the first snapshot".to_owned());
    }
    let ready = if awaited.is_empty() { Ok(()) } else { Err(awaited.join("; ")) };
    let config = meter.config();
    Status {
        now,
        version: version::VERSION.to_owned(),
        docs: None,
        ready,
        settings_read: config.read_at,
        reload_failed: config.failed_at,
        sources,
    }
}

/// What the last poll failed with.
fn last_error(status: &crate::meter::SourceStatus) -> Option<String> {
    let failed = status.up == Some(false);
    status.last_error.as_ref().filter(|_| failed).map(|error| error.text.clone())
}

/// What each configured source has delivered, in order.
pub(super) fn delivered(in_force: &InForce, meter: &Meter) -> Vec<Delivered> {
    let board = meter.board();
    let of = |source: &Configured| {
        let known = board.iter().find(|status| status.name == source.name);
        known.map(|known| Delivered {
            complete: known.complete.clone(),
            withheld: withheld(source, known),
            last_success: known.last_success,
        })
    };
    in_force.sources().map(|(source, _)| of(source).unwrap_or_default()).collect()
}
