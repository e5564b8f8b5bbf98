import { expect, test } from 'vitest'
import { similarFiles } from '../../src/edit/similar-files.ts'
import { folderWith } from './edit-fixture.ts'

const folder = (...paths: string[]) => folderWith(Object.fromEntries(paths.map((path) => [path, ''])))

test('the same name elsewhere comes first, in the most alike folders, then by path', async () => {
  const root = folder('a/price.ts', 'lib/money/Price.ts', 'src/money/price.ts', 'b/price.ts', 'src/money/prices.ts')
  expect(await similarFiles(root, 'app/src/money/price.ts')).toEqual([
    'src/money/price.ts',
    'lib/money/Price.ts',
    'a/price.ts',
  ])
})

test('else a similar name, of the same folder if it is there', async () => {
  const root = folder('src/formatPrice.ts', 'lib/formatPrice.ts', 'src/cart.ts')
  expect(await similarFiles(root, 'src/formatPrcie.ts')).toEqual(['src/formatPrice.ts'])
  expect(await similarFiles(root, 'test/formatPrcie.ts')).toEqual(['lib/formatPrice.ts', 'src/formatPrice.ts'])
  expect(await similarFiles(root, 'src/zzzzzzzz.md')).toEqual([])
})

test('what is installed or made is not named', async () => {
  const root = folder('node_modules/a/price.ts', 'dist/price.ts', '.git/price.ts', 'target/price.ts')
  expect(await similarFiles(root, 'src/price.ts')).toEqual([])
})
