import { readdirSync } from 'node:fs'
import { readRegularText } from '../files/read-regular.ts'

export interface ProcessStat {
  /** All of its threads have ended; nobody has collected it yet. */
  readonly isDead: boolean
  /** Its process group. */
  readonly group: number
  /** In the system's own format. */
  readonly startedAt: string
}

/** What Linux says of a process; null: there is none, or it is not shown. */
export function processStat(pid: number): ProcessStat | null {
  // the name in field 2 may contain spaces and brackets
  const fields = (readRegularText(`/proc/${pid}/stat`) ?? '').replace(/^.*\) /s, '').split(' ')
  const [state, , group] = fields
  const [threads, , startedAt] = fields.slice(17)
  if (startedAt === undefined) return null
  // the state is that of the first thread, which may end before the others
  return { isDead: /^[ZX]$/.test(state!) && Number(threads) <= 1, group: Number(group), startedAt }
}

/**
 * Whether the processes that are left of a group are dead orphans, which the system has not collected. In a container it may never do so.
 * Certain only for a killed group: a living process may start others meanwhile. Takes time linear in the processes of the machine.
 */
export function isDeadGroup(group: number): boolean {
  if (process.platform !== 'linux') return false
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return !all.some((pid) => {
    const stat = processStat(Number(pid))
    return stat?.group === group && !stat.isDead
  })
}
