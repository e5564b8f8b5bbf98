import { readFileSync } from 'node:fs'

const UNKNOWN_OWNER = 65534

/**
 * Users who may own what this user trusts: root; and, in a container that does not know all users, the number that Linux shows for the
 * others (usually root outside). Elsewhere that number is the user `nobody`.
 */
export function ownersOfSystem(): readonly number[] {
  return knowsAllUsers() ? [0] : [0, UNKNOWN_OWNER]
}

function knowsAllUsers(): boolean {
  try {
    return /^\s*0\s+0\s+4294967295\s*$/.test(readFileSync('/proc/self/uid_map', 'utf8'))
  } catch {
    return true // not Linux: that number is nobody's or a real user's
  }
}
