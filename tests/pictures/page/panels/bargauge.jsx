// The bar gauge panel.

import { getDisplayValueAlignmentFactors, VizOrientation } from '@grafana/data';
import { BarGaugeSizing } from '@grafana/schema';
import { defaultOptions } from '@grafana/schema/dist/esm/raw/composable/bargauge/panelcfg/x/BarGaugePanelCfg_types.gen';
import { BarGauge, VizLayout, VizRepeater } from '@grafana/ui';
import { linked } from './links.jsx';
import { displayValues } from './values.js';

export function BarGaugeView({ data, context, width, height }) {
    const { options, fieldConfig } = data;
    const itemSpacing = options.displayMode === 'lcd' ? 2 : 10;
    const getValues = () => displayValues(data, context);
    const renderValue = (item) => {
        const { display, field, view, colIndex } = item.value;
        const draw = ({ openMenu, targetClassName }) => (
            <BarGauge
                value={
                    item.count === 1 && !fieldConfig.defaults.displayName ? { ...display, title: undefined } : display
                }
                width={item.width}
                height={item.height}
                orientation={item.orientation}
                field={field}
                text={options.text}
                display={view && typeof colIndex === 'number' ? view.getFieldDisplayProcessor(colIndex) : undefined}
                theme={context.theme}
                itemSpacing={itemSpacing}
                displayMode={options.displayMode}
                onClick={openMenu}
                className={targetClassName}
                alignmentFactors={item.count > 1 ? item.alignmentFactors : undefined}
                showUnfilled={options.showUnfilled}
                valueDisplayMode={options.valueMode}
                namePlacement={options.namePlacement}
                isOverflow={(item.height + itemSpacing) * item.count - itemSpacing > height}
            />
        );
        const display_ = item.orientation === VizOrientation.Vertical ? 'flex' : 'initial';
        return item.value.hasLinks ? (
            <div style={{ width: '100%', display: display_ }}>{linked(item.value, draw, { height: '100%' })}</div>
        ) : (
            draw({})
        );
    };
    return (
        <VizLayout width={width} height={height} legend={null}>
            {(vizWidth, vizHeight) => (
                <VizRepeater
                    getValues={getValues}
                    getAlignmentFactors={getDisplayValueAlignmentFactors}
                    renderValue={renderValue}
                    width={vizWidth}
                    height={vizHeight}
                    source={data}
                    itemSpacing={itemSpacing}
                    renderCounter={0}
                    orientation={options.orientation}
                    {...barSizes(options, width, height)}
                />
            )}
        </VizLayout>
    );
}

/** Limits of a bar: the panel's own only with manual sizing, and only across the bars' direction. */
function barSizes(options, width, height) {
    const auto = width > height ? VizOrientation.Vertical : VizOrientation.Horizontal;
    const orientation = options.orientation === VizOrientation.Auto ? auto : options.orientation;
    const manual = options.sizing === BarGaugeSizing.Manual;
    const across = manual && orientation === VizOrientation.Horizontal ? options : defaultOptions;
    const along = manual && orientation === VizOrientation.Vertical ? options : defaultOptions;
    return { minVizWidth: along.minVizWidth, minVizHeight: across.minVizHeight, maxVizHeight: across.maxVizHeight };
}
