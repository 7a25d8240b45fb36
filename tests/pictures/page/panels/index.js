// The component of each panel type.

import { BarGaugeView } from './bargauge.jsx';
import { StatView } from './stat.jsx';
import { TableView } from './table.jsx';
import { TextView } from './text.jsx';
import { TimeSeriesView } from './timeseries.jsx';

const VIEWS = {
    bargauge: BarGaugeView,
    stat: StatView,
    table: TableView,
    text: TextView,
    timeseries: TimeSeriesView,
};

export function panelView(type) {
    return VIEWS[type];
}
