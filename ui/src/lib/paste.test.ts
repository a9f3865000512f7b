import { describe, expect, it } from 'vitest';
import { freeName, nameFor, pasted } from './paste';

const names = (text: string): string[] => {
  const what = pasted(text);
  return what.kind === 'snippet' ? what.entries.map((entry) => `${entry.name} ${entry.url}`) : [what.kind];
};

describe('an address', () => {
  it('is taken as it is, or with the https that was left out', () => {
    expect(pasted(' https://mcp.linear.app/mcp\n')).toEqual({ kind: 'address', url: 'https://mcp.linear.app/mcp' });
    expect(pasted('mcp.linear.app/mcp')).toEqual({ kind: 'address', url: 'https://mcp.linear.app/mcp' });
    expect(pasted('"https://mcp.linear.app/mcp",')).toEqual({ kind: 'address', url: 'https://mcp.linear.app/mcp' });
    expect(pasted('http://127.0.0.1:8976/mcp')).toEqual({ kind: 'address', url: 'http://127.0.0.1:8976/mcp' });
  });

  it('is refused if it is none', () => {
    expect(pasted('')).toEqual({ kind: 'wrong', why: 'empty' });
    for (const text of ['linear', 'file:///etc/passwd', 'javascript:alert(1)', 'https://a b']) {
      expect(pasted(text)).toEqual({ kind: 'wrong', why: 'address' });
    }
  });
});

describe('a snippet', () => {
  it('is read from both roots', () => {
    expect(names('{"mcpServers": {"a": {"url": "https://a.example"}, "b": {"url": "https://b.example"}}}')).toEqual([
      'a https://a.example',
      'b https://b.example',
    ]);
    expect(names('{"servers": {"a": {"type": "http", "url": "https://a.example"}}}')).toEqual(['a https://a.example']);
  });

  it('may be the inside of one, with comments and commas', () => {
    expect(names('"a": {"url": "https://a.example"}')).toEqual(['a https://a.example']);
    expect(names('"mcpServers": {\n // mine\n "a": {"url": "https://a.example",},\n},')).toEqual(['a https://a.example']);
    expect(names('{"a": {"url": "https://a.example"}}')).toEqual(['a https://a.example']);
    expect(names('{"type": "http", "url": "https://a.example"}')).toEqual(['address']);
  });

  it('stands for the server behind a bridge', () => {
    expect(names('{"mcpServers": {"a": {"command": "npx", "args": ["-y", "mcp-remote@latest", "https://a.example/sse"]}}}')).toEqual([
      'a https://a.example/sse',
    ]);
  });

  it('says what it leaves out', () => {
    const text = '{"mcpServers": {"a": {"serverUrl": "https://a.example", "headers": {"X": "y"}}, "files": {"command": "x"}, "b": {}}}';
    expect(pasted(text)).toEqual({
      kind: 'snippet',
      entries: [{ name: 'a', url: 'https://a.example', headers: { X: 'y' } }],
      skipped: [
        { name: 'files', why: 'local' },
        { name: 'b', why: 'address' },
      ],
    });
  });

  it('keeps the client that it names', () => {
    const what = pasted('{"mcpServers": {"slack": {"url": "https://mcp.slack.com/mcp", "oauth": {"clientId": "1"}}}}');
    expect(what).toMatchObject({ entries: [{ oauth: { clientId: '1' } }] });
  });

  it('is refused if it is broken or empty', () => {
    expect(pasted('{"mcpServers": {')).toEqual({ kind: 'wrong', why: 'json' });
    expect(pasted('{"mcpServers": {}}')).toEqual({ kind: 'wrong', why: 'none' });
    expect(pasted('{"mcpServers": {"a": {"url": "javascript:alert(1)"}}}')).toEqual({ kind: 'wrong', why: 'none' });
  });
});

describe('a name', () => {
  it('comes from the host', () => {
    expect(nameFor('https://mcp.linear.app/mcp')).toBe('linear');
    expect(nameFor('https://example.com')).toBe('example');
    expect(nameFor('http://127.0.0.1:8976/mcp')).toBe('127.0.0.1');
    expect(nameFor('http://localhost/mcp')).toBe('localhost');
    expect(nameFor('https://.tracker.example/mcp')).toBe('tracker');
    expect(nameFor('https://.example/mcp')).toBe('.example');
  });

  it('gets a number if it is taken', () => {
    expect(freeName('linear', ['slack'])).toBe('linear');
    expect(freeName('linear', ['linear', 'linear-2'])).toBe('linear-3');
  });
});
