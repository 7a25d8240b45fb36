//! What the settings describe, built: calendar, rules, options and sources. Nothing is opened or connected here.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crate::calendar::Calendar;
use crate::domain::{Currency, Object};
use crate::facts::settings::KeyAccount;
use crate::facts::{PeopleRules, Rules, SourceInfo};
use crate::http::Surroundings;
use crate::meter::Meter;
use crate::metrics::Options;
use crate::setting::{Lasting, Problem};
use crate::settings::Settings;
use crate::source::{Kind, Source};
use crate::store::Registration;
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

    /// As the store knows it.
    pub fn registration(&self) -> Registration<'_> {
        Registration { name: &self.name, kind: self.kind.name, renamed_from: self.renamed_from.as_deref() }
    }

    /// The objects that it delivers.
    pub fn delivers(&self) -> BTreeSet<Object> {
        self.source.streams().iter().flat_map(|stream| stream.objects.iter().copied()).collect()
    }
}

/// Everything that follows from the settings alone.
pub struct Parts {
    settings: Settings,
    /// Where it is counted what happens.
    pub meter: Arc<Meter>,
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
    /// Builds the parts; their sources count what they do on `meter`. Problems name keys of the whole settings.
    pub fn new(settings: Settings, meter: &Arc<Meter>) -> Result<Parts, Problem> {
        let calendar = Calendar::new(&settings.calendar, &settings.directory).map_err(|p| p.under("calendar"))?;
        let people = PeopleRules::new(&settings.people).map_err(|problem| problem.under("people"))?;
        let options = Options::new(&settings.figures())?;
        let currency = Currency::new(&settings.currency.reporting)
            .map_err(|unknown| Problem::new("currency.reporting", unknown.to_string()))?;
        let configured = settings.sources.iter().map(|(name, part)| {
            let surroundings = Surroundings::new(name, meter.clone(), Arc::new(super::now));
            let source = part.build(&settings.context(name, calendar.zone(), currency, surroundings));
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
        let meter = meter.clone();
        let parts = Parts { settings, meter, calendar: calendar.into(), people, options, sources };
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

    /// Whether the settings may be read again over HTTP.
    pub fn enables_lifecycle(&self) -> bool {
        self.settings.web.enable_lifecycle
    }

    /// Whether figures are explained over HTTP.
    pub fn enables_explain(&self) -> bool {
        self.settings.web.enable_explain
    }

    /// The values that cannot change while the program runs, by their keys.
    pub fn fixed(&self) -> [(&'static str, String); 3] {
        let web_file = self.web_config_file().map_or("none".to_owned(), |path| path.display().to_string());
        [
            ("web.listen_address", self.listen_address().to_owned()),
            ("web.config_file", web_file),
            ("store.path", self.settings.store.path.display().to_string()),
        ]
    }

    /// All settings that decide what facts keep of a row, as a text that is to be compared. The order of keys counts.
    pub fn reading(&self) -> String {
        let Settings { activities, leads, deals, accounts, data_quality, currency, .. } = &self.settings;
        let KeyAccount { marked, tiers, list, .. } = &accounts.key;
        let (deals, late_after) = (&deals.zero_is_missing, data_quality.logged_late_after);
        let rows = format!("{activities:?} {leads:?} {deals:?} {marked} {tiers:?} {list:?} {late_after:?}");
        format!("{rows} {currency:?} {}", self.calendar.zone())
    }

    /// A number that changes with the settings of figures, and with no others.
    pub fn fingerprint(&self) -> u32 {
        let mut figures = self.settings.clone();
        (figures.web, figures.store, figures.directory) = Default::default();
        figures.refresh_interval = Lasting::seconds(0);
        figures.grafana = Default::default();
        figures.sources.clear();
        crc32fast::hash(format!("{figures:?}").as_bytes())
    }

    /// Whether the source `name` is asked for the same things in the same way as `other_name` is by `other`.
    pub fn asks_as(&self, name: &str, other: &Parts, other_name: &str) -> bool {
        let context = |parts: &Parts| (parts.calendar.zone(), parts.settings.currency.reporting.clone());
        let (own, others) = (self.settings.sources.get(name), other.settings.sources.get(other_name));
        own.zip(others).is_some_and(|(own, other)| own.asks_as(other)) && context(self) == context(other)
    }

    /// The rules by which rows of these sources are read.
    pub fn rules(&self, sources: &[SourceInfo]) -> Result<Rules, Problem> {
        Rules::new(sources, &self.settings.readings())
    }
}
