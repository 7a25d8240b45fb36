// The board as kiosk mode shows it: the controls that are not hidden, then the grid with each panel in its frame.

import { LoadingState } from '@grafana/data';
import { PanelChrome } from '@grafana/ui';
import { CONTROLS_HEIGHT, Controls, hasControls } from './controls.jsx';
import { gridHeight, PADDING } from './layout.js';
import { Guard } from './panels/guard.jsx';
import { panelView } from './panels/index.js';
import { RowHead } from './panels/row.jsx';

/** Space above the grid when every control is hidden. */
const BARE_TOP = 16;

/** Height of the whole page in pixels. */
export function boardHeight(panels, context) {
    return top(context) + gridHeight(panels.map(({ panel }) => panel)) + PADDING;
}

function top(context) {
    return hasControls(context) ? CONTROLS_HEIGHT : BARE_TOP;
}

export function Board({ panels, context }) {
    const grid = panels.map(({ panel }) => panel);
    return (
        <main style={{ background: context.theme.colors.background.canvas, minHeight: '100vh', width: context.width }}>
            {hasControls(context) ? <Controls context={context} /> : <div style={{ height: BARE_TOP }} />}
            <div style={{ position: 'relative', margin: `0 ${PADDING}px`, height: gridHeight(grid) }}>
                {panels.map((data) => (
                    <div
                        key={data.panel.id}
                        data-panel={data.panel.id}
                        style={{ position: 'absolute', ...data.panel.box }}
                    >
                        {data.panel.type === 'row' ? <RowHead data={data} /> : <Panel data={data} context={context} />}
                    </div>
                ))}
            </div>
        </main>
    );
}

function Panel({ data, context }) {
    const { panel, errors } = data;
    const title = data.replace(panel.title ?? '', {}, 'text');
    const View = panelView(panel.type);
    return (
        <PanelChrome
            title={title}
            description={panel.description ? () => data.replace(panel.description, {}, 'text') : ''}
            displayMode={panel.transparent ? 'transparent' : 'default'}
            hoverHeader={title === ''}
            titleItems={data.info.length > 0 ? <TimeInfo text={data.info.join(' ')} /> : undefined}
            width={panel.box.width}
            height={panel.box.height}
            loadingState={errors.length > 0 ? LoadingState.Error : LoadingState.Done}
            statusMessage={errors[0]}
        >
            {(width, height) => (
                <Guard onError={(error) => errors.push(`drawing: ${error.message}`)}>
                    {View && <View data={data} context={context} title={title} width={width} height={height} />}
                </Guard>
            )}
        </PanelChrome>
    );
}

function TimeInfo({ text }) {
    return <span style={{ padding: '0 8px', fontSize: 12 }}>{text}</span>;
}
