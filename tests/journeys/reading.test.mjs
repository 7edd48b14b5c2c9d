import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { makeRegistry, openBrowser, out, reader, serve, signAnswers, violations } from './site.mjs'

const question = 'questions/treatment-approaches'
const languages = {
  en: {
    locale: 'en-GB', question: /What are the primary treatment approaches/, back: 'All questions', last: /Last updated on/,
    banner: /Synthetic demonstration data/, snapshot: /snapshot \d/, notFound: /Page not found/
  },
  it: {
    locale: 'it-IT', question: /Quali sono i principali approcci/, back: 'Tutte le domande', last: /Ultimo aggiornamento/,
    banner: /Dati dimostrativi sintetici/, snapshot: /stato \d/, notFound: /Pagina non trovata/
  }
}
const paths = ['', question, 'figures/poh/treatments-tried', 'figures/poh/regrowth-after-excision', 'privacy', 'accessibility', 'no-such-page',
  '?unknown=1']

let registry, site, browser

before(async () => {
  registry = await makeRegistry()
  await signAnswers(registry)
  site = await serve(registry.data)
  browser = await openBrowser()
})

after(async () => {
  await browser?.close()
  await site?.stop()
  registry?.remove()
})

async function as(options, journey) {
  const person = await reader(browser, site.address, options)
  try {
    await journey(person)
    assert.deepEqual(person.complaints, [], 'the page did what it should not')
  } finally {
    await person.close()
  }
}

for (const [language, words] of Object.entries(languages)) {
  describe(`a reader of ${language}`, () => {
    it('is sent to their language, finds the question and reads its answer', () => as({ locale: words.locale }, async ({ page, open }) => {
      await open('/')
      assert.equal(new URL(page.url()).pathname, `/${language}/`)
      assert.equal(await page.locator('html').getAttribute('lang'), language)
      await page.getByRole('link', { name: words.question }).click()
      assert.match(await page.getByRole('heading', { level: 1 }).innerText(), words.question)
      const text = await page.locator('main').innerText()
      assert.match(text, words.last)
      assert.match(text, words.snapshot)
      assert.match(await page.locator('body').innerText(), words.banner)
      assert.ok((await page.locator('.answer').innerText()).length > 500, 'the answer has a text')
    }))

    it('needs no scripts', () => as({ locale: words.locale, scripts: false }, async ({ page, open }) => {
      await open(`/${language}/${question}`)
      assert.match(await page.getByRole('heading', { level: 1 }).innerText(), words.question)
      assert.ok(await page.locator('svg.chart--wide').isVisible(), 'the curve is drawn')
      await page.locator('summary').first().click()
      assert.ok(await page.locator('details table').first().isVisible(), 'and stands in a table')
      await page.getByRole('link', { name: words.back }).first().click()
      assert.equal(new URL(page.url()).pathname, `/${language}/`)
    }))

    it('follows a citation to its source and back', () => as({ locale: words.locale }, async ({ page, open }) => {
      await open(`/${language}/${question}`)
      const citation = page.locator('sup.citation a').first()
      const target = await citation.getAttribute('href')
      await citation.click()
      assert.equal(new URL(page.url()).hash, target)
      await page.locator(`${target} a[href^="#cite"]`).first().click()
      assert.match(new URL(page.url()).hash, /^#cite/)
    }))

    it('recomputes a figure and is told that it is equal', () => as({ locale: words.locale }, async ({ page, open }) => {
      await open(`/${language}/${question}`)
      await page.locator('article.figure a[href*="/figures/"]').first().click()
      assert.match(await page.locator('.lead h2').innerText(), language === 'en' ? /equals/ : /uguale/)
      assert.match(await page.locator('main').innerText(), /skerry ask/)
    }))

    for (const scheme of ['light', 'dark']) {
      for (const size of ['desktop', 'telephone']) {
        // The colours and widths are the same in each language, the lengths of words are not.
        if (language !== 'en' && (scheme === 'light') !== (size === 'telephone')) continue
        it(`meets no barrier that axe-core knows (${scheme}, ${size}), and no sideways scrolling`, () =>
          as({ locale: words.locale, scheme, size }, async ({ page, open }) => {
            for (const path of paths) {
              await open(`/${language}/${path}`)
              for (const summary of await page.locator('summary').all()) await summary.click()
              assert.deepEqual(await violations(page), [], `${path}`)
              const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
              assert.ok(wide <= 0, `${path} is ${wide} pixels too wide`)
              assert.match(await page.locator('body').innerText(), words.banner)
              const name = path.replaceAll(/[^a-z]+/g, '-') || 'home'
              await page.screenshot({ path: join(out, `${language}-${name}-${scheme}-${size}.png`), fullPage: true })
            }
          }))
      }
    }

    it('gets errors in their language', () => as({ locale: words.locale }, async ({ page, open }) => {
      const response = await open(`/${language}/no-such-page`)
      assert.equal(response.status(), 404)
      assert.match(await page.getByRole('heading', { level: 1 }).innerText(), words.notFound)
    }))
  })
}

describe('a reader with a keyboard', () => {
  it('first meets the skip link, which leads to the content', () => as({}, async ({ page, open }) => {
    await open(`/en/${question}`)
    await page.keyboard.press('Tab')
    const skip = page.locator(':focus')
    assert.equal(await skip.getAttribute('href'), '#maincontent')
    const box = await skip.boundingBox()
    assert.ok(box && box.width > 50 && box.y >= 0, 'and sees it')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    assert.ok(await page.evaluate(() => document.querySelector('main').contains(document.activeElement)))
  }))

  it('reaches every link and control in the order of the page, and always sees where they are', () => as({}, async ({ page, open }) => {
    await open(`/en/${question}`)
    const expected = await page.evaluate(() => document.querySelectorAll('a[href], summary, [tabindex="0"]').length)
    let before = -1
    let met = 0
    for (; met < expected + 5; met += 1) {
      await page.keyboard.press('Tab')
      const now = await page.evaluate(() => {
        const element = document.activeElement
        if (!element || element === document.body) return null
        const style = getComputedStyle(element)
        const inner = element.querySelector('span') ? getComputedStyle(element.querySelector('span')) : style
        return {
          place: [...document.querySelectorAll('*')].indexOf(element),
          visible: style.outlineStyle !== 'none' || style.boxShadow !== 'none' || inner.boxShadow !== 'none'
        }
      })
      if (!now) break
      assert.ok(now.place > before, 'focus goes forward')
      assert.ok(now.visible, 'focus is seen')
      before = now.place
    }
    assert.equal(met, expected)
  }))

  it('opens the table of a curve', () => as({}, async ({ page, open }) => {
    await open(`/en/${question}`)
    await page.locator('summary').first().focus()
    await page.keyboard.press('Enter')
    assert.ok(await page.locator('details table').first().isVisible())
  }))
})

describe('a reader who enlarges', () => {
  it('reads at 400 percent without sideways scrolling', () => as({}, async ({ page, open }) => {
    // 1280 pixels at 400 percent are 320 of the page's own.
    await page.setViewportSize({ width: 320, height: 256 })
    for (const path of paths) {
      await open(`/it/${path}`)
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
      assert.ok(wide <= 0, `${path} is ${wide} pixels too wide`)
    }
  }))

  it('reads large type: nothing of the text is under 15 pixels', () => as({}, async ({ page, open }) => {
    await open(`/en/${question}`)
    const small = await page.evaluate(() => [...document.querySelectorAll('main p, main li, main td, main th, main dd, main dt')]
      .filter((element) => Number.parseFloat(getComputedStyle(element).fontSize) < 15).map((element) => element.outerHTML.slice(0, 80)))
    assert.deepEqual(small, [])
  }))
})

describe('a reader in the dark', () => {
  it('gets dark paper and light ink', () => as({ scheme: 'dark' }, async ({ page, open }) => {
    await open(`/en/${question}`)
    const brightness = (property) => page.evaluate((name) => {
      const [r, g, b] = getComputedStyle(document.body)[name].match(/\d+/g).map(Number)
      return (r + g + b) / 3
    }, property)
    assert.ok(await brightness('backgroundColor') < 60)
    assert.ok(await brightness('color') > 190)
  }))
})
