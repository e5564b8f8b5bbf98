import type { BacktestReport } from './report.ts'

const FEW = 5 // tasks: fewer say nothing about the next one
const SHOWN = 6 // reasons

/** What a report says, in sentences: the same words for the terminal and the page. */
export const inWords = {
  /** '50 past features, 2022-06-28 to 2026-07-23'. */
  span({ from, to, tasks }: BacktestReport): string {
    const many = tasks.length === 1 ? '1 past feature' : `${tasks.length} past features`
    if (from === null || to === null) return many
    return from === to ? `${many}, ${inWords.day(from)}` : `${many}, ${inWords.day(from)} to ${inWords.day(to)}`
  },

  request: ({ titleOnly }: BacktestReport) =>
    `the request is ${titleOnly ? 'the title alone' : 'the title and the text of the message'}`,

  /** What the reader must know before believing the figures. */
  warnings({ stop, tasks, planned, candidates }: BacktestReport): string[] {
    const cut =
      stop === 'done'
        ? []
        : [
            `${stop === 'interrupted' ? 'Interrupted' : 'Out of time'} after ${tasks.length} of ${planned} tasks${tasks.length === 0 ? '' : ': the figures are of the oldest ones'}.`,
          ]
    const few =
      planned >= FEW
        ? []
        : planned === 0
          ? [
              `Too little history: none of ${candidates} commits on the mainline modifies three or more source files and reads like a feature.`,
            ]
          : [
              `Too little to judge by: ${planned === 1 ? '1 task' : `${planned} tasks`}, of ${candidates} commits on the mainline; ${FEW} are the least.`,
            ]
    return [...cut, ...few]
  },

  /** The main result. */
  result({ arms, judged, gain }: BacktestReport): string {
    const of = (id: string) => arms.find((arm) => arm.id === id)!.figures
    const first = `Of the source files that a feature changed, ${judged} listed ${percent(of(judged).recall10.mean)} among its first ten and named ${percent(of(judged).recall.mean)}; ${percent(of(judged).precision.mean)} of what it named was right.`
    if (!gain) return first
    const { mean, low, high } = gain.figures.f1
    const sure = low > 0 ? 'better' : high < 0 ? 'worse' : 'no sure difference'
    return `${first} Full text alone listed ${percent(of(gain.over).recall10.mean)} among its first ten; F1 of the named files differs from it by ${points(mean)} points (95 %: ${points(low)} to ${points(high)}), ${sure}.`
  },

  /** '2,521 commits looked at, 132 features; the others: 863 reads like a fix, ...'. */
  dropped({ candidates, dropped, planned }: BacktestReport): string {
    const rest = dropped.slice(SHOWN).reduce((sum, { count }) => sum + count, 0)
    const reasons = dropped.slice(0, SHOWN).map(({ reason, count }) => `${count} ${reason}`)
    return `${candidates} commits looked at, ${planned} taken; dropped: ${[...reasons, ...(rest > 0 ? [`${rest} for other reasons`] : [])].join(', ') || 'none'}`
  },

  day: (seconds: number) => new Date(seconds * 1000).toISOString().slice(0, 10),
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`
}

function points(difference: number): string {
  const rounded = Math.round(100 * difference)
  return rounded > 0 ? `+${rounded}` : String(rounded || 0) // never -0
}
