//! Facts in memory, loaded from the store, and what their records are good for.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context as _;

use super::in_force::InForce;
use super::now;
use super::parts::{Configured, Parts};
use crate::domain::{Object, Timestamp};
use crate::facts::{Coverage, Facts};
use crate::source::Stream;
use crate::store::{Reader, Store, StreamState};
use crate::sync::{completeness, last_success, was_never_permitted, withheld};

/// What one source has delivered.
#[derive(Debug, Clone, Default)]
pub(super) struct Delivered {
    /// Objects that are complete.
    pub complete: BTreeSet<Object>,
    /// Objects that the CRM never let us read: no figure is made of them.
    pub withheld: BTreeSet<Object>,
    /// When it last succeeded.
    pub last_success: Option<Timestamp>,
}

/// Opens the store for writing and makes the sources known to it: also gives the store's numbers of them, in order.
pub(super) fn open_store(parts: &Parts) -> anyhow::Result<(Store, Vec<u32>)> {
    let mut store = Store::open(&parts.store_path(), now())?;
    let keys = register(&mut store, parts)?;
    Ok((store, keys))
}

/// Makes the sources known to the store, all or none, and gives its numbers of them, in order.
pub(super) fn register(store: &mut Store, parts: &Parts) -> anyhow::Result<Vec<u32>> {
    let registrations = parts.sources.iter().map(Configured::registration).collect::<Vec<_>>();
    Ok(store.register_all(&registrations)?)
}

/// The store's numbers of the configured sources, in order, also of those that it knows by their former name; none for a
/// source that has never been polled.
pub(super) fn source_keys(parts: &Parts, reader: &Reader) -> anyhow::Result<Vec<Option<u32>>> {
    let known = reader.sources()?;
    let key = |name: &str| known.iter().find(|info| info.name == name).map(|info| info.key);
    let key_of = |source: &Configured| key(&source.name).or_else(|| source.renamed_from.as_deref().and_then(key));
    Ok(parts.sources.iter().map(key_of).collect())
}

/// Facts with every row of the store that figures are made of.
pub(super) fn load(in_force: &InForce, reader: &Reader) -> anyhow::Result<Facts> {
    crate::load::load(reader, in_force.facts()?).context("cannot load the records")
}

/// What the store says that each configured source has delivered.
pub(super) fn delivered(parts: &Parts, reader: &Reader, keys: &[Option<u32>]) -> anyhow::Result<Vec<Delivered>> {
    let known = reader.streams()?;
    let of = |(source, key): (&Configured, &Option<u32>)| {
        let state = |stream: &Stream| {
            let own = known.iter().find(|info| Some(info.source) == *key && info.name == stream.name);
            own.map_or(NEVER_READ, |info| info.state.clone())
        };
        let streams = source.source.streams();
        let states: Vec<StreamState> = streams.iter().map(state).collect();
        let complete = completeness(streams, &states).into_iter().filter(|(_, complete)| *complete);
        let never_permitted = |stream: &Stream| was_never_permitted(&state(stream));
        Delivered {
            complete: complete.map(|(object, _)| object).collect(),
            withheld: withheld(streams, never_permitted),
            last_success: last_success(streams.iter().map(|stream| stream.cadence).zip(&states)),
        }
    };
    Ok(parts.sources.iter().zip(keys).map(of).collect())
}

/// How a stream stands that the store does not know.
const NEVER_READ: StreamState = StreamState { cursor: None, complete: false, last_complete: None, forbidden: false };

/// What the records at hand are good for.
pub(super) fn coverage(in_force: &InForce, delivered: &[Delivered]) -> Coverage {
    let counting = in_force.sources().zip(delivered).filter(|((source, standing), _)| !standing.is_absent(source));
    let is_complete = |object: &Object| {
        let mut sources = counting.clone().filter(|((source, standing), _)| standing.counted(source).contains(object));
        sources.all(|(_, delivered)| delivered.complete.contains(object))
    };
    let polled_at = counting.clone().filter_map(|(_, delivered)| delivered.last_success).max();
    let mut bounded =
        counting.clone().filter(|((source, standing), _)| standing.counted(source).contains(&Object::Activity));
    let shortest = bounded.by_ref().filter_map(|((source, _), _)| source.history).min();
    let activities_since = shortest.zip(polled_at).map(|(history, polled_at)| polled_at.plus_millis(-history.millis()));
    let successes =
        counting.clone().filter_map(|((_, standing), delivered)| Some((standing.key?, delivered.last_success?)));
    let successes: BTreeMap<u32, Timestamp> = successes.collect();
    Coverage {
        complete: in_force.counted().into_iter().filter(is_complete).collect(),
        polled_at,
        activities_since,
        successes,
    }
}
