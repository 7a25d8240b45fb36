//! Sending requests.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::sleep;

use super::auth::Credentials;
use super::request::Target;
use super::retry::{Allowance, Course};
use super::wire::Wire;
use super::{
    Answer, Auth, BaseUrl, Bucket, Budget, Error, Meaning, Reader, Request, Retries, Surroundings, meaning_of_status,
};
use crate::setting::Problem;

/// How long each part of a request may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// Until there is a connection.
    pub connect: Duration,
    /// From then until the headers of the answer are there.
    pub headers: Duration,
    /// From then until the body is there as a whole.
    pub body: Duration,
}

impl Default for Timeouts {
    fn default() -> Timeouts {
        Timeouts { connect: Duration::from_secs(10), headers: Duration::from_secs(60), body: Duration::from_secs(120) }
    }
}

/// What a client is made of.
pub struct Setup {
    /// What all requests begin with.
    pub base: BaseUrl,
    /// How to prove who asks.
    pub auth: Auth,
    /// What answers mean.
    pub reader: Reader,
    /// Rates that all requests keep to.
    pub buckets: Vec<Arc<Bucket>>,
    /// The quota that all requests count to.
    pub budget: Option<Arc<Budget>>,
    /// How long each part of a request may take.
    pub timeouts: Timeouts,
    /// How long a request that fails by chance is repeated.
    pub retries: Retries,
    /// Longest body that is taken, unpacked, in bytes.
    pub longest_body: usize,
    /// How many requests may be under way at once.
    pub concurrency: usize,
    /// What may be used of the program around.
    pub surroundings: Surroundings,
}

impl Setup {
    /// The usual setup: answers mean what their status says, four requests at once, bodies up to 64 MiB.
    pub fn new(base: BaseUrl, auth: Auth, surroundings: &Surroundings) -> Setup {
        Setup {
            base,
            auth,
            reader: Arc::new(meaning_of_status),
            buckets: Vec::new(),
            budget: None,
            timeouts: Timeouts::default(),
            retries: surroundings.retries(),
            longest_body: 64 << 20,
            concurrency: 4,
            surroundings: surroundings.clone(),
        }
    }
}

/// Sends requests to one CRM: never more at once than allowed, not faster than its rates, and not beyond its budget.
pub struct Client {
    base: BaseUrl,
    auth: Auth,
    reader: Reader,
    buckets: Vec<Arc<Bucket>>,
    budget: Option<Arc<Budget>>,
    retries: Retries,
    allowance: Allowance,
    places: Semaphore,
    wire: Arc<Wire>,
}

impl Client {
    /// A client. Connects to nothing. Proxies are those of the environment (`HTTPS_PROXY`, `NO_PROXY`), except for this
    /// machine.
    ///
    /// # Errors
    /// If this machine has no certificates to know the CRM by, or its proxy variables are wrong.
    pub fn new(setup: Setup) -> Result<Client, Problem> {
        let is_direct = setup.base.is_loopback();
        let wire = Wire::new(setup.timeouts, setup.longest_body, is_direct, setup.surroundings)?;
        Ok(Client {
            base: setup.base,
            auth: setup.auth,
            reader: setup.reader,
            buckets: setup.buckets,
            budget: setup.budget,
            retries: setup.retries,
            allowance: Allowance::default(),
            places: Semaphore::new(setup.concurrency.max(1)),
            wire: Arc::new(wire),
        })
    }

    /// Sends a request once its rates and the budget let it: see [`Client::read`].
    ///
    /// # Errors
    /// Whatever keeps a good answer from being there.
    pub async fn send(&self, request: Request) -> Result<Answer, Error> {
        self.read(request, Ok).await
    }

    /// Sends a request once its rates and the budget let it, and reads its answer. What fails by chance is repeated
    /// after a pause, as far as [`Retries`] goes and if the request is safe to repeat; that `read` cannot make sense of
    /// an answer counts as such a failure. Credentials that are not accepted are renewed once.
    ///
    /// | error | what is done |
    /// | --- | --- |
    /// | [`Error::Unavailable`], [`Error::Malformed`] | repeated after a pause that grows |
    /// | [`Error::Busy`] | repeated after the time that the CRM asks for, unless that is beyond the deadline |
    /// | [`Error::Unauthorized`] | repeated once with other credentials, if there are any |
    /// | others | told at once |
    ///
    /// # Errors
    /// Whatever keeps a good answer from being there.
    pub async fn read<T>(&self, request: Request, read: impl Fn(Answer) -> Result<T, Error>) -> Result<T, Error> {
        let mut course = Course::new();
        loop {
            let error = match self.try_once(&request, &mut course).await.and_then(&read) {
                Ok(found) => {
                    self.allowance.refill();
                    return Ok(found);
                }
                Err(error) => error,
            };
            let Some(pause) = self.pause(&request, &course, &error) else { return Err(error) };
            let surroundings = &self.wire.surroundings;
            let (source, sent) = (surroundings.source(), course.sent);
            tracing::debug!(source, sent, ?pause, %error, "the request is repeated");
            if let Some(meter) = surroundings.meter() {
                meter.count_retry(source, error.reason());
            }
            sleep(pause).await;
        }
    }

    /// How long to pause before the request is repeated; none if it is not to be.
    fn pause(&self, request: &Request, course: &Course, error: &Error) -> Option<Duration> {
        let pause = self.retries.pause(error, course.sent, course.elapsed(), fastrand::f64());
        pause.filter(|_| request.safe && self.allowance.pay())
    }

    async fn try_once(&self, request: &Request, course: &mut Course) -> Result<Answer, Error> {
        let _place = self
            .places
            .acquire()
            .await
            .map_err(|closed| Error::Unavailable { what: request.what(), cause: closed.to_string() })?;
        course.sent += 1;
        let credentials = self.auth.credentials(&self.wire).await?;
        let (answer, meaning) = self.attempt(request, &credentials).await?;
        let Meaning::Unauthorized(_) = &meaning else { return settle(answer, meaning) };
        if std::mem::replace(&mut course.renewed, true) {
            return settle(answer, meaning);
        }
        match self.auth.renew(&self.wire, &credentials).await? {
            None => settle(answer, meaning),
            Some(renewed) => {
                let (answer, meaning) = self.attempt(request, &renewed).await?;
                settle(answer, meaning)
            }
        }
    }

    /// How many more requests may be under way.
    #[cfg(test)]
    pub(super) fn free_places(&self) -> usize {
        self.places.available_permits()
    }

    async fn attempt(&self, request: &Request, credentials: &Credentials) -> Result<(Answer, Meaning), Error> {
        if let Some(Err(wait)) = self.budget.as_ref().map(|budget| budget.spend()) {
            let cause = "the quota of requests is used up, or down to the reserve for others".to_owned();
            return Err(Error::Busy { what: request.what(), cause, wait });
        }
        for bucket in request.buckets.iter().chain(&self.buckets) {
            bucket.take().await;
        }
        let url = match &request.target {
            Target::Path(path) => self.base.below(path)?,
            Target::Link(link) => self.base.follow(link)?,
        };
        let answer = self.wire.exchange(request, url, Some(credentials)).await?;
        let meaning = (self.reader)(&answer);
        Ok((answer, meaning))
    }
}

fn settle(answer: Answer, meaning: Meaning) -> Result<Answer, Error> {
    match meaning.into_error(&answer.what) {
        None => Ok(answer),
        Some(error) => Err(error),
    }
}
