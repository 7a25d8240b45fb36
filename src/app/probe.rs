//! Asking the CRMs whether everything that is wanted can be read.

use super::parts::Parts;
use crate::source::{Probe, SourceError};

/// What a source said; none: there is nobody to ask.
pub type Probed = Result<Option<Probe>, SourceError>;

/// Asks all sources, one after the other, in the order of the settings.
pub async fn probe(parts: &Parts) -> Vec<(String, Probed)> {
    let mut probed = Vec::with_capacity(parts.sources.len());
    for source in &parts.sources {
        probed.push((source.name.clone(), source.source.probe().await));
    }
    probed
}
