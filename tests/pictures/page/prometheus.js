// Asks Prometheus and makes data frames of its answers, as Grafana's Prometheus data source does.

import { createDataFrame, DataFrameType, FieldType, rangeUtil } from '@grafana/data';

/** Grafana asks for no more points than Prometheus allows in one answer. */
const MOST_POINTS = 11000;
const ROOT = 'prometheus/api/v1';

/**
 * The frames of one target. `asked` has the range, `maxDataPoints`, the request's `intervalMs`, the data source's
 * `scrapeMs` and `interpolate`. Throws what Prometheus says against the query.
 */
export async function queryFrames(target, asked) {
    const step = stepOf(target, asked);
    const expr = asked.interpolate(withIntervals(target.expr ?? '', target, step, asked), {}, prometheusFormat);
    const query = { ...target, expr, step };
    const frames = [];
    if (target.range || !target.instant) {
        frames.push(...framesOf(await rangeQuery(query, asked.range), query));
    }
    if (target.instant) {
        // Grafana evaluates at the end of the range, even if that is still to come: then there is nothing to see.
        const time = asked.range.to.valueOf() / 1000;
        frames.push(...framesOf(await get('query', { query: expr, time }), query));
    }
    return frames.length > 0 ? frames : [createDataFrame({ refId: target.refId, fields: [] })];
}

/** The answers to `label_values(...)`, `label_names()`, `metrics(...)` and `query_result(...)`. */
export async function names(query, range) {
    const period = { start: range.from.valueOf() / 1000, end: range.to.valueOf() / 1000 };
    const call = query.trim().match(/^(label_values|label_names|metrics|query_result)\((.*)\)$/s);
    const [, name, inside] = call ?? [];
    switch (name) {
        case 'label_values': {
            const [, metric, label] = inside.match(/^(?:(.+),)?\s*([a-zA-Z_]\w*)\s*$/s) ?? [];
            return get(`label/${label}/values`, { ...period, ...(metric && { 'match[]': metric.trim() }) });
        }
        case 'label_names':
            return get('labels', period);
        case 'metrics':
            return (await get('label/__name__/values', period)).filter((metric) => new RegExp(inside).test(metric));
        case 'query_result':
            return (await get('query', { query: inside, time: period.end })).result.map(
                ({ metric, value }) => `${seriesName(metric)} ${value[1]} ${value[0] * 1000}`,
            );
        default:
            throw new Error(`cannot resolve the query ${query}`);
    }
}

/** How Grafana writes a variable into PromQL: several values become a group of alternatives. */
export function prometheusFormat(value, variable) {
    const plain = (text) => String(text).replace(/\\/g, '\\\\').replace(/"/g, '\\"');
    const special = (text) => plain(String(text).replace(/[$^*{}[\]'+?.()|\\]/g, '\\$&'));
    if (variable.allValue && variable.value === variable.allValue) {
        return value;
    }
    if (!Array.isArray(value)) {
        return variable.multi || variable.includeAll ? special(value) : plain(value);
    }
    return value.length === 1 ? special(value[0]) : `(${value.map(special).join('|')})`;
}

/** The request's interval: the range divided among the points, at least `atLeast`. */
export function requestInterval(range, maxDataPoints, atLeast) {
    return rangeUtil.calculateInterval(range, maxDataPoints, atLeast).intervalMs;
}

function stepOf(target, { range, maxDataPoints, intervalMs }) {
    const length = range.to.valueOf() - range.from.valueOf();
    const least =
        target.interval && !target.interval.includes('$') ? rangeUtil.intervalToMs(target.interval) : intervalMs;
    const calculated = Math.max(rangeUtil.roundInterval(length / maxDataPoints), least);
    return Math.max(calculated, rangeUtil.roundInterval(length / MOST_POINTS)) * (target.intervalFactor || 1);
}

/** Replaces the built-in intervals and ranges, which depend on the query's own step. */
function withIntervals(expr, target, step, { range, intervalMs, scrapeMs }) {
    const length = range.to.valueOf() - range.from.valueOf();
    const scrape =
        target.interval && !target.interval.includes('$') ? rangeUtil.intervalToMs(target.interval) : scrapeMs;
    const rate = Math.max(intervalMs + scrape, 4 * scrape);
    const values = {
        __interval_ms: step,
        __interval: duration(step),
        __range_ms: length,
        __range_s: Math.round(length / 1000),
        __range: `${Math.round(length / 1000)}s`,
        __rate_interval_ms: rate,
        __rate_interval: duration(rate),
    };
    return expr.replace(/\$(?:\{(\w+)\}|(\w+))/g, (whole, braced, plain) => String(values[braced ?? plain] ?? whole));
}

function duration(ms) {
    return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}

function rangeQuery({ expr, step }, range) {
    // The data source aligns both ends to the step, so that equal requests can be cached.
    const aligned = (instant) => (Math.floor(instant.valueOf() / step) * step) / 1000;
    return get('query_range', { query: expr, start: aligned(range.from), end: aligned(range.to), step: step / 1000 });
}

async function get(path, parameters) {
    const response = await fetch(`${ROOT}/${path}?${new URLSearchParams(parameters)}`);
    const text = await response.text();
    let answer;
    try {
        answer = JSON.parse(text);
    } catch {
        throw new Error(`Prometheus answered ${response.status}: ${text.slice(0, 200)}`);
    }
    if (answer.status !== 'success') {
        throw new Error(answer.error ?? `Prometheus answered ${response.status}`);
    }
    return answer.data;
}

/** One frame a series, each with a time and a value field; the value's labels are the series'. */
function framesOf({ resultType, result }, query) {
    const series = {
        matrix: () => result.map(({ metric, values }) => ({ metric, points: values })),
        vector: () => result.map(({ metric, value }) => ({ metric, points: [value] })),
        scalar: () => [{ metric: {}, points: [result] }],
        string: () => [{ metric: {}, points: [result] }],
    }[resultType]();
    return series.map(({ metric, points }, i) => frameOf(metric, points, query, resultType, i === 0));
}

function frameOf(labels, points, query, resultType, first) {
    const name = legend(labels, query);
    return createDataFrame({
        refId: query.refId,
        meta: {
            type: resultType === 'matrix' ? DataFrameType.TimeSeriesMulti : DataFrameType.NumericMulti,
            custom: { resultType },
            ...(first && { executedQueryString: `Expr: ${query.expr}\nStep: ${duration(query.step)}` }),
        },
        fields: [
            {
                name: 'Time',
                type: FieldType.time,
                config: { interval: query.step },
                values: points.map(([at]) => at * 1000),
            },
            {
                name: labels.__name__ ?? 'Value',
                type: FieldType.number,
                labels,
                config: name ? { displayNameFromDS: name } : {},
                values: points.map(([, text]) => sample(text)),
            },
        ],
    });
}

function sample(text) {
    return { '+Inf': Infinity, Inf: Infinity, '-Inf': -Infinity }[text] ?? parseFloat(text);
}

/** The series' name: by the legend's template, or its metric and labels; `__auto` leaves labels to the panel. */
function legend(labels, { legendFormat, expr }) {
    let name = seriesName(labels);
    if (legendFormat === '__auto') {
        name = Object.keys(labels).length > 0 ? '' : name;
    } else if (legendFormat) {
        name = legendFormat.replace(/\{\{\s*(.+?)\s*\}\}/g, (_, label) => labels[label] ?? '');
    }
    return name === '{}' ? expr : name;
}

function seriesName({ __name__: metric = '', ...labels }) {
    const pairs = Object.keys(labels)
        .sort()
        .map((label) => `${label}=${JSON.stringify(labels[label])}`);
    return pairs.length > 0 || metric === '' ? `${metric}{${pairs.join(', ')}}` : metric;
}
