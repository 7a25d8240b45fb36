// The bar of variables and the time picker. Kiosk mode keeps it; an address with `_dash.hide...` or the board itself
// hides its parts. Drawn in its true height, in simple likeness.

import { rangeUtil, VariableHide } from '@grafana/data';
import { InlineSwitch, ToolbarButton, ToolbarButtonRow } from '@grafana/ui';

/** The bar with its padding, up to the grid. */
export const CONTROLS_HEIGHT = 64;

/** Whether anything is left to stand in the bar. */
export function hasControls(context) {
    const { board, hideControls } = context;
    return (
        !hideControls &&
        (!board.timepicker?.hidden ||
            visible(context).length > 0 ||
            switches(board).length > 0 ||
            links(board).length > 0)
    );
}

function visible({ variables }) {
    return Object.values(variables).filter((variable) => variable.name && variable.hide !== VariableHide.hideVariable);
}

/** Annotations that people may switch off. */
function switches(board) {
    return (board.annotations?.list ?? []).filter((annotation) => annotation.enable !== false && !annotation.hide);
}

function links(board) {
    return board.links ?? [];
}

export function Controls({ context }) {
    const { board, time } = context;
    return (
        <div
            style={{
                display: 'flex',
                justifyContent: 'space-between',
                padding: '16px 16px 8px',
                height: CONTROLS_HEIGHT,
            }}
        >
            <div style={{ display: 'flex', gap: 8 }}>
                {visible(context).map((variable) => (
                    <Picker key={variable.name} variable={variable} theme={context.theme} />
                ))}
                {switches(board).map((annotation) => (
                    <InlineSwitch
                        key={annotation.name}
                        label={annotation.name}
                        showLabel={true}
                        value={true}
                        onChange={() => {}}
                    />
                ))}
            </div>
            <ToolbarButtonRow alignment="right">
                {links(board).map((link) => (
                    <ToolbarButton key={link.title} variant="canvas" icon="external-link-alt">
                        {link.title}
                    </ToolbarButton>
                ))}
                {!board.timepicker?.hidden && (
                    <ToolbarButton variant="canvas" icon="clock-nine">
                        {rangeUtil.describeTimeRange(time.range.raw, time.zone)}
                    </ToolbarButton>
                )}
                {!board.timepicker?.hidden && (
                    <ToolbarButton variant="canvas" icon="sync">
                        {board.refresh || 'Refresh'}
                    </ToolbarButton>
                )}
            </ToolbarButtonRow>
        </div>
    );
}

function Picker({ variable, theme }) {
    const { colors } = theme;
    const cell = {
        display: 'flex',
        alignItems: 'center',
        height: 32,
        padding: '0 8px',
        border: `1px solid ${colors.border.weak}`,
        fontSize: 12,
    };
    return (
        <div style={{ display: 'flex' }}>
            {variable.hide === VariableHide.dontHide && (
                <div style={{ ...cell, background: colors.background.primary, fontWeight: 500 }}>
                    {variable.label || variable.name}
                </div>
            )}
            <div style={{ ...cell, background: colors.background.primary, fontSize: 14 }}>
                {[variable.text].flat().join(' + ')}
            </div>
        </div>
    );
}
