// An MCP server on standard input and output that has all that a server may have: the official TypeScript
// SDK.

import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { toolbox } from './toolbox.mjs';

await toolbox(true).connect(new StdioServerTransport());
