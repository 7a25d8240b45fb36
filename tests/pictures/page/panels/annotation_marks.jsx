// Annotations on a chart: a dashed line at each event, a shade over a region, a triangle or bar on the time axis.

import { colorManipulator } from '@grafana/data';
import { DEFAULT_ANNOTATION_COLOR } from '@grafana/ui';
import { useLayoutEffect } from 'react';
import uPlot from 'uplot';

const MARK = 5;

export function AnnotationMarks({ config, frames, theme }) {
    useLayoutEffect(() => {
        config.addHook('draw', (plot) => frames.forEach((frame) => drawFrame(plot, frame, theme)));
    }, [config, frames, theme]);
    return null;
}

function drawFrame(plot, frame, theme) {
    const column = Object.fromEntries(frame.fields.map((field) => [field.name, field.values]));
    for (let i = 0; i < frame.length; i++) {
        const colour = theme.visualization.getColorByName(column.color[i] || DEFAULT_ANNOTATION_COLOR);
        const from = plot.valToPos(column.time[i], 'x', true);
        const to = column.isRegion[i] ? plot.valToPos(column.timeEnd[i], 'x', true) : from;
        drawEvent(plot, from, to, colour);
    }
}

function drawEvent({ ctx, bbox }, from, to, colour) {
    const right = bbox.left + bbox.width;
    const bottom = bbox.top + bbox.height;
    if (to < bbox.left || from > right) {
        return;
    }
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height + 2 * MARK * uPlot.pxRatio);
    ctx.clip();
    ctx.strokeStyle = colour;
    ctx.lineWidth = 2;
    ctx.setLineDash([5, 5]);
    for (const x of new Set([from, to])) {
        ctx.beginPath();
        ctx.moveTo(x, bbox.top);
        ctx.lineTo(x, bottom);
        ctx.stroke();
    }
    ctx.fillStyle = colorManipulator.alpha(colour, 0.1);
    ctx.fillRect(from, bbox.top, to - from, bbox.height);
    ctx.fillStyle = colour;
    ctx.fill(mark(from, to, bottom));
    ctx.restore();
}

/** A triangle below an instant, a bar below a region. */
function mark(from, to, bottom) {
    const size = MARK * uPlot.pxRatio;
    const path = new Path2D();
    if (to > from) {
        path.rect(from, bottom, to - from, size);
    } else {
        path.moveTo(from, bottom);
        path.lineTo(from - size, bottom + size);
        path.lineTo(from + size, bottom + size);
    }
    return path;
}
