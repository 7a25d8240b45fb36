// The page's entry: `window.draw(input)` lays a board out, asks for its figures, draws it and tells what happened.

import './registries.js';
import { createTheme, setTimeZoneResolver, setWeekStart, ThemeContext } from '@grafana/data';
import { GlobalStyles, PortalContainer } from '@grafana/ui';
import { createRoot } from 'react-dom/client';
import { Board, boardHeight } from './board.jsx';
import { placed } from './layout.js';
import { panelData } from './panel_data.js';
import { findings } from './findings.js';
import { timeRange } from './time.js';
import { resolveVariables } from './variables.js';
import { annotationFrames } from './annotations.js';

/** What Grafana's pages wait for before they measure text; without it the first measure uses another font. */
const FONTS = ['400 14px Inter', '500 14px Inter', '400 14px "Roboto Mono"'];

window.draw = async (input) => {
    const { board } = input;
    const theme = createTheme({ colors: { mode: input.theme } });
    const root = createRoot(document.getElementById('reactRoot'));
    const show = (content) =>
        root.render(
            <ThemeContext.Provider value={theme}>
                <GlobalStyles hackNoBackdropBlur={true} isExtensionSidebarOpen={false} />
                {content}
                <PortalContainer />
            </ThemeContext.Provider>,
        );
    show(null);
    await frames(2);
    await Promise.all(FONTS.map((font) => document.fonts.load(font)));

    const time = timeRange(board);
    setTimeZoneResolver(() => time.zone);
    setWeekStart(board.weekStart || 'browser');
    const { variables, warnings } = await resolveVariables(board, input.variables, time.range);
    const context = { ...input, theme, time, variables };
    const annotations = await annotationFrames(board, context);
    const panels = await Promise.all(
        placed(board, variables, input.width).map((panel) => panelData(panel, annotations.frames, context)),
    );
    show(<Board panels={panels} context={context} />);
    await frames(4);
    await document.fonts.ready;
    await settled();
    return {
        height: boardHeight(panels, context),
        screen: input.height,
        warnings: [...warnings, ...annotations.errors],
        panels: panels.map(findings),
    };
};

/** Lets the browser paint some frames. */
async function frames(count) {
    for (let i = 0; i < count; i++) {
        await new Promise((resolve) => requestAnimationFrame(resolve));
    }
}

/** Tables and charts lay themselves out in several steps with timers between them. */
function settled() {
    return new Promise((resolve) => setTimeout(resolve, 700));
}
