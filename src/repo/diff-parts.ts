/**
 * The parts of a git diff, one for each file. A line of a file may hold a lone CR or U+2028, where '^' matches too, and what a header says
 * behind it.
 */
export function diffParts(diff: string): string[] {
  return diff.split(/(?<=\n)(?=diff --git )/)
}

/** Number of files that a git diff changes. */
export function filesInDiff(diff: string): number {
  return diffParts(diff).filter((part) => part.startsWith('diff --git ')).length
}
