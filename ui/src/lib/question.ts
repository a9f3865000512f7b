// Questions, in words.

import { say } from './say';
import type { About, Form, Question } from './types';

/** What is asked, in one line. */
export function asked({ about }: Question): string {
  switch (about.kind) {
    case 'use':
      return about.servers.length > 1
        ? say('question-use-several', { agent: about.agent, count: about.servers.length })
        : say('question-use', { agent: about.agent, server: about.servers.map(({ server }) => server).join('') });
    case 'call':
      return say('question-call', { agent: about.agent, tool: about.call.name, server: about.call.server });
    case 'account': {
      const [only] = about.accounts;
      return about.named && only ? say('question-account-of', { agent: about.agent, server: only.server }) : say('question-account', { agent: about.agent, host: about.host });
    }
    case 'add':
      return say('question-add', { agent: about.agent, server: about.server });
    case 'key':
      return say(about.replaces ? 'question-key-replace' : 'question-key', { agent: about.agent, server: about.server });
    case 'files':
      if (about.moves) return say('question-moves', { agent: about.agent });
      if (about.lost.length > 0) return say('question-forget', { agent: about.agent });
      return say(about.undo ? 'question-files-back' : 'question-files', { agent: about.agent });
    case 'forward':
      return say('question-forward', { agent: about.agent, host: about.host });
    case 'replace':
      return say('question-replace', { server: about.server });
    case 'sign_in':
      return say('question-sign-in', { server: about.server });
    case 'configuration':
      return say('question-configuration');
  }
}

/** Where it leads: the host of what is asked about, where that is one. */
export function host({ about }: Question): string {
  if (about.kind === 'add' || about.kind === 'key') return about.host;
  if (about.kind === 'account') return about.named ? about.host : '';
  if (about.kind === 'call') return about.call.host;
  return about.kind === 'use' && about.servers.length === 1 ? about.servers.map(({ host }) => host).join('') : '';
}

/** What a yes and a no are called, where so many of the servers are ticked. */
export function words(about: About, ticked: number, forTool = false): { yes: string; no: string } {
  switch (about.kind) {
    case 'use': {
      const all = about.servers.length;
      return {
        yes: ticked === all ? say('question-allow') : say('question-allow-some', { count: ticked, all }),
        no: say('question-deny'),
      };
    }
    case 'call':
      return forTool
        ? { yes: say('question-call-yes-tool'), no: say('question-call-no-tool') }
        : { yes: say('question-call-yes'), no: say('question-deny') };
    case 'account':
      return { yes: say('question-account-yes'), no: about.named ? say('question-deny') : say('question-account-no') };
    case 'add':
      return { yes: say('question-add-yes'), no: say('question-add-no') };
    case 'key':
      return { yes: say('question-key-yes'), no: say('question-key-no') };
    case 'files':
      if (about.lost.length > 0) return { yes: say('question-forget-yes'), no: say('question-forget-no') };
      return { yes: say(about.moves ? 'question-moves-yes' : 'question-files-yes'), no: say('question-files-no') };
    case 'forward':
      return { yes: say('question-forward-yes'), no: say('question-forward-no') };
    case 'replace':
      return { yes: say('question-replace-yes'), no: say('question-replace-no') };
    case 'sign_in':
      return { yes: say(`question-sign-in-yes-${about.shared.what}`), no: say('question-sign-in-no') };
    case 'configuration':
      return { yes: say('question-configuration-yes'), no: say('question-configuration-no') };
  }
}

const HOUR = 3600;

/** What the form of a credential means, if it is good for so many seconds. */
export function formNote(form: Form, seconds: number | null): string {
  if (form === 'proxied') return say('question-form-proxied-note');
  return seconds === null ? say(`question-form-${form}-note-unknown`) : say(`question-form-${form}-note`, { long: untilGood(seconds) });
}

/** For how long a token is good, in words; for how long it is said to be. */
function untilGood(seconds: number): string {
  if (seconds < 0.9 * HOUR) return say('question-minutes', { count: Math.max(1, Math.round(seconds / 60)) });
  if (seconds <= 36 * HOUR) return say('question-hours', { count: Math.round(seconds / HOUR) });
  return say('question-days', { count: Math.round(seconds / (24 * HOUR)) });
}
