//! Quiet outside working hours and on holidays; told at the first look inside.

use std::time::SystemTime;

use chrono::{DateTime, Datelike, Days, DurationRound, TimeDelta, Utc};

use super::alerts::{news, rep_behind, team_behind};
use super::site::{Site, until};

const KIM: (&str, &str) = ("manager_email", "kim@example.com");
const LEE: (&str, &str) = ("manager_email", "lee@example.com");

/// The calendar of the team whose hours are always.
const AWAKE: &str =
    "APAC: {working_hours: '00:00-24:00', working_days: [mon, tue, wed, thu, fri, sat, sun], holidays: []}";

/// The first full minute before which all that has to be quiet can be seen to be.
fn soon() -> DateTime<Utc> {
    let minute = TimeDelta::minutes(1);
    (Utc::now() + TimeDelta::seconds(20)).duration_trunc(minute).unwrap() + minute
}

#[test]
fn messages_wait_for_working_hours() {
    let opening = soon();
    let calendar = format!(
        "calendar: {{working_hours: '{}-24:00', working_days: [{}], teams: {{{AWAKE}}}}}",
        opening.format("%H:%M"),
        opening.weekday()
    );
    let Some(site) = Site::start(&calendar) else { return };
    let alerts = [
        rep_behind("EMEA", "Ana", &[LEE]),
        team_behind("EMEA", &[LEE, ("chat_channel", "#emea")]),
        team_behind("APAC", &[KIM, ("chat_channel", "#apac")]),
        news("CrmDealWon", &[("deal", "Acme"), ("rep", "Ana"), ("team", "EMEA")], "Ana won Acme"),
        news("CrmGoalStreak", &[("goal", "calls"), ("rep", "Bo"), ("team", "EMEA")], "Bo is on a streak"),
    ];
    site.post(&alerts);
    site.await_log("not within active time");
    until("whoever works now", || (!site.mail.of("kim@example.com").is_empty()).then_some(()));
    until("its channel, and the win", || (site.chat.messages().len() == 2).then_some(()));
    let (early_letters, early_messages) = (site.mail.of("lee@example.com").len(), site.chat.messages());
    if Utc::now() < opening {
        assert_eq!(early_letters, 0);
        let mut channels: Vec<&str> = early_messages.iter().map(|message| message.channel.as_str()).collect();
        channels.sort_unstable();
        assert_eq!(channels, ["#apac", "#sales-floor"], "{early_messages:?}");
        assert!(early_messages.iter().any(|message| message.title == "Ana won Acme"), "{early_messages:?}");
    }

    let letters = until("the manager's letters", || {
        let letters = site.mail.of("lee@example.com");
        (letters.len() == 2).then_some(letters)
    });
    assert!(letters.iter().all(|letter| letter.came_at >= SystemTime::from(opening)), "{letters:?}");
    until("the channel, and the streak", || {
        (site.chat.of("#emea").len() == 1 && site.chat.of("#sales-floor").len() == 2).then_some(())
    });
}

#[test]
fn holidays_are_quiet() {
    let today = Utc::now().date_naive();
    let tomorrow = today + Days::new(1);
    let calendar = format!(
        "calendar: {{working_hours: '00:00-24:00', working_days: [mon, tue, wed, thu, fri, sat, sun], \
         holidays: [{today}, {tomorrow}], teams: {{{AWAKE}}}}}"
    );
    let Some(site) = Site::start(&calendar) else { return };
    site.post(&[team_behind("EMEA", &[LEE]), team_behind("APAC", &[KIM])]);
    site.await_log("within mute time");
    until("whoever works today", || (!site.mail.of("kim@example.com").is_empty()).then_some(()));
    assert_eq!(site.mail.letters().len(), 1);
}
