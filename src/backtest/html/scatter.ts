import type { Estimate } from '../interval.ts'
import { type Html, html } from './html.ts'
import { placeLabels } from './place-labels.ts'

export interface Dot {
  /** Dots of one series are connected in order. */
  readonly series: string
  /** Label beside the dot. */
  readonly label: string
  /** Above 0. */
  readonly x: number
  /** From 0 to 1. */
  readonly y: Estimate
}

const WIDTH = 360
const HEIGHT = 280
const COLOURS = 4

/**
 * Dots with their 95 % intervals, x on a logarithmic scale. y: up to 1, and down to the lowest interval. series: the order of their
 * colours.
 */
export function scatter(title: string, xTitle: string, dots: readonly Dot[], series: readonly string[]): Html {
  const ticks = decades(dots.map(({ x }) => x))
  const heights = shares(Math.min(...dots.map(({ y }) => y.low)))
  const [least, most] = [Math.log(ticks[0]!), Math.log(ticks.at(-1)!)]
  const x = (value: number) => round(((Math.log(value) - least) / (most - least)) * WIDTH)
  const y = (value: number) => round(((1 - value) / (1 - heights[0]!)) * HEIGHT)
  const described = dots
    .map((dot) => `${dot.series} ${dot.label}: ${short(dot.x)}, ${dot.y.mean.toFixed(2)}`)
    .join('; ')
  const places = placeLabels(dots.map((dot) => ({ x: x(dot.x), y: y(dot.y.mean) })))
  return html`<figure><figcaption>${title}</figcaption><svg viewBox="-34 -14 ${WIDTH + 56} ${HEIGHT + 56}" role="img" aria-label="${title} against ${xTitle}. ${described}">
${heights.map((tick) => html`<line class="grid" x1="0" y1="${y(tick)}" x2="${WIDTH}" y2="${y(tick)}"/><text class="tick left" x="-6" y="${y(tick) + 4}">${tick}</text>`)}
${ticks.map((tick) => html`<line class="grid" x1="${x(tick)}" y1="0" x2="${x(tick)}" y2="${HEIGHT}"/><text class="tick" x="${x(tick)}" y="${HEIGHT + 16}">${short(tick)}</text>`)}
<text class="tick" x="${WIDTH / 2}" y="${HEIGHT + 36}">${xTitle}</text>
${series.map((name, i) => {
  const own = dots.filter((dot) => dot.series === name)
  const path = own.map((dot, j) => `${j === 0 ? 'M' : 'L'}${x(dot.x)} ${y(dot.y.mean)}`).join('')
  return html`<g class="series${i % COLOURS}"><path class="join" d="${path}"/>${own.map(
    (dot) =>
      html`<path class="span" d="M${x(dot.x)} ${y(dot.y.low)}V${y(dot.y.high)}"/><circle cx="${x(dot.x)}" cy="${y(dot.y.mean)}" r="5"><title>${name}, ${dot.label} steps: ${short(dot.x)} tokens, F1 ${dot.y.mean.toFixed(2)} (${dot.y.low.toFixed(2)} to ${dot.y.high.toFixed(2)})</title></circle>`,
  )}</g>`
})}
${dots.map(({ label, series: name }, i) => html`<text class="dot series${series.indexOf(name) % COLOURS}" x="${places[i]!.x}" y="${places[i]!.y}">${label}</text>`)}
</svg></figure>`
}

/** Names of the series beside their colours. */
export function legend(series: readonly string[]): Html {
  return html`<p class="legend">${series.map((name, i) => html`<span class="series${i % COLOURS}"><svg viewBox="0 0 12 12" aria-hidden="true"><circle cx="6" cy="6" r="5"/></svg>${name}</span> `)}</p>`
}

/** Ticks 1, 2, 5 of each decade around the values: the first below the minimum, the last above the maximum; at least two. */
function decades(values: readonly number[]): number[] {
  const all = Array.from({ length: 10 }, (_, power) => [1, 2, 5].map((digit) => digit * 10 ** power)).flat()
  const first = Math.max(
    0,
    all.findLastIndex((tick) => tick <= Math.min(...values) * 0.95),
  )
  const last = all.findIndex((tick) => tick >= Math.max(...values) * 1.05)
  return all.slice(first, Math.max(last, first + 1) + 1)
}

/** Ticks up to 1, the first at or below the minimum. */
function shares(least: number): number[] {
  const step = least >= 0.5 ? 0.1 : 0.25
  const first = Math.min(Math.floor(least / step + 1e-9), Math.round(1 / step) - 1)
  return Array.from({ length: Math.round(1 / step) - first + 1 }, (_, i) => round((first + i) * step, 100))
}

/** 12,300 -> '12k'. */
function short(value: number): string {
  if (value >= 1_000_000) return `${round(value / 1_000_000)}M`
  if (value < 1000) return String(Math.round(value))
  return `${value >= 10_000 ? Math.round(value / 1000) : round(value / 1000)}k`
}

function round(value: number, parts = 10): number {
  return Math.round(value * parts) / parts
}
