// Packs page/ and Grafana's packages into one folder of scripts for the browser.

import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = fileURLToPath(new URL('.', import.meta.url));
const FOLDER = `${here}node_modules/.cache/pictures`;

/** What the scripts are made of. */
const SOURCES = ['page', 'bundle.js', 'package-lock.json'];

/** Builds the page if its sources changed and returns the folder it lies in. Building takes some seconds. */
export async function bundle() {
    if (newest(SOURCES.map((name) => here + name)) < changedAt(`${FOLDER}/main.js`)) {
        return FOLDER;
    }
    await build({
        absWorkingDir: here,
        entryPoints: ['page/main.jsx'],
        outdir: FOLDER,
        bundle: true,
        splitting: true,
        format: 'esm',
        jsx: 'automatic',
        target: 'chrome120',
        define: { 'process.env.NODE_ENV': '"production"', global: 'window' },
        loader: { '.svg': 'dataurl', '.ttf': 'empty' },
        logLevel: 'error',
    });
    return FOLDER;
}

function newest(files) {
    return Math.max(...files.map((file) => (statSync(file).isDirectory() ? newest(entries(file)) : changedAt(file))));
}

function entries(folder) {
    return readdirSync(folder).map((name) => path.join(folder, name));
}

/** When a file was last written, or 0 if it is not there. */
function changedAt(file) {
    return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
