// Starts the real program on a registry of its own, and a browser that reaches nothing but it.
import { execFile, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const here = dirname(fileURLToPath(import.meta.url))
const root = resolve(here, '..', '..')
const require = createRequire(join(root, 'web', 'package.json'))
const { chromium } = require('playwright-core')
export const axeSource = require('axe-core').source
export const out = join(here, 'out')
mkdirSync(out, { recursive: true })

const binary = resolve(process.env.SKERRY_BINARY ?? join(root, 'build', 'release', 'skerry'))
const run = promisify(execFile)
export const skerry = (...args) => run(binary, args, { timeout: 120_000 })

/** A registry in a temporary folder; `people` synthetic participants make it a demonstration, 0 leaves it empty and real. */
export async function makeRegistry({ people = 300 } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'skerry-journey-'))
  const data = join(folder, 'registry')
  await skerry('init', data, '--pack', 'poh')
  if (people > 0) await skerry('generate', '--participants', String(people), '--seed', '1', '--data', data)
  return { folder, data, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** Signs every answer with a key made for it, labelled as a demonstration's. */
export async function signAnswers({ folder, data }) {
  const key = join(folder, 'reviewer.key')
  await skerry('answer', 'key', key, '--name', 'Demonstration reviewer', '--role', 'not a person', '--demonstration')
  await skerry('answer', 'reviewer', '--key', key, '--data', data)
  await skerry('answer', 'sign', '--all', '--key', key, '--data', data)
}

/** Serves it; `stop` ends the process by its id and waits for it. */
export async function serve(data) {
  const child = spawn(binary, ['serve', '--data', data, '--listen', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'pipe'] })
  let errors = ''
  child.stderr.on('data', (bytes) => { errors += bytes })
  const ended = new Promise((done) => child.once('exit', done))
  const address = await new Promise((found, failed) => {
    const timer = setTimeout(() => failed(new Error(`the server said no address in 30 s\n${errors}`)), 30_000)
    createInterface({ input: child.stdout }).on('line', (line) => {
      const match = /^listening on (http:\/\/\S+)/.exec(line)
      if (match) {
        clearTimeout(timer)
        found(match[1].replace(/\/$/, ''))
      }
    })
    child.once('exit', (code) => failed(new Error(`skerry serve ended with ${code}\n${errors}`)))
  })
  return {
    address,
    errors: () => errors,
    async stop() {
      child.kill('SIGTERM')
      return ended
    }
  }
}

export function openBrowser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync']
  })
}

export const sizes = {
  desktop: { width: 1280, height: 900 },
  telephone: { width: 320, height: 640 }
}

/** Opens pages as one kind of reader, and notes everything a page does that it should not. */
export async function reader(browser, address, { size = 'desktop', scheme = 'light', scripts = true, locale = 'en-GB' } = {}) {
  const context = await browser.newContext({ viewport: sizes[size], colorScheme: scheme, javaScriptEnabled: scripts, locale, reducedMotion: 'reduce' })
  const page = await context.newPage()
  const complaints = []
  // A page of an error status is reported on the console by its own address: that is what the journey asked for.
  page.on('console', (message) => {
    if (message.type() !== 'error' && message.type() !== 'warning') return
    if (/Failed to load resource: the server responded with a status of [45]/.test(message.text()) && message.location().url === page.url()) return
    complaints.push(`console: ${message.text()}`)
  })
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`))
  page.on('requestfailed', (request) => complaints.push(`failed: ${request.url()}`))
  page.on('request', (request) => {
    if (!request.url().startsWith(address)) complaints.push(`another host: ${request.url()}`)
  })
  return {
    page,
    complaints,
    open: (path) => page.goto(address + path, { waitUntil: 'load' }),
    close: () => context.close()
  }
}

/** axe-core's violations of WCAG 2.2 A and AA, as lines. Works under a strict Content-Security-Policy: it is not a script of the page. */
export async function violations(page) {
  await page.evaluate(axeSource)
  const result = await page.evaluate(() => globalThis.axe.run(document, {
    runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }
  }))
  return result.violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.target.join(' ')}: ${node.failureSummary}`))
}
