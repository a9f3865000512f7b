// What a person pastes into a report. It says states and codes; the texts of problems may quote addresses
// with secrets in them, so they stay out.

import { host } from './address';
import type { Problem, Server, View } from './types';

export function diagnostics(view: View, version: string, platform: string): string {
  const lines = [
    `MCP Valet ${version}`,
    platform,
    `default for programs: ${view.agents}, start at login: ${view.start_at_login ?? 'not here'}`,
    `vault: ${view.vault}${view.locked ? `, ${code(view.locked)}` : ''}`,
    `configuration: ${view.trouble ? code(view.trouble) : 'good'}`,
    `notices: ${view.vault_notices.length + view.notices.length}, questions: ${view.questions.length}, answers: ${view.answers.length}`,
    `servers: ${view.servers.length}`,
    ...view.servers.map(line),
  ];
  return lines.join('\n');
}

const code = (problem: Problem): string => (problem.reason ? `${problem.code}/${problem.reason}` : problem.code);

function line(server: Server): string {
  const parts = [
    `state=${server.state}`,
    `grant=${server.grant}`,
    `attempt=${server.attempt}`,
    server.renews ? 'renews' : '',
    server.expires_at ? `expires=${server.expires_at}` : '',
    server.issuer ? `issuer=${host(server.issuer)}` : '',
    `scopes=${server.scopes_granted.length}/${server.scopes_wanted.length}`,
    server.problem ? `problem=${code(server.problem)}` : '',
  ];
  return `- ${host(server.url)}: ${parts.filter((part) => part !== '').join(' ')}`;
}
