// What to paste into other programs.

export const CLIENTS = ['claude', 'codex', 'curl'] as const;
export type Client = (typeof CLIENTS)[number];

export const CLIENT_NAMES: Record<Client, string> = {
  claude: 'Claude Code',
  codex: 'Codex',
  curl: 'curl',
};

interface Named {
  name: string;
  url: string;
}

export function snippet(client: Client, server: Named): string {
  switch (client) {
    case 'claude':
      return json({
        mcpServers: { [server.name]: { type: 'http', url: server.url, headersHelper: helper(server.name) } },
      });
    case 'codex':
      return [
        `[mcp_servers.${tomlKey(server.name)}]`,
        `url = ${tomlText(server.url)}`,
        `http_headers_helper = ${tomlText(helper(server.name))}`,
      ].join('\n');
    case 'curl':
      return [
        'curl --unix-socket "$XDG_RUNTIME_DIR/mcp-valet/agent.sock" \\',
        '  http://localhost/v1/token \\',
        `  -d ${quoted(JSON.stringify({ server: server.name }))}`,
      ].join('\n');
  }
}

const json = (value: unknown): string => JSON.stringify(value, null, 2);

const helper = (name: string): string => `mcp-valet headers ${shellWord(name)}`;

/** A name as a shell takes it. One that begins with a dash is no option. */
function shellWord(text: string): string {
  const word = /^[\w./:@%+-]+$/.test(text) ? text : quoted(text);
  return text.startsWith('-') ? `-- ${word}` : word;
}

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** TOML's basic strings escape as JSON's do. */
const tomlText = (text: string): string => JSON.stringify(text);

const tomlKey = (text: string): string => (/^[A-Za-z0-9_-]+$/.test(text) ? text : tomlText(text));
