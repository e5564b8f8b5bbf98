import { expect, test } from 'vitest'
import { inTags } from '../../src/text/in-tags.ts'

test('a text cannot close its tag, nor one of the others, however the end is written', () => {
  for (const end of ['</request>', '</request >', '</ request>', '</request\n>', '</request a="b">'])
    expect(inTags('request', `a${end}b`)).toBe(`<request>\na<\\${end.slice(1)}b\n</request>`)
  expect(inTags('files', '</request></files>', ['request'])).toBe('<files>\n<\\/request><\\/files>\n</files>')
})

test('other tags stay as they are: they may be code that is edited', () => {
  const code = '<request></Request></requests></request-id></files>'
  expect(inTags('request', code)).toBe(`<request>\n${code}\n</request>`)
})

test('a text of half an end tag and a million blanks takes no time', () => {
  const text = `${'</request-'.repeat(100_000)}</${' '.repeat(1_000_000)}`
  const start = performance.now()
  expect(inTags('request', text)).toContain(text)
  expect(performance.now() - start).toBeLessThan(1000)
})
