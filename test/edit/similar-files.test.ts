import { expect, test } from 'vitest'
import { similarFiles } from '../../src/edit/similar-files.ts'
import { folderWith } from './edit-fixture.ts'

const folder = (...paths: string[]) => folderWith(Object.fromEntries(paths.map((path) => [path, ''])))

test('files of the same name come first, those in the most similar folders before others, then by path', async () => {
  const root = folder('a/price.ts', 'lib/money/Price.ts', 'src/money/price.ts', 'b/price.ts', 'src/money/prices.ts')
  expect(await similarFiles(root, 'app/src/money/price.ts')).toEqual([
    'src/money/price.ts',
    'lib/money/Price.ts',
    'a/price.ts',
  ])
})

test('otherwise a file of a similar name is named, one of the same folder first', async () => {
  const root = folder('src/formatPrice.ts', 'lib/formatPrice.ts', 'src/cart.ts')
  expect(await similarFiles(root, 'src/formatPrcie.ts')).toEqual(['src/formatPrice.ts'])
  expect(await similarFiles(root, 'test/formatPrcie.ts')).toEqual(['lib/formatPrice.ts', 'src/formatPrice.ts'])
  expect(await similarFiles(root, 'src/zzzzzzzz.md')).toEqual([])
})

test('installed and generated files are not named', async () => {
  const root = folder('node_modules/a/price.ts', 'dist/price.ts', '.git/price.ts', 'target/price.ts')
  expect(await similarFiles(root, 'src/price.ts')).toEqual([])
})
