import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { inCode, inProse, inTitle } from '../../src/ci/quiet-text.ts'

test('a text in code cannot end it', () => {
  expect(inCode('src/a.ts')).toBe('`src/a.ts`')
  expect(inCode('a `b` ``c``')).toBe('``` a `b` ``c`` ```')
  expect(inCode('`@ada`')).toBe('`` `@ada` ``')
  expect(inCode('a\n\n# b\r\n/close')).toBe('`a # b /close`')
  expect(inCode('')).toBe('` `')
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('`', ' ', 'a', '\n', '@') }), (text) => {
      const [fence] = /^`+/.exec(inCode(text))!
      const inner = inCode(text).slice(fence.length, -fence.length)
      expect(inner.match(/`+/g) ?? []).not.toContain(fence)
      expect(inCode(text)).not.toContain('\n')
    }),
  )
})

test('a text as prose or title mentions, refers to, links and commands nothing', () => {
  const text =
    '@ada and @shop/all: fixes #12, GH-12, shop/books#3, !4, ~bug, $5, %1, &9, https://evil.example www.evil.example /close'
  for (const quiet of [inProse(text), inTitle(text, 200)]) {
    expect(quiet).not.toMatch(/[@#!$%&][\w]|GH-\d|:\/\/|www\.\w|(^|\s)\/\w/)
    expect(quiet.replaceAll('\u200b', '').replaceAll('\\', '')).toBe(text) // nothing that one sees is lost
  }
  expect(inTitle('/close')).not.toMatch(/^\//)
  expect(inTitle('@"a name"')).toContain('@\u200b')
})

test('nothing keeps CI from running, and no account of Bitbucket is mentioned', () => {
  const directives = [
    ...['[skip ci]', '[CI skip]', '[no ci]', '[skip actions]', '[actions skip]', '[ci-skip]', '[skip azurepipelines]'],
    ...['[azp skip]', '[skip  ci]', '***NO_CI***', 'skip-checks: true', '[skip netlify]'],
  ]
  for (const one of directives)
    for (const text of [one, `Raise ${one} the price`])
      for (const quiet of [inTitle(text), inProse(text)]) {
        expect(quiet).not.toContain(one)
        expect(quiet.replaceAll('\u200b', '').replaceAll('\\', '').replace(/ +/g, ' ')).toBe(text.replace(/ +/g, ' '))
      }
  expect(inProse('@{557058:aa-bb}')).toContain('@\u200b{')
  expect(inTitle('Add [a, b] to the list')).toBe('Add [a, b] to the list')
})

test('Markdown and HTML in prose stay text', () => {
  expect(inProse('<img src=x onerror=y> ![a](b) **c** | d `e` ~~f~~').replaceAll('\u200b', '')).toBe(
    '&lt;img src=x onerror=y&gt; !\\[a\\](b) \\*\\*c\\*\\* \\| d \\`e\\` \\~\\~f\\~\\~',
  )
  expect(inProse('&#64;ada &commat;ada')).not.toMatch(/&#\d|&c/)
})

test('invisible characters become visible, and long texts are cut', () => {
  expect(inProse('a\u202eb\u{e0041}')).toBe('a\\\\u202eb\\\\u{e0041}')
  expect(inTitle('x'.repeat(1000))).toHaveLength(100)
})
