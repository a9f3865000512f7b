// Other programs and their files, as the samples have them.

import type { ClientStanding, FileChange, FilesPlanned, LostWay, Moves, SecretsLying, SetUpFile } from '../lib/types';

const standing = (client: string, program: string, file: string, more: Partial<ClientStanding> = {}): ClientStanding => ({
  client,
  program,
  file,
  led: [],
  missing: ['linear', 'notion'],
  ours: false,
  trouble: null,
  ...more,
});

export const CLIENTS: ClientStanding[] = [
  standing('claude-code', 'Claude Code', '~/.claude.json', { led: ['linear', 'notion'], missing: [], ours: true }),
  standing('codex', 'Codex', '~/.codex/config.toml', { led: ['linear'], missing: ['notion'], ours: true }),
  standing('cursor', 'Cursor', '~/.cursor/mcp.json'),
  standing('zed', 'Zed', '~/.config/zed/settings.json', { trouble: 'is not JSON as expected (line 12)' }),
];

export const CHANGES: FileChange[] = [
  {
    program: 'Codex',
    file: '~/.codex/config.toml',
    leads_to: '~/dotfiles/codex.toml',
    is_new: false,
    is_gone: false,
    in_project: false,
    lines: [
      { line: 14, before: [], after: ['[mcp_servers.linear]', 'command = "/home/ada/.local/bin/mcp-valet"', 'args = ["connect", "linear"]'] },
    ],
  },
  {
    program: 'Cursor',
    file: '~/.cursor/mcp.json',
    leads_to: null,
    is_new: false,
    is_gone: false,
    in_project: false,
    lines: [
      {
        line: 6,
        before: ['{ "url": "https://mcp.linear.app/mcp" }'],
        after: ['{ "command": "/home/ada/.local/bin/mcp-valet", "args": ["connect", "linear"] }'],
      },
    ],
  },
];

export const PLANNED: FilesPlanned = { files: CHANGES.slice(0, 1), left: [], moves: null, returns: [], lost: [], mark: 'x' };

export const LOST: LostWay[] = [
  { program: 'Cursor', file: '~/.cursor/mcp.json', why: 'is not where it was when it was written', keys: ['github/key', 'brave/BRAVE_API_KEY'] },
  { program: 'Zed', file: '~/.config/zed/settings.json', why: 'is not where it was when it was written', keys: [] },
];

export const MOVES: Moves = {
  servers: [
    { name: 'github', place: 'https://api.githubcopilot.com/mcp/', is_new: true, secrets: ['header Authorization'], programs: ['Codex', 'Cursor'] },
    { name: 'github-zed', place: 'https://api.githubcopilot.com/mcp/', is_new: true, secrets: ['header Authorization'], programs: ['Zed'] },
    { name: 'brave', place: 'npx -y @brave/brave-search-mcp-server', is_new: true, secrets: ['variable BRAVE_API_KEY'], programs: ['Cursor'] },
    { name: 'linear', place: 'https://mcp.linear.app/mcp', is_new: false, secrets: [], programs: ['Cursor'] },
  ],
  stays: [
    {
      program: 'Cursor',
      file: '~/.cursor/mcp.json',
      name: 'postgres',
      why: 'a secret is an argument, which every user of this computer can read',
      secrets: ['argument 3'],
    },
  ],
  copies: [{ file: '~/.cursor/mcp.json.bak', secrets: 2 }],
};

export const MOVES_PLANNED: FilesPlanned = { files: CHANGES, left: [], moves: MOVES, returns: [], lost: [], mark: 'x' };

export const LYING: SecretsLying = {
  entries: [
    { program: 'Codex', file: '~/.codex/config.toml', project: null, name: 'github', secrets: ['header Authorization'] },
    { program: 'Claude Code', file: '~/.claude.json', project: '/home/ada/shop', name: 'brave', secrets: ['variable BRAVE_API_KEY'] },
  ],
  copies: [{ file: '~/.claude/backups/.claude.json.backup', secrets: 1 }],
};

export const CHANGED: SetUpFile[] = [{ client: 'codex', program: 'Codex', file: '~/.codex/config.toml', servers: ['linear'] }];
