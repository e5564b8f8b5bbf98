import { readRegularText } from '../files/read-regular.ts'

const PAGE = 4096 // bytes; where pages are larger, more memory is allowed

/** Bytes of memory of a process, without files that it maps (git maps whole packs); 0: it has ended, or the system is not Linux. */
export function memoryOf(pid: number | undefined): number {
  if (process.platform !== 'linux') return 0
  const [, resident, shared] = (readRegularText(`/proc/${pid}/statm`) ?? '').split(' ')
  return PAGE * (Number(resident ?? 0) - Number(shared ?? 0))
}
