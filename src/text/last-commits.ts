/**
 * Largest number of files in a commit that counts. A wider one is a sweep, which ties everything to everything and says
 * little of each file.
 */
export const WIDEST = 30

/** '3 of the last 4 small commits': sweeps are not counted. */
export function lastCommits(times: number, of: number): string {
  return of === 1 ? 'the one small commit' : `${times} of the last ${of} small commits`
}
