import { expect, test } from 'vitest'
import { nameRecipe } from '../../src/history/recipes-name.ts'

test('the shared words stand as the subjects spell them, with gaps for the rest', () => {
  expect(nameRecipe(['Add `--json` option to `variable get` command', 'Add `--all` option to the `get` command'])).toBe(
    'Add ... option to ... get command',
  )
  expect(nameRecipe(['Add `--json` option to `get`', 'Add option to `get`'])).toBe('Add option to get')
  expect(nameRecipe(['feat(http, server)!: support TTL', 'feat(http): support HEAD', 'feat(http): native raw'])).toBe(
    'http: support ...',
  )
})

test('a function word between two gaps goes', () => {
  expect(nameRecipe(['Add foo and bar filters', 'Add baz and qux filters'])).toBe('Add ... filters')
})

test('without shared words that say something, an example stands for them', () => {
  expect(nameRecipe(['feat: add colours', 'feat: add sounds'])).toBe('like "add colours"')
  expect(nameRecipe(['feat(nuxt): type islands', 'feat(nuxt): fewer reloads'])).toBe('nuxt: like "type islands"')
  expect(nameRecipe(['Add rename of x', 'Support y', 'Allow rename'])).toContain('rename')
  expect(nameRecipe([''])).toBe('like ""')
})

test('a word that all hold within longer names is put in front', () => {
  expect(nameRecipe(['Add cloudflare-kv driver', 'Add cloudflare-r2 driver'], 'cloudflar')).toBe(
    'cloudflare: Add ... driver',
  )
})

test('a name has at most 70 characters', () => {
  const long = `Add ${'very '.repeat(40)}long names`
  expect(nameRecipe([long, long]).length).toBeLessThanOrEqual(70)
})
