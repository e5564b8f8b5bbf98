import { closeSync, openSync, readFileSync, readSync, writeSync } from 'node:fs'

/** Keys of model endpoints. No program that repose starts needs one. */
const OF_ENDPOINTS = /API_?KEY$/i
/** Other variables whose names look like secrets. git's helpers may need them. */
const SECRET = /KEY|TOKEN|SECRET|PASSW|CREDENTIAL/i

let taken: Record<string, string> = {}

/** The keys that takeKeys() took, by name. */
export function takenKeys(): Readonly<Record<string, string>> {
  return taken
}

/**
 * Removes the keys of model endpoints from this process's environment, so that no child process inherits them. Also overwrites these and
 * other secrets where the system shows the environment with which the process started. Call it before anything else.
 *
 * Deleting a variable does not overwrite it: on Linux, /proc/PID/environ shows a part of the process's memory that stays unchanged. A
 * variable that is set again moves to another place. Afterwards only this process's memory holds the keys.
 */
export function takeKeys(env: NodeJS.ProcessEnv = process.env): void {
  taken = {} // not those of an earlier environment
  const secrets = Object.keys(env).filter((name) => SECRET.test(name) && env[name])
  for (const name of secrets) {
    const value = env[name]!
    delete env[name]
    if (OF_ENDPOINTS.test(name)) taken[name] = value
    else env[name] = value
  }
  if (secrets.length > 0 && process.platform === 'linux') wipe(secrets)
}

/** Overwrites variables in the environment with which this process started. They stay if the system does not allow it. */
function wipe(names: readonly string[]): void {
  try {
    // fields 50 and 51; the program name in field 2 may contain spaces and brackets
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
  } catch {} // a hardened kernel forbids it; the cage still hides this process from checks
}
