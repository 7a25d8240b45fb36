// Grafana's panel plugins as far as data needs them: their options' defaults and their own field options. The defaults
// come from @grafana/schema where it has them.

import { FieldColorModeId, FieldConfigProperty, identityOverrideProcessor, PanelPlugin } from '@grafana/data';
import {
    BarAlignment,
    defaultTableFieldOptions,
    GraphDrawStyle,
    GraphGradientMode,
    GraphThresholdsStyleMode,
    LegendDisplayMode,
    LineInterpolation,
    SortOrder,
    StackingMode,
    TooltipDisplayMode,
    VisibilityMode,
    VizOrientation,
} from '@grafana/schema';
import { defaultOptions as barGauge } from '@grafana/schema/dist/esm/raw/composable/bargauge/panelcfg/x/BarGaugePanelCfg_types.gen';
import { defaultOptions as stat } from '@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen';
import { defaultOptions as table } from '@grafana/schema/dist/esm/raw/composable/table/panelcfg/x/TablePanelCfg_types.gen';
import { defaultOptions as text } from '@grafana/schema/dist/esm/raw/composable/text/panelcfg/x/TextPanelCfg_types.gen';
import { commonOptionsBuilder } from '@grafana/ui';

const Nothing = () => null;

const reduced = {
    reduceOptions: { values: false, calcs: ['lastNotNull'], fields: '' },
    orientation: VizOrientation.Auto,
};
const legend = { showLegend: true, displayMode: LegendDisplayMode.List, placement: 'bottom', calcs: [] };
const tooltip = { mode: TooltipDisplayMode.Single, sort: SortOrder.None };

const PLUGINS = {
    stat: plugin({ ...stat, ...reduced }),
    bargauge: plugin({ ...barGauge, ...reduced, legend: { ...legend, showLegend: false } }),
    table: plugin(table, { useCustomConfig: tableOptions }),
    timeseries: plugin({ legend, tooltip }, { standardOptions: seriesColours(), useCustomConfig: graphOptions }),
    text: plugin(text),
};

/** The plugin of a panel type, or nothing if it cannot be drawn. */
export function pluginOf(type) {
    return PLUGINS[type];
}

function plugin(defaults, fieldConfig) {
    return new PanelPlugin(Nothing).useFieldConfig(fieldConfig).setPanelOptions((builder) => {
        for (const [path, defaultValue] of leaves(defaults)) {
            option(builder, path, defaultValue);
        }
    });
}

/** `{a: {b: 1}}` becomes `[["a.b", 1]]`. */
function leaves(object, prefix = '') {
    return Object.entries(object).flatMap(([name, value]) =>
        value !== null && typeof value === 'object' && !Array.isArray(value) && Object.keys(value).length > 0
            ? leaves(value, `${prefix}${name}.`)
            : [[`${prefix}${name}`, value]],
    );
}

function option(builder, path, defaultValue) {
    builder.addCustomEditor({
        id: path,
        path,
        name: path,
        defaultValue,
        editor: Nothing,
        override: Nothing,
        process: identityOverrideProcessor,
        shouldApply: () => true,
    });
}

function seriesColours() {
    return { [FieldConfigProperty.Color]: { defaultValue: { mode: FieldColorModeId.PaletteClassic } } };
}

function graphOptions(builder) {
    const defaults = {
        drawStyle: GraphDrawStyle.Line,
        lineInterpolation: LineInterpolation.Linear,
        barAlignment: BarAlignment.Center,
        barWidthFactor: 0.6,
        lineWidth: 1,
        fillOpacity: 0,
        gradientMode: GraphGradientMode.None,
        fillBelowTo: undefined,
        lineStyle: undefined,
        spanNulls: false,
        insertNulls: false,
        showPoints: VisibilityMode.Auto,
        showValues: false,
        pointSize: 5,
        transform: undefined,
        thresholdsStyle: { mode: GraphThresholdsStyleMode.Off },
    };
    for (const [path, value] of Object.entries(defaults)) {
        option(builder, path, value);
    }
    commonOptionsBuilder.addStackingConfig(builder, { mode: StackingMode.None, group: 'A' }, ['Graph styles']);
    commonOptionsBuilder.addAxisConfig(builder, {});
    commonOptionsBuilder.addHideFrom(builder);
}

function tableOptions(builder) {
    const defaults = {
        minWidth: defaultTableFieldOptions.minWidth,
        width: defaultTableFieldOptions.width,
        align: defaultTableFieldOptions.align,
        cellOptions: defaultTableFieldOptions.cellOptions,
        inspect: defaultTableFieldOptions.inspect,
        filterable: defaultTableFieldOptions.filterable,
        wrapHeaderText: defaultTableFieldOptions.wrapHeaderText,
        hidden: undefined,
        wrapText: undefined,
        'footer.reducers': undefined,
        'tooltip.field': undefined,
        'tooltip.placement': undefined,
        styleField: undefined,
    };
    for (const [path, value] of Object.entries(defaults)) {
        option(builder, path, value);
    }
    commonOptionsBuilder.addHideFrom(builder);
}
