// What Grafana's application registers when it starts, for the parts of @grafana/data that look it up: the standard
// field options, the editors (never shown here) and the transformations.

import {
    booleanOverrideProcessor,
    dataLinksOverrideProcessor,
    displayNameOverrideProcessor,
    FieldColorModeId,
    FieldType,
    identityOverrideProcessor,
    numberOverrideProcessor,
    standardEditorsRegistry,
    standardFieldConfigEditorRegistry,
    standardTransformers,
    standardTransformersRegistry,
    stringOverrideProcessor,
    ThresholdsMode,
    thresholdsOverrideProcessor,
    unitOverrideProcessor,
    valueMappingsOverrideProcessor,
} from '@grafana/data';
import { rowsToFields } from './transformations/rows_to_fields.js';
import { timeSeriesTable } from './transformations/time_series_table.js';

const Nothing = () => null;

const EDITORS = [
    'text',
    'number',
    'slider',
    'boolean',
    'radio',
    'select',
    'multi-select',
    'color',
    'fieldColor',
    'strings',
    'timezone',
    'unit',
    'links',
    'actions',
    'stats-picker',
    'field-name',
    'mappings',
    'thresholds',
    'dashboard-uid',
];

standardEditorsRegistry.setInit(() => EDITORS.map((id) => ({ id, name: id, editor: Nothing })));

const isNumber = (field) => field.type === FieldType.number;
const always = () => true;

/** Option id (also its path), how a value is read, which fields it goes for, default. */
const STANDARD_OPTIONS = [
    ['unit', unitOverrideProcessor, always],
    ['min', numberOverrideProcessor, isNumber],
    ['max', numberOverrideProcessor, isNumber],
    ['fieldMinMax', booleanOverrideProcessor, isNumber],
    ['decimals', numberOverrideProcessor, isNumber],
    ['displayName', displayNameOverrideProcessor, always, undefined, { expandTemplateVars: true }],
    ['color', identityOverrideProcessor, always, { mode: FieldColorModeId.Thresholds }],
    ['noValue', stringOverrideProcessor, always],
    ['links', dataLinksOverrideProcessor, always],
    ['actions', identityOverrideProcessor, always],
    ['mappings', valueMappingsOverrideProcessor, always, []],
    ['thresholds', thresholdsOverrideProcessor, always, defaultThresholds()],
    ['filterable', booleanOverrideProcessor, always],
    ['description', stringOverrideProcessor, always],
];

function defaultThresholds() {
    const steps = [
        { value: -Infinity, color: 'green' },
        { value: 80, color: 'red' },
    ];
    return { mode: ThresholdsMode.Absolute, steps };
}

standardFieldConfigEditorRegistry.setInit(() =>
    STANDARD_OPTIONS.map(([id, process, shouldApply, defaultValue, settings]) => ({
        id,
        path: id,
        name: id,
        editor: Nothing,
        override: Nothing,
        process,
        shouldApply,
        defaultValue,
        settings,
    })),
);

const TRANSFORMERS = [...Object.values(standardTransformers), timeSeriesTable, rowsToFields];

standardTransformersRegistry.setInit(() => {
    const byId = new Map(TRANSFORMERS.map((transformer) => [transformer.id, transformer]));
    // The old name of joinByField shares its object.
    byId.set('seriesToColumns', standardTransformers.joinByFieldTransformer);
    return [...byId].map(([id, transformer]) => ({ id, name: id, transformation: async () => transformer }));
});
