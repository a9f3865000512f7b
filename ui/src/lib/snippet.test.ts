import { expect, it } from 'vitest';
import { askedBy, snippet } from './snippet';

const places = { command: 'mcp-valet', socket: '/run/user/1000/mcp-valet/agent.sock' };
const linear = { name: 'linear', url: 'https://mcp.linear.app/mcp' };

it('is what adds it to Claude Code', () => {
  expect(snippet('claude', linear, places)).toBe('claude mcp add -s user linear -- mcp-valet connect linear');
});

it('is what Codex reads', () => {
  expect(snippet('codex', linear, places)).toBe(
    '[mcp_servers.linear]\ncommand = "mcp-valet"\nargs = ["connect", "linear"]',
  );
});

it('is what VS Code reads', () => {
  expect(JSON.parse(snippet('vscode', { ...linear, name: 'my work' }, places))).toEqual({
    servers: { 'my work': { type: 'http', url: 'unix:///run/user/1000/mcp-valet/agent.sock#/mcp/my%20work' } },
  });
});

it('is what programs start that start their servers', () => {
  const started = (name: string) => JSON.parse(snippet('other', { ...linear, name }, places)).mcpServers[name];
  expect(started('linear')).toEqual({ command: 'mcp-valet', args: ['connect', 'linear'] });
  expect(started('my work')).toEqual({ command: 'mcp-valet', args: ['connect', 'my work'] });
  expect(started('-x')).toEqual({ command: 'mcp-valet', args: ['connect', '--', '-x'] });
});

it('is what a shell runs', () => {
  expect(snippet('curl', linear, places)).toBe(
    [
      'curl --unix-socket /run/user/1000/mcp-valet/agent.sock \\',
      '  http://localhost/v1/token \\',
      `  -d '{"server":"linear"}'`,
    ].join('\n'),
  );
});

it('names the command line by its path where no other leads to it', () => {
  const inside = { ...places, command: '/home/ada lovelace/bin/mcp-valet' };
  expect(snippet('codex', linear, inside)).toContain('command = "/home/ada lovelace/bin/mcp-valet"');
  expect(snippet('claude', linear, inside)).toContain("-- '/home/ada lovelace/bin/mcp-valet' connect linear");
});

it('keeps a name from meaning more to a shell than a name', () => {
  const odd = { ...linear, name: `it's $(me)` };
  expect(snippet('claude', odd, places)).toContain(String.raw`mcp-valet connect 'it'\''s $(me)'`);
  expect(snippet('codex', { ...linear, name: 'my work' }, places)).toContain('[mcp_servers."my work"]');
  expect(snippet('claude', { ...linear, name: '-x' }, places)).toContain('mcp-valet connect -- -x');
  expect(snippet('curl', odd, places)).toContain(String.raw`'{"server":"it'\''s $(me)"}'`);
});

it('asks by the address where the folder says which account is meant', () => {
  const acme = { name: 'linear-acme', url: linear.url, folders: ['~/work/acme'] };
  const other = { name: 'other', url: 'https://mcp.example/mcp' };
  expect(askedBy(linear, [linear, acme, other])).toBe(linear.url);
  expect(askedBy(acme, [linear, acme, other])).toBe(linear.url);
  expect(askedBy(other, [linear, acme, other])).toBe('other');
  expect(askedBy(linear, [linear, other])).toBe('linear');
  expect(snippet('claude', acme, places, linear.url)).toBe(
    `claude mcp add -s user linear-acme -- mcp-valet connect ${linear.url}`,
  );
  expect(snippet('curl', acme, places, linear.url)).toContain(`{"server":"${linear.url}"}`);
  expect(snippet('vscode', acme, places, linear.url)).toContain('#/mcp/https%3A%2F%2Fmcp.linear.app%2Fmcp"');
});
