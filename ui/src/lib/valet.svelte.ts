// What the window knows: the last view, whether the valet still answers, and the time.

import * as door from './door';
import type { View } from './types';

const TICK = 15_000;
const RETRY = 3_000;

class Valet {
  view = $state.raw<View>();
  lost = $state(false);
  now = $state(new Date());

  /** Follows the valet until the window closes. */
  async start(): Promise<never> {
    setInterval(() => (this.now = new Date()), TICK);
    for (;;) {
      await door.follow((view) => this.#draw(view)).catch(() => undefined);
      await this.#settle();
    }
  }

  #draw(view: View): void {
    this.view = view;
    this.lost = false;
    this.now = new Date();
  }

  /** Nothing more comes from the channel. A shell that delivers from elsewhere still answers calls; else the valet is gone. */
  async #settle(): Promise<void> {
    for (;;) {
      try {
        const view = await door.view();
        const back = this.lost;
        this.#draw(view);
        if (back) return;
      } catch {
        this.lost = true;
      }
      await new Promise((wake) => setTimeout(wake, RETRY));
    }
  }
}

export const valet = new Valet();
