// The time series panel: Grafana's chart with the annotations' marks on it.

import { applyNullInsertThreshold, FieldType, getDisplayProcessor, nullToValue } from '@grafana/data';
import { TimeSeries } from '@grafana/ui';
import { AnnotationMarks } from './annotation_marks.jsx';
import { NoData } from './nothing.jsx';

export function TimeSeriesView({ data, context, width, height }) {
    const { options, range, series } = data;
    const frames = graphable(series, range, context.theme);
    if (frames.length === 0) {
        return <NoData data={data} width={width} height={height} />;
    }
    const zones = (options.timezone ?? []).map((zone) => zone || context.time.zone);
    return (
        <TimeSeries
            frames={frames}
            structureRev={1}
            timeRange={range}
            timeZone={zones.length > 0 ? zones : [context.time.zone]}
            width={width}
            height={height}
            legend={options.legend}
            options={options}
            replaceVariables={data.replace}
        >
            {(config) => <AnnotationMarks config={config} frames={annotationsFor(data)} theme={context.theme} />}
        </TimeSeries>
    );
}

function annotationsFor({ annotations, panel }) {
    return annotations.filter(
        ({ filter }) => !filter?.ids?.length || filter.ids.includes(panel.id) !== Boolean(filter.exclude),
    );
}

/** Frames with a time and a number, gaps filled with nulls where points are missing, colours numbered through. */
function graphable(series, range, theme) {
    const frames = series
        .filter((frame) =>
            [FieldType.time, FieldType.number].every((type) => frame.fields.some((field) => field.type === type)),
        )
        .map((frame) => filled(frame, range));
    let seriesIndex = 0;
    for (const field of frames.flatMap((frame) => frame.fields).filter((each) => each.type === FieldType.number)) {
        field.state = { ...field.state, seriesIndex: seriesIndex++ };
        field.display = getDisplayProcessor({ field, theme });
    }
    return frames;
}

function filled(frame, range) {
    const nulled = applyNullInsertThreshold({
        frame,
        refFieldPseudoMin: range.from.valueOf(),
        refFieldPseudoMax: range.to.valueOf(),
    });
    const fields = nullToValue(nulled).fields.map((field) =>
        field.type === FieldType.number
            ? {
                  ...field,
                  values: field.values.map((value) => (Number.isFinite(value) || value == null ? value : null)),
              }
            : field,
    );
    return { ...frame, length: nulled.length, fields };
}
