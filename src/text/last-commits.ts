/**
 * Largest number of files in a commit that counts. A wider one is a sweep, which ties everything to everything and says
 * little of each file.
 */
export const WIDEST = 30

/** '3 of the last 4 commits of at most 30 files': sweeps are not counted. */
export function lastCommits(times: number, of: number): string {
  const counted = of === 1 ? 'the one commit' : `${times} of the last ${of} commits`
  return `${counted} of at most ${WIDEST} files`
}
