// A value with links is a menu or an anchor around the same drawing.

import { DataLinksContextMenu } from '@grafana/ui';

/** Calls `draw` with what the menu wants to set on the drawn thing. */
export function linked({ hasLinks, getLinks }, draw, style) {
    return hasLinks && getLinks ? (
        <DataLinksContextMenu links={getLinks} style={style}>
            {(api) => draw(api)}
        </DataLinksContextMenu>
    ) : (
        draw({})
    );
}
