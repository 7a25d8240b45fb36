//! What people see, as the settings want it.

use crate::calendar::Calendar;
use crate::display::{self, Display};
use crate::domain::Currency;
use crate::metrics::Options;
use crate::setting::Problem;
use crate::settings::Settings;

/// What of the settings decides how figures are shown. Nothing is opened or connected, and no secret is read.
pub struct Shown {
    settings: Settings,
    calendar: Calendar,
    currency: Currency,
}

impl Shown {
    /// As `settings` say it.
    ///
    /// # Errors
    /// Calendars and currencies that make no sense, by their keys in the whole settings.
    pub fn new(settings: Settings) -> Result<Shown, Problem> {
        let calendar = Calendar::new(&settings.calendar, &settings.directory).map_err(|p| p.under("calendar"))?;
        let currency = Currency::new(&settings.currency.reporting)
            .map_err(|unknown| Problem::new("currency.reporting", unknown.to_string()))?;
        Ok(Shown { settings, calendar, currency })
    }

    /// What boards and rules ask for and the settings do not expose, or show of no goal: a sentence each.
    ///
    /// # Errors
    /// Settings of figures that make no sense, by their keys.
    pub fn gaps(&self) -> Result<Vec<String>, Problem> {
        let options = Options::new(&self.settings.figures())?;
        let mut gaps = display::gaps(&self.display(), &options);
        if !self.settings.goals.values().any(|goal| goal.primary) {
            gaps.push("no goal is `primary: true`: boards for the wall show pace and leaders of none".to_owned());
        }
        Ok(gaps)
    }

    /// What boards, rules and routing are rendered from.
    pub fn display(&self) -> Display<'_> {
        Display {
            currency: self.currency,
            calendar: &self.calendar,
            refresh_interval: self.settings.refresh_interval,
            grafana: &self.settings.grafana,
            alerts: &self.settings.alerts,
            goals: &self.settings.goals,
            routing: &self.settings.routing,
        }
    }
}
