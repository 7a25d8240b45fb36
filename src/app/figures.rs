//! Facts in memory, loaded from the store, and what their records are good for.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context as _;

use super::now;
use super::parts::Parts;
use crate::domain::{Object, Timestamp};
use crate::facts::{Coverage, Facts};
use crate::source::Stream;
use crate::store::{Reader, Store, StreamState};
use crate::sync::{completeness, last_success};

/// What one source has delivered.
#[derive(Debug, Clone, Default)]
pub(super) struct Delivered {
    /// Objects that are complete.
    pub complete: BTreeSet<Object>,
    /// When it last succeeded.
    pub last_success: Option<Timestamp>,
}

/// Opens the store for writing and makes the sources known to it: also gives the store's numbers of them, in order.
pub(super) fn open_store(parts: &Parts) -> anyhow::Result<(Store, Vec<u32>)> {
    let mut store = Store::open(&parts.store_path(), now())?;
    let register = |source: &super::parts::Configured| {
        store.register(&source.name, source.kind.name, source.renamed_from.as_deref())
    };
    let keys = parts.sources.iter().map(register).collect::<Result<_, _>>()?;
    Ok((store, keys))
}

/// The store's numbers of the configured sources, in order; none for a source that has never been polled.
pub(super) fn source_keys(parts: &Parts, reader: &Reader) -> anyhow::Result<Vec<Option<u32>>> {
    let known = reader.sources()?;
    let key = |name: &str| known.iter().find(|info| info.name == name).map(|info| info.key);
    Ok(parts.sources.iter().map(|source| key(&source.name)).collect())
}

/// Facts with every row of the store that figures are made of.
pub(super) fn load(parts: &Parts, reader: &Reader, keys: &[Option<u32>]) -> anyhow::Result<Facts> {
    crate::load::load(reader, parts.facts(keys)?).context("cannot load the records")
}

/// What the store says that each configured source has delivered.
pub(super) fn delivered(parts: &Parts, reader: &Reader, keys: &[Option<u32>]) -> anyhow::Result<Vec<Delivered>> {
    let known = reader.streams()?;
    let of = |(source, key): (&super::parts::Configured, &Option<u32>)| {
        let state = |stream: &Stream| {
            let own = known.iter().find(|info| Some(info.source) == *key && info.name == stream.name);
            own.map_or(NEVER_READ, |info| info.state.clone())
        };
        let streams = source.source.streams();
        let states: Vec<StreamState> = streams.iter().map(state).collect();
        let complete = completeness(streams, &states).into_iter().filter(|(_, complete)| *complete);
        Delivered {
            complete: complete.map(|(object, _)| object).collect(),
            last_success: last_success(streams.iter().map(|stream| stream.cadence).zip(&states)),
        }
    };
    Ok(parts.sources.iter().zip(keys).map(of).collect())
}

/// How a stream stands that the store does not know.
const NEVER_READ: StreamState = StreamState { cursor: None, complete: false, last_complete: None };

/// The objects that any source delivers.
pub(super) fn everything(parts: &Parts) -> BTreeSet<Object> {
    parts.sources.iter().flat_map(super::parts::Configured::delivers).collect()
}

/// What the records at hand are good for.
pub(super) fn coverage(parts: &Parts, keys: &[Option<u32>], delivered: &[Delivered]) -> Coverage {
    let is_complete = |object: &Object| {
        let sources = parts.sources.iter().zip(delivered);
        let mut sources = sources.filter(|(source, _)| source.delivers().contains(object));
        sources.all(|(_, delivered)| delivered.complete.contains(object))
    };
    let polled_at = delivered.iter().filter_map(|delivered| delivered.last_success).max();
    let bounded = parts.sources.iter().filter(|source| source.delivers().contains(&Object::Activity));
    let shortest = bounded.filter_map(|source| source.history).min();
    let activities_since = shortest.zip(polled_at).map(|(history, polled_at)| polled_at.plus_millis(-history.millis()));
    let successes = keys.iter().zip(delivered);
    let successes: BTreeMap<u32, Timestamp> =
        successes.filter_map(|(key, delivered)| Some(((*key)?, delivered.last_success?))).collect();
    Coverage {
        complete: everything(parts).into_iter().filter(is_complete).collect(),
        polled_at,
        activities_since,
        successes,
    }
}
