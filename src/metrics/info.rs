//! Information about people, teams and money.

use super::explain::{Asked, Explain, Part};
use super::{AsOf, Frame, Group, Metric, Nature, Needs, Own, Shape};
use crate::domain::{Object, Timestamp};
use crate::exposition::Encoder;
use crate::facts::{SlotKind, TeamEntry, View};

const NOTHING: Needs = Needs { all: &[], any: &[], also: &[] };
const TEAMS: Needs = Needs { all: &[], any: &[], also: &[Object::User, Object::Team] };
const USERS: Needs = Needs { all: &[Object::User], ..TEAMS };

const USERS_SAY: Explain = Explain::Written(
    "the CRM's users and teams; people.reps, roles, identities and display in the settings say who is a rep, in which \
     role, and how people are called",
);
const TEAMS_SAY: Explain = Explain::Written(
    "the CRM's teams and the managers of their people, where people.teams in the settings does not say otherwise",
);

pub(super) const METRICS: &[Metric] = &[
    Metric {
        name: "crm_rep_info",
        help: "1 for every rep.",
        group: Group::Now,
        needs: USERS,
        shape: Shape::Own(Own { labels: &["team", "rep", "role", "active"], write: rep_info, explain: USERS_SAY }),
        as_of: AsOf::Attributes,
        drop_order: 0,
        nature: Nature::Descriptive,
    },
    Metric {
        name: "crm_team_info",
        help: "1 for every team: who leads it and where it is to be told.",
        group: Group::Now,
        needs: TEAMS,
        shape: Shape::Own(Own {
            labels: &["team", "manager", "manager_email", "chat_channel"],
            write: team_info,
            explain: TEAMS_SAY,
        }),
        as_of: AsOf::Attributes,
        drop_order: 0,
        nature: Nature::Descriptive,
    },
    Metric {
        name: "crm_reporting_currency_info",
        help: "1: the currency of all values.",
        group: Group::Now,
        needs: NOTHING,
        shape: Shape::Own(Own {
            labels: &["currency"],
            write: currency_info,
            explain: Explain::Written("currency.reporting in the settings"),
        }),
        as_of: AsOf::Exact,
        drop_order: 0,
        nature: Nature::Descriptive,
    },
    Metric {
        name: "crm_exporter_team_data_timestamp_seconds",
        help: "The oldest last success among the sources that deliver the team's records: its figures are at least this fresh.",
        group: Group::Now,
        needs: TEAMS,
        shape: Shape::Own(Own { labels: &["team"], write: team_data, explain: Explain::Parts(team_data_parts) }),
        as_of: AsOf::None,
        drop_order: 0,
        nature: Nature::Descriptive,
    },
];

fn rep_info(frame: &Frame<'_>, out: &mut Encoder) {
    let view = frame.view;
    for slot in view.people.slots.iter().filter(|slot| slot.is_rep && slot.kind == SlotKind::Person) {
        let team = &view.people.teams[slot.team as usize].label;
        let active = if slot.is_active { "true" } else { "false" };
        let mut labels = vec![("team", team.as_str()), ("rep", &slot.rep), ("role", &slot.role), ("active", active)];
        if view.show_email {
            labels.push(("email", slot.email.as_deref().unwrap_or("")));
        }
        out.sample(&labels, 1.0);
    }
}

fn team_info(frame: &Frame<'_>, out: &mut Encoder) {
    for team in &frame.view.people.teams {
        let labels = [
            ("team", team.label.as_str()),
            ("manager", &team.manager),
            ("manager_email", &team.manager_email),
            ("chat_channel", &team.chat_channel),
        ];
        out.sample(&labels, 1.0);
    }
}

fn currency_info(frame: &Frame<'_>, out: &mut Encoder) {
    out.sample(&[("currency", frame.view.rules().currency().code())], 1.0);
}

/// When each of the sources that deliver a team's records last succeeded, if it ever did.
fn successes<'v>(view: &'v View<'_>, team: &'v TeamEntry) -> impl Iterator<Item = (u32, Option<Timestamp>)> + 'v {
    team.sources.iter().map(|source| (*source, view.coverage.successes.get(source).copied()))
}

fn team_data_parts(_: &Frame<'_>, asked: &Asked<'_>) -> Vec<Part> {
    let view = asked.view;
    let team = view.people.teams.iter().find(|team| asked.label("team") == Some(&team.label));
    let Some(team) = team else { return Vec::new() };
    let oldest = successes(view, team).map(|(_, at)| at).min().flatten();
    let part = Part::figure("oldest last success", oldest.map(Timestamp::seconds));
    vec![successes(view, team).fold(part, |part, (source, at)| {
        let name = view.rules().source_name(source).unwrap_or("a source that is no longer configured");
        part.step(name, at.map_or("never".to_owned(), |at| at.to_string()))
    })]
}

fn team_data(frame: &Frame<'_>, out: &mut Encoder) {
    for team in &frame.view.people.teams {
        // A source that has never succeeded leaves its teams without a time, which counts as stale.
        if let Some(at) = successes(frame.view, team).map(|(_, at)| at).min().flatten() {
            out.sample(&[("team", &team.label)], at.seconds());
        }
    }
}
