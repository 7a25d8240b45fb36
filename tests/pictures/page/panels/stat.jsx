// The stat panel: one big value a field, laid out as a grid or a row.

import { getDisplayValueAlignmentFactors } from '@grafana/data';
import { BigValue, BigValueGraphMode, BigValueTextMode, VizRepeater } from '@grafana/ui';
import { linked } from './links.jsx';
import { displayValues } from './values.js';

const SPACING = 3;

export function StatView({ data, context, title, width, height }) {
    const { options, fieldConfig, range } = data;
    const getValues = () =>
        displayValues(data, context, {
            sparkline: options.graphMode !== BigValueGraphMode.None,
            percentChange: options.showPercentChange,
        });
    const renderValue = (item) =>
        linked(item.value, ({ openMenu, targetClassName }) => (
            <BigValue
                value={item.value.display}
                count={item.count}
                sparkline={item.value.sparkline && { ...item.value.sparkline, timeRange: range }}
                colorMode={options.colorMode}
                graphMode={options.graphMode}
                justifyMode={options.justifyMode}
                textMode={textMode(options, fieldConfig, title)}
                alignmentFactors={item.alignmentFactors}
                text={options.text}
                width={item.width}
                height={item.height}
                theme={context.theme}
                onClick={openMenu}
                className={targetClassName}
                disableWideLayout={!options.wideLayout}
                percentChangeColorMode={options.percentChangeColorMode}
            />
        ));
    return (
        <VizRepeater
            getValues={getValues}
            getAlignmentFactors={getDisplayValueAlignmentFactors}
            renderValue={renderValue}
            width={width}
            height={height}
            source={data}
            itemSpacing={SPACING}
            renderCounter={0}
            autoGrid={true}
            orientation={options.orientation}
        />
    );
}

/** A name of its own, or no title to say what the value is, makes "auto" show the name too. */
function textMode(options, fieldConfig, title) {
    const named = fieldConfig.defaults.displayName || !title;
    return options.textMode === BigValueTextMode.Auto && named ? BigValueTextMode.ValueAndName : options.textMode;
}
