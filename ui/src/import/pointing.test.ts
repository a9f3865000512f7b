import { expect, it } from 'vitest';
import type { Client, Offer } from '../lib/types';
import { entries, pointers } from './pointing';

const places = { command: 'mcp-valet', socket: '/run/user/1000/mcp-valet/agent.sock' };
const two = [
  { name: 'linear', url: 'https://mcp.linear.app/mcp' },
  { name: 'my work', url: 'https://mcp.example.com/mcp' },
];

it('gives each program one snippet in its own form', () => {
  const read = (client: Client) => JSON.parse(entries(client, two, places));
  expect(Object.keys(read('claude-code').mcpServers)).toEqual(['linear', 'my work']);
  expect(read('cline').mcpServers.linear).toEqual({ transport: { type: 'stdio', command: 'mcp-valet', args: ['connect', 'linear'] } });
  expect(read('vscode').servers.linear.url).toContain('#/mcp/linear');
  expect(read('zed').context_servers['my work']).toEqual({ command: 'mcp-valet', args: ['connect', 'my work'] });
  expect(read('opencode').mcp.linear).toEqual({ type: 'local', command: ['mcp-valet', 'connect', 'linear'] });
  for (const client of ['claude-code', 'claude-desktop', 'cursor', 'windsurf', 'gemini', 'copilot', 'qwen', 'mcporter'] as const) {
    expect(read(client).mcpServers.linear).toEqual({ command: 'mcp-valet', args: ['connect', 'linear'] });
  }
  expect(entries('codex', two, places)).toContain('[mcp_servers."my work"]');
});

it('writes YAML for those who read YAML', () => {
  expect(entries('goose', two.slice(0, 1), places)).toBe(
    'extensions:\n  "linear":\n    name: "linear"\n    type: stdio\n    cmd: "mcp-valet"\n    args: ["connect","linear"]\n    enabled: true\n    timeout: 300',
  );
  expect(entries('continue', [{ name: '-x', url: '' }], places)).toBe(
    'mcpServers:\n  - name: "-x"\n    command: "mcp-valet"\n    args: ["connect","--","-x"]',
  );
});

it('has one pointer for each file, with all that is listed there', () => {
  const seen = (file: string, client: Client) => ({ client, program: client, file, name: 'x' });
  const offer = (name: string, files: string[]): Offer => ({
    name,
    url: `https://${name}.example.com/mcp`,
    seen: files.map((file) => seen(file, 'cursor')),
    disabled: false,
    older_transport: false,
    left: [],
  });
  const all = pointers([offer('a', ['/one', '/two', '/one']), offer('b', ['/two'])], places);
  expect(all.map(({ file }) => file)).toEqual(['/one', '/two']);
  expect(Object.keys(JSON.parse(all[1]?.text ?? '').mcpServers)).toEqual(['a', 'b']);
});
