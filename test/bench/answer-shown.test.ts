import { expect, test } from 'vitest'
import { levelShown } from '../../bench/answer-shown.ts'
import { scratchFolder, write } from '../repo/scratch-repo.ts'

const TEXT = [
  '// far',
  'function roundPrice(price) {',
  '  const pence = price * 100',
  '  const whole = Math.round(pence)',
  '  return whole / 100',
  '}',
  '',
]

function level(text: string): string {
  const root = scratchFolder()
  write(root, 'src/a.ts', TEXT.join('\n'))
  return levelShown([{ path: 'src/a.ts', first: 2, last: 6 }], root, text)
}

test.each([
  [`src/a.ts:2\n${TEXT.slice(1, 6).join('\n')}\nmore`, 'whole'],
  [`src/a.ts\n${TEXT.slice(1, 4).join('\n')}`, 'part'],
  ['src/a.ts:2  function roundPrice(price)', 'part'],
  ['## src/a.ts\n1-1 other\n2-6 function roundPrice(price)', 'part'],
  ['## src/a.ts\n12-16 function roundPrice(price)', 'file'],
  ['modify src/a.ts', 'file'],
  ['lib/src/a.tsx:2', 'none'],
  [TEXT.slice(1, 4).join('\n'), 'none'],
])('how much of an answer %j shows: %s', (text, shown) => {
  expect(level(text)).toBe(shown)
})

test('of alternatives the one that is shown best counts', () => {
  const root = scratchFolder()
  write(root, 'a.md', '# A\n')
  write(root, 'b.md', '# B\n')
  const answers = ['a.md', 'b.md'].map((path) => ({ path, first: 1, last: 1 }))
  expect(levelShown(answers, root, 'b.md:1\n# B')).toBe('whole')
})
