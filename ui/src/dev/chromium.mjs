// A Chromium that shows the samples, driven over its debugging pipe.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { preview } from 'vite';

const FLAGS = [
  '--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--hide-scrollbars=false', '--remote-debugging-pipe',
];

/** Nothing takes so long, in milliseconds, unless it hangs. */
const PATIENCE = 60_000;

export const pause = (time) => new Promise((wake) => setTimeout(wake, time));

/** The first view has been drawn. */
const DRAWN = `new Promise((done) => {
  const look = () => (document.querySelector('.scroll > *') ? done() : requestAnimationFrame(look));
  look();
})`;

export class Chromium {
  #profile = mkdtempSync(join(tmpdir(), 'states-'));
  #process = spawn(process.env.CHROMIUM ?? 'chromium', [...FLAGS, `--user-data-dir=${this.#profile}`], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    // A group of its own, so that its children can be ended with it.
    detached: true,
  });
  #server;
  #origin;
  #session;
  #waiting = new Map();
  #last = 0;
  #rest = '';

  /** Serves the build named `states`, and opens a page for it. */
  static async start() {
    const chromium = new Chromium();
    await chromium.#start();
    return chromium;
  }

  async #start() {
    this.#server = await preview({ mode: 'states', build: { outDir: 'dist-states' }, preview: { port: 0 }, logLevel: 'error' });
    this.#origin = `http://localhost:${this.#server.httpServer.address().port}`;
    this.#process.stdio[4].on('data', (data) => this.#read(data));
    const { targetId } = await this.send('Target.createTarget', { url: 'about:blank' });
    ({ sessionId: this.#session } = await this.send('Target.attachToTarget', { targetId, flatten: true }));
    for (const domain of ['Page', 'Runtime', 'Log']) await this.send(`${domain}.enable`);
  }

  #read(data) {
    const parts = (this.#rest + data).split('\0');
    this.#rest = parts.pop();
    for (const message of parts.map((part) => JSON.parse(part))) {
      if (message.method === 'Runtime.exceptionThrown') console.error(message.params.exceptionDetails.exception?.description);
      if (message.method === 'Log.entryAdded') console.error(message.params.entry.text, message.params.entry.url ?? '');
      this.#waiting.get(message.id)?.(message);
      this.#waiting.delete(message.id);
    }
  }

  send(method, params = {}) {
    this.#last += 1;
    const id = this.#last;
    this.#process.stdio[3].write(`${JSON.stringify({ id, method, params, sessionId: this.#session })}\0`);
    return new Promise((done, fail) => {
      const late = setTimeout(() => fail(new Error(`${method} was not answered in ${PATIENCE / 1000} seconds`)), PATIENCE);
      this.#waiting.set(id, (message) => {
        clearTimeout(late);
        if (message.error) fail(new Error(`${method}: ${message.error.message}`));
        else done(message.result);
      });
    });
  }

  /** Evaluates an expression, and answers its value once that is there. */
  async evaluate(expression) {
    const { result, exceptionDetails } = await this.send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  /**
   * The size in pixels of the screen, and how large everything is in percent: 200 leaves half of the room.
   */
  async look([width, height], scheme, percent = 100) {
    const zoom = percent / 100;
    await this.send('Emulation.setDeviceMetricsOverride', {
      width: Math.round(width / zoom),
      height: Math.round(height / zoom),
      deviceScaleFactor: 1.5 * zoom,
      mobile: false,
    });
    await this.send('Emulation.setEmulatedMedia', {
      features: [
        { name: 'prefers-color-scheme', value: scheme },
        { name: 'prefers-reduced-motion', value: 'reduce' },
      ],
    });
  }

  /** Goes to a state of the window. */
  async go([, sample, fragment, steps = []]) {
    await this.send('Page.navigate', { url: 'about:blank' });
    await this.send('Page.navigate', { url: `${this.#origin}/?sample=${sample}${fragment}` });
    await this.evaluate(DRAWN);
    await pause(150);
    for (const expression of steps) {
      await this.send('Runtime.evaluate', { expression });
      await pause(250);
    }
  }

  async close() {
    const ended = once(this.#process, 'exit');
    this.#kill();
    await ended;
    await this.#server.close();
    await this.#forget();
  }

  #kill() {
    try {
      process.kill(-this.#process.pid, 'SIGKILL');
    } catch (error) {
      if (error.code !== 'ESRCH') throw error;
    }
  }

  /** A child that is still ending may write once more into a folder that was emptied. */
  async #forget() {
    for (const late = Date.now() + PATIENCE; existsSync(this.#profile); await pause(100)) {
      try {
        rmSync(this.#profile, { recursive: true, force: true });
      } catch (error) {
        if (error.code !== 'ENOTEMPTY' || Date.now() > late) throw error;
      }
    }
  }
}
