//! Asking a CRM that no settings name yet what it holds that settings depend on.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use chrono_tz::Tz;
use config::{Map, Value};

use crate::domain::Currency;
use crate::http::Surroundings;
use crate::meter::Meter;
use crate::source::{Context, Inventory, Kind, Probe, Source};

/// A source as it may be written into settings.
pub struct Draft {
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: &'static Kind,
    /// Its options: keys and values. Relative paths in them start from the working directory.
    pub options: Vec<(String, String)>,
}

/// What a CRM holds, and whether all of it may be read.
pub struct Stock {
    /// What it holds.
    pub inventory: Inventory,
    /// Whether all may be read with the options that the inventory proposes.
    pub probe: Probe,
}

/// Asks the CRM behind `draft`, and adds the options that follow from the answer to those that it has.
///
/// # Errors
/// If the options are wrong, if the CRM cannot be reached or refuses the credentials, or if there is nobody to ask.
pub async fn take_stock(draft: &mut Draft, meter: &Arc<Meter>) -> anyhow::Result<Stock> {
    let kind = draft.kind.name;
    let asking = || format!("cannot ask {kind}");
    let Some(inventory) = build(draft, meter)?.inventory().await.with_context(asking)? else {
        bail!("sources of kind {kind} cannot be asked what they hold: write their settings by hand");
    };
    for (key, value) in &inventory.options {
        if !draft.options.iter().any(|(given, _)| given == key) {
            draft.options.push(((*key).to_owned(), value.clone()));
        }
    }
    let probe = build(draft, meter)?.probe().await.with_context(asking)?;
    Ok(Stock { inventory, probe: probe.unwrap_or_default() })
}

/// The source. Neither zone nor currency matter to what is asked of it here.
fn build(draft: &Draft, meter: &Arc<Meter>) -> anyhow::Result<Box<dyn Source>> {
    let part: Map<String, Value> =
        draft.options.iter().map(|(key, value)| (key.clone(), value.as_str().into())).collect();
    let context = Context {
        name: draft.name.clone(),
        zone: Tz::UTC,
        currency: Currency::new("USD")?,
        directory: PathBuf::new(),
        history_days: None,
        surroundings: Surroundings::new(&draft.name, meter.clone(), Arc::new(super::now)),
    };
    Ok((draft.kind.build)(part.into(), &context)?)
}
