import type { Active } from './activity.ts'
import type { PassBudget } from './caps.ts'
import type { Operation } from './git-operation.ts'
import { beginOfHours, endOfHours, isWithin, nextMidnight } from './hours.ts'
import type { Power } from './power.ts'
import { clockOf, some, spanOf } from './words.ts'

export type Grade = 'none' | 'facts' | 'short' | 'long'

/** How the daemon's last pass ended. */
export interface LastPass {
  readonly grade: 'short' | 'long'
  /** Milliseconds since 1970. */
  readonly endedAt: number
  /**
   * 'done': every summary is fresh or rejected. 'kept': a short pass kept the budget for drafts. 'capped': a cap of a day or month leaves too little
   * for the remaining work, or what it leaves is kept for a draft. 'busy': another process runs a pass.
   */
  readonly end: 'done' | 'budget' | 'kept' | 'capped' | 'woken' | 'failed' | 'busy'
  /** For 'failed', 'kept' and 'capped', in words. */
  readonly reason: string | null
  /** Failures in a row, with this one; 0 if it did not fail. */
  readonly failures: number
  /** Answers and claims that it refused; absent: the pass broke off. */
  readonly rejected?: number
  /** The facts or the backlog have changed since then. */
  readonly changedSince: boolean
}

/** The inputs of the decision. Times are milliseconds since 1970. */
export interface Signs {
  readonly activity: Active | null
  /** Since when no event was missed: the start, or the machine's waking. */
  readonly watchingSince: number
  readonly isAfterWaking: boolean
  readonly operation: Operation | null
  /** Of the last minute, per core; null: the system does not report it. */
  readonly load: number | null
  readonly power: Power
  /** The oldest change that is not yet in the facts; null: they are up to date. */
  readonly factsDueSince: number | null
  readonly budget: PassBudget
  readonly lastPass: LastPass | null
  /** A pass is running: the load is its own, and does not end it. */
  readonly isThinking: boolean
  /** Why the daemon cannot work, in words. */
  readonly trouble: string | null
}

export interface IdleSettings {
  readonly shortMinutes: number
  readonly longMinutes: number
  /** 'HH:MM-HH:MM', local time; no passes within. */
  readonly quietHours: readonly string[]
  /** The same; passes only within. Empty: at any time. */
  readonly allowedHours: readonly string[]
  readonly maxLoad: number
  readonly onBattery: boolean
}

export interface Decision {
  /** 'held': the developer rests, but a condition forbids a pass. 'stopped': the daemon cannot work. */
  readonly state: 'active' | 'idle' | 'held' | 'stopped'
  readonly grade: Grade
  /** The deciding rule in one word; the log gets a line when it changes. */
  readonly cause: string
  /** The reason in words, with clock times and without durations, so that it stays true until something happens. */
  readonly reason: string
  /** When the decision could change without an event. */
  readonly nextLookAt: number
  /**
   * What may happen then, if nothing changes. 'pass': a pass of either grade. 'look': another check, since the obstacle has no known
   * end. 'change': nothing before a change.
   */
  readonly comes: 'facts' | 'short' | 'long' | 'pass' | 'look' | 'change'
}

const MINUTE = 60_000
const LONE_SAVE_MS = 40 // a save causes several events within some milliseconds
const AFTER_BURST_MS = 1500
const FACTS_WAIT_AT_MOST_MS = 10_000 // if changes never stop
const LOOK_AGAIN_MS = 30_000 // for conditions without events: load, power, a git operation
const REST_AFTER_LONG_MS = 30 * MINUTE

/**
 * Decides whether the developer rests, what may be done now, why, and when to check again. Pure: equal inputs give equal decisions.
 *
 * Facts are refreshed after a short quiet. A pass needs `shortMinutes` of quiet (a small budget) or `longMinutes` (up to the caps), and
 * no obstacle. The rules are checked in the order of the lines below.
 */
export function decide(signs: Signs, now: number, settings: IdleSettings): Decision {
  if (signs.trouble) return { ...held('trouble', signs.trouble, now + LOOK_AGAIN_MS, 'look'), state: 'stopped' }
  const quietSince = Math.max(signs.activity?.at ?? 0, signs.watchingSince)
  const quiet = Math.max(0, now - quietSince)
  const shortAt = quietSince + settings.shortMinutes * MINUTE
  const longAt = quietSince + settings.longMinutes * MINUTE
  const active = { state: now < shortAt ? ('active' as const) : ('idle' as const), ...whyActive(signs, quietSince) }

  const facts = factsDecision(signs, now, quiet)
  if (facts === 'now') return { ...active, grade: 'facts', nextLookAt: now + LOOK_AGAIN_MS, comes: 'facts' }
  if (facts !== null) return { ...active, grade: 'none', nextLookAt: facts, comes: 'facts' }
  if (now < shortAt) return { ...active, grade: 'none', nextLookAt: shortAt, comes: 'short' }

  const against = objection(signs, now, settings) ?? restOf(signs, now, longAt)
  if (against) return against
  const budget = signs.budget
  if (budget.kind === 'reached') return held('caps', budget.why, budget.until, 'pass')
  const grade = now >= longAt ? 'long' : 'short'
  const means = budget.kind === 'free' ? `without a model: ${budget.why}` : `${grade} pass`
  return {
    state: 'idle',
    grade,
    cause: grade,
    reason: `no change since ${clockOf(quietSince)} (${means})`,
    nextLookAt: grade === 'short' ? longAt : now + REST_AFTER_LONG_MS,
    comes: 'long',
  }
}

/** 'now', the time of the next check, or null if the facts are up to date. */
function factsDecision(
  { factsDueSince, activity, operation }: Signs,
  now: number,
  quiet: number,
): 'now' | number | null {
  if (factsDueSince === null) return null
  const waited = now - factsDueSince
  if (waited >= FACTS_WAIT_AT_MOST_MS) return 'now'
  if (operation?.name === 'git command') return now + 100
  const wanted = activity?.by === 'burst' ? AFTER_BURST_MS : LONE_SAVE_MS
  if (quiet >= wanted || now < (activity?.at ?? 0)) return 'now' // second condition: the clock was set back
  return now + Math.min(wanted - quiet, FACTS_WAIT_AT_MOST_MS - waited)
}

function whyActive(
  { activity, watchingSince, isAfterWaking }: Signs,
  quietSince: number,
): { cause: string; reason: string } {
  if (!activity || activity.at < watchingSince) {
    const what = isAfterWaking ? 'the machine woke, and its sleep does not count as rest' : 'watching began'
    return { cause: isAfterWaking ? 'woke' : 'began', reason: `${what} (${clockOf(quietSince)})` }
  }
  const at = clockOf(activity.at)
  if (activity.by === 'burst') {
    const what = `${some(activity.files, 'file')} changed at once, the last at ${at}`
    return { cause: 'burst', reason: `${what}: a build, a checkout or another agent` }
  }
  if (activity.by === 'git') return { cause: 'git', reason: `git wrote ${activity.path.slice(5)} at ${at}` }
  return { cause: 'developer', reason: `${activity.path || 'a file'} changed at ${at}` }
}

/** What forbids a pass although the developer rests; the cheapest check first. */
function objection(signs: Signs, now: number, settings: IdleSettings): Decision | null {
  const { operation, power, load, isThinking } = signs
  if (operation)
    return held(
      'operation',
      `a ${operation.name} is in progress since ${clockOf(operation.since, now)}`,
      now + LOOK_AGAIN_MS,
      'look',
    )
  const quiet = settings.quietHours.find((hours) => isWithin(hours, now))
  if (quiet) return held('hours', `quiet hours (${quiet})`, endOfHours(quiet, now), 'pass')
  const { allowedHours } = settings
  if (allowedHours.length > 0 && !allowedHours.some((hours) => isWithin(hours, now))) {
    const begin = Math.min(...allowedHours.map((hours) => beginOfHours(hours, now)))
    return held('hours', `outside the allowed hours (${allowedHours.join(', ')})`, begin, 'pass')
  }
  if (power.source === 'battery' && !settings.onBattery) {
    const left = power.percent === null ? '' : ` (${power.percent} %)`
    return held('battery', `on battery${left}`, now + MINUTE, 'look')
  }
  if (!isThinking && load !== null && load > settings.maxLoad)
    return held(
      'load',
      `the machine is busy: load ${load.toFixed(2)} a core, at most ${settings.maxLoad}`,
      now + LOOK_AGAIN_MS,
      'look',
    )
  return null
}

/** Why nothing is done after the last pass, and until when. */
function restOf({ lastPass, activity, isThinking, budget }: Signs, now: number, longAt: number): Decision | null {
  if (!lastPass || isThinking) return null
  const { end, endedAt, changedSince, failures, reason, rejected = 0 } = lastPass
  const at = clockOf(endedAt)
  if (end === 'failed' || end === 'busy') {
    const restMs = end === 'busy' ? MINUTE : Math.min(360, 5 * 2 ** (failures - 1)) * MINUTE
    const until = endedAt + restMs
    if (now < until && now >= endedAt)
      return held(
        end,
        `the last pass ${end === 'busy' ? 'found another one running' : `failed at ${at}: ${reason}`}`,
        until,
        'pass',
      )
    return null
  }
  if (end === 'capped') {
    const until = nextMidnight(endedAt)
    return now < until && now >= endedAt && !changedSince ? held('caps', reason!, until, 'pass') : null
  }
  const waitsForLong = lastPass.grade === 'short' && now < longAt
  const restUntilLong = (words: string) =>
    rest('spent', `${words}; a long pass begins at ${clockOf(longAt)}`, longAt, 'long')
  if (end === 'done' && !changedSince) {
    const fresh = `every summary was fresh${rejected > 0 ? ' or rejected' : ''} at ${at}`
    if (lastPass.grade === 'short' && budget.kind !== 'free')
      // only a long pass drafts
      return waitsForLong ? restUntilLong(fresh) : null
    return rest('nothing', `nothing left to think about: ${fresh}`, now + 60 * MINUTE, 'change')
  }
  if ((end !== 'budget' && end !== 'kept') || (activity && activity.at > endedAt)) return null
  if (waitsForLong) return restUntilLong(end === 'kept' ? reason! : `the short pass used its budget at ${at}`)
  const until = endedAt + REST_AFTER_LONG_MS
  if (lastPass.grade === 'long' && now < until)
    return rest(
      'spent',
      `the pass used its budget at ${at}; the next one begins after ${spanOf(REST_AFTER_LONG_MS)}`,
      until,
      'long',
    )
  return null
}

function held(cause: string, reason: string, nextLookAt: number, comes: Decision['comes']): Decision {
  return { state: 'held', grade: 'none', cause, reason, nextLookAt, comes }
}

function rest(cause: string, reason: string, nextLookAt: number, comes: Decision['comes']): Decision {
  return { state: 'idle', grade: 'none', cause, reason, nextLookAt, comes }
}
