//! What the settings describe, built: calendar, rules, options and sources. Nothing is opened or connected here.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crate::calendar::Calendar;
use crate::domain::{Currency, Object};
use crate::facts::{Facts, PeopleRules, Rules, SourceInfo};
use crate::metrics::Options;
use crate::setting::{Lasting, Problem};
use crate::settings::Settings;
use crate::source::{Kind, Source};
use crate::sync::Upstream;

/// A configured source.
pub struct Configured {
    /// Its name in the settings.
    pub name: String,
    /// Its kind.
    pub kind: &'static Kind,
    /// Time between polls.
    pub interval: Duration,
    /// How far back activities are taken; none: all.
    pub history: Option<Lasting>,
    /// The name that it had before.
    pub renamed_from: Option<String>,
    /// The source itself.
    pub source: Arc<dyn Source>,
}

impl Configured {
    /// As syncing knows it, by the store's number of it.
    pub fn upstream(&self, key: u32) -> Upstream {
        Upstream { name: self.name.clone(), kind: self.kind.name, key, source: self.source.clone() }
    }

    /// The objects that it delivers.
    pub fn delivers(&self) -> BTreeSet<Object> {
        self.source.streams().iter().flat_map(|stream| stream.objects.iter().copied()).collect()
    }
}

/// Everything that follows from the settings alone.
pub struct Parts {
    settings: Settings,
    /// The business calendar.
    pub calendar: Arc<Calendar>,
    /// Who is who.
    pub people: PeopleRules,
    /// Which figures are exposed.
    pub options: Options,
    /// The sources, in the order of the settings.
    pub sources: Vec<Configured>,
}

impl Parts {
    /// Builds the parts. Problems name keys of the whole settings.
    pub fn new(settings: Settings) -> Result<Parts, Problem> {
        let calendar = Calendar::new(&settings.calendar, &settings.directory).map_err(|p| p.under("calendar"))?;
        let people = PeopleRules::new(&settings.people).map_err(|problem| problem.under("people"))?;
        let options = Options::new(&settings.figures())?;
        let currency = Currency::new(&settings.currency.reporting)
            .map_err(|unknown| Problem::new("currency.reporting", unknown.to_string()))?;
        let configured = settings.sources.iter().map(|(name, part)| {
            let source = part.build(&settings.context(name, calendar.zone(), currency));
            Ok(Configured {
                name: name.clone(),
                kind: part.kind,
                interval: part.interval.0,
                history: part.history,
                renamed_from: part.renamed_from.clone(),
                source: source.map_err(|problem| problem.under(name).under("sources"))?.into(),
            })
        });
        let sources = configured.collect::<Result<Vec<_>, Problem>>()?;
        let parts = Parts { settings, calendar: calendar.into(), people, options, sources };
        // Rules that cannot be compiled are a problem of the settings too.
        parts.rules(&[])?;
        Ok(parts)
    }

    /// The store's file.
    pub fn store_path(&self) -> PathBuf {
        self.settings.store.path.clone()
    }

    /// Where to serve.
    pub fn listen_address(&self) -> &str {
        self.settings.web.listen_address.as_str()
    }

    /// The file that says who may read, and how connections are encrypted.
    pub fn web_config_file(&self) -> Option<&Path> {
        self.settings.web.config_file.as_deref()
    }

    /// A new snapshot is made at least so often.
    pub fn refresh_interval(&self) -> Duration {
        self.settings.refresh_interval.0
    }

    /// Facts without records. `keys` are the store's numbers of the sources, in order; none: the store does not know it.
    pub fn facts(&self, keys: &[Option<u32>]) -> Result<Facts, Problem> {
        let sources = self.sources.iter().zip(keys);
        let delivered = sources.flat_map(|(source, key)| source.delivers().into_iter().map(|object| (*key, object)));
        Ok(Facts::new(self.rules(keys)?, self.calendar.clone(), delivered.collect()))
    }

    fn rules(&self, keys: &[Option<u32>]) -> Result<Rules, Problem> {
        let infos = self.sources.iter().zip(keys).filter_map(|(source, key)| {
            Some(SourceInfo { key: (*key)?, name: source.name.clone(), dictionary: source.kind.dictionary })
        });
        let infos: Vec<SourceInfo> = infos.collect();
        Rules::new(&infos, &self.settings.activities, &self.settings.deals, &self.settings.currency)
    }
}
