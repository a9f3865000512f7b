// Where the person is now, and the way elsewhere.

import { isHalfWritten } from './keys';
import { link, read, saysNoTray, type Place } from './place';

class Here {
  place = $state<Place>(read(location.hash));
  /** A sentence about what was just done, shown at the next place and gone after that. */
  said = $state('');
  /** This desktop shows no tray icon; true from when the shell says so. */
  noTray = $state(saysNoTray(location.hash));
  #keep = false;

  constructor() {
    addEventListener('hashchange', () => {
      this.place = read(location.hash);
      this.noTray ||= saysNoTray(location.hash);
      if (!this.#keep) this.said = '';
      this.#keep = false;
    });
    addEventListener('offer', (event) => this.#offer((event as CustomEvent<string>).detail));
  }

  /**
   * A page that the person did not ask for just now. Whoever is here, or left something half written, stays
   * with it.
   */
  #offer(path: string): void {
    this.noTray ||= saysNoTray(path);
    if (!document.hasFocus() && !isHalfWritten()) location.hash = path;
  }

  go(place: Place, said = ''): void {
    if (link(place) !== location.hash) {
      this.#keep = said !== '';
      location.hash = link(place);
    }
    this.said = said;
  }
}

export const here = new Here();
