// What was done in the samples.

import type { Act, ActKind, Activity, ActorKind, AuditEntry, Row, Verified } from '../lib/types';

const MINUTE = 60_000;
const QUARTER = 15 * MINUTE;
const QUARTERS = 8 * 24 * 4;
const ago = (minutes: number): string => new Date(Date.now() - minutes * MINUTE).toISOString();

const CLAUDE = { by: 'program', agent: 'Claude Code', executable: '/home/ada/.local/share/claude/versions/2.1.30/claude' } as const;
const CODEX = { by: 'program', agent: 'codex', executable: '/usr/local/bin/codex' } as const;
const CURL = { by: 'program', agent: 'curl', executable: '/usr/bin/curl' } as const;
const PERSON = { by: 'person', agent: 'the person' } as const;

const DONE: [number, ActKind, Partial<AuditEntry> & { by: ActorKind; agent: string; what: Act }][] = [
  [0.3, 'use', { ...CLAUDE, what: 'hand_out', server: 'linear', scopes: ['read', 'write'] }],
  [4, 'use', { ...CODEX, what: 'proxied', server: 'github', method: 'tools/call' }],
  [9, 'refusal', { ...CURL, what: 'refused', server: 'stripe', outcome: 'denied' }],
  [10, 'answer', { ...CURL, what: 'deny', server: 'stripe' }],
  [47, 'use', { ...CLAUDE, what: 'hand_out', server: 'figma' }],
  [120, 'answer', { ...CLAUDE, what: 'allow_always', server: 'linear' }],
  [121, 'sign_in', { ...PERSON, what: 'sign_in', server: 'linear', scopes: ['read', 'write'] }],
  [600, 'other', { ...PERSON, what: 'add', server: 'linear' }],
  [1500, 'refusal', { ...CODEX, what: 'refused', server: 'slack', outcome: 'timeout' }],
  [3000, 'sign_in', { ...PERSON, what: 'revoke', server: 'slack' }],
  [3005, 'use', { ...CODEX, what: 'hand_out', server: 'github', sum: { count: 12_480, since: ago(20_000), file: 1 } }],
  [3010, 'other', { by: 'configuration', agent: 'the configuration file', what: 'configuration' }],
];

const ROWS: Row[] = DONE.map(([minutes, kind, entry], at) => ({
  place: 128 - at,
  kind,
  entry: { at: ago(minutes), seq: 128 - at, ...entry },
}));

/** More by day, and on workdays. */
function counts(): number[] {
  const end = Math.floor(Date.now() / QUARTER) + 1;
  return Array.from({ length: QUARTERS }, (_, at) => {
    const time = new Date((end - QUARTERS + at) * QUARTER);
    const busy = time.getHours() >= 9 && time.getHours() < 18 && time.getDay() % 6 !== 0;
    return busy ? (at * 7) % 4 : at % 11 === 0 ? 1 : 0;
  });
}

export function activity(ask: URLSearchParams): Activity {
  if (ask.has('before') || ask.has('after')) return { rows: [], more: false, chart: null };
  const wanted = (row: Row): boolean =>
    (['agent', 'server'] as const).every((key) => !ask.has(key) || row.entry[key] === ask.get(key)) &&
    (!ask.has('kind') || row.kind === ask.get('kind')) &&
    JSON.stringify(row.entry).toLowerCase().includes((ask.get('text') ?? '').toLowerCase());
  const from = new Date((Math.floor(Date.now() / QUARTER) + 1 - QUARTERS) * QUARTER).toISOString();
  const names = [CLAUDE, CODEX, CURL].map((one) => one.agent);
  return { rows: ROWS.filter(wanted), more: true, chart: { from, counts: counts(), agents: names, servers: ['slack'] } };
}

export const SOUND_RECORD: Verified = { intact: true, entries: 128, unchained: 0, torn: 0, unvouched: 0, summed: 0, newest: ago(0.3) };

export const BROKEN: Verified = {
  ...SOUND_RECORD,
  intact: false,
  entries: 81,
  fault: { what: 'missing', file: 'audit', seq: 82, through: 90, at: ago(125) },
};
