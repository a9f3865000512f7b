// What other programs list, to look at the Import page with.

import type { Client, Listing, Seen } from '../lib/types';

const seen = (client: Client, program: string, file: string, name: string, project?: string): Seen => ({
  client,
  program,
  file: `/home/ada/${file}`,
  name,
  ...(project !== undefined && { project }),
});
const claude = (name: string, project?: string): Seen => seen('claude-code', 'Claude Code', '.claude.json', name, project);
const cursor = (name: string): Seen => seen('cursor', 'Cursor', '.cursor/mcp.json', name);
const goose = (name: string): Seen => seen('goose', 'goose', '.config/goose/config.yaml', name);

export const LISTED: Listing = {
  servers: [
    { name: 'figma', url: 'https://mcp.figma.com/mcp', seen: [cursor('figma')], disabled: false, older_transport: false, left: ['authorization'] },
    {
      name: 'linear-2',
      url: 'https://linear.contoso.example/mcp',
      seen: [claude('linear', '/home/ada/shop')],
      disabled: false, older_transport: false,
      left: ['client_secret'],
      oauth: { clientId: '5f1c9a7be204', callbackPort: 3334 },
    },
    { name: 'stripe', url: 'https://mcp.stripe.com', seen: [claude('stripe'), cursor('payments'), goose('stripe')], disabled: false, older_transport: false, left: [] },
    { name: 'vercel', url: 'https://mcp.vercel.com', seen: [goose('vercel')], disabled: true, older_transport: false, left: [] },
    { name: 'linear', url: 'https://mcp.linear.app/mcp', seen: [claude('linear'), cursor('tracker')], there: 'linear', disabled: false, older_transport: false, left: [] },
  ],
  others: [
    { why: 'local', seen: cursor('files') },
    { why: 'variables', seen: claude('wiki', '/home/ada/shop') },
    { why: 'key_in_address', seen: goose('exa') },
    { why: 'plain_http', seen: cursor('nas') },
  ],
  notices: [{ program: 'Zed', file: '/home/ada/.config/zed/settings.json', trouble: 'is not JSON as expected (line 12)' }],
};
