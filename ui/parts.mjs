// Lists what others made and these programs are made with, and under which licences, for the page that says
// so: as cargo and npm know it while the window is built. How many there are is in the page; the texts are a
// file of their own, which is loaded by whoever opens them.

import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PROGRAMS = ['mcp-valet', 'mcp-valet-demo', 'mcp-valet-tray', 'mcp-valetd'];
/** What a part says that names a file instead of a licence. */
const OWN = 'its own';
/** How files are called in which a licence stands, or what has to be said with it. */
const TEXTS = /^(licen[cs]e|copying|copyright|notice|unlicense)/i;

const MODULES = {
  'virtual:parts': () => `export const count = ${all().length}`,
  'virtual:licences': () => `export default JSON.parse(${JSON.stringify(JSON.stringify(licences()))})`,
};

/** A plugin of Vite's: `import { count } from 'virtual:parts'`, `import('virtual:licences')`. */
export function parts() {
  return {
    name: 'parts',
    resolveId: (id) => (id in MODULES ? `\0${id}` : undefined),
    load: (id) => MODULES[id.slice(1)]?.(),
  };
}

let known;

const all = () => (known ??= [...crates(), ...packages()].sort((one, other) => one.name.localeCompare(other.name, 'en')));

/** Every crate that our programs are linked with, or whose macros they are written with. */
function crates() {
  const { packages, resolve } = JSON.parse(cargo('metadata', '--format-version=1', '--locked', `--filter-platform=${target()}`));
  const needs = new Map(resolve.nodes.map((node) => [node.id, node.deps.filter(isLinked).map((one) => one.pkg)]));
  const found = new Set(packages.filter((one) => one.source === null && PROGRAMS.includes(one.name)).map((one) => one.id));
  for (const id of found) for (const need of needs.get(id) ?? []) found.add(need);
  const foreign = packages.filter((one) => one.source !== null && found.has(one.id));
  return foreign.map((one) => part({ ...one, folder: dirname(one.manifest_path) }));
}

const isLinked = (need) => need.dep_kinds.some((one) => one.kind === null);

/** Every package of npm that the pages need. */
function packages() {
  const lock = JSON.parse(readFileSync(join(ROOT, 'ui/package-lock.json'), 'utf8'));
  const needed = Object.entries(lock.packages).filter(([path, one]) => path !== '' && !one.dev);
  return needed.map(([path, one]) => part({ name: path.replace(/^.*node_modules\//, ''), folder: join(ROOT, 'ui', path), ...one }));
}

const part = ({ name, version, license, folder, authors = [] }) => ({
  name,
  version,
  licence: license?.replaceAll('/', ' OR ') ?? OWN,
  texts: texts(folder),
  authors,
});

const texts = (folder) =>
  readdirSync(folder, { withFileTypes: true })
    .filter((one) => one.isFile() && TEXTS.test(one.name))
    .map((one) => readFileSync(join(folder, one.name), 'utf8').trim());

/** Each text once, and each part with those that it comes with. */
function licences() {
  const written = new Map();
  const number = (text) => {
    const key = text.replace(/\s+/g, ' ');
    if (!written.has(key)) written.set(key, [written.size, text]);
    return written.get(key)[0];
  };
  const own = ['LICENSE-MIT', 'LICENSE-APACHE'].map((file) => number(readFileSync(join(ROOT, file), 'utf8').trim()));
  const parts = all().map((one) => ({
    name: one.name,
    version: one.version,
    licence: one.licence,
    texts: [...new Set((one.texts.length > 0 ? one.texts : [missing(one)]).map(number))],
  }));
  return { texts: [...written.values()].map(([, text]) => text), own, parts };
}

/** The text for a part that comes without: that of its licence. */
function missing({ name, licence, authors }) {
  if (/\bMIT\b/.test(licence)) {
    const text = readFileSync(join(ROOT, 'LICENSE-MIT'), 'utf8').trim();
    return text.replace(/^Copyright.*$/m, `Copyright (c) ${authors.join(', ') || `the authors of ${name}`}`);
  }
  const other = all().find((one) => one.licence === licence && one.texts.length > 0);
  if (other === undefined) throw new Error(`${name} has no text for its licence, ${licence}`);
  return other.texts[0];
}

const target = () => /^host: (.*)$/m.exec(run('rustc', '-vV'))[1];
const cargo = (...words) => run('cargo', ...words);
const run = (program, ...words) => execFileSync(program, words, { cwd: ROOT, encoding: 'utf8', maxBuffer: 1 << 28 });
