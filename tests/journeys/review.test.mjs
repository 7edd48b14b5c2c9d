import assert from 'node:assert/strict'
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { makeRegistry, openBrowser, out, reader, serve, signAnswers, violations } from './site.mjs'

describe('what the page says of its medical review', () => {
  let registry, site, browser, person

  before(async () => {
    registry = await makeRegistry({ people: 0 })
    browser = await openBrowser()
  })
  after(async () => {
    await person?.close()
    await site?.stop()
    await browser?.close()
    registry?.remove()
  })

  async function reviewLine(name) {
    await person?.close()
    await site?.stop()
    site = await serve(registry.data)
    person = await reader(browser, site.address)
    await person.open('/en/questions/treatment-approaches')
    assert.deepEqual(await violations(person.page), [])
    await person.page.screenshot({ path: join(out, `review-${name}.png`) })
    return person.page.locator('.review').innerText()
  }

  it('says "not reviewed" while nobody has signed', async () => {
    const line = await reviewLine('none')
    assert.match(line, /Not reviewed/)
    assert.doesNotMatch(line, /reviewed by/i)
  })

  it('a registry that is no demonstration does not call itself one', async () => {
    assert.doesNotMatch(await person.page.locator('body').innerText(), /demonstration/i)
  })

  it('says "changed since review" when the text is another than the signed one', async () => {
    await person.close()
    await site.stop()
    await signAnswers(registry)
    const signed = await reviewLine('demonstration')
    assert.match(signed, /Medically reviewed by/)
    assert.match(signed, /demonstration reviewer/i)
    const answer = join(registry.data, 'pack', 'answers', 'treatment-approaches.en.md')
    const before = readFileSync(answer, 'utf8')
    appendFileSync(answer, '\nOne more sentence.\n')
    const changed = await reviewLine('changed')
    assert.match(changed, /Changed since review/)
    assert.doesNotMatch(changed, /reviewed by/i)
    writeFileSync(answer, before)
    assert.match(await reviewLine('restored'), /Medically reviewed by/)
  })
})
