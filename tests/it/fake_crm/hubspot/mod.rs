//! HubSpot, as its published facts describe it: paths, pages, caps, limits, answers and errors.
//!
//! Tests hold the account in their hands: [`HubSpot::account`] lets them do what people in HubSpot do, and tells the truth
//! that a reader should end with. What the fake answers is held against the vendor's descriptions and client libraries by
//! `conformance`.

mod access;
mod account;
mod account_info;
mod arguments;
mod associations;
mod calling;
pub(crate) mod conformance;
mod currencies;
mod cursor;
mod derive;
mod errors;
pub(crate) mod faults;
mod filter;
mod generate;
mod kind;
mod limits;
mod oauth;
mod objects;
mod people;
mod pipelines;
mod properties;
mod record;
mod route;
mod search;
mod serve;
mod splits;
mod table;
mod tests;
mod time;
mod write;

use std::ops::Deref;
use std::sync::{Arc, Mutex, MutexGuard};

use crm_exporter::domain::Timestamp;

pub(crate) use self::access::ALL_SCOPES;
pub(crate) use self::account::Account;
pub(crate) use self::generate::Organisation;
pub(crate) use self::kind::Kind;
pub(crate) use self::limits::{Limits, Policy};
pub(crate) use self::people::Owner;
pub(crate) use self::pipelines::Stage;
use self::route::Route;
use super::{Answer, Clock, Crm, Request, Server};

/// The token of the private app that every account here has, with all scopes.
pub(crate) const TOKEN: &str = "pat-na1-test";

/// When clocks begin that stand still.
const BEGIN: Timestamp = Timestamp(1_795_280_400_000);

/// Octets of a URL that the edge still takes.
const LONGEST_TARGET: usize = 16 * 1024;

/// A fake HubSpot that listens. What its server can do (faults, the log of requests), it can do.
pub(crate) struct HubSpot {
    service: Arc<Service>,
    server: Server,
}

/// The part that answers.
struct Service {
    account: Mutex<Account>,
    clock: Arc<Clock>,
}

impl HubSpot {
    /// An empty account, with a clock that stands still.
    pub(crate) fn start() -> HubSpot {
        HubSpot::start_with(Clock::standing_at(BEGIN))
    }

    /// An empty account in real time, without limits.
    pub(crate) fn start_in_real_time() -> HubSpot {
        let hubspot = HubSpot::start_with(Clock::running());
        hubspot.set_limits(Limits::NONE);
        hubspot
    }

    fn start_with(clock: Clock) -> HubSpot {
        let clock = Arc::new(clock);
        let mut account = Account::new(clock.clone());
        account.add_token(TOKEN, &ALL_SCOPES);
        let service = Arc::new(Service { account: Mutex::new(account), clock: clock.clone() });
        let server = Server::start(service.clone(), clock);
        HubSpot { service, server }
    }

    /// The account, for as long as it is held: no request is answered meanwhile.
    pub(crate) fn account(&self) -> MutexGuard<'_, Account> {
        self.service.account.lock().unwrap()
    }

    /// The fake's clock.
    pub(crate) fn clock(&self) -> &Clock {
        &self.service.clock
    }

    /// Sets what the subscription allows.
    pub(crate) fn set_limits(&self, limits: Limits) {
        self.account().limiter.limits = limits;
    }

    /// Lets other programs use up some of the day's budget.
    pub(crate) fn use_up(&self, requests: usize) {
        self.account().limiter.use_up(requests);
    }

    /// Something to do with the account, for [`Fault::before`](super::Fault::before).
    pub(crate) fn doing(
        &self,
        happen: impl Fn(&mut Account) + Send + Sync + 'static,
    ) -> impl Fn() + Send + Sync + 'static {
        let service = self.service.clone();
        move || happen(&mut service.account.lock().unwrap())
    }
}

impl Deref for HubSpot {
    type Target = Server;

    fn deref(&self) -> &Server {
        &self.server
    }
}

impl Crm for Service {
    fn answer(&self, request: &Request) -> Answer {
        let mut account = self.account.lock().unwrap();
        respond(&mut account, request).unwrap_or_else(|refusal| refusal)
    }
}

/// Edge, path, token, limits, scopes, and then what was asked for. What goes wrong on the way is an answer as well.
fn respond(account: &mut Account, request: &Request) -> Result<Answer, Answer> {
    if request.target_length > LONGEST_TARGET {
        return Err(errors::target_too_long());
    }
    let route = Route::read(request, &account.behaviour)?;
    match route {
        Route::Token => return oauth::token(account, request),
        Route::Introspect => return Ok(oauth::introspect(account, request)),
        _ => {}
    }
    let (now, zone) = (account.now(), account.zone);
    let grant = account.access.authenticate(request, now)?;
    let is_search = matches!(route, Route::Search(_));
    let admitted = account.limiter.admit(grant, is_search, now, zone);
    let headers = if is_search { Vec::new() } else { account.limiter.headers(grant) };
    let permitted = admitted.and_then(|()| grant.permits(&route.scopes()));
    let answer = permitted.and_then(|()| read(account, &route, request)).unwrap_or_else(|refusal| refusal);
    Ok(headers.into_iter().fold(answer, |answer, (name, value)| answer.header(name, value)))
}

/// The answer to a request that may be made.
fn read(account: &Account, route: &Route, request: &Request) -> Result<Answer, Answer> {
    if route.is_about_leads() && !account.behaviour.has_leads {
        return Err(errors::not_in_plan("leads"));
    }
    Ok(match route {
        Route::List(kind) => objects::list(account, *kind, request)?,
        Route::Get(kind, id) => objects::get(account, *kind, id, request)?,
        Route::BatchRead(kind) => objects::batch_read(account, *kind, request)?,
        Route::Search(kind) => search::search(account, *kind, request)?,
        Route::Associations(from, to, numeric) => {
            let numeric = account.behaviour.numeric_association_ids.unwrap_or(*numeric);
            associations::batch_read(account, *from, *to, numeric, request)?
        }
        Route::AssociationLabels(from, to) => associations::labels(account, *from, *to),
        Route::Owners => people::owners(account, request)?,
        Route::Owner(id) => people::owner(account, id, request)?,
        Route::Pipelines(kind) => pipelines::list(account, *kind),
        Route::Stages(kind, id) => pipelines::stages(account, *kind, id),
        Route::PipelineAudit(kind, id) => pipelines::audit(account, *kind, id),
        Route::Properties(kind) => properties::list(account, *kind),
        Route::Schemas => properties::schemas(),
        Route::Users => people::users(account, request)?,
        Route::Teams => people::teams(account),
        Route::Rates => currencies::rates(account, request)?,
        Route::CurrentRates => currencies::current(account),
        Route::CompanyCurrency => currencies::company(account),
        Route::DealSplits => splits::batch_read(account, request)?,
        Route::Details => account_info::details(account),
        Route::Usage => account_info::usage(account),
        Route::Dispositions => calling::dispositions(account),
        Route::Token | Route::Introspect => errors::not_found(),
    })
}
