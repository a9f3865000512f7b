// What the window knows: the last view, whether the valet still answers, and the time.

import * as door from './door';
import type { View } from './types';

const TICK = 15_000;
const RETRY = 3_000;

class Valet {
  view = $state.raw<View>();
  lost = $state(false);
  now = $state(new Date());
  #connecting = false;

  start(): void {
    setInterval(() => (this.now = new Date()), TICK);
    door.whenLost(() => void this.#connect());
    void this.#connect();
  }

  /** Follows the valet, and tries again for as long as nobody answers. */
  async #connect(): Promise<void> {
    if (this.#connecting) return;
    this.#connecting = true;
    for (;;) {
      try {
        await door.follow((view) => this.#draw(view));
        break;
      } catch {
        this.lost = true;
        await new Promise((wake) => setTimeout(wake, RETRY));
      }
    }
    this.lost = false;
    this.#connecting = false;
  }

  #draw(view: View): void {
    this.view = view;
    this.now = new Date();
  }
}

export const valet = new Valet();
