import { told } from './advice';
import { describe, expect, it } from 'vitest';
import { problem, server as sample } from '../dev/pieces';
import { isWarning, mayCancel, mayDecline, mayUseDevice, primary, sentence, whole } from './sentence';
import type { Server } from './types';

const now = new Date(2026, 4, 3, 13, 0);
const at = (hour: number, minute = 0, day = 3): string => new Date(2026, 4, day, hour, minute).toISOString();

const server = (rest: Partial<Server>): Server =>
  sample('linear', 'https://mcp.linear.app/mcp', { state: 'ready', grant: 'live', renews: true, ...rest });

describe('a server that is ready', () => {
  it('says when it renews itself', () => {
    expect(sentence(server({ expires_at: at(14, 5) }), now)).toBe('Ready. Renews by itself, next at 14:05.');
    expect(sentence(server({ expires_at: at(0, 30, 4) }), now)).toBe('Ready. Renews by itself, next tomorrow at 00:30.');
  });

  it('renews when it is next used, once its time is over', () => {
    expect(sentence(server({ expires_at: at(12) }), now)).toBe('Ready. Renews by itself when it is next used.');
  });

  it('says until when, if it cannot renew', () => {
    expect(sentence(server({ renews: false, expires_at: at(14, 5) }), now)).toBe(
      'Ready, until 14:05. Then you sign in again.',
    );
    expect(sentence(server({ renews: false }), now)).toBe('Ready.');
  });

  it('says who is signed in, where that is known', () => {
    const ada = server({ account: 'ada@example.com', expires_at: at(14, 5) });
    expect(sentence(ada, now)).toBe('Ready, as ada@example.com. Renews by itself, next at 14:05.');
  });

  it('has no button, unless something is wrong with it', () => {
    expect(primary(server({}))).toBeUndefined();
    expect(primary(server({ problem: problem({}) }))).toBe('again');
    expect(primary(server({ attempt: 'failed', problem: problem({}) }))).toBe('retry');
  });
});

describe('a server whose token failed a check and is used all the same', () => {
  const warned = server({ problem: problem({ reason: 'token_wrong' }) });

  it('asks for no other sign-in, which would bring the same', () => {
    expect(isWarning(warned)).toBe(true);
    expect(primary(warned)).toBeUndefined();
  });

  it('is no longer fine when the token is not used', () => {
    expect(isWarning({ ...warned, state: 'failed', grant: 'none', attempt: 'failed' })).toBe(false);
    expect(isWarning({ ...warned, attempt: 'failed' })).toBe(false);
  });
});

it('asks nobody to sign in where nobody signs in, even after a failure', () => {
  const robot = server({ state: 'failed', grant: 'none', attempt: 'failed', unattended: true, problem: problem({}) });
  expect(sentence(robot, now)).toBe('MCP Valet could not sign in by itself. It tries again when a program next uses this.');
  expect(primary(robot)).toBeUndefined();
  expect(told(problem({ reason: 'invalid_client' }), true).advice).not.toMatch(/authorize/i);
  expect(told(problem({ reason: 'invalid_grant', advice: 'Authorize again.' }), true).advice).toBe('');
  expect(told(problem({ reason: 'provider_error', advice: 'Authorize again; else tell the operator.' }), true).advice).toBe('');
  const scopes = problem({ reason: 'provider_error', setting: 'oauth.scopes', advice: 'Set oauth.scopes.' });
  expect(told(scopes, true).advice).toMatch(/^Set oauth\.scopes\. Settings shows/);
  expect(primary({ ...robot, state: 'ready', grant: 'live' })).toBeUndefined();
});

it('says of a server that needs no person that it signs in by itself, and offers no sign-in', () => {
  const alone = server({ grant: 'none', renews: false });
  expect(sentence(alone, now)).toBe('Ready. MCP Valet signs in by itself when it is used.');
  expect(primary(alone)).toBeUndefined();
});

describe('a sign-in on another device', () => {
  it('is told from one in the browser', () => {
    const device = { user_code: 'WDJB-MJHT', verification_uri: 'https://linear.app/device' };
    const open = server({ state: 'waiting', grant: 'none', attempt: 'waiting', device });
    expect(sentence(open, now)).toBe('Waiting for you to sign in on another device.');
    expect(sentence({ ...open, device: undefined }, now)).toBe('Waiting for the browser.');
  });

  it('is offered where it can work', () => {
    expect(mayUseDevice(server({}))).toBe(true);
    expect(mayUseDevice(server({ problem: problem({ reason: 'no_device_sign_in' }) }))).toBe(false);
    expect(mayUseDevice(sample('demo', 'http://127.0.0.1:8976/mcp'))).toBe(false);
  });
});

describe('a server that waits for the person', () => {
  it('has one button that says what it does', () => {
    const of = (state: Server['state'], rest: Partial<Server> = {}) => primary(server({ state, grant: 'none', ...rest }));
    expect(of('authorization_required')).toBe('authorize');
    expect(of('lapsed', { grant: 'lapsed' })).toBe('again');
    expect(of('failed')).toBe('retry');
    expect(of('failed', { problem: problem({ reason: 'no_device_sign_in' }) })).toBe('authorize');
    expect(of('choosing_issuer')).toBe('choose');
    expect(of('needs_client_id')).toBe('client');
    expect(of('locked')).toBe('unlock');
    expect(of('waiting')).toBeUndefined();
    expect(of('declined')).toBe('authorize');
  });

  it('can be put off while a sign-in is wanted, and not twice', () => {
    const open = server({ state: 'authorization_required', grant: 'none' });
    expect(mayDecline(open, false)).toBe(false);
    expect(mayDecline(open, true)).toBe(true);
    expect(mayDecline({ ...open, state: 'waiting' }, true)).toBe(true);
    expect(mayDecline({ ...open, state: 'declined', declined: true }, true)).toBe(false);
    expect(mayDecline(server({}), true)).toBe(false);
  });

  it('can be cancelled while somebody else has the turn, whatever works already', () => {
    const open = server({ state: 'waiting', grant: 'none', attempt: 'waiting' });
    expect([mayCancel(open), mayCancel({ ...open, state: 'ready', grant: 'live' })]).toEqual([true, true]);
    expect(mayCancel({ ...open, state: 'failed', attempt: 'failed' })).toBe(false);
  });

  it('says why its sign-in has ended', () => {
    const lapsed = problem({ code: 'lapsed', detail: 'the sign-in to "linear" has ended: it was revoked' });
    expect(sentence(server({ state: 'lapsed', problem: lapsed }), now)).toBe(
      'The sign-in to "linear" has ended: it was revoked.',
    );
  });
});

describe('a problem', () => {
  it('is told in whole sentences, and a host keeps its small letter', () => {
    expect(whole('the keychain is locked')).toBe('The keychain is locked.');
    expect(whole('mcp.example.com could not be reached')).toBe('mcp.example.com could not be reached.');
    expect(whole('/home/ada/config.json: wrong')).toBe('/home/ada/config.json: wrong.');
    expect(whole('')).toBe('');
  });

  it('gives no advice that a button gives', () => {
    expect(told(problem({})).advice).toBe('Try again later.');
    expect(told(problem({ code: 'lapsed', advice: 'Run `mcp-valet authorize linear`.' })).advice).toBe('');
  });

  it('sends nobody to a command line', () => {
    const refused = problem({ reason: 'replacement_refused', advice: 'Run `mcp-valet revoke linear` first, then sign in again.' });
    expect(told(refused).advice).toBe('Revoke it first, then authorize again.');
    for (const code of ['authorization_required', 'lapsed', 'registration_lost', 'declined', 'consent_required'] as const)
      expect(told(problem({ code, advice: 'Run `mcp-valet list`.' })).advice).toBe('');
  });

  it('shows no marks of a command line', () => {
    const scopes = problem({ reason: 'authorization_limit', setting: 'oauth.scopes', advice: 'Ask for the scopes, and set them as `oauth.scopes`.' });
    expect(told(scopes).advice).toBe('Ask for the scopes, and set them as oauth.scopes. Settings shows where the configuration file is.');
  });

  it('says where a setting is that has no place in the window', () => {
    const target = problem({ reason: 'provider_error', setting: 'oauth.resource', advice: 'Set oauth.resource to the identifier that the operator names.' });
    expect(told(target).advice).toMatch(/names\. Settings shows where the configuration file is\.$/);
  });
});
