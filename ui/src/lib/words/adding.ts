// Adding a server, or many at once.

import { plural } from './plural';
import type { Left, Why } from '../types';

const LEFT: Record<Left, string> = {
  authorization: 'Has its own Authorization header; MCP Valet would sign in instead.',
  headers: 'Its own headers are not copied.',
  client_secret: 'Its client secret is not copied; fill it in under Details.',
  client: 'Its client ID is kept elsewhere and is not copied.',
};

const WHY: Record<Why, string> = {
  local: 'runs on this computer and needs no sign-in',
  uses_valet: 'uses MCP Valet already',
  no_address: 'has no address that can be used',
  plain_http: 'goes over the network without https',
  variables: 'has an address that only that program can fill in',
  key_in_address: 'has a key in its address, so it needs no sign-in',
};

export const adding = {
  label: 'Address, or a configuration to copy from',
  placeholder: 'https://mcp.example.com/mcp',
  hint: 'Paste the server’s address, or a whole “mcpServers” snippet of another program.',
  look: 'Continue',
  looking: 'Looking…',
  lookingAt: (host: string): string => `Asking ${host}…`,
  found: 'Found',
  name: 'Name',
  nameNote: 'as your programs will call it',
  there: (name: string): string => `This address is here already, as ${name}. Under another name it can have another account.`,
  open: (name: string): string => `Open ${name}`,
  signsInAt: 'Signs in at',
  signsInChoice: 'Signs in at one of',
  scopes: 'Asks for',
  noScopes: 'no named permissions',
  registers: 'No preparation needed: you can sign in at once.',
  needsClient: 'Needs a client ID',
  save: 'Add',
  saveMany: (count: number): string => `Add ${plural(count, 'server', 'servers')}`,
  saveAnyway: 'Add it anyway',
  saving: 'Adding…',
  change: 'Change',
  chooseMany: 'Servers in this snippet',
  already: 'Already here',
  added: (count: number): string => `${plural(count, 'server was', 'servers were')} added.`,
  skipped: { local: 'runs on this computer and needs no sign-in', address: 'has no address' },
  headers: 'Its headers are left out; MCP Valet brings its own.',
  later: 'Add it now, fill this in later',
  wrong: {
    empty: 'Paste an address or a snippet.',
    address: 'This is not an address. It begins with https://.',
    json: 'This looks like a snippet, but it is not complete. Copy it from the first { to the last }.',
    none: 'There is no server with an address in this snippet.',
  },
};

export const importing = {
  title: 'Import',
  from: 'Import from other programs',
  under: 'Servers that other programs on this computer list. Nothing there is changed.',
  looking: 'Reading their lists…',
  nothing: 'No other program lists any servers here.',
  nothingNew: 'Everything that can be added is here already.',
  choose: 'Choose what to add',
  add: (count: number): string => `Add ${plural(count, 'server', 'servers')}`,
  adding: 'Adding…',
  added: 'Added',
  called: (name: string): string => `called ${name} there`,
  disabled: 'Switched off there',
  client: 'Its client ID is taken over.',
  left: LEFT,
  here: 'Already here',
  others: (count: number): string => `${plural(count, 'entry', 'entries')} not for MCP Valet`,
  why: WHY,
  unread: (program: string): string => `${program}: this file`,
  point: 'Let your programs use them',
  pointNote: 'Each goes on signing in by itself until its own entry leads here. Put this in place of the old entry:',
  open: (name: string): string => `Open ${name}`,
};
