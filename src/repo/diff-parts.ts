/**
 * The parts of a git diff, one for each file. '^' also matches after a lone CR or U+2028 in a line of a file, and the text after it may
 * look like a header.
 */
export function diffParts(diff: string): string[] {
  return diff.split(/(?<=\n)(?=diff --git )/)
}

/** Number of files that a git diff changes. */
export function filesInDiff(diff: string): number {
  return diffParts(diff).filter((part) => part.startsWith('diff --git ')).length
}
