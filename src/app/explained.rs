//! Explanations with the names that CRMs give their records.

use anyhow::Context as _;

use super::parts::Parts;
use crate::domain::{Key, Object};
use crate::facts::View;
use crate::meter;
use crate::metrics::{Counted, Frame};
use crate::reports::{self, Answer, Counters, Named};
use crate::setting::Selector;
use crate::store::Reader;

/// What is asked.
#[derive(Debug, Clone)]
pub struct Asking {
    /// Which figure.
    pub selector: Selector,
    /// So many records are listed at most, of each part and for each reason.
    pub limit: usize,
}

/// What the exporter counts of itself.
pub fn counted() -> Vec<Counted> {
    let own = |family: &meter::Described| Counted {
        name: family.name,
        kind: family.kind,
        help: family.help,
        labels: family.labels,
    };
    meter::CATALOGUE.iter().map(own).collect()
}

/// What a figure of `view` is made of. `own`: the exporter's own samples, where it runs.
pub(super) fn answer(
    parts: &Parts,
    view: &View<'_>,
    reader: &Reader,
    own: Option<&str>,
    asking: &Asking,
) -> anyhow::Result<Answer> {
    let families = counted();
    let counters = Counters { families: &families, text: own };
    let frame = Frame::new(view, &parts.options);
    let explanation = reports::explain(&frame, counters, &asking.selector, asking.limit)?;
    let known = reader.sources()?;
    let named = |object: Object, record: u32| -> anyhow::Result<Named> {
        let found = reader.id_of(object, Key(record))?;
        let (key, id) = found.with_context(|| format!("the store has lost {object} {record}, which counts"))?;
        let name = known.iter().find(|info| info.key == key).map_or("", |info| info.name.as_str());
        let source = parts.sources.iter().find(|source| source.name == name);
        let url = source.and_then(|source| source.source.page_url(object, &id));
        Ok(Named { source: name.to_owned(), id, url })
    };
    Answer::new(&explanation, view, named)
}
