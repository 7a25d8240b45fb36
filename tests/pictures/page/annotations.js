// The board's annotation queries, as the Prometheus data source turns them into events.

import { FieldType, rangeUtil } from '@grafana/data';
import { interpolator } from './interpolate.js';
import { queryFrames, requestInterval } from './prometheus.js';

/** One frame an enabled annotation: time, end, text, title, colour. `errors` name the queries that failed. */
export async function annotationFrames(board, context) {
    const frames = [];
    const errors = [];
    for (const annotation of board.annotations?.list ?? []) {
        const builtIn = annotation.builtIn || annotation.datasource?.uid === '-- Grafana --';
        if (builtIn || annotation.enable === false) {
            continue;
        }
        try {
            frames.push(frameOf(annotation, await events(annotation, context)));
        } catch (error) {
            errors.push(`annotation ${annotation.name}: ${error.message}`);
        }
    }
    return { frames, errors };
}

async function events(annotation, { time, variables, scrapeInterval, width }) {
    const target = annotation.target ?? { expr: annotation.expr, interval: annotation.step };
    const frames = await queryFrames(
        { ...target, refId: 'Anno' },
        {
            range: time.range,
            maxDataPoints: width,
            intervalMs: requestInterval(time.range, width, scrapeInterval),
            scrapeMs: rangeUtil.intervalToMs(scrapeInterval),
            interpolate: interpolator(variables),
        },
    );
    return frames.flatMap((frame) => eventsOf(annotation, frame));
}

/** Active points that are at most a step apart make one event; with `useValueForTime` each value is a time itself. */
function eventsOf(annotation, frame) {
    const [times, values] = frame.fields;
    if (values === undefined) {
        return [];
    }
    const step = times.config.interval;
    const instants = annotation.useValueForTime
        ? values.values.map(Math.floor)
        : times.values.filter((_, i) => values.values[i] > 0);
    const found = [];
    for (const at of instants) {
        const last = found.at(-1);
        if (last !== undefined && last.timeEnd + step >= at) {
            last.timeEnd = at;
        } else {
            const { labels } = values;
            found.push({
                time: at,
                timeEnd: at,
                text: legend(annotation.textFormat, labels),
                title: legend(annotation.titleFormat, labels),
            });
        }
    }
    return found;
}

function legend(format = '', labels = {}) {
    return format.replace(/\{\{\s*(.+?)\s*\}\}/g, (_, label) => labels[label] ?? '');
}

function frameOf(annotation, found) {
    const column = (name, type, value) => ({ name, type, config: {}, values: found.map(value) });
    return {
        name: annotation.name,
        length: found.length,
        meta: { dataTopic: 'annotations' },
        fields: [
            column('time', FieldType.time, (event) => event.time),
            column('timeEnd', FieldType.time, (event) => event.timeEnd),
            column('isRegion', FieldType.boolean, (event) => event.timeEnd > event.time),
            column('title', FieldType.string, (event) => event.title),
            column('text', FieldType.string, (event) => event.text),
            column('color', FieldType.string, () => annotation.iconColor),
        ],
        filter: annotation.filter,
    };
}
