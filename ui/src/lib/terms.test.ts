import { expect, test } from 'vitest';
import { lengths, limit, meaning, no, reaches, within, yes, type Use } from './terms';

const wish = (server: string, form: 'token' | 'proxied' = 'token') => ({
  server,
  host: `${server}.example`,
  account: null,
  folder: null,
  resource: null,
  form,
  scopes: null,
  lives: null,
  before: null,
});

const use = (rest: Partial<Use> = {}): Use => ({
  kind: 'use',
  agent: 'Scribe',
  icon: null,
  executable: '/usr/bin/scribe',
  by: null,
  servers: [wish('github'), wish('jira')],
  longest: 'always',
  suggested: { reach: 'everything', lasts: 'for_now' },
  ...rest,
});

test('nothing longer is offered than can be given', () => {
  expect(lengths(use())).toEqual(['once', 'quarter_hour', 'hour', 'today', 'for_now', 'always']);
  expect(lengths(use({ longest: 'for_now' }))).toEqual(['once', 'quarter_hour', 'hour', 'today', 'for_now']);
  expect(lengths(use({ longest: 'once' }))).toEqual(['once']);
  expect(within(use({ longest: 'once' }), { reach: 'everything', lasts: 'for_now' }).lasts).toBe('once');
  expect(within(use({ longest: 'for_now' }), { reach: 'everything', lasts: 'always' }).lasts).toBe('for_now');
});

test('to be kept from a key is offered where one is asked for, and reads alone anywhere', () => {
  expect(reaches(use())).toEqual(['everything', 'by_rules', 'proxy_only']);
  const proxied = use({ servers: [wish('github', 'proxied')] });
  expect(reaches(proxied)).toEqual(['everything', 'by_rules']);
  expect(within(proxied, { reach: 'by_rules', lasts: 'hour' }).reach).toBe('by_rules');
  expect(within(proxied, { reach: 'proxy_only', lasts: 'hour' })).toEqual({ reach: 'everything', lasts: 'hour' });
});

test('each length says when it ends', () => {
  const now = new Date(2026, 4, 3, 15, 5);
  expect(meaning('once', now)).toBe('Your answer holds for this time only.');
  expect(meaning('quarter_hour', now)).toBe('Your answer holds until 15:20.');
  expect(meaning('hour', now)).toBe('Your answer holds until 16:05.');
  expect(meaning('hour', new Date(2026, 4, 3, 23, 30))).toBe('Your answer holds until tomorrow at 00:30.');
  expect(meaning('today', now)).toBe('Your answer holds until midnight.');
  expect(meaning('for_now', now)).toBe('Your answer holds until MCP Valet ends.');
  expect(meaning('always', now)).toBe('Your answer holds until you take it back.');
});

test('a limit is said where there is one', () => {
  expect(limit(use())).toBe('');
  expect(limit(use({ longest: 'for_now' }))).toContain('not known surely enough');
  expect(limit(use({ longest: 'once' }))).toContain('cannot be told from other programs');
});

test('an answer names exactly what was on the screen', () => {
  const { servers } = use();
  const choice = { reach: 'proxy_only', lasts: 'hour' } as const;
  expect(yes(servers, (name) => name === 'github', choice)).toEqual({ allow: ['github'], deny: ['jira'], ...choice });
  expect(no(servers, choice)).toEqual({ allow: [], deny: ['github', 'jira'], ...choice });
});
