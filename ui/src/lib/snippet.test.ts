import { expect, it } from 'vitest';
import { snippet } from './snippet';

const linear = { name: 'linear', url: 'https://mcp.linear.app/mcp' };

it('is what Claude Code reads', () => {
  expect(JSON.parse(snippet('claude', linear))).toEqual({
    mcpServers: {
      linear: { type: 'http', url: 'https://mcp.linear.app/mcp', headersHelper: 'mcp-valet headers linear' },
    },
  });
});

it('is what Codex reads', () => {
  expect(snippet('codex', linear)).toBe(
    '[mcp_servers.linear]\nurl = "https://mcp.linear.app/mcp"\nhttp_headers_helper = "mcp-valet headers linear"',
  );
});

it('keeps a name from meaning more to a shell than a name', () => {
  const odd = { ...linear, name: `it's $(me)` };
  expect(JSON.parse(snippet('claude', odd)).mcpServers[odd.name].headersHelper).toBe(
    String.raw`mcp-valet headers 'it'\''s $(me)'`,
  );
  expect(snippet('codex', { ...linear, name: 'my work' })).toContain('[mcp_servers."my work"]');
  expect(snippet('claude', { ...linear, name: '-x' })).toContain('mcp-valet headers -- -x');
  expect(snippet('curl', odd)).toContain(String.raw`'{"server":"it'\''s $(me)"}'`);
});
