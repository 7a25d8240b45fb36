// The command line.

import { parseArgs } from 'node:util';

const HELP = `draw [options] BOARD.json...
  --prometheus URL       where the figures come from (http://127.0.0.1:9090)
  --output DIR           where the pictures go (pictures); one BOARD.png each
  --width PX --height PX size of the screen (1920 x 1080)
  --scale N              device pixels per pixel (1; 2 for a 4K television)
  --small PX             also write BOARD.small.png, PX wide
  --full                 picture of the whole board, however tall, instead of the screen
  --light                light theme
  --hide-controls        as if the address had _dash.hideTimePicker, hideVariables and hideLinks
  --var NAME=VALUE       value of a variable (repeat for several values)
  --at INSTANT           draw as if it were this instant, e.g. 2026-11-20T15:00:00Z
  --scrape-interval T    the data source's interval (15s)
  --verbose              print the page's console
Exit code 1 if a query or a panel failed, 2 if nothing could be drawn.`;

const OPTIONS = {
    help: { type: 'boolean', default: false },
    prometheus: { type: 'string', default: 'http://127.0.0.1:9090' },
    output: { type: 'string', default: 'pictures' },
    width: { type: 'string', default: '1920' },
    height: { type: 'string', default: '1080' },
    scale: { type: 'string', default: '1' },
    small: { type: 'string' },
    full: { type: 'boolean', default: false },
    light: { type: 'boolean', default: false },
    'hide-controls': { type: 'boolean', default: false },
    var: { type: 'string', multiple: true, default: [] },
    at: { type: 'string' },
    'scrape-interval': { type: 'string', default: '15s' },
    verbose: { type: 'boolean', default: false },
};

/** Reads the arguments; throws what is wrong with them. `help` holds the text to print, if that was asked for. */
export function readOptions(args) {
    const { values, positionals } = parseArgs({ args, options: OPTIONS, allowPositionals: true });
    if (values.help) {
        return { help: HELP };
    }
    if (positionals.length === 0) {
        throw new Error('no board given; draw --help lists the options');
    }
    return {
        boards: positionals,
        prometheus: values.prometheus.replace(/\/+$/, ''),
        output: values.output,
        width: positive('width', values.width),
        height: positive('height', values.height),
        scale: positive('scale', values.scale),
        small: values.small === undefined ? undefined : positive('small', values.small),
        full: values.full,
        light: values.light,
        hideControls: values['hide-controls'],
        variables: variables(values.var),
        at: values.at === undefined ? undefined : instant(values.at),
        scrapeInterval: values['scrape-interval'],
        verbose: values.verbose,
    };
}

function positive(name, text) {
    const number = Number(text);
    if (!Number.isFinite(number) || number <= 0) {
        throw new Error(`--${name} must be a number above 0, not ${text}`);
    }
    return number;
}

function instant(text) {
    const milliseconds = Date.parse(text);
    if (Number.isNaN(milliseconds)) {
        throw new Error(`--at wants an instant such as 2026-11-20T15:00:00Z, not ${text}`);
    }
    return milliseconds;
}

/** `["team=a", "team=b"]` becomes `{team: ["a", "b"]}`. */
function variables(given) {
    const values = {};
    for (const pair of given) {
        const [name, ...value] = pair.split('=');
        if (value.length === 0) {
            throw new Error(`--var wants NAME=VALUE, not ${pair}`);
        }
        (values[name] ??= []).push(value.join('='));
    }
    return values;
}
