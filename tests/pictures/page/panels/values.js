// What a stat panel and a bar gauge show: a value a field, or a row, as Grafana displays it.

import { getFieldDisplayValues } from '@grafana/data';

export function displayValues({ options, fieldConfig, replace, series }, context, more = {}) {
    return getFieldDisplayValues({
        fieldConfig,
        reduceOptions: options.reduceOptions,
        replaceVariables: replace,
        theme: context.theme,
        data: series,
        timeZone: context.time.zone,
        ...more,
    });
}
