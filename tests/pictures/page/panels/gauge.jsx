// The gauge panel. Grafana's own RadialGauge is not in the published packages, so this is a likeness: an arc with the
// value's colour, the value and the name.

import { formattedValueToString, getFieldDisplayValues } from '@grafana/data';
import { VizRepeater } from '@grafana/ui';

const START = -225;
const SWEEP = 270;

export function GaugeView({ data, context, width, height }) {
    const { options, fieldConfig, replace, series } = data;
    const getValues = () =>
        getFieldDisplayValues({
            fieldConfig,
            reduceOptions: options.reduceOptions,
            replaceVariables: replace,
            theme: context.theme,
            data: series,
            timeZone: context.time.zone,
        });
    return (
        <VizRepeater
            getValues={getValues}
            renderValue={(item) => <Gauge item={item} theme={context.theme} />}
            width={width}
            height={height}
            source={data}
            itemSpacing={16}
            renderCounter={0}
            autoGrid={true}
            orientation={options.orientation}
        />
    );
}

function Gauge({ item, theme }) {
    const { width, height, count, value } = item;
    const { display, field } = value;
    const nameHeight = count > 1 ? height * 0.15 : 0;
    const radius = Math.min(width, height - nameHeight) / 2.3;
    const centre = { x: width / 2, y: (height - nameHeight) / 2 + radius * 0.1 };
    const min = field.min ?? 0;
    const max = field.max ?? (field.unit === 'percentunit' ? 1 : 100);
    const part = Math.min(1, Math.max(0, (display.numeric - min) / (max - min) || 0));
    const arc = (share, colour) => (
        <path d={arcPath(centre, radius * 0.87, share)} fill="none" stroke={colour} strokeWidth={radius * 0.26} />
    );
    const text = {
        fill: theme.colors.text.primary,
        textAnchor: 'middle',
        dominantBaseline: 'middle',
        fontFamily: theme.typography.fontFamily,
    };
    return (
        <svg width={width} height={height}>
            {arc(1, theme.colors.background.secondary)}
            {part > 0 && arc(part, display.color)}
            <text x={centre.x} y={centre.y} fontSize={radius * 0.4} fontWeight={500} {...text}>
                {formattedValueToString(display)}
            </text>
            {count > 1 && (
                <text x={centre.x} y={height - nameHeight / 2} fontSize={nameHeight * 0.7} {...text}>
                    {display.title}
                </text>
            )}
        </svg>
    );
}

function arcPath({ x, y }, radius, share) {
    const point = (degrees) => {
        const radians = (degrees * Math.PI) / 180;
        return `${x + radius * Math.cos(radians)} ${y + radius * Math.sin(radians)}`;
    };
    return `M ${point(START)} A ${radius} ${radius} 0 ${share * SWEEP > 180 ? 1 : 0} 1 ${point(START + share * SWEEP)}`;
}
