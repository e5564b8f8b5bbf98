import type { WatchState } from './state.ts'
import { clockOf, some, spanOf } from './words.ts'

/**
 * One screen with the daemon's state, a block for each repository. It has clock times instead of durations, so it changes only when
 * something happens.
 */
export function screenOf(state: WatchState, now: number): string[] {
  const { watching, thinking, facts, lastPass } = state
  const words = { active: 'the developer is at work', idle: 'resting', held: 'held back', stopped: 'cannot work' }
  const rows: [string, string][] = [
    ['state', `${thinking ? `thinking, ${thinking.grade} pass` : words[state.state]}: ${state.reason}`],
    ['thinks about', thinking ? progressOf(thinking, now) : 'nothing'],
    ['spent today', spentOf(state)],
    ['next', nextOf(state)],
    ['facts', facts ? `as of ${clockOf(facts.at, now)} (${facts.ms} ms)` : 'not read yet'],
    [
      'last pass',
      lastPass
        ? `${lastPass.end} at ${clockOf(lastPass.endedAt, now)}${lastPass.reason ? `: ${lastPass.reason}` : ''}`
        : 'none yet',
    ],
    ['watching', watching ? `${watching.how}: ${watching.why}, ${some(watching.watches, 'watch')}` : 'nothing'],
  ]
  if (state.heartbeats.length > 0) {
    const clocks = state.heartbeats.slice(0, 3).map(({ path, everyMs }) => `${path} every ${spanOf(everyMs)}`)
    rows.push(['left out', `changes on a clock: ${clocks.join(', ')}`])
  }
  return [state.root, ...rows.map(([name, text]) => `  ${name.padEnd(13)} ${text}`)]
}

function progressOf({ subject, done, total, since }: NonNullable<WatchState['thinking']>, now: number): string {
  const far = total > 0 ? `${done} of ${total}, ` : ''
  return `${subject || 'what to do first'} (${far}for ${spanOf(now - since)})`
}

function spentOf({ money }: WatchState): string {
  if (!money) return 'not read yet'
  if (!money.spent) return money.budget.kind === 'free' ? `nothing: ${money.budget.why}` : 'not known'
  const { tokens, usd } = money.spent.day
  const amount = `${tokens.toLocaleString('en')} tokens${usd === null || usd === 0 ? '' : `, US$${usd.toFixed(4)}`}`
  if (money.budget.kind === 'free') return `${amount}; ${money.budget.why}`
  if (money.budget.kind === 'reached') return `${amount}; ${money.budget.why}`
  const left = [
    money.budget.tokens === null ? [] : [`${money.budget.tokens.toLocaleString('en')} tokens`],
    money.budget.usd === null ? [] : [`US$${money.budget.usd.toFixed(2)}`],
  ].flat()
  return `${amount}; a pass may spend ${left.join(' and ')}`
}

function nextOf({ nextLookAt, comes, thinking }: WatchState): string {
  if (thinking) return 'ends with the first change of yours'
  const at = clockOf(nextLookAt)
  const words = {
    facts: 'facts, as soon as it is quiet',
    short: `a short pass at ${at}, if nothing changes`,
    long: `a long pass at ${at}, if nothing changes`,
    pass: `a pass at ${at}, if nothing changes`,
    look: 'a pass when that is over; this is checked every half minute',
    change: 'a pass when something has changed',
  }
  return words[comes]
}
