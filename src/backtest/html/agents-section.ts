import type { AgentFigures, AgentsReport } from '../agents/agents-report.ts'
import { agentsInWords } from '../agents/in-words.ts'
import type { Estimate } from '../interval.ts'
import { type Html, html } from './html.ts'
import { legend, scatter } from './scatter.ts'

/** Agents on the same tasks: F1 against tokens, the figures, and each arm against the plain agent. */
export function agentsSection(report: AgentsReport): Html {
  const { figures, comparisons } = report
  const series = [...new Set(figures.map(({ arm }) => arm))]
  const chart = (title: string, f1: (one: AgentFigures) => Estimate) =>
    scatter(
      title,
      'tokens of a request (median)',
      figures.map((one) => ({
        series: one.arm,
        label: String(one.steps),
        x: Math.max(1, one.medianTokens),
        y: f1(one),
      })),
      series,
    )
  return html`<h2>Agents on these features</h2>
<p class="quiet">${agentsInWords.head(report)}</p>
${agentsInWords.warnings(report).map((warning) => html`<p class="warning">${warning}</p>`)}
${
  figures.length === 0
    ? []
    : [
        html`<p>${agentsInWords.result(report)}</p>
${legend(series)}
<div class="charts">${chart('F1 over source files', ({ source }) => source.f1)}${chart('F1 over all files', ({ all }) => all.f1)}</div>
<p class="quiet">Beside each point its step budget, the most calls that a run may make. Further left is cheaper. ${texts(figures)}</p>
${filesTable(figures)}
${costTable(figures)}`,
      ]
}
${comparisons.length === 0 ? [] : [comparisonTable(report)]}
<p class="quiet">Each run began with the files of the feature's first parent and knew nothing later. No check was run. Existing files that it changed are compared with those that the feature modified; new files count neither for nor against.</p>`
}

function texts(figures: readonly AgentFigures[]): Html[] {
  const byArm = new Map(figures.map(({ arm, text }) => [arm, text]))
  return [...byArm].map(([arm, text]) => html`<b>${arm}</b>: ${text}. `)
}

function filesTable(figures: readonly AgentFigures[]): Html {
  return html`<h3>Which files were changed</h3><div class="scroll"><table>
<tr><th>arm</th><th>steps</th><th>tasks</th><th>source: P</th><th>R</th><th>F1</th><th>all: P</th><th>R</th><th>F1</th></tr>
${figures.map(
  ({ arm, steps, tasks, source, all }) =>
    html`<tr><td>${arm}</td><td>${steps}</td><td>${tasks}</td>${[source.precision, source.recall, source.f1, all.precision, all.recall, all.f1].map((one) => cell(one, plain))}</tr>
`,
)}</table></div>`
}

function costTable(figures: readonly AgentFigures[]): Html {
  const count = (value: number) => String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',')
  return html`<h3>What a request took</h3><div class="scroll"><table>
<tr><th>arm</th><th>steps</th><th>tokens, median</th><th>uncached input</th><th>cached input</th><th>output</th><th>calls</th><th>seconds</th><th>US$</th><th>ends</th></tr>
${figures.map(
  ({ arm, steps, medianTokens, tokens, calls, seconds, usd, stops }) =>
    html`<tr><td>${arm}</td><td>${steps}</td>${[medianTokens, tokens.uncached, tokens.cached, tokens.output].map((one) => html`<td>${count(one)}</td>`)}<td>${calls.toFixed(1)}</td><td>${seconds.toFixed(0)}</td><td>${usd === null ? 'unknown' : usd.toFixed(4)}</td><td>${agentsInWords.stops(stops)}</td></tr>
`,
)}</table></div><p class="quiet">Means over the tasks, unless stated otherwise. Input from the provider's cache is listed separately; all input counts as tokens.</p>`
}

function comparisonTable({ comparisons }: AgentsReport): Html {
  return html`<h3>Against the plain agent, task by task</h3><div class="scroll"><table>
<tr><th>arm</th><th>steps</th><th>plain's steps</th><th>tasks</th><th>tokens, ratio</th><th>output, ratio</th><th>F1 source</th><th>F1 all</th><th>P all</th></tr>
${comparisons.map(
  ({ arm, steps, plainSteps, tasks, tokens, output, f1Source, f1All, precisionAll }) =>
    html`<tr><td>${arm}</td><td>${steps}</td><td>${plainSteps}</td><td>${tasks}</td>${[tokens, output].map((one) => cell(one, plain))}${[f1Source, f1All, precisionAll].map((one) => cell(one, signed))}</tr>
`,
)}</table></div><p class="quiet">Ratios of the medians: below 1 the arm takes fewer. Differences of the means: above 0 the arm is better.</p>`
}

const plain = (value: number) => value.toFixed(2).replace('-0.00', '0.00').replace('-', '−')
const signed = (value: number) => (value >= 0.005 ? `+${plain(value)}` : plain(value))

function cell({ mean, low, high }: Estimate, digits: (value: number) => string): Html {
  return html`<td>${digits(mean)}<small>${digits(low)} to ${digits(high)}</small></td>`
}
