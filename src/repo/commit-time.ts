const LAST = 8_640_000_000_000 // seconds; the largest Date

/**
 * The time of a commit in seconds since 1970, from git's output. 0 if no Date can hold it; git itself prints 0 for a time that it cannot
 * hold.
 */
export function commitTime(text: string): number {
  const time = Number(text)
  return Math.abs(time) <= LAST ? time : 0
}
