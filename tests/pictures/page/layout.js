// Where each panel stands: Grafana's grid of 24 columns, rows 30 px high, 8 px between.

const COLUMNS = 24;
const ROW_HEIGHT = 30;
const GAP = 8;

/** The board's padding in kiosk mode at the sides and below. */
export const PADDING = 16;

/**
 * The panels with their pixels (`box`: left, top, width, height within the grid) and, for repeated ones, the variable's
 * value in `scoped`. Panels of collapsed rows are left out.
 */
export function placed(board, variables, screenWidth) {
    const width = screenWidth - 2 * PADDING;
    return repeated(shown(board.panels ?? []), variables).map((panel) => ({
        ...panel,
        box: box(panel.gridPos, width),
    }));
}

/** Height of the grid in pixels. */
export function gridHeight(panels) {
    return Math.max(0, ...panels.map(({ box }) => box.top + box.height));
}

function shown(panels) {
    return panels.flatMap((panel) =>
        panel.type === 'row' && !panel.collapsed ? [panel, ...(panel.panels ?? [])] : [panel],
    );
}

function box({ x, y, w, h }, width) {
    const column = (width - GAP * (COLUMNS - 1)) / COLUMNS;
    return {
        left: Math.round((column + GAP) * x),
        top: Math.round((ROW_HEIGHT + GAP) * y),
        width: Math.round(column * w + GAP * (w - 1)),
        height: Math.round(ROW_HEIGHT * h + GAP * (h - 1)),
    };
}

/** Repeats panels by their variable; what stands below moves down by the rows that this adds. */
function repeated(panels, variables) {
    const result = [];
    let moved = 0;
    for (const panel of [...panels].sort((a, b) => a.gridPos.y - b.gridPos.y || a.gridPos.x - b.gridPos.x)) {
        const gridPos = { ...panel.gridPos, y: panel.gridPos.y + moved };
        const variable = panel.type === 'row' ? undefined : variables[panel.repeat];
        if (variable === undefined) {
            result.push({ ...panel, gridPos });
            continue;
        }
        const copies = copiesOf({ ...panel, gridPos }, variable);
        result.push(...copies);
        moved += Math.max(...copies.map((copy) => copy.gridPos.y + copy.gridPos.h)) - (gridPos.y + gridPos.h);
    }
    return result;
}

function copiesOf(panel, variable) {
    const values = [variable.value].flat();
    const { x, y, h } = panel.gridPos;
    const perRow = Math.min(values.length, panel.maxPerRow ?? 4);
    return values.map((value, i) => {
        const text = variable.options?.find((option) => option.value === value)?.text ?? value;
        const across = {
            x: (i % perRow) * (COLUMNS / perRow),
            y: y + Math.floor(i / perRow) * h,
            w: COLUMNS / perRow,
            h,
        };
        const down = { ...panel.gridPos, x, y: y + i * h };
        return {
            ...panel,
            id: i === 0 ? panel.id : `${panel.id}-${i + 1}`,
            gridPos: panel.repeatDirection === 'v' ? down : across,
            scoped: { [panel.repeat]: { ...variable, value, text } },
        };
    });
}
