//! Customers of windows: the accounts with a deal won in the year before one, and how many of them bought again in it.

use std::collections::HashMap;

use chrono::Months;

use super::fold::Scope;
use super::{Spans, Windows, accounts};
use crate::calendar::Calendar;
use crate::domain::{Span, Timestamp};
use crate::facts::View;

/// The customers of a window: of everybody, or of a team by its own deals.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Customers {
    /// Accounts with a deal won in the year before the window.
    pub count: f64,
    /// Of those, the ones with a deal won in the window.
    pub retained: f64,
    /// Value won from them in the year before the window, in minor units.
    pub before: f64,
    /// Value won from them in the window, in minor units.
    pub inside: f64,
}

/// A deal that was won in a window or in the year before it.
#[derive(Debug, Clone, Copy)]
struct Win {
    team: u32,
    account: u32,
    is_before: bool,
    value: f64,
}

/// The year before an instant that begins a local date: from the same date a year earlier on (of a 29 February: the 28th).
pub fn year_before(calendar: &Calendar, start: Timestamp) -> Span {
    let date = calendar.date(start);
    let earlier = date.checked_sub_months(Months::new(12)).unwrap_or(date);
    Span { start: calendar.start_of(earlier), end: start }
}

/// The customers of each window, per population that has any: everybody, and teams.
pub fn of_windows(view: &View<'_>, windows: &Windows) -> HashMap<Scope, Vec<Customers>> {
    let years = windows.iter().map(|(_, span)| year_before(view.calendar(), span.start));
    let years = Spans::new(years.collect());
    let mut wins: Vec<Vec<Win>> = vec![Vec::new(); windows.len()];
    (accounts::WON_VALUE.each)(view, years.since(), &mut |won| {
        let team = view.people.slots[won.slot as usize].team;
        let win = |is_before| Win { team, account: won.dims[0], is_before, value: won.amount };
        years.containing(won.at).for_each(|window| wins[window].push(win(true)));
        windows.containing(won.at).for_each(|window| wins[window].push(win(false)));
    });
    let mut customers: HashMap<Scope, Vec<Customers>> = HashMap::new();
    for (window, wins) in wins.iter_mut().enumerate() {
        let mut add = |scope, wins: &[Win]| {
            let of_scope = customers.entry(scope).or_insert_with(|| vec![Customers::default(); windows.len()]);
            of_scope[window].add(wins);
        };
        wins.sort_unstable_by_key(|win| (win.account, win.team));
        wins.chunk_by(|left, right| left.account == right.account).for_each(|wins| add(Scope::Org, wins));
        let same = |left: &Win, right: &Win| (left.account, left.team) == (right.account, right.team);
        wins.chunk_by(same).for_each(|wins| add(Scope::Team(wins[0].team), wins));
    }
    customers
}

impl Customers {
    /// Counts an account with these deals, if it is a customer.
    fn add(&mut self, wins: &[Win]) {
        if !wins.iter().any(|win| win.is_before) {
            return;
        }
        self.count += 1.0;
        self.retained += if wins.iter().any(|win| !win.is_before) { 1.0 } else { 0.0 };
        for win in wins {
            *(if win.is_before { &mut self.before } else { &mut self.inside }) += win.value;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_year_before_begins_on_the_same_date() {
        let settings = crate::facts::testing::yaml("{time_zone: Europe/Berlin}");
        let calendar = Calendar::new(&settings, std::path::Path::new(".")).unwrap();
        for (start, expected) in [
            ("2026-03-17T23:00:00Z", "2025-03-17T23:00:00Z"),
            // Summer time begins on 31 March 2024 and on 30 March 2025.
            ("2025-03-30T22:00:00Z", "2024-03-30T23:00:00Z"),
            ("2024-02-28T23:00:00Z", "2023-02-27T23:00:00Z"),
        ] {
            let year = year_before(&calendar, start.parse().unwrap());
            assert_eq!((year.start.to_string().as_str(), year.end.to_string().as_str()), (expected, start));
        }
    }
}
