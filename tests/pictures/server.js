// A server on loopback for the page: its scripts, Grafana's fonts and icons, and a way to Prometheus (which
// sends no CORS headers for a foreign page).

import { createReadStream } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const packages = fileURLToPath(new URL('node_modules', import.meta.url));
const FONTS = `${packages}/inter-ui/web`;
const MONO = `${packages}/@fontsource/roboto-mono/files/roboto-mono-latin-400-normal.woff2`;
const ICONS = `${packages}/@grafana/ui/dist/public/img/icons`;

const PAGE = `<!doctype html><meta charset="utf-8"><title>pictures</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/page/main.css"><style>body { margin: 0 }</style>
<div id="reactRoot"></div><script type="module" src="/page/main.js"></script>`;

const TYPES = { '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.woff2': 'font/woff2' };

/** Serves on a free port; `pages` is the folder of the bundle. */
export async function serve({ pages, prometheus }) {
    const server = createServer((request, response) => {
        const url = new URL(request.url, 'http://localhost');
        if (url.pathname === '/') {
            response.setHeader('Content-Type', 'text/html; charset=utf-8');
            response.end(PAGE);
        } else if (url.pathname.startsWith('/prometheus/')) {
            forward(`${prometheus}${url.pathname.slice('/prometheus'.length)}${url.search}`, response);
        } else {
            send(fileOf(url.pathname, pages), response);
        }
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}

/** The file behind an address, at the places where Grafana's own server has them. */
function fileOf(address, pages) {
    const roots = { '/page/': pages, '/public/fonts/inter/': FONTS, '/public/build/img/icons/': ICONS };
    for (const [prefix, folder] of Object.entries(roots)) {
        if (address.startsWith(prefix)) {
            return path.join(folder, path.normalize(`/${address.slice(prefix.length)}`));
        }
    }
    return address.startsWith('/public/fonts/roboto/') ? MONO : undefined;
}

function send(file, response) {
    if (file === undefined) {
        response.writeHead(404).end();
        return;
    }
    const stream = createReadStream(file);
    stream.on('error', () => response.writeHead(404).end());
    stream.on('open', () => {
        response.setHeader('Content-Type', TYPES[path.extname(file)] ?? 'application/octet-stream');
        stream.pipe(response);
    });
}

/** Asks Prometheus; its own errors pass through, being unreachable becomes an error of the same form. */
async function forward(url, response) {
    response.setHeader('Content-Type', 'application/json');
    try {
        const answer = await fetch(url);
        response.statusCode = answer.status;
        response.end(Buffer.from(await answer.arrayBuffer()));
    } catch (error) {
        response.statusCode = 502;
        response.end(JSON.stringify({ status: 'error', error: `cannot reach ${url}: ${error.cause ?? error}` }));
    }
}
