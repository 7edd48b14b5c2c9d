import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { makeRegistry, openBrowser, out, reader, serve, skerry, violations } from './site.mjs'

const words = {
  en: { enter: 'Open the workbench', open: 'New study', check: 'Check', preview: 'Preview the answer', save: 'Save', text: 'The study', closed: /closed to you/, saved: /Saved as registry\/by-sex/ },
  it: { enter: 'Apri il banco degli studi', open: 'Nuovo studio', check: 'Controlla', preview: 'Anteprima della risposta', save: 'Salva', text: 'Lo studio', closed: /chiuso/, saved: /Salvato come registry\/by-sex/ }
}
const study = (id, sexes) => JSON.stringify({
  id, title: { en: 'People by sex', it: 'Persone per sesso' }, cohort: { everyone: true }, statistic: { type: 'count' },
  by: { code: 'skerry:sex', kind: 'person', values: sexes }
}, null, 2)

for (const [language, say] of Object.entries(words)) {
  describe(`a researcher of ${language} at the workbench`, () => {
    let registry, site, browser, person, link

    before(async () => {
      registry = await makeRegistry()
      site = await serve(registry.data)
      browser = await openBrowser()
      const made = await skerry('workbench', 'link', '--name', 'test desk', '--language', language, '--base-url', site.address, '--data', registry.data)
      link = made.stdout.trim()
      person = await reader(browser, site.address)
    })
    after(async () => {
      await person?.close()
      await browser?.close()
      await site?.stop()
      registry?.remove()
    })

    const seen = async (name) => {
      const { page } = person
      for (const scheme of ['light', 'dark']) {
        for (const viewport of [{ width: 1280, height: 900 }, { width: 320, height: 640 }]) {
          await page.emulateMedia({ colorScheme: scheme })
          await page.setViewportSize(viewport)
          const wide = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth)
          assert.equal(wide, false, `${name} is wider than ${viewport.width} px`)
          assert.deepEqual(await violations(page), [], `${name}, ${scheme}, ${viewport.width}`)
          await page.screenshot({ path: join(out, `workbench-${language}-${name}-${scheme}-${viewport.width}.png`), fullPage: true })
        }
      }
      await page.setViewportSize({ width: 1280, height: 900 })
    }

    it('finds it closed without a link', async () => {
      await person.open(`/${language}/workbench`)
      assert.match(await person.page.locator('h1').innerText(), say.closed)
      await seen('closed')
    })

    it('is let in by the link and sees the studies', async () => {
      await person.page.goto(link)
      await person.page.getByRole('link', { name: say.enter }).click()
      assert.equal(new URL(person.page.url()).pathname, `/${language}/workbench`)
      await seen('list')
      await person.page.getByRole('link', { name: say.open }).click()
      await seen('new')
    })

    it('is told the line of a mistake, beside the field', async () => {
      const { page } = person
      await page.getByLabel(say.text).fill(study('registry/by-sex', ['skerry:female']).replace('"count"', '"counts"'))
      await page.getByRole('button', { name: say.check, exact: true }).click()
      assert.match(await page.getByRole('alert').innerText(), /counts/)
      assert.match(await page.getByRole('alert').innerText(), /did you mean "count"/)
      await seen('mistake')
    })

    it('previews an answer and saves the study', async () => {
      const { page } = person
      await page.getByLabel(say.text).fill(study('registry/by-sex', ['skerry:female', 'skerry:male']))
      await page.getByRole('button', { name: say.preview, exact: true }).click()
      assert.ok(await page.locator('section.figure table').count() > 0, 'the answer has a table')
      await seen('preview')
      await page.getByRole('button', { name: say.save, exact: true }).click()
      assert.match(await page.getByRole('status').innerText(), say.saved)
      await seen('saved')
      await page.goto(`${site.address}/${language}/workbench`)
      assert.match(await page.locator('main').innerText(), /registry\/by-sex/)
      assert.deepEqual(person.complaints, [])
    })
  })
}
