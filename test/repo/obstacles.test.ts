import { expect, test } from 'vitest'
import { obstacles } from '../../src/repo/obstacles.ts'
import { scratchRepo, sh } from './scratch-repo.ts'

test('what is there is in the way; a name that no file can have is not', () => {
  const root = scratchRepo({ 'src/a.ts': 'export const a = 1\n' })
  const impossible = ['src/a\0b.ts', `src/${'x'.repeat(256)}`, `${'y'.repeat(300)}/a.ts`, 'a/'.repeat(3000)]
  expect(obstacles(root, ['src/a.ts', 'src/a.ts/b.ts', 'src/b.ts', ...impossible], () => false)).toEqual([
    'src/a.ts',
    'src/a.ts/b.ts',
  ])
})

test('so is another repository, for a file in it', () => {
  const root = scratchRepo({ 'src/a.ts': 'export const a = 1\n' })
  sh(root, 'init', '--quiet', 'other')
  expect(obstacles(root, ['other/a.ts', 'src/b.ts'], () => false)).toEqual(['other/a.ts'])
})
