//! HubSpot: CRM records by listing, then their changes by search; the API in its dated versions.
//!
//! `settings` says what is read; `types` what HubSpot calls it. `api` sends requests and `answers` says what answers mean;
//! `wire` is the JSON, `fields` the values in it, `links` the associations, `normalise` makes records of them. Streams are
//! of these forms: records (`walk`, with `besides`), short lists (`lists`), recycle bins (`bin`), listings of bare ids
//! (`sweep`), and links read again (`reread`); their cursors are in `state` and `recent`. `probing` asks
//! whether all may be read, and `inventory` what the account holds that settings depend on.
//!
//! What callers may rely on:
//!
//! - Records keep HubSpot's values: ids of stages, life cycle stages, statuses, dispositions. The results of calls that an
//!   account has made itself have their names instead of their ids.
//! - The id of an activity is `TYPE/ID`, such as `calls/9101`; every other id is HubSpot's.
//! - A record's version is HubSpot's time of the last change.
//! - A record that cannot be read is skipped and told; a property that HubSpot adds, a stage or an owner that is not
//!   known, and a kind of link that we may not read never stop a stream.
//! - A stream that we may not read is `Forbidden`, with the scope that is missing.

mod answers;
mod api;
mod besides;
mod bin;
mod fields;
mod inventory;
mod links;
mod lists;
mod normalise;
mod probing;
mod recent;
mod reread;
mod settings;
mod state;
mod sweep;
mod types;
mod walk;
mod wire;
mod words;

use std::time::Duration;

use async_trait::async_trait;
use chrono_tz::Tz;
use config::Value;

use self::answers::Limits;
use self::api::Api;
use self::settings::{Options, Settings};
use self::types::Type;
use super::{Cadence, Context, Inventory, Kind, Probe, Source, SourceError, Stream};
use crate::domain::{Cursor, Next, Object, Page, PendingId, Timestamp};
use crate::http::{BaseUrl, Budget, Client, Setup};
use crate::setting::{self, Problem};

/// The kind `hubspot`.
pub(super) const KIND: Kind = Kind { name: "hubspot", whole_history: false, dictionary: words::DICTIONARY, build };

fn build(settings: Value, context: &Context) -> Result<Box<dyn Source>, Problem> {
    Ok(Box::new(HubSpot::new(&setting::read::<Settings>(settings)?, context)?))
}

/// One account.
struct HubSpot {
    /// Name of the source.
    name: String,
    api: Api,
    options: Options,
    zone: Tz,
    history_days: Option<u32>,
    /// Address of the pages of records, up to the number of their type.
    records_url: Option<String>,
    streams: Vec<Stream>,
    jobs: Vec<Job>,
}

/// What a stream does.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Job {
    Account,
    ExchangeRates,
    Teams,
    Owners,
    Pipelines,
    Records(Type),
    Bin,
    Reread,
    Sweep(Vec<Type>),
}

impl HubSpot {
    fn new(settings: &Settings, context: &Context) -> Result<HubSpot, Problem> {
        let base = BaseUrl::new("base_url", &settings.base_url)?;
        BaseUrl::new("ui_url", &settings.ui_url)?;
        let ui = settings.ui_url.trim().trim_end_matches('/');
        let version = settings.version()?;
        let options = settings.options()?;
        let searches = settings.searches()?;
        let auth = settings.auth(&base, &version, context)?;
        let day = Budget::new("daily", settings.daily_reserve, &context.surroundings);
        let limits = Limits::new(day, searches, context.zone);
        let mut setup = Setup::new(base, auth, &context.surroundings);
        setup.reader = api::reader(&limits);
        setup.buckets = vec![limits.requests.clone()];
        setup.budget = Some(limits.day.clone());
        let client = Client::new(setup)?;
        let (streams, jobs) = streams(&options, context.history_days).into_iter().unzip();
        Ok(HubSpot {
            name: context.name.clone(),
            api: Api::new(client, limits, version),
            options,
            zone: context.zone,
            history_days: context.history_days,
            records_url: settings.portal_id.map(|portal| format!("{ui}/contacts/{portal}/record")),
            streams,
            jobs,
        })
    }

    /// What has gone when a record of a type has gone.
    fn objects(&self, kind: Type) -> Vec<Object> {
        match kind {
            Type::Contacts if self.options.life_cycle => vec![Object::Contact, Object::Lead],
            _ => vec![kind.object()],
        }
    }

    fn job(&self, stream: &Stream) -> Result<&Job, SourceError> {
        let index = self.streams.iter().position(|known| known.name == stream.name);
        index.and_then(|index| self.jobs.get(index)).ok_or_else(|| SourceError::Misconfigured {
            what: format!("there is no stream {}: see `objects` and `activity_types`", stream.name),
        })
    }
}

/// The streams in the order in which they are best loaded, and what each does.
fn streams(options: &Options, history_days: Option<u32>) -> Vec<(Stream, Job)> {
    let stream = |name: String, objects: &[Object], cadence, fetched: &str| Stream {
        name,
        objects: objects.to_vec(),
        cadence,
        fingerprint: format!("hubspot/{}/{fetched}", state::FORM),
        details_batch: api::HISTORY,
    };
    let mut streams = Vec::new();
    let mut list = |name: &str, objects: &[Object], cadence, job| {
        streams.push((stream(name.into(), objects, cadence, ""), job));
    };
    if options.currencies {
        list("account", &[Object::CurrencyRate], Cadence::Daily, Job::Account);
        list("exchange_rates", &[Object::CurrencyRate], Cadence::Daily, Job::ExchangeRates);
    }
    list("owners", &[Object::User, Object::Team], Cadence::Hourly, Job::Owners);
    // Owners name their teams; this adds those without members, and tells which have been deleted.
    list("teams", &[], Cadence::Daily, Job::Teams);
    list("pipelines", &[Object::Pipeline, Object::Stage], Cadence::Hourly, Job::Pipelines);
    for kind in &options.types {
        let fetched = fetched(*kind, options, history_days);
        let cadence = if *kind == Type::Goals { Cadence::Hourly } else { Cadence::EveryPoll };
        let records = stream(kind.name().into(), &objects(*kind, options), cadence, &fetched);
        streams.push((records, Job::Records(*kind)));
    }
    streams.push((stream("archived".into(), &[], Cadence::Hourly, ""), Job::Bin));
    streams.push((stream("links".into(), &[], Cadence::Daily, ""), Job::Reread));
    streams.extend(sweeps(options).into_iter().map(|(name, kinds, cadence)| {
        (stream(format!("ids_of_{name}"), &[], cadence, &format!("{kinds:?}")), Job::Sweep(kinds))
    }));
    streams
}

/// The listings of bare ids: one for each object of ours, which may have several types.
fn sweeps(options: &Options) -> Vec<(&'static str, Vec<Type>, Cadence)> {
    let mut sweeps: Vec<(&'static str, Vec<Type>, Cadence)> = Vec::new();
    for kind in &options.types {
        let cadence = if *kind == Type::Deals { Cadence::Daily } else { Cadence::Weekly };
        match sweeps.iter_mut().find(|(name, ..)| *name == kind.object().name()) {
            Some((_, kinds, _)) => kinds.push(*kind),
            None => sweeps.push((kind.object().name(), vec![*kind], cadence)),
        }
    }
    sweeps
}

/// What the records of a type are to us.
fn objects(kind: Type, options: &Options) -> Vec<Object> {
    match kind {
        Type::Contacts if options.life_cycle => vec![Object::Contact, Object::Lead, Object::StatusChange],
        Type::Leads => vec![Object::Lead, Object::StatusChange, Object::OwnerChange],
        Type::Deals => vec![Object::Deal, Object::StageChange, Object::OwnerChange],
        _ => vec![kind.object()],
    }
}

/// What is fetched of a type. When it changes, the type is loaded again.
fn fetched(kind: Type, options: &Options, history_days: Option<u32>) -> String {
    let lists = [kind.properties(options), kind.history().to_vec()].map(|list| list.join(","));
    let ends: Vec<&str> = kind.ends().iter().map(|end| end.name()).collect();
    let days = history_days.filter(|_| kind.object() == Object::Activity);
    let leads = options.types.contains(&Type::Leads);
    format!("{}/{}/{leads}/{days:?}", lists.join("/"), ends.join(","))
}

#[async_trait]
impl Source for HubSpot {
    fn streams(&self) -> &[Stream] {
        &self.streams
    }

    async fn page(&self, stream: &Stream, from: Option<&Cursor>, now: Timestamp) -> Result<Page, SourceError> {
        match self.job(stream)? {
            Job::Account => self.account(now).await,
            Job::ExchangeRates => self.exchange_rates(from, now).await,
            Job::Teams => self.teams(now).await,
            Job::Owners => self.owners(from, now).await,
            Job::Pipelines => self.pipelines(now).await,
            Job::Records(kind) => self.walk(*kind, from, now).await,
            Job::Bin => self.bin(from, now).await,
            Job::Reread => self.reread(from, now).await,
            Job::Sweep(kinds) => self.sweep(kinds, from, now).await,
        }
    }

    async fn details(&self, stream: &Stream, ids: &[PendingId], now: Timestamp) -> Result<Page, SourceError> {
        let _ = (stream, now);
        let mut page = Page::empty(Next::UpToDate(Cursor(String::new())));
        for kind in [Type::Deals, Type::Leads] {
            let of = |pending: &&PendingId| pending.object == kind.object();
            let ids: Vec<&str> = ids.iter().filter(of).map(|pending| pending.id.as_str()).collect();
            if ids.is_empty() {
                continue;
            }
            // Of records that have gone meanwhile there is nothing; one that was merged answers as its survivor.
            let found = self.api.history(kind, &ids).await?;
            page.records.extend(found.entries.iter().flatten().flat_map(|row| normalise::changes(kind, row)));
        }
        Ok(page)
    }

    async fn probe(&self) -> Result<Option<Probe>, SourceError> {
        self.ask_around().await.map(Some)
    }

    async fn inventory(&self) -> Result<Option<Inventory>, SourceError> {
        self.take_stock().await.map(Some)
    }

    fn pace(&self, interval: Duration) -> Duration {
        self.api.limits().day.pace(interval)
    }

    fn page_url(&self, object: Object, id: &str) -> Option<String> {
        let types = self.options.types.iter().filter(|kind| kind.object() == object);
        let kinds = types.chain((object == Object::Lead && self.options.life_cycle).then_some(&Type::Contacts));
        let of = |kind: &Type| match object {
            Object::Activity => id.strip_prefix(kind.name())?.strip_prefix('/').map(|id| (*kind, id)),
            _ => Some((*kind, id)),
        };
        let (kind, id) = kinds.into_iter().find_map(of)?;
        Some(format!("{}/{}/{id}", self.records_url.as_ref()?, kind.number()?))
    }
}
