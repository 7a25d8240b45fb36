// `rowsToFields`: every row becomes a field of one row. It belongs to Grafana's application, not to @grafana/data. Of the
// mappings, those of the field's name and value are honoured; without any, the first text and the first number field.

import { FieldType } from '@grafana/data';
import { map } from 'rxjs/operators';

export const rowsToFields = {
    id: 'rowsToFields',
    name: 'Rows to fields',
    defaultOptions: {},
    operator: (options) => (source) =>
        source.pipe(map((frames) => frames.map((frame) => turned(frame, options.mappings ?? [])))),
};

function turned(frame, mappings) {
    const mapped = (handler) => {
        const mapping = mappings.find((each) => each.handlerKey === handler);
        return mapping && frame.fields.find((field) => field.name === mapping.fieldName);
    };
    const names = mapped('field.name') ?? frame.fields.find((field) => field.type === FieldType.string);
    const values = mapped('field.value') ?? frame.fields.find((field) => field.type === FieldType.number);
    if (names === undefined || values === undefined) {
        return frame;
    }
    const fields = names.values.map((name, row) => ({
        name: `${name}`,
        type: values.type,
        config: { ...values.config },
        values: [values.values[row]],
    }));
    return { ...frame, fields, length: 1 };
}
