import { inWords } from '../in-words.ts'
import type { Estimate } from '../interval.ts'
import type { BacktestReport, MissedTask } from '../report.ts'
import { agentsSection } from './agents-section.ts'
import { barChart } from './bar-chart.ts'
import { calibrationPlot } from './calibration-plot.ts'
import { commitLink } from './commit-link.ts'
import { type Html, html } from './html.ts'
import { STYLE } from './style.ts'

export interface PageOptions {
  /** Name of the repository, the heading of the page. */
  readonly name: string
  /** Address of the remote, for links to commits; null: there is none. */
  readonly remote: string | null
}

const COLUMNS = [
  ['recall5', 'R@5'],
  ['recall10', 'R@10'],
  ['recall20', 'R@20'],
  ['recall50', 'R@50'],
  ['reciprocalRank', 'MRR'],
  ['f1At5', 'F1@5'],
  ['precision', 'named: P'],
  ['recall', 'R'],
  ['f1', 'F1'],
] as const

/** The report as one self-contained page: no script, no other file, no network. */
export function page(report: BacktestReport, options: PageOptions): string {
  const { arms, worst, judged } = report
  const bars = (figure: 'recall10' | 'f1At5') =>
    arms.map(({ id, figures }) => ({ label: id, value: figures[figure], isMain: id === judged }))
  const calibrated = arms.flatMap(({ id, calibration }) =>
    calibration
      ? [html`${calibrationPlot(id, calibration)}<p>${inWords.calibration(id, calibration, report)}</p>`]
      : [],
  )
  const body = html`<h1>Backtest: ${options.name}</h1>
<p class="quiet">${inWords.span(report)} · ${inWords.request(report)} · HEAD ${commitName(report.head, options.remote)}</p>
${inWords.warnings(report).map((warning) => html`<p class="warning">${warning}</p>`)}
${
  arms.length === 0
    ? []
    : [
        html`<p class="lead">${inWords.result(report).replaceAll(' %', '\u00a0%')}</p>
<div class="charts">${barChart('Recall@10: share of the changed files among the first ten', bars('recall10'))}${barChart('F1@5: of the first five files', bars('f1At5'))}</div>
<h2>Figures</h2>
${figureTable(report)}`,
      ]
}
${report.agents ? [agentsSection(report.agents)] : []}
${calibrated.length === 0 ? [] : [html`<h2>Can its probabilities be believed?</h2><div class="charts">${calibrated}</div>`]}
${worst.length === 0 ? [] : [html`<h2>Where ${judged} was most wrong</h2>${worst.map((task) => missed(task, options.remote))}`]}
${arms.length === 0 ? [] : [taskTable(report, options.remote)]}
<h2>What was looked at</h2>
${droppedTable(report)}
<h2>How it was measured</h2>
<p>Each task is a past commit of the mainline that modifies three or more existing source files and reads like a feature. Its message is the request; the files of its first parent are what is ranked; the source files that it modified are the answer. History after that parent is not seen. Nothing was trained on the tasks. Tests, documentation and data count neither for nor against. Below each mean stands the range that holds it in 95 of 100 resamplings of the tasks.</p>
<p class="quiet">Commit messages are written after the work and may say more than a request would: <code>--title-only</code> shows what the titles alone give. Made by <code>repose backtest</code> in ${report.seconds.toFixed(0)} s.</p>`
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Backtest: ${options.name}</title>
<style>${{ markup: STYLE }}</style>
</head>
<body>
${body}
</body>
</html>
`.markup
}

function figureTable({ arms, gain, judged }: BacktestReport): Html {
  const plain = (value: number) => value.toFixed(2).replace('-0.00', '0.00').replace('-', '−')
  const signed = (value: number) => plain(value).replace(/^(?=[1-9]|0\.(?!00))/, '+')
  const short = (value: number) => plain(value).replace('0.', '.')
  const cell = ({ mean, low, high }: Estimate, digits: (value: number) => string) =>
    html`<td>${digits(mean)}<small>${short(low)} to ${short(high)}</small></td>`
  return html`<div class="scroll"><table class="figures">
<tr><th>arm</th>${COLUMNS.map(([, head]) => html`<th>${head}</th>`)}<th>names</th><th>ms</th></tr>
${arms.map(
  ({
    id,
    text,
    figures,
    named,
    ms,
  }) => html`<tr class="${id === judged ? 'main' : ''}" title="${text}"><td>${id}</td>${COLUMNS.map(([figure]) => cell(figures[figure], plain))}<td>${named.toFixed(1)}</td><td>${ms.toFixed(0)}</td></tr>
`,
)}${gain ? [html`<tr><td>${gain.arm} over ${gain.over}</td>${COLUMNS.map(([figure]) => cell(gain.figures[figure], signed))}<td></td><td></td></tr>`] : []}
</table></div>
<p class="quiet">${arms.map(({ id, text }) => html`<b>${id}</b>: ${text}. `)}An arm without probabilities names its first five files. So compare arms by F1@5: F1 of the named files depends on how many files an arm names.${gain ? ` ${gain.arm} is compared with ${gain.over}, ${gain.text}.` : ''}</p>`
}

function missed(task: MissedTask, remote: string | null): Html {
  return html`<article><h3><bdi>${task.title}</bdi></h3>
<p class="quiet">${commitName(task.commit, remote)} · ${inWords.day(task.time)} · F1 ${task.f1.toFixed(2)} · ${task.changed.length} source files changed, ${Math.round(task.recall20 * task.changed.length)} of them among the first twenty</p>
<div class="charts"><div><h4>Changed, not named</h4><ul>${task.missed.map(({ path, place }) => html`<li><code><bdi>${path}</bdi></code> <span class="quiet">${place === null ? 'not listed' : `place ${place}`}</span></li>`)}</ul></div>
${task.wrong.length === 0 ? [] : [html`<div><h4>Named, not changed</h4><ul>${task.wrong.map((path) => html`<li><code><bdi>${path}</bdi></code></li>`)}</ul></div>`]}</div></article>`
}

function taskTable({ tasks, arms, judged }: BacktestReport, remote: string | null): Html {
  return html`<details><summary>All ${tasks.length} tasks: F1 of the named files, below it R@10; the files changed, and which of them ${judged} did not name</summary><div class="scroll"><table class="tasks">
<tr><th>task</th>${arms.map(({ id }) => html`<th>${id}</th>`)}</tr>
${tasks.toReversed().map(
  ({
    commit,
    title,
    changed,
    missed,
    f1,
    recall10,
  }) => html`<tr><td>${commitName(commit, remote)} <bdi>${title}</bdi>${changed.map((path) => html`<small><code><bdi>${path}</bdi></code>${missed.includes(path) ? ' not named' : ''}</small>`)}</td>${arms.map(({ id }) => html`<td>${f1[id]!.toFixed(2)}<small>${recall10[id]!.toFixed(2)}</small></td>`)}</tr>
`,
)}</table></div></details>`
}

function commitName(commit: string, remote: string | null): Html {
  const link = commitLink(remote, commit)
  const hash = html`<code>${commit.slice(0, 10)}</code>`
  return link ? html`<a href="${link}">${hash}</a>` : hash
}

function droppedTable({ candidates, dropped, planned }: BacktestReport): Html {
  return html`<p>Commits of the mainline: ${candidates}; tasks: ${planned}. The others were dropped:</p><div class="scroll"><table class="wrap">
${dropped.map(({ reason, count }) => html`<tr><td>${count}</td><td>${reason}</td></tr>`)}
</table></div>`
}
