/** A duration in words: '40 s', '12 min', '3 h'. */
export function spanOf(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000))
  if (seconds < 120) return `${seconds} s`
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`
}

/** Milliseconds since 1970 -> '14:02:10', local time; with the date if not within a day of `now`. */
export function clockOf(ms: number, now = ms): string {
  const date = new Date(ms)
  const time = date.toTimeString().slice(0, 8)
  if (Math.abs(now - ms) < 20 * 3_600_000) return time
  const day = [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, '0'))
  return `${day.join('-')} ${time}`
}

/** '1 file', '2 files', '2 watches'. */
export function some(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : noun.endsWith('ch') ? 'es' : 's'}`
}
