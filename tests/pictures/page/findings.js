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
  const own = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim() !== '');
  return own && element.getClientRects().length > 0;
}

function sizes(elements) {
  const pixels = elements.map((element) => Math.round(parseFloat(getComputedStyle(element).fontSize)));
  return [...new Set(pixels)].sort((a, b) => b - a);
}

/** Boxes narrower than this hold text for screen readers only. */
const NARROWEST = 5;

/** A text is cut when it, or a box around it that hides what runs over, is wider than what shows. */
function isCut(element) {
  for (let box = element, i = 0; box && i < 3; box = box.parentElement, i++) {
    if (getComputedStyle(box).overflowX !== 'visible' && box.scrollWidth > box.clientWidth + 1 && box.clientWidth >= NARROWEST) {
      return true;
    }
  }
  return false;
}
