// When a click or a key can be a yes: after a second in which nothing moved and nothing was pressed. What
// comes sooner may have been meant for another program, or for what was here before.

/** Milliseconds of silence before a yes. */
export const SILENCE = 1000;

/** So long a click can be the second half of one that was meant for what was here before. */
export const DOUBLE_CLICK = 500;

/** The time, in milliseconds since some beginning, is an argument everywhere. */
export class Arming {
  /** Since when what is here is here. */
  #here: number;
  #silentSince: number;
  /** Keys and buttons that went down too early: nothing is silent before they are up. */
  readonly #down = new Set<string>();
  #away = false;

  constructor(now: number) {
    this.#here = now;
    this.#silentSince = now;
  }

  /** What is here, or where it is, is not what it was. */
  startOver(now: number): void {
    this.#silentSince = now;
    this.#down.clear();
  }

  /** The window is hidden, or the keyboard is another window's: there is no yes in the meantime. */
  leave(): void {
    this.#away = true;
  }

  comeBack(now: number): void {
    this.#away = false;
    this.#here = now;
    this.startOver(now);
  }

  /** A key or a button goes down. */
  press(what: string, now: number): void {
    if (!this.isArmed(now)) this.#down.add(what);
  }

  /** A key or a button comes up. One that went down too early can be no yes when it comes up either. */
  release(what: string, now: number): void {
    if (this.isArmed(now)) return;
    this.#down.delete(what);
    this.#silentSince = now;
  }

  get isAway(): boolean {
    return this.#away;
  }

  /** Whether a yes is one. */
  isArmed(now: number): boolean {
    return !this.#away && this.#down.size === 0 && now - this.#silentSince >= SILENCE;
  }

  /** Whether a no is one: always, but for a stray double click. */
  mayRefuse(now: number): boolean {
    return now - this.#here >= DOUBLE_CLICK;
  }
}
