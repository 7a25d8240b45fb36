//! What will have been won by the end of the period.

use super::deals::VALUES;
use super::goals::labels;
use super::{AsOf, Frame, Group, Metric, Nature, Own, Shape};
use crate::calendar::Window;
use crate::exposition::Encoder;
use crate::measures::Unit;
use crate::measures::forecast::{Forecast, History};

pub(super) const METRICS: &[Metric] = &[Metric {
    name: "crm_forecast_value",
    help: "Value won by the end of the current period: won so far plus what comes of the open deals, by the win rates and times to close of their stages. With a probability of 80% it lies between p10 and p90. Deals that are yet to be created are no part of it.",
    group: Group::Forecast,
    needs: VALUES,
    shape: Shape::Own(Own { labels: &["scope", "team", "window", "stat"], write }),
    as_of: AsOf::Attributes,
    drop_order: 10,
    nature: Nature::Leading,
}];

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
