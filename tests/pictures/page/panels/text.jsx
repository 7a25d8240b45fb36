// The text panel, markdown or HTML.

import { renderTextPanelMarkdown, textUtil } from '@grafana/data';

export function TextView({ data, width, height }) {
    const { content, mode } = data.options;
    const text = data.replace(content ?? '', {}, 'html');
    const html = textUtil.sanitizeTextPanelContent(mode === 'html' ? text : renderTextPanelMarkdown(text));
    return (
        <div
            className="markdown-html"
            style={{ width, height, overflow: 'hidden' }}
            dangerouslySetInnerHTML={{ __html: html }}
        />
    );
}
