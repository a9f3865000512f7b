// Photographs the samples in Chromium: `npm run shoot`, or `npm run shoot -- list question` for some. Pictures go to ui/shots.

import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { preview } from 'vite';

const SMALL = [420, 640];
const NARROW = [360, 640];
const NARROW_TALL = [360, 1000];
const WIDE = [900, 640];
const WIDE_TALL = [900, 900];
const USUAL = [760, 600];

const click = (text) => `[...document.querySelectorAll('button, a, summary, label')]
  .find((one) => one.checkVisibility() && one.textContent.trim().startsWith(${JSON.stringify(text)}))?.click()`;
const type = (selector, text) => `{ const field = document.querySelector(${JSON.stringify(selector)});
  field.value = ${JSON.stringify(text)}; field.dispatchEvent(new Event('input', { bubbles: true })); }`;
const scroll = (selector) => `document.querySelector(${JSON.stringify(selector)})?.scrollIntoView({ block: 'start' })`;
const SNIPPET = JSON.stringify({
  mcpServers: {
    vercel: { url: 'https://mcp.vercel.com' },
    github: { type: 'http', url: 'https://api.githubcopilot.com/mcp/', headers: { Authorization: 'x' } },
    intranet: { command: 'npx', args: ['-y', 'mcp-remote', 'https://nowhere.example.com/mcp'] },
    files: { command: 'npx', args: ['@modelcontextprotocol/server-filesystem'] },
  },
});

/** Name, sample, fragment, what to do there, size. */
const SHOTS = [
  ['first-run', 'first', ''],
  ['list', 'list', '#/questions/99', ["location.hash = '#/'"]],
  ['list-calm', 'calm', ''],
  ['list-narrow', 'list', '#/questions/99', ["location.hash = '#/'"], NARROW],
  ['many', 'many', '#/questions/99', ["location.hash = '#/'"]],
  ['wide', 'list', '#/servers/linear', [], WIDE],
  ['usual', 'list', '#/servers/linear', [], USUAL],
  ['no-tray', 'calm', '#/?notray=1'],
  ['wide-list', 'calm', '', [], WIDE],
  ['server', 'calm', '#/servers/linear'],
  ['server-below', 'calm', '#/servers/linear', [click('Details'), scroll('[aria-labelledby=scopes]')]],
  ['server-client', 'calm', '#/servers/linear', [click('Details'), click('Use a client ID'), scroll('.own')]],
  ['vscode-narrow', 'calm', '#/servers/linear', [click('VS Code'), scroll('[aria-labelledby=use]')], NARROW],
  ['settings-narrow', 'calm', '#/settings', [scroll('[aria-labelledby=vault]')], NARROW],
  ['settings-wide', 'calm', '#/settings', [], WIDE],
  ['server-narrow', 'calm', '#/servers/linear', [scroll('[aria-labelledby=use]')], NARROW],
  ['authorize', 'one', '#/servers/demo'],
  ['waiting', 'one', '#/servers/demo', [click('Authorize')]],
  ['waiting-unopened', 'one&unopened', '#/servers/demo', [click('Authorize')]],
  ['authorize-either', 'ways', '#/servers/sentry'],
  ['device-wide', 'ways', '#/servers/elsewhere', [], WIDE],
  ['device', 'ways', '#/servers/sentry', [click('Sign in on another')]],
  ['device-elsewhere', 'ways', '#/servers/elsewhere', [], NARROW],
  ['device-refused', 'ways&nodevice', '#/servers/sentry', [click('Sign in on another')]],
  ['by-itself', 'ways', '#/servers/nightly'],
  ['by-itself-failed', 'ways', '#/servers/robots'],
  ['warned', 'ways', '#/servers/wiki'],
  ['check', 'list', '#/servers/entra-files', [click('Find out why')], WIDE_TALL],
  ['check-client', 'calm&client', '#/servers/linear', [click('Check this')]],
  ['check-narrow', 'calm', '#/servers/linear', [click('Check this'), click('Every step'), scroll('[aria-labelledby=check]')], NARROW_TALL],
  ['check-sound', 'calm&sound', '#/servers/linear', [click('Check this'), click('Every step'), scroll('[aria-labelledby=check]')]],
  ['others-narrow', 'calm', '#/servers/linear', [click('Others'), scroll('[aria-labelledby=use]')], NARROW],
  ['lapsed', 'list', '#/servers/slack'],
  ['failed', 'list', '#/servers/entra-files'],
  ['choose', 'list', '#/servers/atlassian'],
  ['client', 'list', '#/servers/github'],
  ['declined', 'list', '#/servers/hugging-face'],
  ['revoke', 'calm', '#/servers/linear', [click('Revoke')]],
  ['revoked', 'calm', '#/servers/linear', [click('Revoke'), click('Revoke')]],
  ['removed', 'calm', '#/servers/linear', [click('Remove'), click('Remove')]],
  ['revoke-all', 'calm', '#/revoke'],
  ['revoke-all-slow', 'calm&slow', '#/revoke', [click('Revoke everything')]],
  ['revoke-all-done', 'calm', '#/revoke', [click('Revoke everything')]],
  ['revoke-all-wide', 'calm', '#/revoke', [click('Revoke everything')], WIDE],
  ['deeds', 'deeds', ''],
  ['question', 'question', ''],
  ['question-narrow', 'question', '', [], NARROW],
  ['question-wider', 'wider', ''],
  ['question-lasting', 'lasting', ''],
  ['question-courier', 'courier', ''],
  ['question-unknown', 'unknown', '', [click('Details')]],
  ['question-usual', 'question', '', [], USUAL],
  ['declined-for-good', 'list', '#/servers/canva'],
  ['agents', 'calm', '#/servers/linear', [scroll('[aria-labelledby=agents]')]],
  ['question-wide', 'many', '', [], WIDE],
  ['proposal', 'proposal', ''],
  ['proposal-narrow', 'proposal', '', [], NARROW],
  ['replace', 'replace', ''],
  ['configuration', 'configuration', ''],
  ['closed', 'calm', '#/questions/99'],
  ['add', 'calm', '#/add'],
  ['add-found', 'calm', '#/add', [type('textarea', 'https://mcp.vercel.com'), click('Continue')]],
  ['add-client', 'calm', '#/add', [type('textarea', 'https://api.githubcopilot.com/mcp/'), click('Continue')]],
  ['add-many', 'calm', '#/add', [type('textarea', SNIPPET), click('Continue')]],
  ['add-there', 'calm', '#/add', [type('textarea', 'https://mcp.linear.app/mcp'), click('Continue')]],
  ['add-error', 'calm', '#/add', [type('textarea', 'https://nowhere.example.com/mcp'), click('Continue')]],
  ['import', 'calm', '#/import'],
  ['import-wide', 'calm', '#/import', [], WIDE],
  ['import-narrow', 'first', '#/import', [], NARROW_TALL],
  ['import-others', 'calm', '#/import', [click('4 entries'), scroll('details')]],
  ['import-done', 'calm', '#/import', [click('Add 3')], WIDE_TALL],
  ['settings', 'calm', '#/settings'],
  ['settings-revoke', 'calm', '#/settings', [scroll('[aria-labelledby=revoke-all]')]],
  ['settings-trouble', 'trouble', '#/settings', [click('Show what')]],
  ['activity', 'calm', '#/activity'],
  ['activity-open', 'calm', '#/activity', [click('Claude Code got'), click('24 hours')], WIDE_TALL],
  ['activity-narrow', 'calm&unproven', '#/activity', [], NARROW_TALL],
  ['activity-broken', 'calm&broken', '#/activity', [], USUAL],
  ['activity-none', 'calm', '#/activity', [type('[type=search]', 'nonsense')]],
  ['locked', 'locked', ''],
  ['vault-nowhere', 'nowhere', ''],
  ['vault-away', 'away', ''],
  ['vault-hangs', 'hangs', ''],
  ['vault-needed', 'needed', ''],
  ['vault-choose', 'unset', '#/passphrase', [type('input[name=new]', 'short'), click('Set the')]],
  ['vault-enter', 'needed', '#/passphrase', ['0', type('input[name=now]', 'wrong'), click('Unlock')]],
  ['vault-move', 'away', '#/passphrase', [], NARROW],
  ['vault-change', 'file', '#/passphrase', [], WIDE],
  ['vault-damaged', 'damaged', '#/passphrase'],
  ['vault-settings', 'file', '#/settings', [scroll('[aria-labelledby=vault]')]],
  ['locked-screen', 'screen', ''],
  ['locked-wide', 'screen', '', [], WIDE],
  ['locked-settings', 'screen', '#/settings', [scroll('fieldset:nth-of-type(2)')]],
  ['trouble', 'trouble', ''],
  ['lost', 'calm&lost', ''],
];

const wanted = process.argv.slice(2);
const shots = SHOTS.filter(([name]) => wanted.length === 0 || wanted.includes(name));
const server = await preview({ mode: 'states', build: { outDir: 'dist-states' }, preview: { port: 0 }, logLevel: 'error' });
const origin = `http://localhost:${server.httpServer.address().port}`;
const profile = mkdtempSync(join(tmpdir(), 'shoot-'));
const chromium = spawn(
  process.env.CHROMIUM ?? 'chromium',
  [
    '--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync', '--hide-scrollbars=false', '--remote-debugging-pipe', `--user-data-dir=${profile}`,
  ],
  { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] },
);

const waiting = new Map();
let last = 0;
let rest = '';
chromium.stdio[4].on('data', (data) => {
  const parts = (rest + data).split('\0');
  rest = parts.pop();
  for (const message of parts.map((part) => JSON.parse(part))) {
    if (message.method === 'Runtime.exceptionThrown') console.error(message.params.exceptionDetails.exception?.description);
    if (message.method === 'Log.entryAdded') console.error(message.params.entry.text, message.params.entry.url ?? '');
    waiting.get(message.id)?.(message);
    waiting.delete(message.id);
  }
});
function send(method, params = {}, sessionId = session) {
  last += 1;
  chromium.stdio[3].write(`${JSON.stringify({ id: last, method, params, sessionId })}\0`);
  return new Promise((done, fail) =>
    waiting.set(last, (message) => (message.error ? fail(new Error(`${method}: ${message.error.message}`)) : done(message.result))),
  );
}
const pause = (time) => new Promise((wake) => setTimeout(wake, time));

let session;
const { targetId } = await send('Target.createTarget', { url: 'about:blank' });
({ sessionId: session } = await send('Target.attachToTarget', { targetId, flatten: true }));
await send('Page.enable');
await send('Runtime.enable');
await send('Log.enable');
mkdirSync('shots', { recursive: true });
for (const [name, sample, fragment, steps = [], [width, height] = SMALL] of shots) {
  for (const scheme of ['light', 'dark']) {
    await send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1.5, mobile: false });
    await send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: scheme }] });
    await send('Page.navigate', { url: 'about:blank' });
    await send('Page.navigate', { url: `${origin}/?sample=${sample}${fragment}` });
    await pause(350);
    for (const expression of steps) {
      await send('Runtime.evaluate', { expression });
      await pause(250);
    }
    await pause(700);
    const { result } = await send('Runtime.evaluate', {
      expression: `[...document.querySelectorAll('*')].filter((one) => one.scrollWidth > one.clientWidth + 1 && /auto|scroll/.test(getComputedStyle(one).overflowX)).map((one) => one.className).join()`,
    });
    if (result.value) console.error(`${name}: wider than its place: ${result.value}`);
    const { data } = await send('Page.captureScreenshot', { format: 'png' });
    writeFileSync(`shots/${name}-${scheme}.png`, Buffer.from(data, 'base64'));
  }
}
const ended = new Promise((done) => chromium.once('exit', done));
chromium.kill();
await ended;
await server.close();
rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
process.exit();
