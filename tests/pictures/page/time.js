// Time ranges: of the board, and of a panel that has its own.

import { dateMath, dateTime, rangeUtil } from '@grafana/data';

/** The board's zone and its range, resolved in that zone and with its fiscal year. */
export function timeRange(board) {
    const zone =
        !board.timezone || board.timezone === 'browser'
            ? Intl.DateTimeFormat().resolvedOptions().timeZone
            : board.timezone;
    const raw = board.time ?? { from: 'now-6h', to: 'now' };
    const range = rangeUtil.convertRawToRange(raw, zone, board.fiscalYearStartMonth);
    return { zone, range, fiscalYearStartMonth: board.fiscalYearStartMonth };
}

/** The range of a panel: `timeFrom` replaces the board's, `timeShift` moves it. `info` is what the panel's head says of it. */
export function panelRange(panel, time) {
    let { range } = time;
    const info = [];
    if (panel.timeFrom) {
        const described = rangeUtil.describeTextRange(panel.timeFrom);
        if (described.invalid) {
            return { range, info: ['invalid time override'] };
        }
        range = rangeUtil.convertRawToRange(
            { from: described.from, to: described.to },
            time.zone,
            time.fiscalYearStartMonth,
        );
        info.push(described.display);
    }
    if (panel.timeShift) {
        const shift = `-${panel.timeShift}`;
        const moved = (instant) => dateMath.parseDateMath(shift, dateTime(instant), false);
        range = { ...range, from: moved(range.from), to: moved(range.to) };
        info.push(`timeshift ${shift}`);
    }
    return { range, info: panel.hideTimeOverride ? [] : info };
}
