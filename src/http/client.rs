//! Sending requests.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;

use super::request::Target;
use super::wire::Wire;
use super::{Answer, Auth, BaseUrl, Bucket, Budget, Error, Meaning, Reader, Request, Surroundings, meaning_of_status};
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
            places: Semaphore::new(setup.concurrency.max(1)),
            wire: Arc::new(wire),
        })
    }

    /// Sends a request once its rates and the budget let it. Credentials that are not accepted are renewed once, and the
    /// request is sent again; nothing else is repeated.
    ///
    /// # Errors
    /// Whatever keeps a good answer from being there.
    pub async fn send(&self, request: Request) -> Result<Answer, Error> {
        let _place = self
            .places
            .acquire()
            .await
            .map_err(|closed| Error::Unavailable { what: request.what(), cause: closed.to_string() })?;
        let credentials = self.auth.credentials(&self.wire).await?;
        let (answer, meaning) = self.attempt(&request, &credentials).await?;
        let Meaning::Unauthorized(_) = &meaning else { return settle(answer, meaning) };
        match self.auth.renew(&self.wire, &credentials).await? {
            None => settle(answer, meaning),
            Some(renewed) => {
                let (answer, meaning) = self.attempt(&request, &renewed).await?;
                settle(answer, meaning)
            }
        }
    }

    /// How many more requests may be under way.
    #[cfg(test)]
    pub(super) fn free_places(&self) -> usize {
        self.places.available_permits()
    }

    async fn attempt(
        &self,
        request: &Request,
        credentials: &super::auth::Credentials,
    ) -> Result<(Answer, Meaning), Error> {
        if let Some(Err(wait)) = self.budget.as_ref().map(|budget| budget.spend()) {
            let cause = "the day's budget of requests is used up to the reserve for others".to_owned();
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
