// What stands between a click and a yes: the page has been still for a second, and all that the yes is about
// was on the screen. Every yes of the window asks it; a no is always possible.

import { Arming } from '../lib/arming';
import { Seen } from '../lib/seen';

/** How often it is looked whether the second is over. */
const LOOK = 100;

/** Tests hold this clock. */
const now = (): number => performance.now();

/** A mouse comes up when its last button does. */
const pressed = (event: Event): string => (event instanceof KeyboardEvent ? event.code : 'pointer');

export class Guard {
  /** Whether the page has been still for long enough. */
  armed = $state(false);
  /** Whether all of the question was on the screen. */
  seen = $state(false);
  /** Whether there was ever more of it than the screen had. */
  hadMore = $state(false);
  readonly #arming = new Arming(now());
  readonly #seen = new Seen();
  #content: HTMLElement | undefined;
  #cover: HTMLElement | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Whether a yes is taken at this moment. */
  mayAllow(): boolean {
    return this.#seen.all && this.#arming.isArmed(now());
  }

  /** Whether a no is taken at this moment. */
  mayRefuse(): boolean {
    return this.#arming.mayRefuse(now());
  }

  /** The question is about something else now. */
  forget(): void {
    this.#seen.forget();
    this.#startOver();
  }

  /** For what has to be on the screen. */
  readonly content = (content: HTMLElement): (() => void) => {
    this.#content = content;
    const over = new AbortController();
    const { signal } = over;
    const on = (target: EventTarget, names: string[], act: (event: Event) => void): void =>
      names.forEach((name) => target.addEventListener(name, act, { signal, capture: target === window }));
    on(window, ['keydown', 'pointerdown'], (event) => this.#does(() => this.#arming.press(pressed(event), now())));
    on(window, ['keyup', 'pointerup', 'pointercancel'], (event) => this.#does(() => this.#arming.release(pressed(event), now())));
    on(window, ['scroll', 'resize'], this.#startOver);
    on(window, ['focus', 'blur'], (event) => event.target === window && this.#comeOrGo());
    on(document, ['visibilitychange'], this.#comeOrGo);
    // Into the window, or out of another one that lay above it.
    on(document.documentElement, ['pointerenter'], this.#startOver);
    const sizes = new ResizeObserver(this.#startOver);
    sizes.observe(content);
    sizes.observe(frame(content));
    this.#comeOrGo();
    return () => {
      over.abort();
      sizes.disconnect();
      clearTimeout(this.#timer);
    };
  };

  /** For what may lie above the content's end. */
  readonly cover = (cover: HTMLElement): void => {
    this.#cover = cover;
  };

  readonly #startOver = (): void => this.#does(() => this.#arming.startOver(now()));

  readonly #comeOrGo = (): void =>
    this.#does(() => (document.hidden || !document.hasFocus() ? this.#arming.leave() : this.#arming.comeBack(now())));

  #does(what: () => void): void {
    what();
    this.#see();
    this.#look();
  }

  readonly #look = (): void => {
    clearTimeout(this.#timer);
    const armed = this.#arming.isArmed(now());
    this.armed = armed;
    if (!armed && !this.#arming.isAway) this.#timer = setTimeout(this.#look, LOOK);
  };

  #see(): void {
    if (this.#content === undefined || document.hidden) return;
    const { top, bottom, height } = this.#content.getBoundingClientRect();
    const within = frame(this.#content).getBoundingClientRect();
    const end = Math.min(within.bottom, this.#cover?.getBoundingClientRect().top ?? Infinity);
    this.#seen.see(Math.max(within.top, top) - top, Math.min(end, bottom) - top, height);
    this.seen = this.#seen.all;
    this.hadMore ||= !this.seen;
  }
}

/** What scrolls it. */
const frame = (content: HTMLElement): Element => content.closest('.scroll') ?? document.documentElement;
