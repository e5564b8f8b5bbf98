import { readdirSync, readFileSync } from 'node:fs'

/** Processes of this machine that were given a word in their environment or on their command line, this one apart. Linux alone. */
export function runningWith(word: string): { readonly pid: number; readonly command: string }[] {
  return readdirSync('/proc').flatMap((name) => {
    const pid = Number(name)
    if (!Number.isInteger(pid) || pid === process.pid) return []
    const read = (file: string) => {
      try {
        return readFileSync(`/proc/${pid}/${file}`, 'utf8')
      } catch {
        return '' // it has ended meanwhile, or is another user's
      }
    }
    const isMeant = `${read('environ')}${read('cmdline')}`.includes(word)
    return isMeant && !/^State:\s+Z/m.test(read('status'))
      ? [{ pid, command: read('cmdline').replaceAll('\0', ' ') }]
      : []
  })
}
