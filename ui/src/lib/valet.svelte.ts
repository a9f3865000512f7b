// What the window knows: the last view, whether the valet still answers, and the time.

import * as door from './door';
import type { View } from './types';

const TICK = 15_000;
const RETRY = 3_000;

class Valet {
  view = $state.raw<View>();
  lost = $state(false);
  now = $state(new Date());

  /** Follows the valet until the window closes, and tries again whenever it has stopped to answer. */
  async start(): Promise<never> {
    setInterval(() => (this.now = new Date()), TICK);
    for (;;) {
      await door.follow((view) => this.#draw(view)).catch(() => undefined);
      this.lost = true;
      await new Promise((wake) => setTimeout(wake, RETRY));
    }
  }

  #draw(view: View): void {
    this.view = view;
    this.lost = false;
    this.now = new Date();
  }
}

export const valet = new Valet();
