// The table panel. Of several frames it shows the chosen one; Grafana has a select below it for the others.

import { getFrameDisplayName } from '@grafana/data';
import { Select } from '@grafana/ui';
import { TableNG } from '@grafana/ui/unstable';
import { NoData } from './nothing.jsx';

export function TableView({ data, context, width, height }) {
    const { options, fieldConfig, range, series } = data;
    const { spacing, components } = context.theme;
    if (!series.some((frame) => frame.fields.length > 0)) {
        return <NoData data={data} width={width} height={height} />;
    }
    const chosen = options.frameIndex > 0 && options.frameIndex < series.length ? options.frameIndex : 0;
    const selectHeight = series.length > 1 ? spacing.gridSize * components.height.md + spacing.gridSize : 0;
    const table = (
        <TableNG
            data={series[chosen]}
            width={width}
            height={height - selectHeight}
            noHeader={!options.showHeader}
            noValue={fieldConfig.defaults.noValue}
            showTypeIcons={options.showTypeIcons}
            resizable={true}
            sortBy={options.sortBy}
            frozenColumns={options.frozenColumns?.left}
            enablePagination={options.enablePagination}
            cellHeight={options.cellHeight}
            maxRowHeight={options.maxRowHeight}
            timeRange={range}
            fieldConfig={fieldConfig}
            structureRev={1}
            transparent={data.panel.transparent}
        />
    );
    if (series.length === 1) {
        return table;
    }
    const names = series.map((frame, value) => ({ label: getFrameDisplayName(frame), value }));
    return (
        <div>
            {table}
            <div style={{ padding: '8px 8px 0' }}>
                <Select options={names} value={names[chosen]} onChange={() => {}} />
            </div>
        </div>
    );
}
