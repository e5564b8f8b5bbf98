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
