// The one way to the valet: calls through one command of the shell, events through one channel.

import { Channel, invoke } from '@tauri-apps/api/core';
import { strings } from './strings';
import type { Answer, Begun, Found, NewServer, Problem, Removed, Revocation, View } from './types';

interface Reply {
  status: number;
  body: string;
}

/** What a call did not do, in the words of the valet. */
export class Refused extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }
}

/** Nobody answers at the other end. */
export class Lost extends Error {}

/** The problem to show for whatever was thrown. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Refused) return error.problem;
  return { code: 'internal', title: '', status: 500, ...(error instanceof Lost ? strings.lost : strings.unclear) };
}

async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const sent = body === undefined ? null : JSON.stringify(body);
  let reply: Reply;
  try {
    reply = await invoke<Reply>('call', { method, path, body: sent });
  } catch {
    throw new Lost();
  }
  if (reply.status >= 400) throw new Refused(read<Problem>(reply.body));
  return (reply.body === '' ? undefined : read(reply.body)) as T;
}

function read<T>(text: string): T {
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new Error('the answer is not JSON');
  }
}

const at = (server: string, verb = ''): string => `/v1/servers/${encodeURIComponent(server)}${verb}`;

export const view = (): Promise<View> => call('GET', '/v1/view');
export const answer = (question: number, given: Answer): Promise<{ taken: boolean }> =>
  call('POST', `/v1/questions/${question}`, { answer: given });
export const add = (server: NewServer): Promise<{ name: string }> => call('POST', '/v1/servers', server);
export const remove = (server: string): Promise<Removed> => call('DELETE', at(server));
export const authorize = (server: string, issuer?: string): Promise<Begun> =>
  call('POST', at(server, '/authorize'), issuer === undefined ? {} : { issuer });
export const decline = (server: string): Promise<void> => call('POST', at(server, '/decline'), {});
export const revoke = (server: string): Promise<Revocation> => call('POST', at(server, '/revoke'), {});
export const forget = (server: string, executable: string): Promise<void> =>
  call('POST', at(server, '/forget'), { executable });
export const discover = (url: string): Promise<Found> => call('POST', '/v1/discover', { url });
export const lock = (): Promise<void> => call('POST', '/v1/lock', {});
export const unlock = (): Promise<void> => call('POST', '/v1/unlock', {});

/** Follows the view. The promise settles when nothing more comes. */
export async function follow(draw: (view: View) => void): Promise<void> {
  const channel = new Channel<string>();
  channel.onmessage = (text) => draw(read<View>(text));
  await invoke('events', { channel });
}
