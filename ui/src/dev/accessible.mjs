// Holds every state of the samples against the rules of axe-core, in light and dark, narrow and with large
// text: `npm run accessible`, or `npm run accessible -- list question` for some.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { Chromium } from './chromium.mjs';
import { STATES } from './states.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const NARROW = [360, 640];
const SMALLEST = [360, 420];
/** Another scheme has other colours, and all else as it was. */
const COLOURS = { runOnly: ['color-contrast'] };
/** Size, scheme, percent, and which rules. */
const LOOKS = [
  [NARROW, 'light', 100, {}],
  [NARROW, 'dark', 100, COLOURS],
  [SMALLEST, 'light', 200, {}],
  [SMALLEST, 'dark', 200, COLOURS],
];

/** What is wrong, each with the places where it is. */
const run = (rules) => `axe.run(document, ${JSON.stringify({ resultTypes: ['violations'], ...rules })}).then(({ violations }) =>
  violations.map(({ id, help, nodes }) => id + ': ' + help + '\\n    ' + nodes.map(({ html, target }) => target + ' ' + html.slice(0, 160)).join('\\n    ')))`;

const named = process.argv.slice(2);
const wanted = STATES.filter(([name]) => named.length === 0 || named.includes(name));
const began = performance.now();
let done = 0;
let faults = 0;

/** Takes one state after the other, in a browser of its own, as long as there are any. */
async function work(states) {
  const chromium = await Chromium.start();
  for (let state = states.shift(); state !== undefined; state = states.shift()) {
    const found = await judge(chromium, state).catch((error) => [`${state[0]}: ${error.message}`]);
    found.forEach((fault) => console.error(fault));
    faults += found.length;
    done += 1;
    console.log(`${done} of ${wanted.length}: ${state[0]}`);
  }
  await chromium.close();
}

async function judge(chromium, state) {
  const found = [];
  await chromium.look(NARROW, 'light');
  await chromium.go(state);
  await chromium.evaluate(AXE);
  for (const [size, scheme, percent, rules] of LOOKS) {
    await chromium.look(size, scheme, percent);
    const faults = await chromium.evaluate(run(rules));
    found.push(...faults.map((fault) => `${state[0]}, ${size.join(' × ')}, ${scheme}, ${percent} %: ${fault}`));
  }
  return found;
}

const states = [...wanted];
const workers = Math.min(availableParallelism(), 4, wanted.length);
await Promise.all(Array.from({ length: workers }, () => work(states)));
const seconds = Math.round((performance.now() - began) / 1000);
console.log(`${faults === 0 ? 'axe-core finds nothing wrong' : `axe-core finds ${faults} faults`}: ${wanted.length} states in ${seconds} s.`);
process.exit(faults === 0 ? 0 : 1);
