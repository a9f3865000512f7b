// Where the person is now, and the way elsewhere.

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
