import { shownPath } from '../../src/paths.ts'
import type { ForecastOutcome } from '../../src/store/forecasts.ts'
import type { Store } from '../../src/store/open-store.ts'
import { age } from '../backlog-items.ts'
import type { ExitCode } from '../command.ts'
import { count, plural, when } from '../format.ts'
import { bold } from '../paint/style.ts'
import type { Wire } from '../wire.ts'

const MOST_EVIDENCE = 3

/** Lists what may be asked for next, with its evidence, and what became of earlier forecasts. isAll: those too. */
export async function listForecasts(wire: Wire, isAll: boolean): Promise<ExitCode> {
  const [store, { backlog }] = await Promise.all([wire.store(), wire.config()])
  const all = store.forecasts.all()
  const of = (outcome: ForecastOutcome) => all.filter((one) => one.outcome === outcome).length
  const counts = { made: all.length, open: of('open'), hit: of('hit'), missed: of('missed'), dropped: of('dropped') }
  const shown = isAll ? all : all.filter(({ outcome }) => outcome === 'open')
  if (wire.flags.json) {
    wire.printJson({ counts, lastQuestion: store.forecasts.lastRun(), forecasts: shown })
    return 0
  }
  const now = Date.now()
  for (const { item, request, likelihood, outcome, hit, files, evidence, madeAt } of shown) {
    const became = outcome === 'open' ? '' : `, ${outcome}${hit ? ` (${hit.slice(0, 12)})` : ''}`
    wire.print(`${item}  ${request.split('\n', 1)[0]}`, bold)
    wire.print(`   likely: ${Math.round(likelihood * 100)} % as the model says, ${age(now - madeAt)} ago${became}`)
    if (files.length > 0) wire.print(`   files:  ${files.map(shownPath).join(', ')}`)
    for (const { kind, place, text } of evidence.slice(0, MOST_EVIDENCE))
      wire.print(`   because: ${kind} ${shownPath(place)}: ${text}`)
    if (evidence.length > MOST_EVIDENCE) wire.print(`   because: ${count(evidence.length - MOST_EVIDENCE)} more`)
  }
  if (all.length > 0)
    wire.print(
      `${shown.length > 0 ? '\n' : ''}${plural(counts.made, 'forecast')} so far: ${count(counts.hit)} came, ${count(counts.missed)} nobody asked for, ${count(counts.dropped)} you dropped, ${count(counts.open)} open`,
    )
  if (counts.open > 0) wire.say('repose backlog approve ID has one drafted; drop ID drops it; none is drafted unasked')
  else if (!backlog.forecasts)
    wire.say('none is made: your configuration does not say {"backlog": {"forecasts": true}} (repose help backlog)')
  else wire.say(await sayLastQuestion(wire, store))
  return 0
}

/** What became of the last question, and when the next one is due. */
async function sayLastQuestion(wire: Wire, store: Store): Promise<string> {
  const last = store.forecasts.lastRun()
  if (!last) return 'no forecast yet: repose sleep --only backlog asks for some'
  const [{ ASKED_EVERY, isForecastDue }, repo] = await Promise.all([
    import('../../agents/night/forecast-backlog.ts'),
    wire.repo(),
  ])
  const kept = last.proposed - last.refused
  const became =
    last.proposed === 0
      ? 'it proposed nothing'
      : `it proposed ${count(last.proposed)}, of which ${count(kept)} could be kept`
  const now = Date.now()
  const next = (await isForecastDue(repo, store, now))
    ? 'repose sleep --only backlog asks again'
    : `it is asked again after ${when(last.madeAt + ASKED_EVERY)}, once ten commits have come`
  return `the model was asked ${age(now - last.madeAt)} ago, and ${became}: ${next}`
}
