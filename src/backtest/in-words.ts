import { CUT_OFF, NOT_HERE } from '../history/mine-features.ts'
import { BRING_CONTENTS } from '../repo/missing-contents.ts'
import type { Calibration } from './calibration.ts'
import type { BacktestReport } from './report.ts'

const FEW = 5 // tasks: fewer are no evidence for the next one
const SHOWN_FROM = 0.1 // probability: the many files below it hardly ever change, and would hide the others
const NEAR = 0.05 // between the means of forecast and outcome

/** Sentences of a report, the same for the terminal and the page. */
export const inWords = {
  /** '50 past features, 2022-06-28 to 2026-07-23'. */
  span({ from, to, tasks }: BacktestReport): string {
    const features = many(tasks.length, 'past feature')
    if (from === null || to === null) return features
    const [first, last] = [inWords.day(from), inWords.day(to)]
    return `${features}, ${first === last ? first : `${first} to ${last}`}`
  },

  request: ({ titleOnly }: BacktestReport) =>
    `the request is ${titleOnly ? 'the title alone' : 'the title and the text of the message'}`,

  /** Caveats that the reader needs before the figures. */
  warnings({ stop, tasks, planned, candidates, dropped }: BacktestReport): string[] {
    const shallow = dropped.some(({ reason }) => reason === CUT_OFF)
      ? [
          `This clone is shallow: ${many(candidates, 'commit')} of the mainline ${candidates === 1 ? 'was' : 'were'} looked at, and earlier ones are not in this clone (git fetch --unshallow brings them).`,
        ]
      : []
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
          ? [`Too little history: ${noFeature(candidates)}.`]
          : [`Too few tasks to judge by: ${planned}, and at least ${FEW} are needed.`]
    return [...cut, ...few, ...shallow, ...dropped.filter(({ reason }) => reason === NOT_HERE).map(notHere)]
  },

  /**
   * The main result, against the best of the other arms. They are compared on equally many files, since each arm chooses how many it
   * names.
   */
  result({ arms, judged, gain, tasks }: BacktestReport): string {
    const arm = (id: string) => arms.find((one) => one.id === id)!
    const { figures: of, named } = arm(judged)
    const names = `It names ${named.toFixed(1)} files a feature: ${percent(of.precision.mean)} of them were right, and ${percent(of.recall.mean)} of the changed files were among them (F1 ${share(of.f1.mean)}).`
    const listed = `Of the source files that a feature changed, ${judged} listed ${percent(of.recall10.mean)} among its first ten`
    if (!gain) return `${listed}. ${names}`
    const other = arm(gain.over).figures
    const { mean, low, high } = gain.figures.f1At5
    const verdict = low > 0 ? ': better' : high < 0 ? ': worse' : ': no sure difference'
    const against = `Its F1@5, of the first five files, is ${share(of.f1At5.mean)} against ${share(other.f1At5.mean)} of ${gain.over}${arms.length > 2 ? ' (the best other arm by F1@5)' : ''}, a difference of ${signed(mean)} (95 %: ${signed(low)} to ${signed(high)})${tasks.length < FEW ? '' : verdict}.`
    return `${listed}, ${gain.over} ${percent(other.recall10.mean)}. ${against} ${names}`
  },

  /** Whether the probabilities of listed files are reliable: forecast, outcome, and what they mean. '' if all are low. */
  calibration(arm: string, { bins, brier }: Calibration, { tasks }: Pick<BacktestReport, 'tasks'>): string {
    const shown = bins.filter(({ from }) => from >= SHOWN_FROM)
    const count = shown.reduce((sum, bin) => sum + bin.count, 0)
    if (count === 0) return ''
    const each = (of: 'forecast' | 'changed') => shown.map((bin) => places(bin[of])).join(' ')
    const mean = (of: 'forecast' | 'changed') => shown.reduce((sum, bin) => sum + bin.count * bin[of], 0) / count
    const [forecast, changed] = [mean('forecast'), mean('changed')]
    const verdict = Math.abs(forecast - changed) < NEAR ? 'about right' : forecast < changed ? 'too low' : 'too high'
    return `Of the ${count} files that ${arm} gave a probability of ${places(SHOWN_FROM)} or more, by ranges of a tenth: predicted ${each('forecast')}, changed ${each('changed')}. On average it predicted ${places(forecast)}, and ${places(changed)} were changed${tasks.length < FEW ? '' : `: the forecast is ${verdict}`}. Brier score of all listed files ${share(brier)} (0 is perfect).`
  },

  /** '2521 commits looked at, 132 taken; dropped: 863 like a fix, ...'. */
  dropped({ candidates, dropped, planned }: BacktestReport): string {
    const reasons = dropped.map(({ reason, count }) => `${count} ${reason.replace(/^reads /, '')}`)
    return `${many(candidates, 'commit')} looked at, ${planned} taken; dropped: ${reasons.join(', ') || 'none'}`
  },

  day: (seconds: number) => new Date(seconds * 1000).toISOString().split('T')[0]!,
}

/** '1 task', '2 tasks'. */
export function many(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

function notHere({ count }: { readonly count: number }): string {
  return `${many(count, 'past feature')} ${count === 1 ? 'is' : 'are'} left out, since contents of the past are not in this clone (${BRING_CONTENTS}).`
}

function noFeature(candidates: number): string {
  const feature = 'three or more source files and reads like a feature'
  if (candidates === 0) return 'no commit of the mainline comes after the revision of --since'
  if (candidates === 1) return `the only commit on the mainline is not one that modifies ${feature}`
  return `none of ${candidates} commits on the mainline modifies ${feature}`
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`
}

/** 0.4531 -> '.453'. */
function share(value: number): string {
  const rounded = Math.round(1000 * value) / 1000 || 0 // never -0
  return rounded.toFixed(3).replace(/^(-?)0/, '$1')
}

/** 0.4531 -> '.45'. */
function places(value: number): string {
  return value.toFixed(2).replace(/^0/, '')
}

function signed(difference: number): string {
  return `${difference >= 0.0005 ? '+' : ''}${share(difference)}`
}
