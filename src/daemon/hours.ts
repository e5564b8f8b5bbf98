/**
 * Whether `now` (milliseconds since 1970) is within 'HH:MM-HH:MM', local time. '22:00-06:00' includes midnight; equal ends are the
 * whole day.
 */
export function isWithin(hours: string, now: number): boolean {
  const [from, to] = minutesOf(hours)
  const minute = minuteOf(now)
  if (from === to) return true
  return from < to ? minute >= from && minute < to : minute >= from || minute < to
}

/** The next start of such hours, milliseconds since 1970. */
export function beginOfHours(hours: string, now: number): number {
  return nextTime(minutesOf(hours)[0], now)
}

/** The next end of such hours, milliseconds since 1970. */
export function endOfHours(hours: string, now: number): number {
  return nextTime(minutesOf(hours)[1], now)
}

/** The beginning of the day and of the month of `now`, local time. */
export function startsOf(now: number): { readonly day: number; readonly month: number } {
  const date = new Date(now)
  return {
    day: new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime(),
    month: new Date(date.getFullYear(), date.getMonth(), 1).getTime(),
  }
}

/** The next midnight after `now`. */
export function nextMidnight(now: number): number {
  const date = new Date(now)
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + 1).getTime()
}

function nextTime(minute: number, now: number): number {
  const date = new Date(now)
  date.setHours(Math.floor(minute / 60), minute % 60, 0, 0)
  if (date.getTime() <= now) date.setDate(date.getDate() + 1)
  return date.getTime()
}

function minutesOf(hours: string): [number, number] {
  const [from, to] = hours.split('-').map((time) => {
    const [hour, minute] = time.split(':').map(Number) as [number, number]
    return hour * 60 + minute
  })
  return [from!, to!]
}

function minuteOf(now: number): number {
  const date = new Date(now)
  return date.getHours() * 60 + date.getMinutes()
}
