import type { RankedFile } from './name-files.ts'

/**
 * How sure the ranking is of the files it names, from 0 to 1: how far the named files stand above the ones behind them,
 * and how many kinds of evidence agree on them. Uncalibrated: a larger value means a better list, no more.
 */
export function predictabilityOf(files: readonly RankedFile[]): number {
  const named = files.filter((file) => file.role === 'modify')
  if (named.length === 0) return 0
  const mean = named.reduce((sum, file) => sum + file.score, 0) / named.length
  const behind = files.filter((file) => file.role === 'maybe').slice(0, 10)
  const rest = behind.reduce((sum, file) => sum + file.score, 0) / Math.max(1, behind.length)
  const agreement = named.reduce((sum, file) => sum + Math.min(file.why.length, 4), 0) / (4 * named.length)
  return Math.round(100 * Math.min(1, 0.5 * agreement + 0.5 * (1 - rest / mean))) / 100
}
