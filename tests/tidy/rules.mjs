// What the project asks of its own code. Each rule takes the tree (tree.mjs) and gives findings: {path, line, text}.
import { dirname, posix } from 'node:path';
import { codeOf, functionsOf, includesOf } from './cpp.mjs';
import { inCorpus, isCode, isCpp, lineOf } from './tree.mjs';

const fileLinesMax = 500;
const functionLinesMax = 70;
const fileBytesMax = 1 << 20;

/** Findings of every match of `pattern` in `code`, which has the same lines as the file. */
function matches(path, code, pattern, text) {
  return [...code.matchAll(pattern)].map((m) => ({ path, line: lineOf(code, m.index), text: typeof text === 'function' ? text(m) : text }));
}

export function lengths(tree) {
  const found = [];
  for (const [path, text] of tree) {
    if (!isCode(path)) continue;
    const lines = text.split('\n').length - 1;
    if (lines > fileLinesMax) found.push({ path, line: fileLinesMax + 1, text: `the file has ${lines} lines; at most ${fileLinesMax}` });
    const bodies = isCpp(path) ? functionsOf(text) : /\.sh$|^dev$/.test(path) ? shellFunctionsOf(text) : [];
    for (const body of bodies) {
      if (body.lines > functionLinesMax) found.push({ path, line: body.line, text: `${body.name} has ${body.lines} lines; at most ${functionLinesMax}` });
    }
  }
  return found;
}

function shellFunctionsOf(text) {
  return [...text.matchAll(/^(\w+)\(\) \{(?:[^\n]*\n)(?:(?!\}).*\n)*\}/gm)].map((m) => ({
    name: m[1], line: lineOf(text, m.index), lines: m[0].split('\n').length }));
}

/** Room -> the rooms it may include, from src/CMakeLists.txt's ABOVE lists, followed upwards. */
export function streetOf(cmake) {
  const street = new Map();
  const found = [];
  for (const m of cmake.matchAll(/^skerry_room\((\w+)([^)]*)\)/gm)) {
    const above = /\bABOVE\s+([\w\s]*?)\s*(?:LINKS|$)/.exec(m[2].trim())?.[1].split(/\s+/).filter(Boolean) ?? [];
    const reach = new Set([m[1]]);
    for (const room of above) {
      if (!street.has(room)) found.push({ path: 'src/CMakeLists.txt', line: lineOf(cmake, m.index), text: `${m[1]} names ${room}, which does not stand above it` });
      for (const further of street.get(room) ?? []) reach.add(further);
    }
    street.set(m[1], reach);
  }
  return { street, found };
}

export function direction(tree) {
  const { street, found } = streetOf(tree.get('src/CMakeLists.txt') ?? '');
  for (const [path, text] of tree) {
    const room = /^src\/(\w+)\//.exec(path)?.[1];
    if (!room || !isCpp(path)) continue;
    if (!street.has(room)) { found.push({ path, line: 1, text: `src/${room} is not a room of src/CMakeLists.txt` }); continue; }
    for (const include of includesOf(text)) {
      const other = include.path.split('/')[0];
      if (!include.path.includes('/')) found.push({ path, line: include.line, text: `"${include.path}": include with the room's name` });
      else if (!street.has(other)) found.push({ path, line: include.line, text: `"${include.path}" is in no room` });
      else if (!street.get(room).has(other)) found.push({ path, line: include.line, text: `${room} may not include ${other}: it stands beside or below it` });
    }
  }
  return found;
}

const bans = [
  [/\bstd::rand\b|(?<![\w.:>])s?rand\s*\(/g, 'rand(): take <random> or libsodium'],
  [/\b(v?sprintf|strcpy|strcat|gets|strtok)\s*\(/g, (m) => `${m[1]}(): it knows no bounds`],
  [/(?<![\w.>])(?:std::)?system\s*\(/g, 'system(): no shell is started'],
  [/\bstd::sto(?:i|l|ll|ul|ull|f|d|ld)\b|(?<![\w.:>])ato(?:i|l|ll|f)\s*\(/g, 'std::stoi and its like throw or guess: use std::from_chars'],
  [/\busing\s+namespace\s+std\s*;/g, 'using namespace std'],
  [/\breinterpret_cast<(?!(?:const )?(?:unsigned char|char|std::uint8_t|std::byte|void|Bytef|sockaddr\w*|crypto_\w+)(?: const)?\s*\*>)[^>]*>/g,
    'reinterpret_cast other than to bytes for a C function'],
];
const bansInRooms = [
  [/(?<![\w.:>])(?:std::)?(?:f|v|vf)?printf\s*\(|(?<![\w.:>])f?puts\s*\(/g, 'printing outside cli/: use base/log.hpp', /^src\/cli\//],
  [/\bstd::(?:cout|cerr|clog)\b/g, 'printing outside cli/: use base/log.hpp', /^src\/cli\//],
  [/\bco_(?:await|return|yield)\b/g, 'a coroutine outside net/ (g++ 12 miscompiles them)', /^src\/net\//],
  [/(?<!unique_ptr<[^;\n]*>(?: \w+)?\()(?<![\w:]operator )\bnew\s+[\w:(]/g, 'raw new: std::make_unique', /^$/],
  [/(?<!=\s*)(?<!operator )\bdelete\b(?:\s*\[\])?\s+[\w*(]/g, 'raw delete: let an owner do it', /^$/],
];

export function bannedCalls(tree) {
  const found = [];
  for (const [path, text] of tree) {
    if (!isCpp(path)) continue;
    const code = codeOf(text);
    for (const [pattern, why] of bans) found.push(...matches(path, code, pattern, why));
    if (!path.startsWith('src/')) continue;
    for (const [pattern, why, allowed] of bansInRooms) if (!allowed.test(path)) found.push(...matches(path, code, pattern, why));
  }
  return found;
}

export function skipsSayWhy(tree) {
  return [...tree].filter(([path]) => path.startsWith('tests/') && isCpp(path)).flatMap(([path, text]) =>
    matches(path, codeOf(text), /\bGTEST_SKIP\s*\(\s*\)\s*;|\bTEST\w*\s*\(\s*(?:DISABLED_|\w+\s*,\s*DISABLED_)/g, 'a test left out without a reason'));
}

export function roomsHaveReadmes(tree) {
  const { street } = streetOf(tree.get('src/CMakeLists.txt') ?? '');
  return [...street.keys()].flatMap((room) => {
    const lines = (tree.get(`src/${room}/README.md`) ?? '').split('\n').filter((line) => line.trim()).length;
    if (lines >= 4) return [];
    return [{ path: `src/${room}/README.md`, line: 1, text: lines ? 'too short to say what lives here, what may not, who calls it' : 'the room has no README' }];
  });
}

/** Every file must be reached by something: compiled, included, embedded, linked to. */
export function orphans(tree) {
  const found = [];
  const included = new Set([...tree].filter(([path]) => isCpp(path)).flatMap(([path, text]) =>
    includesOf(text).flatMap((include) => [`src/${include.path}`, posix.join(dirname(path), include.path), `tests/${include.path}`].filter((to) => to !== path))));
  const mentions = (path, where) => {
    const stem = path.split('/').pop().replace(/^_/, '').split('.')[0];
    return [...tree].some(([other, text]) => other !== path && where.test(other) && new RegExp(`(^|[^\\w-])_?${stem}($|[^\\w-])`, 'm').test(text));
  };
  for (const path of tree.keys()) {
    let why = '';
    if (/\.(hpp|def)$/.test(path) && !included.has(path)) why = 'nothing includes it';
    else if (/^src\/\w+\/.+\/.*\.cpp$/.test(path)) why = 'it lies below its room, where nothing compiles it';
    else if (/^tests\/.*\.cpp$/.test(path) && !/^tests\/\w+\/\w+_test\.cpp$/.test(path) && !compiledByName(tree, path)) why = 'no CMakeLists.txt compiles it';
    else if (/^(bench|fuzz)\/[^/]*\.(cpp|sh)$/.test(path) && !mentions(path, /CMakeLists\.txt$|^tools\/|^dev$/)) why = 'nothing builds or runs it';
    else if (/^web\/(templates|static|styles|scripts)\//.test(path) && !mentions(path, /^web\/|^src\//)) why = 'no page uses it';
    else if (/^tools\//.test(path) && !mentions(path, /^dev$|^tools\//)) why = 'nothing calls it';
    else if (/^cmake\//.test(path) && !mentions(path, /CMakeLists\.txt$/)) why = 'no CMakeLists.txt includes it';
    else if (/^docs\//.test(path) && path !== 'docs/README.md' && !linked(tree, path)) why = 'no document links to it';
    if (why) found.push({ path, line: 1, text: why });
  }
  return found;
}

function compiledByName(tree, path) {
  for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) {
    const cmake = tree.get(`${folder}/CMakeLists.txt`);
    if (cmake && (cmake.includes(path.split('/').pop().replace(/\.cpp$/, '')) || /\*\.cpp/.test(cmake))) return true;
  }
  return false;
}

const links = (text) => [...text.matchAll(/\]\(([^)\s#]+)(?:#[^)]*)?\)|<img[^>]*\ssrc="([^"]+)"/g)].map((m) => ({ index: m.index, to: m[1] ?? m[2] }));

function linked(tree, path) {
  return [...tree].some(([other, text]) => other.endsWith('.md') && other !== path && links(text).some((link) => posix.join(dirname(other), link.to) === path));
}

export function linksHold(tree) {
  const folders = new Set([...tree.keys()].flatMap((path) => path.split('/').map((_, i, parts) => parts.slice(0, i).join('/'))));
  return [...tree].filter(([path]) => path.endsWith('.md') && !path.startsWith('packs/')).flatMap(([path, text]) =>
    links(text).filter(({ to }) => !/^[a-z]+:/.test(to)).flatMap(({ index, to }) => {
      const target = posix.join(dirname(path), to).replace(/\/$/, '');
      return tree.has(target) || folders.has(target) ? [] : [{ path, line: lineOf(text, index), text: `the link to ${to} leads nowhere` }];
    }));
}

const notes = new RegExp(`\\b(?:${['TO' + 'DO', 'FIX' + 'ME', 'NO' + 'LINT'].join('|')})`, 'g');
const machine = new RegExp(`(?<![\\w.~-])/(?:${['wo' + 'rk', 'ro' + 'ot', 'ho' + 'me', 'Us' + 'ers'].join('|')})/[\\w.]`, 'g');

export function cleanText(tree) {
  const found = [];
  for (const [path, text] of tree) {
    if (text === '' || inCorpus(path)) continue;
    found.push(...matches(path, text, notes, (m) => `${m[0]}: do it or write an issue`));
    found.push(...matches(path, text, machine, (m) => `${m[0]}...: a path of one machine`));
    if (path.endsWith('package-lock.json')) continue;
    found.push(...matches(path, text, /\t/g, 'a tab'), ...matches(path, text, /[ \r]+$/gm, 'a space at the end of the line'));
    if (!text.endsWith('\n')) found.push({ path, line: lineOf(text, text.length), text: 'no newline at the end of the file' });
    if (text.includes('\uFFFD')) found.push({ path, line: lineOf(text, text.indexOf('\uFFFD')), text: 'not UTF-8' });
  }
  return found;
}

const properNames = /^(README|ARCHITECTURE|CONTRIBUTING|SECURITY|CHANGELOG)\.md$|^(LICENSE|NOTICE|CMakeLists\.txt|CMakePresets\.json)$/;

export function names(tree) {
  const found = [];
  for (const [path, text] of tree) {
    if (inCorpus(path)) continue;
    for (const part of path.split('/')) {
      if (!/^[a-z0-9._-]+$/.test(part) && !properNames.test(part) && !/^[a-z0-9_]+\.R$/.test(part)) found.push({ path, line: 1, text: `the name "${part}": small letters, digits, - and _` });
      if (/(^|[_.-])(utils?|common|managers?|helpers?|misc)([_.-]|$)/.test(part)) found.push({ path, line: 1, text: `the name "${part}" does not say what is in it` });
    }
    if (text.length > fileBytesMax) found.push({ path, line: 1, text: 'larger than 1 MiB' });
  }
  return found;
}

export function packagesHaveReasons(tree) {
  const path = 'packages.txt';
  const seen = new Map();
  const found = [];
  (tree.get(path) ?? '').split('\n').forEach((text, index) => {
    const line = index + 1;
    if (!text.trim() || text.startsWith('#')) return;
    if (/^\[\w+\]$/.test(text)) { seen.clear(); return; }
    const m = /^([a-z0-9][a-z0-9.+-]+)(?:\s+command=[\w.+-]+)?\s+# (\S.*)$/.exec(text);
    if (!m) { found.push({ path, line, text: 'not "package [command=NAME]  # reason"' }); return; }
    if (seen.has(m[1])) found.push({ path, line, text: `${m[1]} stands in line ${seen.get(m[1])} already` });
    seen.set(m[1], line);
  });
  return found;
}

/** docs/cli.md's table of errors says what src/base/error_catalogue.def says. */
export function errorsAreDocumented(tree) {
  const path = 'docs/cli.md';
  const text = tree.get(path) ?? '';
  const written = new Map([...text.matchAll(/^\| (\d+) \| `(\w+)` \| (\d+) \| (\d+) \| (.*) \|$/gm)].map((m) => [m[2], { line: lineOf(text, m.index), row: m.slice(1).join('|') }]));
  const found = [];
  for (const m of (tree.get('src/base/error_catalogue.def') ?? '').matchAll(/^SKERRY_ERROR\((\w+),\s*(\d+),\s*(\d+),\s*(\d+),\s*"([^"]*)"\)/gm)) {
    const row = [m[2], m[1], m[4], m[3], m[5]].join('|');
    if (written.get(m[1])?.row !== row) {
      found.push({ path, line: written.get(m[1])?.line ?? 1, text: `the catalogue has: | ${m[2]} | \`${m[1]}\` | ${m[4]} | ${m[3]} | ${m[5]} |` });
    }
    written.delete(m[1]);
  }
  for (const [name, { line }] of written) found.push({ path, line, text: `${name} is not in the catalogue` });
  return found;
}

export const rules = {
  'files and functions are short': lengths,
  'rooms include only rooms above them': direction,
  'no banned calls': bannedCalls,
  'tests left out say why': skipsSayWhy,
  'every room has a README': roomsHaveReadmes,
  'no orphan files': orphans,
  'links in documents hold': linksHold,
  'clean text, no notes to self, no machine paths': cleanText,
  'names say what is inside': names,
  'packages have reasons': packagesHaveReasons,
  'docs/cli.md has the error catalogue': errorsAreDocumented,
};
