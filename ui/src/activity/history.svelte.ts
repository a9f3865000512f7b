// The part of the audit that the page of it shows, kept up with what happens.

import { counted } from '../lib/activity';
import * as door from '../lib/door';
import type { ActKind, Chart, Row } from '../lib/types';
import { Work } from '../lib/work.svelte';

/** Older ones are asked for again. */
const MOST = 500;

export interface Filter {
  agent: string;
  server: string;
  kind: ActKind | '';
  text: string;
}

export class History {
  rows = $state.raw<Row[]>([]);
  more = $state(false);
  chart = $state.raw<Chart>();
  work = new Work();
  older = new Work();
  #ask: Record<string, string> = {};
  /** The newest entry that was looked at, whether it is shown or not. */
  #seen = 0;
  #newest = 0;
  /** Whether what is shown is whole, and nobody is asking for more. */
  #current = false;
  /** Changes with each filter, so that a late answer to an earlier one is not shown. */
  #turn = 0;

  /** Shows what the filter lets through, from the newest. */
  async show(filter: Filter): Promise<void> {
    this.#ask = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== ''));
    await this.#reload();
  }

  /** There are entries up to this one. */
  async reach(newest: number): Promise<void> {
    this.#newest = newest;
    if (this.work.problem && !this.work.busy) await this.#reload();
    else await this.#follow();
  }

  async #reload(): Promise<void> {
    const turn = ++this.#turn;
    const seen = this.#newest;
    this.#current = false;
    const page = await this.work.run(() => door.activity(this.#ask));
    if (turn !== this.#turn || page === undefined) return;
    this.rows = page.rows;
    this.more = page.more;
    this.chart = page.chart ?? undefined;
    this.#seen = Math.max(seen, page.rows[0]?.place ?? 0);
    this.#current = true;
    await this.#follow();
  }

  /** One at a time asks for what is newer; what comes meanwhile is its next turn. */
  async #follow(): Promise<void> {
    while (this.#current && this.#newest > this.#seen) {
      const [turn, newest] = [this.#turn, this.#newest];
      this.#current = false;
      const page = await this.work.run(() => door.activity({ ...this.#ask, after: String(this.#seen) }));
      if (turn !== this.#turn) return;
      this.#current = true;
      if (page === undefined) return;
      this.#seen = Math.max(newest, page.rows[0]?.place ?? 0);
      if (page.more || !this.#add(page.rows)) return this.#reload();
    }
  }

  /** False if the chart does not reach so far. */
  #add(rows: Row[]): boolean {
    let chart = this.chart;
    for (const row of rows) {
      if (chart && (this.#ask.kind !== undefined || row.kind === 'use')) chart = counted(chart, row.entry.at);
    }
    if (chart === undefined) return false;
    this.chart = chart;
    this.rows = [...rows, ...this.rows];
    if (this.rows.length > MOST) {
      this.rows = this.rows.slice(0, MOST);
      this.more = true;
    }
    return true;
  }

  /** Shows older ones as well. */
  async goOn(): Promise<void> {
    const last = this.rows.at(-1);
    if (last === undefined) return;
    const turn = this.#turn;
    const page = await this.older.run(() => door.activity({ ...this.#ask, before: String(last.place) }));
    if (turn !== this.#turn || page === undefined) return;
    this.rows = [...this.rows, ...page.rows];
    this.more = page.more;
  }
}
