// One panel made ready to draw: asks its targets, transforms the frames, applies the options of the fields.

import {
    applyFieldOverrides,
    cacheFieldDisplayNames,
    getPanelOptionsWithDefaults,
    rangeUtil,
    standardTransformersRegistry,
    transformDataFrame,
} from '@grafana/data';
import { cloneDeep } from 'lodash';
import { lastValueFrom } from 'rxjs';
import { interpolator } from './interpolate.js';
import { pluginOf } from './plugins.js';
import { queryFrames, requestInterval } from './prometheus.js';
import { toTables } from './tables.js';
import { panelRange } from './time.js';

/** A panel's head and its padding and border, which the drawing does not get: the data's resolution follows the rest. */
const CHROME_WIDTH = 18;

/** Prometheus still finds samples this far before the instant that it is asked for. */
const TOLERATED_AHEAD_MS = 5 * 60 * 1000;

/**
 * The panel with `series` (ready for its component), `options`, `fieldConfig`, `timeRange`, `replace` (variables), and
 * what to report: `queries`, `frames`, `rows`, `errors`, `warnings`.
 */
export async function panelData(panel, annotations, context) {
    const { range, info } = panelRange(panel, context.time);
    const replace = scopedReplace(interpolator(context.variables), panel.scoped);
    const result = { panel, range, info, replace, annotations, series: [], errors: [], warnings: [], queries: 0 };
    const plugin = pluginOf(panel.type);
    if (plugin === undefined) {
        if (panel.type !== 'row') {
            result.errors.push(`panels of type ${panel.type} cannot be drawn`);
        }
        return result;
    }
    const { options, fieldConfig } = getPanelOptionsWithDefaults({
        plugin,
        currentOptions: cloneDeep(panel.options ?? {}),
        currentFieldConfig: cloneDeep(panel.fieldConfig ?? { defaults: {}, overrides: [] }),
        isAfterPluginChange: false,
    });
    Object.assign(result, { options, fieldConfig });
    result.warnings.push(...unknownOptions(panel, plugin));
    const frames = await ask(panel, result, context);
    const transformed = await transform(panel, frames, result);
    result.series = applyFieldOverrides({
        data: transformed,
        fieldConfig,
        fieldConfigRegistry: plugin.fieldConfigRegistry,
        replaceVariables: replace,
        theme: context.theme,
        timeZone: context.time.zone,
    });
    cacheFieldDisplayNames(result.series);
    return result;
}

function scopedReplace(replace, own = {}) {
    return (text, scoped, format) => replace(text, { ...own, ...scoped }, format);
}

async function ask(panel, result, context) {
    const targets = (panel.targets ?? []).filter((target) => !target.hide);
    result.queries = targets.length;
    if (result.range.to.valueOf() > Date.now() + TOLERATED_AHEAD_MS && targets.some((target) => target.instant)) {
        result.warnings.push(
            `instant query at ${result.range.to.toISOString()}, the end of the range, which is still to come`,
        );
    }
    const scrapeMs = rangeUtil.intervalToMs(context.scrapeInterval);
    const least = panel.interval ? result.replace(panel.interval) : context.scrapeInterval;
    const maxDataPoints = panel.maxDataPoints ?? Math.max(1, panel.box.width - CHROME_WIDTH);
    const asked = {
        range: result.range,
        maxDataPoints,
        intervalMs: requestInterval(result.range, maxDataPoints, least),
        scrapeMs,
        interpolate: result.replace,
    };
    const answers = await Promise.all(
        targets.map(async (target) => {
            try {
                return await queryFrames(target, asked);
            } catch (error) {
                result.errors.push(`query ${target.refId}: ${error.message}`);
                return [];
            }
        }),
    );
    const isTable = (i) => targets[i].format === 'table';
    const series = answers.filter((_, i) => !isTable(i)).flat();
    return [...series, ...toTables(answers.filter((_, i) => isTable(i)).flat())];
}

async function transform(panel, frames, result) {
    const steps = (panel.transformations ?? []).filter((step) => !step.disabled);
    for (const { id } of steps) {
        if (!standardTransformersRegistry.getIfExists(id)) {
            result.errors.push(`transformation ${id} is not supported`);
        }
    }
    try {
        return await lastValueFrom(transformDataFrame(steps, frames, { interpolate: (text) => result.replace(text) }));
    } catch (error) {
        result.errors.push(`transformations: ${error.message}`);
        return frames;
    }
}

/** Overrides that Grafana drops in silence because the panel has no such option. */
function unknownOptions(panel, plugin) {
    const known = (id) => plugin.fieldConfigRegistry.getIfExists(id) !== undefined;
    const named = (panel.fieldConfig?.overrides ?? []).flatMap((override) =>
        override.properties.map((property) => property.id),
    );
    return [...new Set(named)].filter((id) => !known(id)).map((id) => `override of unknown option ${id}`);
}
