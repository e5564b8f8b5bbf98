import { mkdirSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { grep } from '../../src/repo/grep.ts'
import { copyFixture, type FixtureRepo } from '../helpers/fixture-repo.ts'
import { isWindows } from '../helpers/platform.ts'

let shop: FixtureRepo
beforeAll(async () => {
  shop = await copyFixture('bookshop-ts')
  return () => shop.dispose()
})
const search = (pattern: string, options: Partial<Parameters<typeof grep>[2]> = {}) =>
  grep(shop.root, pattern, { kind: 'expression', ...options })

test('it says where the first match of each line is', async () => {
  await shop.write('new.txt', 'näher: ein Wort\nnone\nWort, Wort\n')
  expect(await search('W.rt', { within: ['new.txt'] })).toEqual({
    hits: [
      { path: 'new.txt', line: 1, offset: 12 },
      { path: 'new.txt', line: 3, offset: 0 },
    ],
    stopped: null,
  })
  expect(await search('w.rt', { within: ['new.txt'], ignoreCase: true })).toMatchObject({ hits: { length: 2 } })
  expect(await search('W.rt', { within: ['new.txt'], kind: 'text' })).toEqual({ hits: [], stopped: null })
  await shop.remove('new.txt')
})

test.skipIf(isWindows)('names with line breaks and lines of any length are read right', async () => {
  const name = 'odd\nname:7\t.txt'
  writeFileSync(join(shop.root, name), `${'x'.repeat(3_000_000)} needle\nno\n${'needle '.repeat(500_000)}\n`)
  const found = await search('needle', { within: ['odd*'] })
  expect(found).toMatchObject({
    hits: [
      { path: name, line: 1, offset: 3_000_001 },
      { path: name, line: 3, offset: 0 },
    ],
  })
  await shop.remove(name)
})

test.each(['(', '[', 'a{', 'a\0b', '*', '\\'])('what is no expression is a problem, or found: %j', async (pattern) => {
  const found = await search(pattern)
  expect('problem' in found ? found.problem : found.stopped).not.toBe('')
})

describe('patterns that are made to take for ever', () => {
  test.each([
    '((a{1,300}){1,300}){1,300}b',
    '((((a{1,20}){1,20}){1,20}){1,20}){1,20}b',
    '(((((x{9}){9}){9}){9}){9}){9}',
    'x'.repeat(2000),
  ])('%.50s is refused at once', async (pattern) => {
    const started = performance.now()
    expect(await search(pattern)).toHaveProperty('problem')
    expect(performance.now() - started).toBeLessThan(1000)
  })

  test.each(['[0-9a-f]{40}', '([0-9]{1,3}\\.){3}[0-9]{1,3}', '.{0,200}', '[{]{3}', '\\{1,9999\\}'])(
    '%s is none of them',
    async (pattern) => {
      expect(await search(pattern)).toHaveProperty('hits')
    },
  )

  test('one that git cannot be told from others is ended when its time is up, with what was found so far', async () => {
    mkdirSync(join(shop.root, 'z'))
    await shop.write('z/a.txt', `abab\n${`${'ab'.repeat(4000)}\n`.repeat(300)}`)
    const started = performance.now()
    const found = await search('(.*)\\1\\1\\1x', { timeoutMs: 1000 })
    expect(performance.now() - started).toBeLessThan(3000)
    expect(found).toMatchObject({ stopped: expect.stringContaining('stopped after 1 s') })
    await shop.remove('z')
  })

  test.skipIf(process.platform !== 'linux')(
    'one that makes git read a file of a gigabyte is ended when it takes too much memory',
    async () => {
      await shop.write('z/large.txt', '')
      truncateSync(join(shop.root, 'z/large.txt'), 1e9)
      const found = await search('x', { mostMemory: 50_000_000 })
      expect(found).toMatchObject({ stopped: expect.stringContaining('a file is too large for it') })
      await shop.remove('z')
    },
  )

  test('one that matches every line of a large tree is ended when it has enough', async () => {
    await shop.write('z/many.txt', 'a line\n'.repeat(500_000))
    const found = await search('')
    expect(found).toMatchObject({
      hits: { length: expect.any(Number) },
      stopped: expect.stringContaining('20000 lines'),
    })
    await shop.remove('z')
  })
})

test('an abort ends it', async () => {
  await expect(search('x', { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough')
})
