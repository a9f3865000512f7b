// A picture of a check, with all that one can have in it.

import type { Report } from '../lib/types';

const METADATA = 'https://files.contoso.example/.well-known/oauth-protected-resource/teams/a-department-with-a-long-name/mcp';

export const REPORT: Report = {
  url: 'https://files.contoso.example/teams/a-department-with-a-long-name/mcp',
  outcome: 'trouble',
  steps: [
    {
      title: 'The server',
      exchanges: [
        { request: 'POST https://files.contoso.example/teams/a-department-with-a-long-name/mcp', answer: '401 application/json' },
      ],
      findings: [
        {
          verdict: 'ok',
          code: 'unauthorized',
          text: 'It asks for a sign-in.',
          rule: { says: 'A server that needs a token answers 401', source: 'MCP authorization, Error Handling' },
        },
        { verdict: 'note', code: 'no_challenge', text: 'The 401 carries no Bearer challenge.' },
      ],
    },
    {
      title: 'What the server says of itself',
      exchanges: [
        { request: `GET ${METADATA}`, answer: '200 application/json' },
        { request: 'GET https://files.contoso.example/.well-known/oauth-protected-resource', answer: 'the connection was refused' },
      ],
      findings: [
        {
          verdict: 'trouble',
          code: 'resource_mismatch',
          text: 'The server is https://files.contoso.example/teams/a-department-with-a-long-name/mcp, but its own metadata says that it is http://files.internal.contoso.example:8080/.',
          rule: { says: 'The resource is the URL that the metadata was asked for', source: 'RFC 9728, section 3.3' },
          remedy: {
            who: 'server_operator',
            what: 'Set "resource" to exactly https://files.contoso.example/teams/a-department-with-a-long-name/mcp.',
          },
        },
      ],
    },
    {
      title: 'login.contoso.example',
      exchanges: [],
      findings: [
        {
          verdict: 'trouble',
          code: 'no_pkce',
          text: 'It does not say that it supports PKCE with S256.',
          rule: { says: 'A client goes on only if PKCE is supported', source: 'MCP authorization, PKCE' },
          remedy: { who: 'issuer_operator', what: 'Add "code_challenge_methods_supported": ["S256"] to its metadata.' },
        },
      ],
    },
  ],
};
