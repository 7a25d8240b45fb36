// Targets with the format "table": their series become the rows of one frame a query.

import { FieldType, sortDataFrame } from '@grafana/data';

/** Time first, then every label that any series has, then the value, which names its query if there are several. */
export function toTables(frames) {
    if (frames.length === 0 || (frames.length === 1 && frames[0].length === 0)) {
        return frames;
    }
    const byQuery = Map.groupBy(frames, (frame) => frame.refId);
    return [...byQuery].map(([refId, series]) => table(refId, series, byQuery.size > 1 ? `Value #${refId}` : 'Value'));
}

function table(refId, series, valueName) {
    const filled = series.filter((frame) => frame.fields.length > 1);
    const labels = [...new Set(filled.flatMap((frame) => Object.keys(frame.fields[1].labels ?? {}).sort()))];
    const rows = filled.flatMap(({ fields: [time, value] }) =>
        time.values.map((at, i) => ({ at, value: value.values[i], labels: value.labels ?? {} })),
    );
    const interval = filled[0]?.fields[0].config.interval;
    const frame = {
        refId,
        meta: { ...series[0].meta, preferredVisualisationType: 'rawPrometheus' },
        length: rows.length,
        fields: [
            {
                name: 'Time',
                type: FieldType.time,
                config: interval ? { interval } : {},
                values: rows.map((row) => row.at),
            },
            ...labels.map((label) => ({
                name: label,
                type: FieldType.string,
                config: { filterable: true },
                values: rows.map((row) => row.labels[label] ?? ''),
            })),
            { name: valueName, type: FieldType.number, config: {}, values: rows.map((row) => row.value) },
        ],
    };
    const ordered = rows.every((row, i) => i === 0 || rows[i - 1].at <= row.at);
    return ordered ? frame : sortDataFrame(frame, 0);
}
