// The mark of each state: its shape says as much as its colour.

import type { ServerState } from './types';

/** Outlines on a grid of 24. */
export const SHAPES = {
  ready: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M8.2 12.3l2.6 2.6 5-5.4',
  authorize: 'M13.5 4H18a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2h-4.5M4 12h10.5M11 8.2l3.8 3.8-3.8 3.8',
  waiting: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 7.2V12l3.2 2',
  choose: 'M12 21v-7M12 14c0-4-5-3-5-8M12 14c0-4 5-3 5-8M4.6 8 7 5.4 9.4 8M14.6 8 17 5.4 19.4 8',
  client: 'M5 5h14a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2M8.5 13.2a1.9 1.9 0 1 0 0-3.8 1.9 1.9 0 0 0 0 3.8M5.6 16c.5-1.3 1.6-1.8 2.9-1.8s2.4.5 2.9 1.8M14.5 10h3.5M14.5 14h3.5',
  resting: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M9.8 9v6M14.2 9v6',
  again: 'M19.5 12a7.5 7.5 0 1 1-2.4-5.5L19.5 9M19.5 4.5V9H15',
  failed: 'M12 4 2.8 19.6h18.4zM12 10v4.6M12 17v.1',
  denied: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M5.7 5.7l12.6 12.6',
  locked: 'M6.5 11h11a1.5 1.5 0 0 1 1.5 1.5v6a1.5 1.5 0 0 1-1.5 1.5h-11A1.5 1.5 0 0 1 5 18.5v-6A1.5 1.5 0 0 1 6.5 11M8 11V8a4 4 0 0 1 8 0v3',
  unlocked: 'M6.5 11h11a1.5 1.5 0 0 1 1.5 1.5v6a1.5 1.5 0 0 1-1.5 1.5h-11A1.5 1.5 0 0 1 5 18.5v-6A1.5 1.5 0 0 1 6.5 11M8 11V8a4 4 0 0 1 7.6-1.7',
  question: 'M5 4.5h14a2 2 0 0 1 2 2v8.5a2 2 0 0 1-2 2h-6.5L8 20.5V17H5a2 2 0 0 1-2-2V6.5a2 2 0 0 1 2-2M10 9.2c0-1.1.9-1.9 2-1.9s2 .8 2 1.8c0 1.4-2 1.5-2 2.9M12 14.2v.1',
  notice: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 11v5.5M12 7.7v.1',
  plus: 'M12 5v14M5 12h14',
  gear: 'M4 7h9M17.5 7H20M4 17h2.5M11 17h9M15.2 9.3a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.6M8.8 19.3a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.6',
  back: 'M14.5 5.5 8 12l6.5 6.5',
  on: 'M9.5 6 15.5 12l-6 6',
  copy: 'M9 9h9a2 2 0 0 1 2 2v7a2 2 0 0 1-2 2H9a2 2 0 0 1-2-2v-7a2 2 0 0 1 2-2zM15 9V6a2 2 0 0 0-2-2H6a2 2 0 0 0-2 2v7a2 2 0 0 0 2 2h1',
  done: 'M5 12.5l4.6 4.6L19 7.5',
  none: 'M6 12h12',
  find: 'M10.8 4.5a6.3 6.3 0 1 0 0 12.6 6.3 6.3 0 0 0 0-12.6M15.5 15.5 20 20',
  key: 'M7.5 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8M11.5 12H21M17 12v3.5M21 12v2.5',
  program: 'M5 4.5h14a2 2 0 0 1 2 2v11a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2v-11a2 2 0 0 1 2-2M7 9.5l2.8 2.5L7 14.5M12.5 15H17',
} as const;

export type Shape = keyof typeof SHAPES;
export type Tone = 'good' | 'call' | 'bad' | 'soft';

const MARKS: Record<ServerState, [Shape, Tone]> = {
  ready: ['ready', 'good'],
  authorization_required: ['authorize', 'call'],
  waiting: ['waiting', 'call'],
  choosing_issuer: ['choose', 'call'],
  needs_client_id: ['client', 'call'],
  declined: ['resting', 'soft'],
  lapsed: ['again', 'call'],
  registration_lost: ['again', 'call'],
  failed: ['failed', 'bad'],
  locked: ['locked', 'soft'],
  opening: ['waiting', 'soft'],
  key_required: ['key', 'call'],
  key_refused: ['key', 'bad'],
};

export const mark = (state: ServerState): { shape: Shape; tone: Tone } => {
  const [shape, tone] = MARKS[state];
  return { shape, tone };
};
