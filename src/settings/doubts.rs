//! What is not wrong with the settings, and yet doubtful: what `crm_exporter check` warns of.

use std::collections::BTreeSet;

use super::Settings;
use crate::calendar::Calendar;
use crate::domain::Timestamp;
use crate::metrics::{self, Options};
use crate::setting::Problem;

impl Settings {
    /// What is doubtful about settings that were checked, as of `now`; a sentence each.
    ///
    /// # Errors
    /// Only those that [`Settings::load`] tells too.
    pub fn doubts(&self, now: Timestamp) -> Result<Vec<String>, Problem> {
        let options = Options::new(&self.figures())?;
        let calendar = Calendar::new(&self.calendar, &self.directory).map_err(|problem| problem.under("calendar"))?;
        let roles: Vec<&str> = self.roles().into_iter().collect();
        Ok(metrics::doubts(&options.goals.goals, &roles, calendar.date(now)))
    }

    /// The roles that are named anywhere. (Those that only a CRM names are not known here.)
    fn roles(&self) -> BTreeSet<&str> {
        let people = self.people.roles.values().chain(&self.people.reps.roles);
        let targets = self.goals.values().flat_map(|goal| {
            let later = goal.effective.iter().map(|step| &step.target);
            [&goal.target].into_iter().chain(later).flat_map(|target| target.roles.keys())
        });
        let scorecards = self.scorecards.values().flat_map(|scorecard| &scorecard.roles);
        let named = people.chain(targets).chain(scorecards).map(|role| role.trim());
        named.filter(|role| !role.is_empty()).collect()
    }
}
