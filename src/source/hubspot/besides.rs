//! What has to be known besides the records of a stream, and what of it records are read with.

use std::collections::BTreeMap;

use super::HubSpot;
use super::normalise::Reading;
use super::state::{Besides, State};
use super::types::Type;
use super::wire::Disposition;
use crate::domain::Timestamp;
use crate::http::Error;
use crate::source::SourceError;

const DAY: i64 = 86_400_000;

/// The results of calls that every account has. Their ids say what they are; other results only their names.
const COMMON_DISPOSITIONS: [&str; 6] = [
    "f240bbac-87c9-4f6e-bf70-924b57d47db7",
    "73a0d17f-1163-4015-bdd5-ec830791da20",
    "b2cf5968-551e-4856-9783-52b3da59a7d0",
    "a4c4c377-d246-4b32-a13b-75a56a4cd0ff",
    "9d9162e7-6cf3-4944-bf63-4dff82258764",
    "17b47fee-58de-441e-a44c-c6300d46f273",
];

impl HubSpot {
    /// Asks for what the stream has to know besides its records, unless it was asked for less than a day ago.
    pub(super) async fn refresh_besides(
        &self,
        kind: Type,
        state: &mut State,
        now: Timestamp,
    ) -> Result<(), SourceError> {
        let age = state.besides.as_ref().map(|besides| now.0.saturating_sub(besides.at));
        if age.is_some_and(|age| (0..DAY).contains(&age)) {
            return Ok(());
        }
        let mut besides = Besides { at: now.0, ..Besides::default() };
        match kind {
            Type::Deals => besides.home_currency = self.home_currency().await?,
            Type::Calls => besides.dispositions = self.dispositions().await?,
            _ => {}
        }
        state.besides = Some(besides);
        Ok(())
    }

    async fn home_currency(&self) -> Result<Option<String>, SourceError> {
        match self.api.account().await {
            Ok(account) => Ok(account.company_currency.0),
            // Amounts are then converted by rates alone.
            Err(Error::Forbidden { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Names of the account's own results of calls. Where they cannot be had, the ids stay.
    async fn dispositions(&self) -> Result<BTreeMap<String, String>, SourceError> {
        let found = match self.all_dispositions().await {
            Ok(found) => found,
            Err(Error::NotFound { .. } | Error::Forbidden { .. }) => Vec::new(),
            Err(error) => return Err(error.into()),
        };
        let own = found.into_iter().filter_map(|one| one.id.0.zip(one.label.0));
        Ok(own.filter(|(id, _)| !COMMON_DISPOSITIONS.contains(&id.as_str())).collect())
    }

    /// Every result that a call can have.
    pub(super) async fn all_dispositions(&self) -> Result<Vec<Disposition>, Error> {
        let found = match self.api.dispositions().await {
            Err(Error::NotFound { .. } | Error::Forbidden { .. }) => {
                self.api.options(Type::Calls, "hs_call_disposition").await?
            }
            found => return found,
        };
        Ok(found.into_iter().map(|option| Disposition { id: option.value, label: option.label }).collect())
    }

    /// What records are read with.
    pub(super) fn reading(&self, state: &State, now: Timestamp) -> Reading {
        let besides = state.besides.clone().unwrap_or_default();
        Reading {
            life_cycle: self.options.life_cycle,
            tier_property: self.options.tier_property.clone(),
            zone: self.zone,
            horizon: self.history_days.map(|days| now.plus_millis(-i64::from(days) * DAY)),
            home_currency: besides.home_currency,
            dispositions: besides.dispositions,
        }
    }
}
