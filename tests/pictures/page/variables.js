// Resolves the board's template variables by asking Prometheus, as the board does when it opens.

import { interpolator } from './interpolate.js';
import { names } from './prometheus.js';

/** The value that stands for all options. */
const ALL = '$__all';

/**
 * Every variable as `{name: {name, value, text, label, hide, type, multi, includeAll}}`. `given` (name -> list of values)
 * wins over what the board keeps as current. `warnings` name what could not be resolved.
 */
export async function resolveVariables(board, given, range) {
    const variables = builtIn(board, range);
    const warnings = [];
    for (const definition of board.templating?.list ?? []) {
        try {
            const options = await optionsOf(definition, interpolator(variables), range);
            const chosen = choose(definition, options, given[definition.name]);
            if (chosen === undefined) {
                warnings.push(`variable ${definition.name} has no value`);
            }
            variables[definition.name] = { ...describe(definition), ...(chosen ?? { value: '', text: '' }), options };
        } catch (error) {
            warnings.push(`variable ${definition.name}: ${error.message}`);
            variables[definition.name] = { ...describe(definition), value: '', text: '', options: [] };
        }
    }
    return { variables, warnings };
}

function builtIn(board, range) {
    const plain = (value) => ({ value, text: value });
    return {
        __from: plain(String(range.from.valueOf())),
        __to: plain(String(range.to.valueOf())),
        __dashboard: plain({ uid: board.uid, name: board.title, toString: () => board.title }),
        __org: plain({ id: 1, name: 'Main Org.', toString: () => 'Main Org.' }),
        __user: plain({ login: 'viewer', toString: () => 'viewer' }),
        timezone: plain(board.timezone ?? 'browser'),
        __timezone: plain(board.timezone ?? 'browser'),
    };
}

function describe({ name, label, hide, type, multi, includeAll, allValue }) {
    return { name, label, hide: hide ?? 0, type, multi: Boolean(multi), includeAll: Boolean(includeAll), allValue };
}

async function optionsOf(definition, interpolate, range) {
    const query = typeof definition.query === 'object' ? definition.query?.query : definition.query;
    switch (definition.type) {
        case 'datasource':
            return [{ text: 'Prometheus', value: 'prometheus' }];
        case 'query':
            return sorted(
                matching(await names(interpolate(query, {}, 'regex'), range), definition.regex),
                definition.sort,
            );
        case 'custom':
        case 'interval':
            return String(query ?? '')
                .split(/(?<!\\),/)
                .map(pair);
        case 'constant':
        case 'textbox':
            return [{ text: String(query ?? ''), value: String(query ?? '') }];
        default:
            throw new Error(`type ${definition.type} is not supported`);
    }
}

/** `label : value`, or one text for both. */
function pair(text) {
    const [label, value] = text.trim().split(/\s+:\s+/);
    return { text: label, value: value ?? label };
}

/** Keeps what `/regex/` matches; groups named text and value, or the first group, choose a part. */
function matching(options, regex) {
    const [, pattern, flags] = (regex ?? '').match(/^\/(.*)\/(\w*)$/s) ?? [];
    if (pattern === undefined) {
        return options.map((option) => ({ text: option, value: option }));
    }
    const expression = new RegExp(pattern, flags.replace('g', ''));
    const found = options.map((option) => option.match(expression)).filter(Boolean);
    const read = found.map(({ 0: whole, 1: first, groups }) => {
        const value = groups?.value ?? groups?.text ?? first ?? whole;
        return { text: groups?.text ?? value, value };
    });
    return read.filter((option, i) => read.findIndex((other) => other.value === option.value) === i);
}

/** Grafana's sort orders: 1/2 alphabetical, 3/4 numerical, 5/6 alphabetical without case, 7/8 natural; even ones fall. */
function sorted(options, order) {
    if (!order) {
        return options;
    }
    const number = ({ text }) => Number(text.match(/\d+(\.\d+)?/)?.[0] ?? -1);
    const compare = [
        (a, b) => (a.text < b.text ? -1 : Number(a.text > b.text)),
        (a, b) => number(a) - number(b),
        (a, b) => a.text.toLowerCase().localeCompare(b.text.toLowerCase()),
        (a, b) => a.text.localeCompare(b.text, undefined, { numeric: true, sensitivity: 'base' }),
    ][Math.ceil(order / 2) - 1];
    const result = [...options].sort(compare);
    return order % 2 === 0 ? result.reverse() : result;
}

/** What is chosen: the given values, else the kept ones that still exist, else all, else the first. */
function choose(definition, options, given) {
    const allowed = new Set(options.map((option) => option.value));
    const current = [definition.current?.value ?? []].flat();
    const kept =
        definition.type === 'textbox' ? current : current.filter((value) => allowed.has(value) || value === ALL);
    const wanted =
        given ??
        (kept.length > 0 ? kept : definition.includeAll ? [ALL] : options.slice(0, 1).map((each) => each.value));
    if (wanted.length === 0) {
        return undefined;
    }
    if (wanted.includes(ALL) || (given && wanted.includes('All'))) {
        return { value: definition.allValue || options.map((option) => option.value), text: 'All', all: true };
    }
    const texts = wanted.map((value) => options.find((option) => option.value === value)?.text ?? value);
    return definition.multi ? { value: wanted, text: texts } : { value: wanted[0], text: texts[0] };
}
