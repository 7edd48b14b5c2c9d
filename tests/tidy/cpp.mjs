// Just enough of C++ to find functions and calls: what is a comment, what is a string, where a body begins and ends.

const keepLines = (text) => text.replace(/[^\n]/g, ' ');
const token = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|\bR"([^()\\ ]{0,16})\([\s\S]*?\)\1"|"(?:\\.|[^"\\\n])*"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'/g;

/** The text with comments, and with the insides of strings and characters, made spaces; every line keeps its number. */
export function codeOf(text) {
  return text.replace(token, (match) => (/^\/[/*]/.test(match) ? keepLines(match) : `"${keepLines(match.slice(1, -1))}"`));
}

/** [{line, path}] of the includes between quotes. */
export function includesOf(text) {
  return [...text.matchAll(/^[ \t]*#[ \t]*include[ \t]+"([^"]+)"/gm)].map((m) => ({ line: text.slice(0, m.index).split('\n').length, path: m[1] }));
}

function withoutTemplateHead(header) {
  const head = /^\s*template\s*</.exec(header);
  if (!head) return header;
  let depth = 0;
  for (let i = head[0].length - 1; i < header.length; ++i) {
    if (header[i] === '<') ++depth;
    else if (header[i] === '>' && --depth === 0) return withoutTemplateHead(header.slice(i + 1));
  }
  return header;
}

function kindOf(header, afterBlock) {
  const plain = withoutTemplateHead(header).trim();
  if (/^(inline\s+)?namespace\b|^(typedef\s+)?(class|struct|union|enum)\b(?!.*\)\s*(const|noexcept)*$)|^extern\s+""?\s*"?$/s.test(plain)) return 'scope';
  if (plain.includes('(') || (plain === '' && afterBlock)) return 'function';
  return 'data';
}

/** [{name, line, lines}] of the outermost bodies that are functions: `lines` from the first line of the head to the closing brace. */
export function functionsOf(text) {
  const code = codeOf(text).replace(/^[ \t]*#(?:[^\n\\]|\\\n|\\.)*/gm, keepLines);
  const found = [];
  const open = [];
  let start = 0;  // of the head that a brace would end
  let afterBlock = false;
  let line = 1;
  for (let i = 0; i < code.length; ++i) {
    const c = code[i];
    if (c === '\n') ++line;
    const inside = open.some((block) => block.kind !== 'scope');
    if (c === '{') {
      const header = code.slice(start, i);
      const blank = /^\s*/.exec(header)[0];
      const kind = inside ? 'inner' : kindOf(header, afterBlock);
      open.push({ kind, line: line - (header.slice(blank.length).split('\n').length - 1), header: header.trim() });
      if (!inside) start = i + 1;
    } else if (c === '}') {
      const block = open.pop();
      if (block?.kind === 'function') found.push({ name: nameOf(block.header), line: block.line, lines: line - block.line + 1 });
      if (!inside || block?.kind === 'function' || block?.kind === 'data') { start = i + 1; afterBlock = block?.kind === 'function'; continue; }
    } else if (c === ';' && !inside) start = i + 1;
    if (!inside && !/\s/.test(c)) afterBlock = false;
  }
  return found;
}

const nameOf = (header) => (/([~\w:]+(?:\s*\([^()]*\))?)\s*\(/.exec(withoutTemplateHead(header)) ?? ['', 'body'])[1].replace(/\s+/g, ' ');
