// Finds and starts the Chromium that draws.

import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import puppeteer from 'puppeteer-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/** Starts Chromium without a window: the one named by CHROMIUM, else the first of the usual names in PATH. */
export function launch() {
    return puppeteer.launch({
        executablePath: process.env.CHROMIUM ?? inPath(),
        headless: true,
        args: ['--no-sandbox', '--disable-gpu', '--hide-scrollbars', '--font-render-hinting=none'],
    });
}

function inPath() {
    for (const folder of (process.env.PATH ?? '').split(path.delimiter)) {
        for (const name of NAMES) {
            const file = path.join(folder, name);
            try {
                accessSync(file, constants.X_OK);
                return file;
            } catch {
                continue;
            }
        }
    }
    throw new Error('no Chromium found; install the package chromium or set CHROMIUM to its program');
}
