//! Who works on the invented floor, what each is like, and when each is at work.
//!
//! The cast is the same for every seed, so that the planted truths can be looked for by name; names and traits are
//! invented. How much each trait does is decided where it is used.

use chrono::{Datelike as _, NaiveTime, Offset as _, TimeZone as _};
use chrono_tz::Tz;

use super::random::Dice;
use super::time::{DAY, HOUR, MINUTE, date};

/// A team: its zone, and the money that its customers pay in.
#[derive(Debug)]
pub(super) struct Team {
    pub(super) name: &'static str,
    pub(super) zone: Tz,
    /// Months and days on which it does not work.
    pub(super) holidays: &'static [(u32, u32)],
    pub(super) currencies: &'static [&'static str],
    /// Planted: whether it answers leads late.
    pub(super) answers_late: bool,
    /// Planted: whether its customers buy again and again.
    pub(super) keeps_customers: bool,
}

/// The teams. Their hours, 08:00 to 17:00 in local time, cover the day all year round.
pub(super) const TEAMS: [Team; 3] = [
    Team {
        name: "Americas",
        zone: Tz::America__Los_Angeles,
        holidays: &[(1, 1), (7, 4)],
        currencies: &["USD", "USD", "CAD"],
        answers_late: false,
        keeps_customers: false,
    },
    Team {
        name: "EMEA",
        zone: Tz::Europe__London,
        holidays: &[(12, 25), (12, 26)],
        currencies: &["EUR", "GBP"],
        answers_late: true,
        keeps_customers: false,
    },
    Team {
        name: "APAC",
        zone: Tz::Asia__Singapore,
        holidays: &[(8, 9)],
        currencies: &["SGD", "AUD", "JPY"],
        answers_late: false,
        keeps_customers: true,
    },
];

/// What a person does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Sdr,
    Ae,
    Senior,
    Manager,
}

impl Role {
    /// As the CRM names it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Role::Sdr => "sdr",
            Role::Ae => "account_executive",
            Role::Senior => "senior_ae",
            Role::Manager => "manager",
        }
    }

    /// Whether the person owns deals.
    pub(super) const fn closes(self) -> bool {
        matches!(self, Role::Ae | Role::Senior)
    }
}

/// What is special about a person's time with the company.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Story {
    Usual,
    /// Began five weeks before the anchor.
    NewHire,
    /// Left ten weeks before the anchor.
    Left,
    /// On holiday around the anchor.
    Away,
}

/// A person. The traits are percentages of what is usual.
#[derive(Debug)]
pub(super) struct Person {
    first: &'static str,
    last: &'static str,
    address: &'static str,
    pub(super) team: usize,
    pub(super) role: Role,
    story: Story,
    /// How many executives the person meets: drives wins.
    pub(super) focus: u32,
    /// How well the person sells, executives aside.
    pub(super) skill: u32,
    /// How many e-mails the person writes: does nothing for wins.
    pub(super) emails: u32,
    /// How many calls the person makes.
    pub(super) dials: u32,
}

impl Person {
    const fn new(
        name: (&'static str, &'static str, &'static str),
        team: usize,
        role: Role,
        traits: [u32; 4],
        story: Story,
    ) -> Person {
        let [focus, skill, emails, dials] = traits;
        Person { first: name.0, last: name.1, address: name.2, team, role, story, focus, skill, emails, dials }
    }

    pub(super) fn first_name(&self) -> &'static str {
        self.first
    }

    pub(super) fn name(&self) -> String {
        format!("{} {}", self.first, self.last)
    }

    pub(super) fn email(&self) -> String {
        format!("{}@example.com", self.address)
    }
}

use Role::{Ae, Manager, Sdr, Senior};
use Story::{Away, Left, NewHire, Usual};

/// Everybody. E-mails are dealt out symmetrically to focus (the most and the least focused write as many), so that
/// the two have nothing to do with each other; the one who left and the new hire are such a pair.
#[rustfmt::skip]
pub(super) const PEOPLE: [Person; 27] = [
    Person::new(("Inés", "Calloway-Ruiz", "ines"), 0, Sdr, [0, 100, 100, 110], Usual),
    Person::new(("Tobias", "Greenhalt", "tobias"), 0, Sdr, [0, 100, 100, 90], Usual),
    Person::new(("Amara", "Okonjola", "amara"), 0, Ae, [150, 150, 60, 100], Usual),
    Person::new(("Wyatt", "Brandmoor", "wyatt"), 0, Ae, [120, 100, 120, 95], Usual),
    Person::new(("Lucía", "Ferradal", "lucia"), 0, Ae, [90, 100, 110, 105], Left),
    Person::new(("Keanu", "Palakiko", "keanu"), 0, Ae, [60, 100, 80, 110], Usual),
    Person::new(("Maria", "Santori", "maria.americas"), 0, Senior, [100, 100, 90, 90], Usual),
    Person::new(("Devon", "Ashgrove", "devon"), 0, Senior, [70, 100, 100, 105], Usual),
    Person::new(("Zofia", "Wielgorska", "zofia"), 1, Sdr, [0, 100, 100, 95], Usual),
    Person::new(("Emeka", "Adichukwu", "emeka"), 1, Sdr, [0, 100, 100, 105], Away),
    Person::new(("Piers", "Holloway-Finch", "piers"), 1, Ae, [35, 50, 60, 100], Usual),
    Person::new(("Noor", "al-Hadrani", "noor"), 1, Ae, [130, 100, 80, 90], Usual),
    Person::new(("Matteo", "Bellacorte", "matteo"), 1, Ae, [80, 100, 130, 110], Usual),
    Person::new(("Sanne", "van Aldervoort", "sanne"), 1, Ae, [95, 100, 110, 100], NewHire),
    Person::new(("Maria", "Santori", "maria.emea"), 1, Senior, [110, 100, 70, 95], Usual),
    Person::new(("Anselm", "Drachenfeld", "anselm"), 1, Senior, [65, 100, 120, 105], Usual),
    Person::new(("Hiroto", "Kazamori", "hiroto"), 2, Sdr, [0, 100, 100, 100], Usual),
    Person::new(("Mei Lin", "Tanrada", "meilin"), 2, Sdr, [0, 100, 100, 100], Usual),
    Person::new(("Arjun", "Vaidyapuri", "arjun"), 2, Ae, [140, 100, 140, 105], Usual),
    Person::new(("Kirra", "Wattlebrook", "kirra"), 2, Ae, [105, 100, 130, 95], Usual),
    Person::new(("Thanh", "Nguyenho", "thanh"), 2, Ae, [75, 100, 70, 90], Usual),
    Person::new(("Jiwoo", "Seongha", "jiwoo"), 2, Ae, [50, 100, 140, 110], Usual),
    Person::new(("Putri", "Wiranata", "putri"), 2, Senior, [115, 100, 100, 100], Usual),
    Person::new(("Callum", "Te Rangihau", "callum"), 2, Senior, [85, 100, 90, 100], Usual),
    Person::new(("Dana", "Whitlocke", "dana"), 0, Manager, [0, 100, 0, 0], Usual),
    Person::new(("Ottoline", "Marchetti", "ottoline"), 1, Manager, [0, 100, 0, 0], Usual),
    Person::new(("Wei Jie", "Limantara", "weijie"), 2, Manager, [0, 100, 0, 0], Usual),
];

/// The hours of a shift.
const SHIFT: i64 = 9 * HOUR;

/// When everybody is at work.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cast {
    /// The day, counted from 1970, that the stories are told from.
    anchor: i64,
    /// So many days earlier than usual people began, so that somebody is there when a longer history begins.
    earlier: i64,
}

impl Cast {
    pub(super) fn new(anchor: i64, earlier: i64) -> Cast {
        Cast { anchor, earlier }
    }

    /// First day of a person.
    pub(super) fn first_day(self, person: usize) -> i64 {
        match PEOPLE[person].story {
            NewHire => self.anchor - 35,
            _ => self.anchor - self.earlier - 900 - 41 * person as i64,
        }
    }

    /// Last day of a person who leaves.
    pub(super) fn last_day(self, person: usize) -> Option<i64> {
        (PEOPLE[person].story == Left).then_some(self.anchor - 70)
    }

    /// When the user of a person who leaves is deactivated, and what the person owned goes to others.
    pub(super) fn left_at(self, person: usize) -> Option<i64> {
        self.last_day(person).map(|day| (day + 2) * DAY)
    }

    /// First and last day of a person's holiday.
    pub(super) fn holiday(self, person: usize) -> Option<(i64, i64)> {
        (PEOPLE[person].story == Away).then_some((self.anchor - 4, self.anchor + 9))
    }

    /// Whether a person works on a local day.
    pub(super) fn works(self, person: usize, day: i64) -> bool {
        self.first_day(person) <= day
            && self.last_day(person).is_none_or(|last| day <= last)
            && self.holiday(person).is_none_or(|(first, last)| day < first || last < day)
            && !is_holiday(PEOPLE[person].team, day)
    }

    /// The first instant from `at` on at which the person is at work; where that is a later shift, a while after it began.
    pub(super) fn at_work(self, person: usize, at: i64, dice: &mut Dice) -> i64 {
        /// Longer than any absence.
        const DAYS: i64 = 40;
        let team = PEOPLE[person].team;
        let late = dice.between(0, 100) * MINUTE;
        let today = local_day(team, at);
        for day in (today..today + DAYS).filter(|day| self.works(person, *day)) {
            let start = shift_start(team, day);
            if at < start {
                return start + late;
            }
            if at < start + SHIFT {
                return at;
            }
        }
        at
    }

    /// The team at work at an instant; where none is, the one whose turn it would be.
    pub(super) fn team_at(self, at: i64) -> usize {
        let on_shift = |team: usize| {
            let day = local_day(team, at);
            let into = at - shift_start(team, day);
            (0..SHIFT).contains(&into).then(|| is_holiday(team, day))
        };
        let teams = || (0..TEAMS.len()).filter_map(|team| Some((team, on_shift(team)?)));
        let working = teams().find(|(_, is_off)| !is_off);
        working.or_else(|| teams().next()).map_or(0, |(team, _)| team)
    }

    /// Somebody of a team who does such work, and is with the company on that day and not away.
    pub(super) fn someone(self, team: usize, day: i64, does: fn(Role) -> bool, dice: &mut Dice) -> usize {
        let present = |person: &usize| {
            let whole_days = self.holiday(*person).is_none_or(|(first, last)| day < first || last < day);
            self.first_day(*person) <= day && self.last_day(*person).is_none_or(|last| day <= last) && whole_days
        };
        let fitting = (0..PEOPLE.len()).filter(|person| PEOPLE[*person].team == team && does(PEOPLE[*person].role));
        let fitting: Vec<usize> = fitting.filter(present).collect();
        dice.pick(&fitting)
    }
}

/// Whether a team has a day off on a local day.
pub(super) fn is_holiday(team: usize, day: i64) -> bool {
    let date = date(day);
    TEAMS[team].holidays.contains(&(date.month(), date.day()))
}

/// The local date at an instant, as days from 1970.
pub(super) fn local_day(team: usize, at: i64) -> i64 {
    let utc = crate::domain::Timestamp(at).utc().naive_utc();
    let offset = TEAMS[team].zone.offset_from_utc_datetime(&utc).fix().local_minus_utc();
    (at + i64::from(offset) * 1_000).div_euclid(DAY)
}

/// When the shift of a team begins on a local day: at 08:00.
pub(super) fn shift_start(team: usize, day: i64) -> i64 {
    let local = date(day).and_time(NaiveTime::MIN) + chrono::TimeDelta::hours(8);
    let zone = TEAMS[team].zone;
    // No zone of ours changes its clocks at eight in the morning.
    let offset = zone.offset_from_local_datetime(&local).earliest();
    let seconds = offset.map_or(0, |offset| offset.fix().local_minus_utc());
    day * DAY + 8 * HOUR - i64::from(seconds) * 1_000
}

/// An instant of a shift, from its beginning (0) to its end (1).
pub(super) fn during_shift(team: usize, day: i64, share: f64) -> i64 {
    shift_start(team, day) + (SHIFT as f64 * share) as i64
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const ANCHOR: i64 = 20_410;

    #[test]
    fn the_floor_has_the_people_that_it_promises() {
        let reps: Vec<&Person> = PEOPLE.iter().filter(|person| person.role != Manager).collect();
        assert_eq!(reps.len(), 24);
        let names: BTreeSet<String> = reps.iter().map(|person| person.name()).collect();
        assert_eq!(names.len(), 23, "two have one name");
        let addresses: BTreeSet<String> = PEOPLE.iter().map(Person::email).collect();
        assert_eq!(addresses.len(), PEOPLE.len());
        for story in [NewHire, Left, Away] {
            assert_eq!(reps.iter().filter(|person| person.story == story).count(), 1, "{story:?}");
        }
        for team in 0..TEAMS.len() {
            assert_eq!(PEOPLE.iter().filter(|person| person.team == team).count(), 9);
        }
    }

    #[test]
    fn emails_and_focus_have_nothing_to_do_with_each_other() {
        let mut closers: Vec<&Person> = PEOPLE.iter().filter(|person| person.role.closes()).collect();
        closers.sort_by_key(|person| person.focus);
        for (low, high) in closers.iter().zip(closers.iter().rev()) {
            assert_eq!(low.emails, high.emails, "{} and {}", low.first, high.first);
        }
    }

    #[test]
    fn somebody_is_at_work_at_every_hour_of_the_year() {
        for hour in 0..366 * 24 {
            let at = (ANCHOR - 200) * DAY + hour * HOUR;
            let on_shift = |team: usize| (0..SHIFT).contains(&(at - shift_start(team, local_day(team, at))));
            assert!((0..TEAMS.len()).any(on_shift), "{}", crate::domain::Timestamp(at));
        }
    }

    #[test]
    fn shifts_follow_the_clocks_of_their_zone() {
        let at = |team, text: &str| {
            let date: chrono::NaiveDate = text.parse().unwrap();
            crate::domain::Timestamp(shift_start(team, crate::source::demo::time::day_of(date))).to_string()
        };
        assert_eq!(at(0, "2026-01-15"), "2026-01-15T16:00:00Z");
        assert_eq!(at(0, "2026-07-15"), "2026-07-15T15:00:00Z");
        assert_eq!(at(1, "2026-07-15"), "2026-07-15T07:00:00Z");
        assert_eq!(at(2, "2026-07-15"), "2026-07-15T00:00:00Z");
    }

    #[test]
    fn nobody_works_who_is_away_gone_or_not_yet_there() {
        let cast = Cast::new(ANCHOR, 0);
        let by = |story| PEOPLE.iter().position(|person| person.story == story).unwrap();
        let works = |person, days: [i64; 3]| days.map(|day| cast.works(person, ANCHOR + day));
        assert_eq!(works(by(NewHire), [-36, -35, 0]), [false, true, true]);
        assert_eq!(works(by(Left), [-71, -70, -69]), [true, true, false]);
        assert_eq!(works(by(Away), [-5, 0, 10]), [true, false, true]);
        let mut dice = Dice::new(1, [0, 0, 0]);
        let away = by(Away);
        let back = cast.at_work(away, ANCHOR * DAY, &mut dice);
        assert_eq!(local_day(PEOPLE[away].team, back), ANCHOR + 10);
    }
}
