// The head of a row of panels.

import { Icon } from '@grafana/ui';

export function RowHead({ data }) {
    const { panel } = data;
    return (
        <div style={{ display: 'flex', alignItems: 'center', gap: 4, height: 30, fontSize: 16, fontWeight: 500 }}>
            <Icon name={panel.collapsed ? 'angle-right' : 'angle-down'} />
            <span>{data.replace(panel.title ?? '', {}, 'text')}</span>
        </div>
    );
}
