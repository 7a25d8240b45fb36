// Replaces variables in texts: the board's, those of a panel, and the ones that name parts of the figure at hand.

import { dateTime, formattedValueToString, getFieldDisplayName, getFrameDisplayName } from '@grafana/data';
import { get } from 'lodash';

/** `$name`, `${name}`, `${name.path}`, `${name:format}` and `[[name]]`, as in Grafana. */
const REFERENCE = /\$(\w+)|\[\[(\w+?)(?::(\w+))?\]\]|\$\{(\w+)((?:\.[^:^}]+)|(?:\["[^"]+"\]))?(?::([^}]+))?\}/g;

/**
 * The function that Grafana calls `replaceVariables`. `variables` is `{name: {value, text, ...}}`; scoped ones win. A
 * reference to nothing stays as it stands.
 */
export function interpolator(variables) {
    return (text, scoped = {}, format) => {
        if (typeof text !== 'string') {
            return text;
        }
        return text.replace(REFERENCE, (whole, plain, brackets, bracketFormat, braces, path, bracesFormat) => {
            const name = plain ?? brackets ?? braces;
            const special = ofTheFigure(name, path, scoped ?? {}, bracesFormat);
            if (special !== undefined) {
                return special;
            }
            const variable = scoped?.[name] ?? variables[name];
            if (variable === undefined || variable === null) {
                return whole;
            }
            const value = path ? get(variable.value, path.replace(/^\./, '')) : variable.value;
            return formatted(value, bracketFormat ?? bracesFormat ?? format, variable);
        });
    };
}

/** `__field`, `__series`, `__value` and `__data`: what the field's own context knows. */
function ofTheFigure(name, path, scoped, format) {
    const context = scoped.__dataContext?.value;
    if (context === undefined) {
        return undefined;
    }
    const { frame, field, data } = context;
    const row = context.rowIndex;
    switch (name) {
        case '__field':
            return String(
                get(
                    {
                        name: field.name,
                        labels: field.labels ?? {},
                        displayName: getFieldDisplayName(field, frame, data),
                    },
                    trimmed(path),
                ) ?? '',
            );
        case '__series':
            return getFrameDisplayName(frame, context.frameIndex);
        case '__value':
            return row === undefined ? undefined : valueText(field, row, trimmed(path));
        case '__data': {
            const found = path?.match(/^\.fields(?:\.(.+)|\["(.+)"\])$/) ?? [];
            const column = frame.fields.find(
                (each) => getFieldDisplayName(each, frame, data) === (found[1] ?? found[2]),
            );
            const raw = column && row !== undefined ? column.values[row] : undefined;
            return raw === undefined ? '' : formatted(String(raw), format, {});
        }
        default:
            return undefined;
    }
}

function trimmed(path) {
    return (path ?? '').replace(/^\./, '');
}

function valueText(field, row, part) {
    const raw = field.values[row];
    return part === 'text' && field.display ? formattedValueToString(field.display(raw)) : String(raw);
}

const escapeRegex = (text) => String(text).replace(/[\\^$*+?.()|[\]{}/-]/g, '\\$&');

const FORMATS = {
    raw: (values) => values.join(','),
    csv: (values) => values.join(','),
    text: (values, variable) => [variable.text ?? values].flat().join(' + '),
    pipe: (values) => values.join('|'),
    regex: (values) => (values.length === 1 ? escapeRegex(values[0]) : `(${values.map(escapeRegex).join('|')})`),
    glob: (values) => (values.length === 1 ? `${values[0]}` : `{${values.join(',')}}`),
    json: (values) => JSON.stringify(values.length === 1 ? values[0] : values),
    singlequote: (values) => values.map((value) => `'${value}'`).join(','),
    doublequote: (values) => values.map((value) => `"${value}"`).join(','),
    percentencode: (values) => encodeURIComponent(values.length === 1 ? values[0] : `{${values.join(',')}}`),
    queryparam: (values, variable) =>
        values.map((value) => `var-${variable.name}=${encodeURIComponent(value)}`).join('&'),
    date: (values) => dateTime(Number(values[0])).toISOString(),
    html: (values) => values.map((value) => new Option(value).innerHTML).join(', '),
};

/** A value as the format has it; what stands for all values is written by the board's author and stays as it is. */
function formatted(value, format, variable) {
    if (typeof format === 'function') {
        return format(value, variable);
    }
    if (variable.all && variable.allValue) {
        return value;
    }
    const values = [value].flat();
    const write = FORMATS[(format ?? 'glob').split(':')[0]] ?? FORMATS.glob;
    return write(values, variable);
}
