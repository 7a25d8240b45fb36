// What the drawing found out, as lines for people.

/** One line for the board, one for each panel, one for each thing that is wrong. */
export function reportLines(report) {
    const room = report.height > report.screen ? `HIGHER than the screen (${report.screen})` : 'fits';
    const lines = [`${report.name}: ${report.picture} (board ${report.height} px, ${room})`];
    for (const panel of report.panels) {
        lines.push(`  #${panel.id} ${panel.type} "${panel.title}": ${figures(panel)}${sizes(panel)}`);
        lines.push(...panel.errors.map((error) => `    ERROR ${error}`));
        lines.push(...panel.warnings.map((warning) => `    warning: ${warning}`));
        if (panel.cut.length > 0) {
            lines.push(`    text cut: ${panel.cut.join(' | ')}`);
        }
    }
    lines.push(...report.warnings.map((warning) => `  warning: ${warning}`));
    lines.push(...report.complaints.map((complaint) => `  page: ${complaint}`));
    return lines;
}

function figures(panel) {
    if (panel.queries === 0) {
        return 'no query';
    }
    const empty = panel.rows === 0 ? ' NO DATA' : '';
    return `${count(panel.frames, 'frame')}, ${count(panel.rows, 'row')}${empty}`;
}

/** Sizes of the texts inside a stat or bar gauge: what counts for reading from afar. */
function sizes(panel) {
    return panel.sizes.length > 0 ? `, text ${panel.sizes.join('/')} px` : '';
}

function count(number, noun) {
    return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
