// What the report says of a panel after drawing: how much data it had, what failed, how large its texts are and which
// of them do not fit.

/** Panels whose texts grow with them; of the others the sizes are always the same. */
const GROWING = ['stat', 'bargauge', 'gauge'];

export function findings({ panel, series, queries, errors, warnings, replace }) {
    const root = document.querySelector(`[data-panel="${panel.id}"]`);
    const texts = [...root.querySelectorAll('*')].filter(hasText);
    const inside = texts.filter((element) => element.closest('h2') === null);
    return {
        id: panel.id,
        type: panel.type,
        title: replace(panel.title ?? '', {}, 'text'),
        queries,
        frames: series.length,
        rows: series.reduce((sum, frame) => sum + frame.length, 0),
        errors,
        warnings,
        sizes: GROWING.includes(panel.type) ? sizes(inside) : [],
        cut: texts.filter(isCut).map((element) => element.textContent.trim()),
    };
}

function hasText(element) {
    const own = [...element.childNodes].some(
        (node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim() !== '',
    );
    return own && element.getClientRects().length > 0;
}

function sizes(elements) {
    const pixels = elements.map((element) => Math.round(parseFloat(getComputedStyle(element).fontSize)));
    return [...new Set(pixels)].sort((a, b) => b - a);
}

/** Boxes narrower than this hold text for screen readers only. */
const NARROWEST = 5;

/** Share of a letter's size that a line keeps free below and above the letters. */
const LINE_AIR = 0.25;

/** A text is cut when its letters reach out of a box that hides what runs over. What can be scrolled is not cut. */
function isCut(element) {
    const range = document.createRange();
    range.selectNodeContents(element);
    const text = range.getBoundingClientRect();
    const air = 1 + LINE_AIR * parseFloat(getComputedStyle(element).fontSize);
    for (let box = element; box && box.dataset.panel === undefined; box = box.parentElement) {
        const { overflowX, overflowY } = getComputedStyle(box);
        const edge = box.getBoundingClientRect();
        if (/auto|scroll/.test(overflowX + overflowY) || edge.width < NARROWEST) {
            return false;
        }
        const wide = text.right > edge.right + 1 || text.left < edge.left - 1;
        const high = text.bottom > edge.bottom + air || text.top < edge.top - air;
        if ((overflowX !== 'visible' && wide) || (overflowY !== 'visible' && high)) {
            return true;
        }
    }
    return false;
}
