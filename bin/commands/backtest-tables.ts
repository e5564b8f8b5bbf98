import type { AgentsReport } from '../../src/backtest/agents/agents-report.ts'
import { agentsInWords } from '../../src/backtest/agents/in-words.ts'
import { inWords } from '../../src/backtest/in-words.ts'
import type { Estimate } from '../../src/backtest/interval.ts'
import type { BacktestReport } from '../../src/backtest/report.ts'
import { count, table } from '../format.ts'

const MISSED = 5 // paths shown for a task
const WRONG = 3

/** The report on the ranking, for a terminal. */
export function rankingText(report: BacktestReport): string {
  const { arms, worst, judged } = report
  const parts = [...inWords.warnings(report)]
  if (arms.length > 0)
    parts.push(
      `${inWords.span(report)}; ${inWords.request(report)}`,
      rankingFigures(report),
      inWords.result(report),
      ...arms.flatMap(({ id, calibration }) => (calibration ? [inWords.calibration(id, calibration, report)] : [])),
    )
  if (worst.length > 0)
    parts.push(
      [
        `where ${judged} was most wrong:`,
        ...worst.flatMap(({ commit, title, f1, changed, missed, wrong }) => [
          `  ${commit.slice(0, 10)}  F1 ${f1.toFixed(2)}  ${title}`,
          ...missed
            .slice(0, MISSED)
            .map(({ path, place }) => `      missed ${path} (${place === null ? 'not listed' : `place ${place}`})`),
          ...(missed.length > MISSED ? [`      and ${missed.length - MISSED} more`] : []),
          wrong.length > 0 || missed.length < changed.length ? `      ${wronglyNamed(wrong)}` : '      named none',
        ]),
      ].join('\n'),
    )
  return [...parts, inWords.dropped(report)].filter(Boolean).join('\n\n')
}

function wronglyNamed(wrong: readonly string[]): string {
  if (wrong.length === 0) return 'named no other'
  const more = wrong.length - WRONG
  return `named ${wrong.slice(0, WRONG).join(', ')}${more > 0 ? ` and ${more} more` : ''}, which it did not change`
}

function rankingFigures({ arms }: BacktestReport): string {
  return table([
    ['arm', 'R@5', 'R@10', 'R@20', 'R@50', 'F1@5', 'named', 'P', 'R', 'F1', 'ms'],
    ...arms.map(({ id, figures: of, named, ms }) => [
      id,
      ...[of.recall5, of.recall10, of.recall20, of.recall50, of.f1At5].map(({ mean }) => mean.toFixed(3)),
      named.toFixed(1),
      ...[of.precision, of.recall, of.f1].map(({ mean }) => mean.toFixed(3)),
      ms.toFixed(0),
    ]),
  ])
}

/** The report on agents, for a terminal. */
export function agentsText(report: AgentsReport): string {
  const { figures, comparisons } = report
  return [
    agentsInWords.head(report),
    ...agentsInWords.warnings(report),
    ...(figures.length === 0 ? [] : [files(report), cost(report)]),
    ...(comparisons.length === 0 ? [] : [against(report), agentsInWords.result(report)]),
  ].join('\n\n')
}

function files({ figures }: AgentsReport): string {
  return `files changed (95 % interval)\n${table([
    ['arm', 'steps', 'tasks', 'source P', 'R', 'F1', 'all P', 'R', 'F1'],
    ...figures.map(({ arm, steps, tasks, source, all }) => [
      arm,
      String(steps),
      String(tasks),
      ...[source.precision, source.recall, source.f1, all.precision, all.recall, all.f1].map(spanned),
    ]),
  ])}`
}

function cost({ figures }: AgentsReport): string {
  return `what a request took (means; tokens and seconds: medians)\n${table([
    ['arm', 'steps', 'tokens', 'uncached', 'cached', 'output', 'calls', 'seconds', 'US$', 'ends'],
    ...figures.map(({ arm, steps, medianTokens, tokens, calls, seconds, usd, stops }) => [
      arm,
      String(steps),
      ...[medianTokens, tokens.uncached, tokens.cached, tokens.output].map((one) => count(Math.round(one))),
      calls.toFixed(1),
      seconds.toFixed(0),
      usd === null ? 'unknown' : usd.toFixed(4),
      agentsInWords.stops(stops),
    ]),
  ])}`
}

function against({ comparisons }: AgentsReport): string {
  return `against the plain agent, task by task\n${table([
    ['arm', 'steps', "plain's", 'tasks', 'tokens, ratio', 'output, ratio', 'F1 source', 'F1 all', 'P all'],
    ...comparisons.map((one) => [
      one.arm,
      String(one.steps),
      String(one.plainSteps),
      String(one.tasks),
      ...[one.tokens, one.output, one.f1Source, one.f1All, one.precisionAll].map(spanned),
    ]),
  ])}`
}

function spanned({ mean, low, high }: Estimate): string {
  const [a, b, c] = [mean, low, high].map((value) => value.toFixed(2).replace('-0.00', '0.00'))
  return `${a} (${b} to ${c})`
}
