import type { Calibration } from '../calibration.ts'
import { type Html, html } from './html.ts'

const SIZE = 300
const TICKS = [0, 0.25, 0.5, 0.75, 1]

/** Forecast against outcome: a circle for each bin, its size by the bin's files. On the diagonal both agree. */
export function calibrationPlot(arm: string, { bins, brier }: Calibration): Html {
  const most = Math.max(...bins.map(({ count }) => count))
  const x = (value: number) => Math.round(value * SIZE)
  const y = (value: number) => Math.round((1 - value) * SIZE)
  const described = bins
    .map((bin) => `predicted ${bin.forecast.toFixed(2)}, changed ${bin.changed.toFixed(2)} of ${bin.count}`)
    .join('; ')
  return html`<figure class="square"><figcaption>${arm}: Brier score ${brier.toFixed(3)} (0 is perfect)</figcaption><svg viewBox="-34 -10 ${SIZE + 46} ${SIZE + 52}" role="img" aria-label="Calibration of ${arm}: ${described}">
${TICKS.map((tick) => html`<line class="grid" x1="${x(tick)}" y1="0" x2="${x(tick)}" y2="${SIZE}"/><line class="grid" x1="0" y1="${y(tick)}" x2="${SIZE}" y2="${y(tick)}"/><text class="tick" x="${x(tick)}" y="${SIZE + 16}">${tick}</text><text class="tick left" x="-6" y="${y(tick) + 4}">${tick}</text>`)}
<path class="diagonal" d="M0 ${SIZE}L${SIZE} 0"/>
${bins.map((bin) => html`<circle class="point" cx="${x(bin.forecast)}" cy="${y(bin.changed)}" r="${Math.round(4 + 10 * Math.sqrt(bin.count / most))}"><title>predicted ${bin.forecast.toFixed(2)}, changed ${bin.changed.toFixed(2)} of ${bin.count} files</title></circle>`)}
<text class="tick" x="${SIZE / 2}" y="${SIZE + 36}">predicted probability; upwards: share that was changed</text>
</svg></figure>`
}
