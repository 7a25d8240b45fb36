// The command: reads the options, draws each board in headless Chromium, writes the pictures and the report.
// What stands on a picture is decided in page/; this file only drives the browser.

import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { launch } from './browser.js';
import { bundle } from './bundle.js';
import { readOptions } from './options.js';
import { reportLines } from './report.js';
import { serve } from './server.js';

/** Exit codes: all drawn, a panel failed, wrong use. */
const DRAWN = 0;
const FAILED = 1;
const MISUSED = 2;

async function main() {
    const options = readOptions(process.argv.slice(2));
    if (options.help) {
        console.log(options.help);
        return DRAWN;
    }
    await mkdir(options.output, { recursive: true });
    const server = await serve({ pages: await bundle(), prometheus: options.prometheus });
    const browser = await launch();
    let failed = false;
    try {
        for (const file of options.boards) {
            const report = await drawBoard(browser, server.url, file, options);
            for (const line of reportLines(report)) {
                console.log(line);
            }
            failed ||= report.panels.some((panel) => panel.errors.length > 0);
        }
    } finally {
        await browser.close();
        server.close();
    }
    return failed ? FAILED : DRAWN;
}

/** Runs in the page: its clock starts at `at` and goes on from there. */
function setClock(at) {
    const RealDate = Date;
    const ahead = at - RealDate.now();
    window.Date = class extends RealDate {
        constructor(...given) {
            super(...(given.length > 0 ? given : [RealDate.now() + ahead]));
        }
        static now() {
            return RealDate.now() + ahead;
        }
    };
}

/** Draws one board into OUTPUT/<name of its file>.png and returns what happened, panel by panel. */
async function drawBoard(browser, url, file, options) {
    const board = JSON.parse(await readFile(file, 'utf8'));
    const name = path.basename(file, '.json');
    const page = await browser.newPage();
    const complaints = [];
    page.on('pageerror', (error) => complaints.push(String(error.message ?? error)));
    if (options.verbose) {
        page.on('console', (message) => console.error(`${name}: ${message.type()}: ${message.text()}`));
    }
    const screen = { width: options.width, height: options.height, deviceScaleFactor: options.scale };
    await page.setViewport(screen);
    if (options.at !== undefined) {
        await page.evaluateOnNewDocument(setClock, options.at);
    }
    await page.goto(url, { waitUntil: 'load' });
    const input = {
        board,
        theme: options.light ? 'light' : 'dark',
        variables: options.variables,
        scrapeInterval: options.scrapeInterval,
        hideControls: options.hideControls,
        width: options.width,
        height: options.height,
    };
    const report = await page.evaluate((given) => window.draw(given), input);
    if (options.full && report.height > screen.height) {
        screen.height = report.height;
        await page.setViewport(screen);
    }
    await page.waitForNetworkIdle({ idleTime: 300 });
    const picture = path.join(options.output, `${name}.png`);
    await page.screenshot({ path: picture });
    if (options.small) {
        await page.setViewport({ ...screen, deviceScaleFactor: options.small / options.width });
        await page.screenshot({ path: path.join(options.output, `${name}.small.png`) });
    }
    await page.close();
    return { ...report, name, picture, complaints };
}

try {
    process.exitCode = await main();
} catch (error) {
    console.error(`draw: ${error.message}`);
    process.exitCode = MISUSED;
}
