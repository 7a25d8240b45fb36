// `timeSeriesTable`: one row for each series, its labels as columns and the series itself as a field for sparklines. It
// belongs to Grafana's application, not to @grafana/data.

import { FieldType, reduceField } from '@grafana/data';
import { map } from 'rxjs/operators';

export const timeSeriesTable = {
    id: 'timeSeriesTable',
    name: 'Time series to table',
    defaultOptions: {},
    operator: (options) => (source) => source.pipe(map((frames) => tables(options, frames))),
};

function tables(options, frames) {
    const byQuery = new Map();
    for (const frame of frames) {
        const value = frame.fields.find((field) => field.type === FieldType.number);
        if (value !== undefined && frame.fields.some((field) => field.type === FieldType.time)) {
            byQuery.set(frame.refId, [...(byQuery.get(frame.refId) ?? []), { frame, value }]);
        }
    }
    return [...byQuery].map(([refId, series]) => table(refId, series, options[refId] ?? {}));
}

function table(refId, series, options) {
    const labels = [...new Set(series.flatMap(({ value }) => Object.keys(value.labels ?? {})))];
    const columns = labels.map((label) => ({
        name: label,
        type: FieldType.string,
        config: {},
        values: series.map(({ value }) => value.labels?.[label] ?? null),
    }));
    const stat = options.stat ?? 'lastNotNull';
    const trend = {
        name: `Trend #${refId}`,
        type: FieldType.frame,
        config: {},
        values: series.map(({ frame, value }) => ({
            ...frame,
            value: reduceField({ field: value, reducers: [stat] })[stat] ?? null,
        })),
    };
    return { refId, fields: [...columns, trend], length: series.length, meta: {} };
}
