//! Customers: how many there are, whether they buy again, and how satisfied they are.

use super::accounts::WINS;
use super::explain::{Asked, Explain, Part, Role};
use super::shape::windows_of;
use super::{AsOf, Frame, Group, Metric, Nature, Needs, Own, Shape};
use crate::domain::Object;
use crate::exposition::Encoder;
use crate::measures::accounts::WON_VALUE;
use crate::measures::customers::{Customers, of_windows, year_before};
use crate::measures::fold::{self, Scope};
use crate::measures::stats::ratio;
use crate::measures::surveys;

const LABELS: &[&str] = &["scope", "team", "window"];

/// Answers without an owner are those of the deal's owner, else of the account's.
const ANSWERS: Needs = Needs {
    all: &[Object::Survey],
    any: &[],
    also: &[
        Object::User,
        Object::Team,
        Object::Account,
        Object::Deal,
        Object::Pipeline,
        Object::Stage,
        Object::StageChange,
    ],
};

pub(super) const METRICS: &[Metric] = &[
    Metric {
        name: "crm_customers",
        help: "Accounts with a deal won in the year before the window's start; a team's by the deals of the team.",
        group: Group::Customers,
        needs: WINS,
        shape: Shape::Own(Own { labels: LABELS, write: count, explain: Explain::Parts(count_parts) }),
        as_of: AsOf::Attributes,
        drop_order: 20,
        nature: Nature::Lagging,
    },
    Metric {
        name: "crm_customers_retained_ratio",
        help: "Of those, the share with a deal won in the window.",
        group: Group::Customers,
        needs: WINS,
        shape: Shape::Own(Own { labels: LABELS, write: retained, explain: Explain::Parts(retained_parts) }),
        as_of: AsOf::Attributes,
        drop_order: 20,
        nature: Nature::Lagging,
    },
    Metric {
        name: "crm_customer_value_growth_ratio",
        help: "Value won from them in the window over the value won from them in the year before.",
        group: Group::Customers,
        needs: WINS,
        shape: Shape::Own(Own { labels: LABELS, write: growth, explain: Explain::Parts(growth_parts) }),
        as_of: AsOf::Attributes,
        drop_order: 20,
        nature: Nature::Lagging,
    },
    Metric {
        name: "crm_customer_satisfaction",
        help: "Survey answers in the window: their mean, in the survey's own points, and the net promoter score from -100 to \
               100: the percentage of 9 and 10 less that of 0 to 6, of surveys answered from 0 to 10.",
        group: Group::Accounts,
        needs: ANSWERS,
        shape: Shape::Means(&[("mean", &surveys::SCORE), ("nps", &surveys::PROMOTERS)]),
        as_of: AsOf::Attributes,
        drop_order: 20,
        nature: Nature::Lagging,
    },
];

fn count(frame: &Frame<'_>, out: &mut Encoder) {
    let zeros = fold::zero_scopes(frame.view);
    each(frame, out, |scope, customers| Some(customers.count).filter(|count| *count > 0.0 || zeros.contains(&scope)));
}

fn retained(frame: &Frame<'_>, out: &mut Encoder) {
    each(frame, out, |_, customers| ratio(customers.retained, customers.count));
}

fn growth(frame: &Frame<'_>, out: &mut Encoder) {
    each(frame, out, |_, customers| ratio(customers.inside, customers.before));
}

/// The customers asked for, and the deals by which they are: of the year before the window, and of the window.
fn asked_for(frame: &Frame<'_>, asked: &Asked<'_>) -> Option<(Customers, [Part; 2])> {
    let (wanted, span) = asked.window?;
    let windows = windows_of(frame, Group::Customers, Object::Deal);
    let place = windows.iter().position(|(window, _)| window == wanted)?;
    let customers = of_windows(asked.view, &windows).get(&asked.scope).map_or(Customers::default(), |all| all[place]);
    let year = year_before(asked.view.calendar(), span.start);
    let won = |span, name| asked.gather().within(Some(span)).sum(&WON_VALUE).named(name).role(Role::Beside);
    Some((customers, [won(year, "won in the year before the window"), won(span, "won in the window")]))
}

fn count_parts(frame: &Frame<'_>, asked: &Asked<'_>) -> Vec<Part> {
    let Some((customers, [before, _])) = asked_for(frame, asked) else { return Vec::new() };
    vec![Part::figure("accounts won from", Some(customers.count)), before]
}

fn retained_parts(frame: &Frame<'_>, asked: &Asked<'_>) -> Vec<Part> {
    let Some((customers, [before, inside])) = asked_for(frame, asked) else { return Vec::new() };
    vec![
        Part::figure("customers who bought again", Some(customers.retained)),
        Part::figure("customers", Some(customers.count)).role(Role::By),
        before,
        inside,
    ]
}

fn growth_parts(frame: &Frame<'_>, asked: &Asked<'_>) -> Vec<Part> {
    let Some((customers, [before, inside])) = asked_for(frame, asked) else { return Vec::new() };
    let money = |minor| Some(WON_VALUE.unit.sample(asked.view, minor));
    vec![
        Part::figure("won from customers in the window", money(customers.inside)),
        Part::figure("won from them in the year before", money(customers.before)).role(Role::By),
        before,
        inside,
    ]
}

/// Writes a sample for every population and window for which `sample` gives something.
fn each(frame: &Frame<'_>, out: &mut Encoder, sample: impl Fn(Scope, &Customers) -> Option<f64>) {
    let view = frame.view;
    let windows = windows_of(frame, Group::Customers, Object::Deal);
    let customers = of_windows(view, &windows);
    let none = vec![Customers::default(); windows.len()];
    let teams =
        view.people.teams.iter().zip(0..).map(|(team, index)| (Scope::Team(index), "team", team.label.as_str()));
    for (scope, name, team) in [(Scope::Org, "org", "")].into_iter().chain(teams) {
        let customers = customers.get(&scope).unwrap_or(&none);
        for ((window, _), customers) in windows.iter().zip(customers) {
            if let Some(sample) = sample(scope, customers) {
                out.sample(&[("scope", name), ("team", team), ("window", &window.to_string())], sample);
            }
        }
    }
}
