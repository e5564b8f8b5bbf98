import { expect, test } from 'vitest'
import { buildTree } from '../../../src/graph/resolve/index.ts'

const paths = ['b/x.ts', 'a.ts', 'a/x.ts', 'a/b/x.ts', 'a/b/y.ts', 'xx.ts']
const tree = buildTree(paths, (path) => `text of ${path}`)

test('a folder lists its own files, not those deeper', () => {
  expect(tree.filesIn('')).toEqual(['a.ts', 'xx.ts'])
  expect(tree.filesIn('a')).toEqual(['a/x.ts'])
  expect(tree.filesIn('none')).toEqual([])
})

test('an ending matches whole segments only', () => {
  expect(tree.withSuffix('x.ts')).toEqual(['a/b/x.ts', 'a/x.ts', 'b/x.ts'])
  expect(tree.withSuffix('b/x.ts')).toEqual(['a/b/x.ts', 'b/x.ts'])
  expect(tree.withSuffix('a/b/x.ts')).toEqual(['a/b/x.ts'])
  expect(tree.withSuffix('z/a/b/x.ts')).toEqual([])
  expect(tree.withSuffix('')).toEqual([])
})

test('at most eight paths of one ending are listed, all of one base name', () => {
  const many = buildTree(
    Array.from({ length: 20 }, (_, i) => `d${i}/m.ts`),
    () => null,
  )
  expect(many.withSuffix('m.ts')).toHaveLength(8)
  expect(many.named('m.ts')).toHaveLength(20)
})

test('folders are known by their endings, also those without files of their own', () => {
  const deep = buildTree(['a/b/c/x.ts', 'b/c/y.ts', 'z.ts'], () => null)
  expect(deep.foldersWithSuffix('c')).toEqual(['a/b/c', 'b/c'])
  expect(deep.foldersWithSuffix('b')).toEqual(['a/b', 'b'])
  expect(deep.foldersWithSuffix('a/b')).toEqual(['a/b'])
})

test('the order in which paths come does not matter', () => {
  const reversed = buildTree([...paths].reverse(), () => null)
  expect(reversed.withSuffix('x.ts')).toEqual(tree.withSuffix('x.ts'))
  expect(reversed.filesIn('a/b')).toEqual(['a/b/x.ts', 'a/b/y.ts'])
})

test('only paths of the tree are read', () => {
  expect(tree.read('a.ts')).toBe('text of a.ts')
  expect(tree.read('outside.ts')).toBeNull()
})
