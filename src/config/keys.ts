import { closeSync, openSync, readFileSync, readSync, writeSync } from 'node:fs'

/** Keys of model endpoints. No program that repose starts needs one. */
const OF_ENDPOINTS = /API_?KEY$/i
/** What else looks like a secret by its name: git's helpers may want it. */
const SECRET = /KEY|TOKEN|SECRET|PASSW|CREDENTIAL/i

const taken: Record<string, string> = {}

/** What takeKeys has taken, by name. */
export function takenKeys(): Readonly<Record<string, string>> {
  return taken
}

/**
 * Takes the keys of model endpoints out of this process's environment, so that no process started later gets them, and wipes these and other
 * secrets where the system shows the environment that the process was started with. To be called first of all.
 *
 * Deleting a variable does not wipe it: on Linux, /proc/PID/environ shows a part of the process's memory that stays as it was. A variable that
 * is set again moves to another place. What then still knows the keys is the memory of this process.
 */
export function takeKeys(env: NodeJS.ProcessEnv = process.env): void {
  const secrets = Object.keys(env).filter((name) => SECRET.test(name) && env[name])
  for (const name of secrets) {
    const value = env[name]!
    delete env[name]
    if (OF_ENDPOINTS.test(name)) taken[name] = value
    else env[name] = value
  }
  if (secrets.length > 0 && process.platform === 'linux') wipe(secrets)
}

/** Writes over the values of variables in the environment that this process was started with. Where the system does not allow it, they stay. */
function wipe(names: readonly string[]): void {
  try {
    // fields 50 and 51; the name of the program in field 2 may hold spaces and brackets
    const fields = readFileSync('/proc/self/stat', 'latin1')
      .replace(/^.*\) /s, '')
      .split(' ')
    const [from, to] = [fields[47], fields[48]].map(Number) as [number, number]
    const memory = openSync('/proc/self/mem', 'r+')
    try {
      const block = Buffer.alloc(to - from)
      readSync(memory, block, 0, block.length, from)
      let at = 0
      for (const entry of block.toString('latin1').split('\0')) {
        const name = entry.slice(0, entry.indexOf('='))
        const start = at + name.length + 1
        if (names.includes(name)) writeSync(memory, Buffer.alloc(entry.length - name.length - 1), 0, null, from + start)
        at += entry.length + 1
      }
    } finally {
      closeSync(memory)
    }
  } catch {} // a kernel that hardens it: the cage hides this process from checks all the same
}
