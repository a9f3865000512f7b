import { expect, it } from 'vitest';
import { problem } from '../dev/pieces';
import english from '../../../crates/words/en/window/advice.ftl?raw';
import { told } from './advice';
import type { Reason } from './types';

/** Texts of the valet that are meant for a command line or an editor, each with its reason. */
const ELSEWHERE: [Reason, string][] = [
  ['registration_missing', 'Register a client there and set oauth.clientId (and oauth.clientSecret if you got one).'],
  ['registration_refused', 'Register a client there yourself and set oauth.clientId.'],
  ['redirect_uri_refused', 'Have exactly http://localhost:3118/callback allowed there, or set oauth.callbackPort.'],
  ['redirect_uri_shared', 'Give one of them another `oauth.callbackPath` or `oauth.callbackPort`.'],
  ['page_shared', 'Say so where MCP Valet can ask you, or write it as mcpServers.linear.oauth.authorizationServer.'],
  ['token_for_another', 'Name what it is for in oauth.resource of "linear", or set its verify to "off".'],
  ['invalid_client', 'Authorize again. If you configured a client ID, check oauth.tokenEndpointAuthMethod.'],
  ['port_in_use', "End that program (`ss -ltnp 'sport = :3118'` names it), or set another `oauth.callbackPort`."],
  ['cannot_listen', 'Check that programs may listen on this machine, or set another `oauth.callbackPort`.'],
  ['replacement_refused', 'Run `mcp-valet revoke linear` first, then sign in again.'],
  ['choosing_issuer', 'Choose one: `mcp-valet authorize linear --issuer https://a.example`.'],
  ['there_already', 'Edit its `oauth` block in the configuration, or remove it first.'],
  ['issuer_changed', 'If that is meant, put its ID into mcpServers.linear.oauth.clientId.'],
  ['lasting_token', 'Use `mcp-valet connect linear` or /mcp/linear on the socket, or set "handOut": "token" for this server.'],
  ['bound_to_a_key', 'Use `mcp-valet connect linear` or /mcp/linear on the socket.'],
  ['no_device_sign_in', 'Sign in with `mcp-valet authorize SERVER --no-browser`, and take "device_code" out of oauth.grant.'],
  ['no_browser_sign_in', 'If a program is to sign in by itself there, set oauth.grant to "client_credentials".'],
  ['no_sign_in_needed', 'Use it, for example with `mcp-valet token linear`.'],
  ['insufficient_scope', 'Run `mcp-valet authorize linear` to sign in for these as well.'],
  ['refused_by_server', 'Run `mcp-valet authorize linear` to sign in again.'],
  ['configuration_waits', 'Answer the question where MCP Valet runs, or restart it.'],
];

it.each(ELSEWHERE)('for %s is what the window has a place for', (reason, advice) => {
  expect(told(problem({ reason, advice })).advice).not.toMatch(/`|mcp-valet |oauth|where MCP Valet runs/);
});

it('is in plain words everywhere', () => {
  const texts = [...english.matchAll(/^advice-[^=]*= (.*)$/gm)].map(([, text = '']) => text.replace('{ "" }', ''));
  expect(texts.length).toBeGreaterThan(50);
  for (const text of texts) expect(text).not.toMatch(/`|"|oauth\.|URI of|issuer/);
});
