import { diffParts } from './diff-parts.ts'

/** Letters for the lines of a header; names are those of its first line. */
const LETTERS: readonly (readonly [letter: string, line: RegExp])[] = [
  ['o', /^old mode \d{6}$/],
  ['n', /^new mode \d{6}$/],
  ['c', /^new file mode \d{6}$/],
  ['d', /^deleted file mode \d{6}$/],
  ['i', /^index [0-9a-f]{4,64}\.\.[0-9a-f]{4,64}(?: \d{6})?$/],
  ['(', /^--- \/dev\/null$/],
  [')', /^\+\+\+ \/dev\/null$/],
]

/** Headers of a file that is changed, created or deleted, as `git diff --no-renames` prints them. */
const SHAPES = /^(?:(?:on)?i?(?:<>)?|ci(?:\(>)?|di(?:<\))?)$/

/**
 * Whether a diff surely gives no file another name: each of its headers is one that `git diff --no-renames` prints, with one name in all
 * places. What git finds behind a header, a patch without a header of git's, has one name at all times. False where in doubt: the diff may
 * come from others.
 */
export function keepsNames(diff: string): boolean {
  return diffParts(diff).every(isPlain)
}

function isPlain(part: string): boolean {
  const lines = part.split('\n')
  const names = /^diff --git (.*)$/s.exec(lines[0]!)?.[1]
  if (names === undefined) return false
  const half = (names.length - 1) / 2
  const [before, after] = [names.slice(0, half), names.slice(half + 1)]
  const isOneName = /^"?a\//.test(before) && names[half] === ' ' && before.replace('a/', 'b/') === after
  if (!isOneName) return false
  const end = lines.findIndex((line) => line.startsWith('@@ -') || line === 'GIT binary patch')
  const header = lines.slice(1, end < 0 ? undefined : end)
  if (end < 0 && header.at(-1) === '') header.pop()
  const letterOf = (line: string) => {
    if (line === `--- ${before}` || line === `--- ${before}\t`) return '<'
    if (line === `+++ ${after}` || line === `+++ ${after}\t`) return '>'
    return LETTERS.find(([, shape]) => shape.test(line))?.[0] ?? '!'
  }
  return SHAPES.test(header.map(letterOf).join(''))
}
