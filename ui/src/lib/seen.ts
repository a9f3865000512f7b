// What of something long was on the screen at some time.

type Part = [from: number, to: number];

/** Less than this nobody sees, and fractions of pixels do not add up. */
const SLACK = 2;

/** Which of its pixels, from the top, were on the screen. */
export class Seen {
  #height = 0;
  #parts: Part[] = [];
  #all = false;

  /** It is not what it was. */
  forget(): void {
    this.#parts = [];
    this.#all = false;
  }

  /** Of its `height`, what is between `from` and `to` is on the screen now. */
  see(from: number, to: number, height: number): void {
    if (this.#all) return;
    // In another shape, another place is what was seen.
    if (Math.abs(height - this.#height) > SLACK) this.#parts = [];
    this.#height = height;
    if (to > from) this.#parts = joined([...this.#parts, [from, to]]);
    this.#all = this.#parts.some(([from, to]) => from <= SLACK && to >= height - SLACK);
  }

  /** Whether all of it was. */
  get all(): boolean {
    return this.#all;
  }
}

function joined(parts: Part[]): Part[] {
  const whole: Part[] = [];
  for (const [from, to] of parts.sort(([one], [other]) => one - other)) {
    const last = whole.at(-1);
    if (last && from <= last[1] + SLACK) last[1] = Math.max(last[1], to);
    else whole.push([from, to]);
  }
  return whole;
}
