//! The sub-route: which alert reaches whom, and when.
//!
//! The first match wins. Whoever is added later gets their alerts by labels (`manager_email`, `chat_channel`), without a
//! route of their own.

use serde_json::{Value, json};

use super::entry::Entry;
use super::hours::Hours;
use super::matcher::{is, is_one_of, is_set};
use super::receivers;

/// The one route that a user's file takes.
pub(super) fn sub_route(hours: &[Hours]) -> Entry {
    let [default, others @ ..] = hours else { return Entry::new("", json!({})) };
    let mut route = Entry::new(
        "Everything of crm_exporter. What none of the routes below takes has no manager: it is of the whole\n\
         organisation, or of a team of which nobody was named.",
        json!({
            "matchers": [is("app", "crm_exporter")],
            "receiver": receivers::LEADERS,
            "group_by": ["alertname", "team", "goal"],
            "group_wait": "1m",
            "group_interval": "15m",
            "repeat_interval": "24h",
        }),
    );
    route.keys = default.kept_by(route.keys);
    route.routes.extend(good_news(default));
    route.routes.push(operations());
    route.routes.extend(others.iter().map(with_other_hours));
    route.routes.extend(teams(default));
    route
}

/// News that comes about when a period ends, at night, and is kept until the floor has come to work.
const OF_THE_NIGHT: [&str; 3] = ["CrmGoalStreak", "CrmContestDecided", "CrmContestEndsSoon"];

/// What just happened is not bound to hours: its alert ends after minutes, and would be lost where it had to wait.
fn good_news(default: &Hours) -> [Entry; 2] {
    let news = |why: &str, matchers: Vec<Value>| {
        let route = json!({
            "matchers": matchers,
            "receiver": receivers::FLOOR,
            "group_by": ["..."],
            "group_wait": "0s",
            // As long as Alertmanager remembers what it has sent, unless it is told to remember longer.
            "repeat_interval": "120h",
        });
        Entry::new(why, route)
    };
    let celebration = is("category", "celebration");
    let mut morning = news(
        "Good news, each by itself and once. What the end of a period brings at night is told in the morning.",
        vec![celebration.clone(), is_one_of("alertname", OF_THE_NIGHT)],
    );
    morning.keys = default.kept_by(morning.keys);
    let why = "What just happened is told at once and at any hour: these alerts end after minutes, and would be lost if\n\
               they had to wait. A channel that must be silent at night gets active_time_intervals here.";
    [morning, news(why, vec![celebration])]
}

fn operations() -> Entry {
    Entry::new(
        "Whoever runs the exporter, at any hour.",
        json!({
            "matchers": [is("audience", "ops")],
            "receiver": receivers::OPS,
            "group_by": ["alertname"],
            "group_wait": "30s",
            "group_interval": "5m",
            "repeat_interval": "12h",
        }),
    )
}

/// The teams that do not work by the default calendar.
fn with_other_hours(hours: &Hours) -> Entry {
    let teams = is_one_of("team", hours.teams.iter().map(String::as_str));
    let mut route =
        Entry::new(format!("Teams that work at other hours ({}).", hours.zone()), json!({"matchers": [teams]}));
    route.keys = hours.kept_by(route.keys);
    route.routes = teams_below(hours);
    route
}

fn teams(default: &Hours) -> Vec<Entry> {
    let mut routes = teams_below(default);
    if let [channel, manager] = routes.as_mut_slice() {
        channel.why =
            "Alerts of a team as a whole: its channel, and then its manager. What names a person never gets there."
                .into();
        manager.why = "Alerts of a team and of its people: an e-mail to the manager.".into();
    }
    routes
}

/// Hours are stated again, since routes do not inherit them.
fn teams_below(hours: &Hours) -> Vec<Entry> {
    let route = |matchers: Vec<Value>, receiver: &str, by: &str| json!({"matchers": matchers, "receiver": receiver, "group_by": ["alertname", "team", "goal", by]});
    let mut channel =
        Entry::new("", route(vec![is("rep", ""), is_set("chat_channel")], receivers::TEAM, "chat_channel"));
    channel.keys.insert("continue".to_owned(), json!(true));
    let mut manager = Entry::new("", route(vec![is_set("manager_email")], receivers::MANAGER, "manager_email"));
    for route in [&mut channel, &mut manager] {
        route.keys = hours.kept_by(std::mem::take(&mut route.keys));
    }
    vec![channel, manager]
}
