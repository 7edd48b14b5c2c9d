// Builds the pages' stylesheet: node web/build.mjs [--out FOLDER]; the default folder is web/dist.
// Installs the pinned packages first when they are missing or older than the lock file.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const web = dirname(fileURLToPath(import.meta.url))
const outFlag = process.argv.indexOf('--out')
const out = outFlag > 0 ? resolve(process.argv[outFlag + 1]) : join(web, 'dist')
const bytesMax = 60_000

function install() {
  const installed = join(web, 'node_modules', '.package-lock.json')
  const upToDate = existsSync(installed) && statSync(installed).mtimeMs >= statSync(join(web, 'package-lock.json')).mtimeMs
  if (upToDate) return
  execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: web, stdio: ['ignore', 'inherit', 'inherit'] })
}

/** Class names that a template or a page's code writes. */
function classesInUse() {
  const folders = [join(web, 'templates'), join(web, '..', 'src', 'web'), join(web, '..', 'src', 'answers')]
  const used = new Set()
  for (const folder of folders.filter(existsSync)) {
    for (const name of readdirSync(folder)) {
      if (!/\.(mustache|cpp|hpp)$/.test(name)) continue
      for (const match of readFileSync(join(folder, name), 'utf8').matchAll(/nhsuk-[A-Za-z0-9_-]+/g)) used.add(match[0])
    }
  }
  return used
}

/** Splits at commas that stand outside brackets. */
function splitSelectors(text) {
  const parts = []
  let depth = 0
  let from = 0
  for (let i = 0; i < text.length; i += 1) {
    if ('([{'.includes(text[i])) depth += 1
    else if (')]}'.includes(text[i])) depth -= 1
    else if (text[i] === ',' && depth === 0) {
      parts.push(text.slice(from, i))
      from = i + 1
    }
  }
  return [...parts, text.slice(from)]
}

/** Drops the rules of a library that no page uses; keeps everything that names no nhsuk- class. */
function prune(css, used) {
  const keeps = (selector) => (selector.replace(/\\./g, '').match(/\.nhsuk-[A-Za-z0-9_-]+/g) ?? []).every((name) => used.has(name.slice(1)))
  let result = ''
  let at = 0
  while (at < css.length) {
    const open = css.indexOf('{', at)
    const semicolon = css.indexOf(';', at)
    if (open < 0) return result + css.slice(at)
    if (semicolon >= 0 && semicolon < open) {
      result += css.slice(at, semicolon + 1)
      at = semicolon + 1
      continue
    }
    let close = open + 1
    for (let depth = 1; depth > 0; close += 1) {
      if (css[close] === '{') depth += 1
      else if (css[close] === '}') depth -= 1
    }
    const head = css.slice(at, open)
    const body = css.slice(open + 1, close - 1)
    at = close
    if (/^@(media|supports|container|layer)/.test(head)) {
      if (/^@media.*(-ms-|screen\\0)/.test(head) && !/forced-colors/.test(head)) continue
      const inner = prune(body, used)
      if (inner) result += `${head}{${inner}}`
    } else if (head.startsWith('@')) {
      result += `${head}{${body}}`
    } else {
      const selectors = splitSelectors(head).filter(keeps)
      if (selectors.length > 0) result += `${selectors.join(',')}{${body}}`
    }
  }
  return result
}

install()
const sass = await import('sass')
const compiled = sass.compile(join(web, 'styles', 'skerry.scss'), {
  style: 'compressed',
  charset: false,
  loadPaths: [join(web, 'node_modules')],
  quietDeps: true
})
const css = prune(compiled.css, classesInUse())
if (/url\((?!["']?data:)/.test(css) || /@import/.test(css)) throw new Error('the stylesheet would load something')
if (Buffer.byteLength(css) > bytesMax) throw new Error(`the stylesheet has ${Buffer.byteLength(css)} bytes; at most ${bytesMax} are allowed`)
mkdirSync(out, { recursive: true })
writeFileSync(join(out, 'skerry.css'), css)
console.log(`${join(out, 'skerry.css')}: ${Buffer.byteLength(css)} bytes`)
