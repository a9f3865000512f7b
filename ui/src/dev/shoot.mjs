// Photographs the samples in Chromium: `npm run shoot`, or `npm run shoot -- list question` for some.
// Pictures go to ui/shots.

import { mkdirSync, writeFileSync } from 'node:fs';
import { Chromium, pause } from './chromium.mjs';
import { SMALL, STATES } from './states.mjs';

/** What is wider than its place. */
const WIDER = `[...document.querySelectorAll('*')]
  .filter((one) => one.scrollWidth > one.clientWidth + 1 && /auto|scroll/.test(getComputedStyle(one).overflowX))
  .map((one) => one.className).join()`;

const wanted = process.argv.slice(2);
const chromium = await Chromium.start();
mkdirSync('shots', { recursive: true });
for (const state of STATES.filter(([name]) => wanted.length === 0 || wanted.includes(name))) {
  const [name, , , , size = SMALL, percent = 100] = state;
  for (const scheme of ['light', 'dark']) {
    await chromium.look(size, scheme, percent);
    await chromium.go(state);
    // A question is armed by now.
    await pause(1200);
    const wider = await chromium.evaluate(WIDER);
    if (wider) console.error(`${name}: wider than its place: ${wider}`);
    const { data } = await chromium.send('Page.captureScreenshot', { format: 'png' });
    writeFileSync(`shots/${name}-${scheme}.png`, Buffer.from(data, 'base64'));
  }
}
await chromium.close();
process.exit();
