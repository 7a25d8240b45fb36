// Packs page/ and Grafana's packages into one folder of scripts for the browser.

import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = fileURLToPath(new URL('.', import.meta.url));

/** Builds the page and returns the folder it lies in. Takes some seconds; nothing is cached between runs. */
export async function bundle() {
  const folder = `${here}node_modules/.cache/pictures`;
  await build({
    absWorkingDir: here,
    entryPoints: ['page/main.jsx'],
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    jsx: 'automatic',
    target: 'chrome120',
    define: { 'process.env.NODE_ENV': '"production"', global: 'window' },
    loader: { '.svg': 'dataurl', '.ttf': 'empty' },
    logLevel: 'error',
  });
  return folder;
}
