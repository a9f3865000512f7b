// What a person reads, in their language: the messages of crates/words by name.

import { FluentBundle, FluentResource, type FluentVariable } from '@fluent/bundle';
import type { Messages } from './messages';
import { named } from './named';

/** The language that has every message. */
const FIRST = 'en';

/**
 * The pseudo-locale of Unicode (CLDR): English with marks, by which a text that is in no file shows itself.
 */
const MARKED = 'en-XA';

const files = import.meta.glob<string>('../../../crates/words/*/window/*.ftl', { query: '?raw', import: 'default', eager: true });

/** The language and the country of this person, as the shell tells it with the page's address. */
export const locale = told(globalThis.location?.search ?? '');

function told(query: string): string {
  try {
    return Intl.getCanonicalLocales(new URLSearchParams(query).get('locale') ?? '')[0] ?? 'en-GB';
  } catch {
    return 'en-GB';
  }
}

function bundle(tag: string): FluentBundle {
  const language = tag.split('-')[0] ?? FIRST;
  const made: FluentBundle = new FluentBundle(tag, {
    functions: { NAME: ([name]): string => named(String(name), quotes) },
    // As in the valet: no marks around what is filled in, which are copied along and shown by some.
    useIsolating: false,
    ...(tag === MARKED && { transform: (text: string) => (text.trim() === '' ? text : `⟦${text}⟧`) }),
  });
  for (const [path, text] of Object.entries(files)) {
    if (path.includes(`/${language}/window/`)) made.addResource(new FluentResource(text));
  }
  const quotes: string[] = (formatted(made, 'name-in-quotes', { name: '\0' }) ?? '\0').split('\0');
  return made;
}

const bundles = [bundle(locale), bundle('en-GB')];

function formatted(bundle: FluentBundle, id: string, told: Record<string, FluentVariable> = {}): string | undefined {
  const pattern = bundle.getMessage(id)?.value;
  return pattern ? bundle.formatPattern(pattern, told, []) : undefined;
}

/** What a message has to be told; nothing for most. */
type Told<Id extends keyof Messages> = Messages[Id] extends null ? [] : [NonNullable<Messages[Id]>];

/** The message `id`. What is missing in a language is said in English. */
export function say<Id extends keyof Messages>(id: Id, ...told: Told<Id>): string {
  for (const bundle of bundles) {
    const text = formatted(bundle, id, told[0]);
    if (text !== undefined) return text;
  }
  return id;
}

/** Whether there is such a message. */
export const isMessage = (id: string): id is keyof Messages => bundles.some((bundle) => bundle.hasMessage(id));
