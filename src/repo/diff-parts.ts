/**
 * The parts of a git diff, one for each file. '^' also matches after a lone CR or U+2028 in a line of a file, and the text after it may
 * look like a header.
 */
export function diffParts(diff: string): string[] {
  return diff.split(/(?<=\n)(?=diff --git )/)
}

/** Number of files that a diff changes. git also applies files that follow without a header of its own. */
export function filesInDiff(diff: string): number {
  const numbers = diffParts(diff).map((part) =>
    Math.max(part.startsWith('diff --git ') ? 1 : 0, part.match(PLAIN_HEADER)?.length ?? 0),
  )
  return numbers.reduce((sum, one) => sum + one, 0)
}

const PLAIN_HEADER = /(?<![^\n])--- [^\n]*\n\+\+\+ [^\n]*\n(?=@@ -)/g
