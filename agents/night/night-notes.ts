import type { NightReport } from './night-options.ts'

/** What became of the backlog, a line for each kind. */
export function nightNotes({
  drafted,
  planned,
  needsYou,
  moved,
  back,
  checked,
  there,
  forecast,
  came,
  missed,
  left,
  notes,
}: NightReport): readonly string[] {
  const line = (what: string, items: readonly number[]) =>
    items.length > 0 ? [`backlog: ${what} ${items.map((id) => `#${id}`).join(', ')}`] : []
  return [
    ...line('drafted', drafted),
    ...line('planned', planned),
    ...line('needs you:', needsYou),
    ...line('moved to the new HEAD:', moved),
    ...line('good again, since HEAD is back there:', back),
    ...line('checked:', checked),
    ...line('there already:', there),
    ...line('forecast:', forecast),
    ...line('forecast, and came:', came),
    ...line('forecast, and nobody asked for it:', missed),
    ...(left > 0 ? [`backlog: left for a later pass: ${left}`] : []),
    ...notes,
  ]
}
