import type { Estimate } from '../interval.ts'
import { type Html, html } from './html.ts'

export interface Bar {
  readonly label: string
  /** From 0 to 1. */
  readonly value: Estimate
  readonly isMain: boolean
}

const WIDTH = 360 // units of the picture: about the pixels of a phone, so that words stay readable
const ROW = 44
const TOP = 8
const TICKS = [0, 0.25, 0.5, 0.75, 1]

/** Bars from 0 to 1 with their 95 % intervals, one a row. */
export function barChart(title: string, bars: readonly Bar[]): Html {
  const bottom = TOP + bars.length * ROW
  const described = bars.map(({ label, value }) => `${label} ${value.mean.toFixed(2)}`).join(', ')
  return html`<figure><figcaption>${title}</figcaption><svg viewBox="-6 0 ${WIDTH + 12} ${bottom + 22}" role="img" aria-label="${title}: ${described}">
${TICKS.map((tick) => html`<line class="grid" x1="${tick * WIDTH}" y1="${TOP}" x2="${tick * WIDTH}" y2="${bottom}"/><text class="tick" x="${tick * WIDTH}" y="${bottom + 16}">${tick}</text>`)}
${bars.map((bar, i) => row(bar, TOP + i * ROW))}
</svg></figure>`
}

function row({ label, value: { mean, low, high }, isMain }: Bar, top: number): Html {
  const middle = top + 28
  return html`<g class="${isMain ? 'main' : 'other'}"><text class="label" x="0" y="${top + 14}">${label}</text><text class="value" x="${WIDTH}" y="${top + 14}">${mean.toFixed(2)}</text>
<rect class="bar" x="0" y="${middle - 7}" width="${at(mean)}" height="14" rx="2"/>
<path class="interval" d="M${at(low)} ${middle}H${at(high)}M${at(low)} ${middle - 4}v8M${at(high)} ${middle - 4}v8"/></g>
`
}

function at(value: number): number {
  return Math.round(value * WIDTH * 10) / 10
}
