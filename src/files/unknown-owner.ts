import { readFileSync } from 'node:fs'

const NOBODY = 65534

/**
 * The number that Linux shows for an owner whom this container does not know: root outside, usually. null: everybody is known here, and a
 * user may have that number.
 */
export const UNKNOWN_OWNER: number | null = knowsEverybody() ? null : NOBODY

function knowsEverybody(): boolean {
  try {
    return /^\s*0\s+0\s+4294967295\s*$/.test(readFileSync('/proc/self/uid_map', 'utf8'))
  } catch {
    return false // not Linux, or hidden
  }
}
