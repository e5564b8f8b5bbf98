import { expect, test } from 'vitest'
import type { Arm } from '../../../src/backtest/arm.ts'
import { page } from '../../../src/backtest/html/page.ts'
import { type BacktestReport, reportOf } from '../../../src/backtest/report.ts'
import type { ScoredTask } from '../../../src/backtest/run-backtest.ts'
import { score } from '../../../src/backtest/score.ts'

const EVIL = `<script>alert("x")</script> & 'y'`
const arm = (id: string): Arm => ({ id, text: `what ${id} does`, rank: () => ({ files: [], named: [] }) })

function task(n: number, title: string, forecasts: { probability: number; changed: boolean }[] = []): ScoredTask {
  const modifiedSource = ['src/a.ts', `src/<b>${n}.ts`, 'src/c.ts']
  const feature = {
    commit: `${n}`.repeat(40),
    base: 'b',
    time: 1_700_000_000 + n,
    title,
    body: '',
    modified: modifiedSource,
    modifiedSource,
    created: [],
    deleted: [],
  }
  const one = { ...score({ files: ['src/a.ts'], named: ['src/a.ts', 'src/d.ts'] }, modifiedSource), ms: 3, forecasts }
  return {
    feature,
    scores: new Map([
      ['bm25', one],
      ['repose', one],
    ]),
  }
}

function report(tasks: readonly ScoredTask[], more: Partial<BacktestReport> = {}): BacktestReport {
  const run = {
    head: 'a'.repeat(40),
    stop: 'done',
    titleOnly: false,
    seconds: 3,
    planned: tasks.length,
    candidates: 90,
    dropped: [{ reason: 'reads like a fix', count: 7 }],
  } as const
  return { ...reportOf(tasks, [arm('bm25'), arm('repose')], run), ...more }
}
const write = (of: BacktestReport, remote: string | null = null) => page(of, { name: EVIL, remote })

test('the page needs nothing but itself, and text from the repository is text', () => {
  const html = write(
    report(Array.from({ length: 6 }, (_, i) => task(i + 1, `Add ${EVIL}`))),
    'https://github.com/owner/name.git',
  )
  expect(html).not.toMatch(/<script|<link|<img|@import|url\(|\son\w+=/i)
  expect(html).toContain('Add &#60;script&#62;alert(&#34;x&#34;)&#60;/script&#62; &#38; &#39;y&#39;')
  expect(html).toContain('src/&#60;b&#62;6.ts')
  expect(
    [...html.matchAll(/href="([^"]*)"/g)].every(([, href]) =>
      /^https:\/\/github\.com\/owner\/name\/commit\/[\da]{40}$/.test(href!),
    ),
  ).toBe(true)
  expect(html.match(/<article>/g)).toHaveLength(5)
  expect(html).toContain(`HEAD <a href="https://github.com/owner/name/commit/${'a'.repeat(40)}">`)
})

test('every tag is closed in order', () => {
  const html = write(
    report(Array.from({ length: 6 }, (_, i) => task(i + 1, 'Add x', [{ probability: 0.4, changed: i > 2 }]))),
  )
  const open: string[] = []
  for (const [, slash, name, self] of html.matchAll(/<(\/?)([a-z][a-z0-9]*)\b[^>]*?(\/?)>/g)) {
    if (self || name === 'meta') continue
    if (slash) expect(open.pop()).toBe(name)
    else open.push(name!)
  }
  expect(open).toEqual([])
})

test('figures come with their range, and pictures say in words what they show', () => {
  const html = write(report(Array.from({ length: 6 }, (_, i) => task(i + 1, 'Add x'))))
  expect(html).toContain('0.33<small>.33 to .33</small>')
  expect(html).toContain('<table class="figures">') // its cells wrap before the table is wider than the page
  expect(html).toContain('.figures :is(th, small, td:first-child) { white-space: normal }')
  expect(html).toContain('repose is compared with bm25, the only other arm.')
  expect(html).toMatch(/<svg [^>]*role="img" aria-label="F1@5: of the first five files: bm25 0\.50, repose 0\.50"/)
  expect(html).not.toMatch(/NaN|undefined|\[object/)
  expect(html).toContain(
    '<bdi>Add x</bdi><small><code><bdi>src/a.ts</bdi></code></small><small><code><bdi>src/&#60;b&#62;6.ts</bdi></code> not named</small>',
  )
  expect(html).toContain('<td>0.40<small>0.33</small></td>')
})

test('calibration is shown where there are probabilities, and nowhere else', () => {
  const sure = report([
    task(1, 'Add x', [
      { probability: 0.25, changed: true },
      { probability: 0.35, changed: false },
    ]),
  ])
  expect(write(sure)).toContain('<circle')
  expect(write(sure)).toContain(
    'predicted .25 .35, changed 1.00 .00. On average it predicted .30, and .50 were changed. Brier',
  )
  expect(write(report([task(1, 'Add x')]))).not.toContain('believed')
})

test('a run without tasks or that was cut short says so', () => {
  const none = write(report([], { planned: 0 }))
  expect(none).toContain('Too little history')
  expect(none).toContain('reads like a fix')
  expect(none).not.toMatch(/NaN|<svg/)
  expect(write(report([task(1, 'Add x')], { stop: 'interrupted', planned: 30 }))).toContain(
    'Interrupted after 1 of 30 tasks',
  )
})
