//! What will have been won by the end of the period.

use super::deals::VALUES;
use super::explain::{Asked, Explain, Part, Role};
use super::goals::labels;
use super::{AsOf, Frame, Group, Metric, Nature, Own, Shape};
use crate::calendar::Window;
use crate::exposition::Encoder;
use crate::measures::forecast::{Forecast, History};
use crate::measures::{Unit, deals, funnel};

pub(super) const METRICS: &[Metric] = &[Metric {
    name: "crm_forecast_value",
    help: "Value won by the end of the current period: won so far plus what comes of the open deals, by the win rates and times to close of their stages. With a probability of 80% it lies between p10 and p90. Deals that are yet to be created are no part of it.",
    group: Group::Forecast,
    needs: VALUES,
    shape: Shape::Own(Own { labels: &["scope", "team", "window", "stat"], write, explain: Explain::Parts(parts) }),
    as_of: AsOf::Attributes,
    drop_order: 10,
    nature: Nature::Leading,
}];

/// The forecast, and what it is made from: what is won already, and what is open.
fn parts(_: &Frame<'_>, asked: &Asked<'_>) -> Vec<Part> {
    let view = asked.view;
    let Some((Window::Current(period), _)) = asked.window else { return Vec::new() };
    let Some(forecast) = Forecast::new(view, &History::new(view), period) else { return Vec::new() };
    let quantiles = forecast.quantiles(view);
    let own = quantiles.into_iter().find(|(scope, _)| *scope == asked.scope).map(|(_, quantiles)| quantiles);
    let stat = asked.label("stat").unwrap_or_default();
    let minor = own.and_then(|quantiles| match stat {
        "p10" => Some(quantiles.p10),
        "p50" => Some(quantiles.p50),
        "p90" => Some(quantiles.p90),
        _ => None,
    });
    let how = "won so far, and of each open deal what it brings if it is won in time: by how often deals of its stage were \
               won, and how soon, over the last years";
    let figure = Part::figure(stat, minor.map(|minor| Unit::Money.sample(view, minor))).step("made of", how);
    vec![
        figure,
        asked.sum("won so far", &deals::ALL_WON_VALUE).role(Role::Beside),
        asked.gather().within(None).level(&funnel::OPEN_VALUE).named("open now").role(Role::Beside),
    ]
}

fn write(frame: &Frame<'_>, out: &mut Encoder) {
    let view = frame.view;
    let windows = frame.options.windows(Group::Forecast);
    if windows.is_empty() {
        return;
    }
    let history = History::new(view);
    for window in windows {
        let Window::Current(period) = *window else { continue };
        let Some(forecast) = Forecast::new(view, &history, period) else { continue };
        let window = window.to_string();
        for (scope, quantiles) in forecast.quantiles(view) {
            let [scope, team, _] = labels(frame, scope);
            for (stat, minor) in [("p10", quantiles.p10), ("p50", quantiles.p50), ("p90", quantiles.p90)] {
                let value = Unit::Money.sample(view, minor);
                out.sample(&[scope, team, ("window", &window), ("stat", stat)], value);
            }
        }
    }
}
