//! Whether everything that is wanted can be read: a request for the account, and one for each permission.

use super::{HubSpot, Job};
use crate::http::Error;
use crate::source::{Probe, SourceError};

impl HubSpot {
    /// Asks for the account, its use of the day's requests, and a record of everything that is wanted.
    pub(super) async fn ask_around(&self) -> Result<Probe, SourceError> {
        let account = self.api.account().await?;
        let word = |text: Option<&str>| text.unwrap_or("unknown").to_owned();
        let mut probe = Probe::default();
        probe.facts.push(format!(
            "portal_id {}, currency {}, time zone {}",
            word(account.portal_id.text()),
            word(account.company_currency.text()),
            word(account.time_zone.text()),
        ));
        // Apps by OAuth have no day's budget of their own.
        if let Some((limit, used)) = self.usage().await? {
            let left = limit.saturating_sub(used);
            probe.facts.push(format!("{left} of {limit} requests are left today"));
        }
        for (stream, job) in self.streams.iter().zip(&self.jobs) {
            if let Some(allowed) = self.allowed(job).await {
                probe.streams.push((stream.name.clone(), allowed.map_err(SourceError::from)));
            }
        }
        Ok(probe)
    }

    /// Whether what the job reads may be read; none if that follows from others.
    async fn allowed(&self, job: &Job) -> Option<Result<(), Error>> {
        Some(match job {
            Job::ExchangeRates => self.api.exchange_rates(None).await.map(drop),
            Job::Teams => self.api.teams().await.map(drop),
            Job::Owners => self.api.owners(true, None).await.map(drop),
            Job::Pipelines => self.api.pipelines(super::Type::Deals).await.map(drop),
            Job::Records(kind) => self.api.may_read(*kind).await,
            Job::Account | Job::Bin | Job::Reread | Job::Sweep(_) => return None,
        })
    }

    /// The limit of the day's requests, and how many were sent.
    async fn usage(&self) -> Result<Option<(u64, u64)>, SourceError> {
        match self.api.usage().await {
            Ok(list) => Ok(list.results.iter().find_map(|usage| usage.usage_limit.zip(usage.current_usage))),
            Err(Error::Forbidden { .. } | Error::NotFound { .. } | Error::Rejected { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}
