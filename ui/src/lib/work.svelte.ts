// One thing under way at a time, and the problem in which it ended.

import { problemOf } from './door';
import type { Problem } from './types';

export class Work {
  busy = $state(false);
  problem = $state<Problem>();

  /** Does `job`; its problem is shown instead of thrown, and then there is no answer. */
  async run<T>(job: () => Promise<T>): Promise<T | undefined> {
    this.busy = true;
    this.problem = undefined;
    try {
      return await job();
    } catch (error) {
      this.problem = problemOf(error);
      return undefined;
    } finally {
      this.busy = false;
    }
  }
}
