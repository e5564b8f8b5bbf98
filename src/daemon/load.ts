import { availableParallelism, loadavg } from 'node:os'

/** Load of the last minute per core; null if the system does not measure it (Windows). */
export function readLoad(): number | null {
  return process.platform === 'win32' ? null : loadavg()[0]! / availableParallelism()
}
