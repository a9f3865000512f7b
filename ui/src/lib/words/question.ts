// What the person is asked.

import { named } from '../named';
import { plural } from './plural';

export const question = {
  title: 'Question',
  of: (at: number, all: number): string => `${at} of ${all}`,
  use: (agent: string, server: string): string => `${named(agent)} wants to use ${named(server)}`,
  form: {
    proxied: {
      name: 'Goes through MCP Valet',
      note: (): string => 'It uses the server and sees no key. Take this back, and it ends at once.',
    },
    token: {
      name: 'Gets a key of its own',
      note: (long: string): string =>
        long === '' ? 'A short-lived one, never your password.' : `Good for ${long}, never your password. It cannot be called back before that.`,
    },
    lasting_token: {
      name: 'Gets a key that lasts',
      note: (long: string): string =>
        `${long === '' ? 'It has no end' : `It is good for ${long}`}. Once it is given away, MCP Valet cannot call it back.`,
    },
  },
  minutes: (count: number): string => plural(count, 'minute', 'minutes'),
  hours: (count: number): string => plural(count, 'hour', 'hours'),
  days: (count: number): string => plural(count, 'day', 'days'),
  also: (scopes: string[]): string => `It may use this server already, with less. Also: ${scopes.join(', ')}`,
  itselfNow: 'It may use this server already, but not with such a key.',
  isNew: 'new',
  forNowAtMost: (agent: string): string => `${named(agent)} is not known surely enough to be allowed for good.`,
  cannotBeTold: (agent: string): string => `${named(agent)} cannot be told from other programs, so no answer is remembered.`,
  add: (agent: string, server: string): string => `${named(agent)} wants to add ${named(server)}`,
  addNote: 'It brings settings that say where and how you sign in. Add it only if you know them.',
  address: 'Address',
  settings: 'Settings',
  secret: 'a secret, not shown',
  addYes: 'Add it',
  addNo: 'Don’t add',
  addYesNote: 'with these settings',
  readFirst: 'Scroll to the end to answer yes.',
  replace: (server: string): string => `Replace the sign-in to ${named(server)}?`,
  replaceNote: (agent: string): string =>
    `A sign-in that ${named(agent)} began has come back. It may be for another account. What you have now works.`,
  signIn: (server: string): string => `Go on with the sign-in to ${named(server)}?`,
  signInNote: {
    redirect_uri: (issuer: string, other: string): string =>
      `It is at ${issuer}, and wants to come back to an address that belongs to ${other}:`,
    page: (issuer: string, other: string): string => `It is at ${issuer}, and leads to pages that ${other} has as well:`,
  },
  signInRisk: (issuer: string, other: string): string =>
    `If you do not know ${issuer}, say no: what you do there could give it what you have at ${other}.`,
  signInYes: { redirect_uri: 'Give it the address', page: 'Go on' },
  signInNo: 'Stop the sign-in',
  resource: 'For more than this server',
  configuration: 'The configuration was changed',
  configurationNote: 'Somebody edited the file. The edit gives more than before:',
  program: 'Program',
  server: 'Server',
  scopes: 'Permissions',
  noScopes: 'The server did not name any.',
  unknownScopes: 'Those that you agree to when you sign in.',
  once: 'Allow once',
  onceNote: 'asks again next time',
  session: 'Allow for now',
  sessionNote: 'until MCP Valet ends',
  always: 'Allow always',
  alwaysNote: 'until you take it back',
  deny: 'Don’t allow',
  denyNote: 'until MCP Valet ends',
  denyOnceNote: 'asks again next time',
  never: 'Never allow',
  neverNote: 'until you take it back',
  replaceYes: 'Replace it',
  replaceNo: 'Keep what I have',
  configurationYes: 'Use the new configuration',
  configurationNo: 'Keep the old one',
  gone: 'This question is closed.',
  goneNote: 'It was answered elsewhere, or whoever asked has gone.',
  waiting: (more: number): string => `${plural(more, 'question', 'questions')} waiting`,
  next: 'Next question',
};
