import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { PACKAGE_ROOT } from '../../src/assets.ts'
import { openStore } from '../../src/store/open-store.ts'
import { copyFixture, type FixtureRepo } from '../helpers/fixture-repo.ts'
import { runRepose } from '../helpers/run-repose.ts'

let project: FixtureRepo
afterEach(() => project.dispose())

const RUNS = [
  {
    recording: 'waymark-bridge',
    fixture: 'monorepo-mixed',
    request:
      'Add a kind of place: bridge\n\nHikers want footbridges on the signposts: the kind `bridge`, with an icon and a name in every language.',
    check: 'npm test',
    modified: [
      'CHANGELOG.md',
      'clients/java/src/main/java/org/waymark/client/PlaceKind.java',
      'docs/kinds.md',
      'packages/core/src/kinds.ts',
      'packages/web/src/i18n/cy.js',
      'packages/web/src/i18n/de.js',
      'packages/web/src/i18n/en.js',
      'packages/web/src/i18n/fr.js',
      'packages/web/src/icons.js',
      'services/api/kinds.go',
      'services/api/openapi.yaml',
    ],
    created: ['db/migrations/0005_add_bridge_kind.sql'],
    calls: 2,
    tokens: 4186,
  },
  {
    recording: 'ferry-quays',
    fixture: 'ferry-py',
    request:
      'Add a report of the busiest quays\n\n`ferry report quays` counts the departures and arrivals of a day at each island, the busiest first.',
    check: null, // its tests need Python
    modified: ['docs/reports.md', 'src/ferry/reports/__init__.py', 'tests/test_reports.py'],
    created: ['news/quays.feature.md', 'src/ferry/reports/quays.py'],
    calls: 2,
    tokens: 4503,
  },
] as const

test.each(RUNS)('$recording replays: the edits are applied and checked, and nothing is paid', async (run) => {
  project = await copyFixture(run.fixture, { indexed: true, link: run.check !== null })
  const replay = ['--replay', join(PACKAGE_ROOT, `fixtures/recordings/${run.recording}.json`), '--json']
  const checks = run.check ? ['--check', run.check] : []
  const { code, stdout } = await runRepose(['implement', run.request, ...replay, ...checks], { cwd: project.root })
  const result = JSON.parse(stdout)
  expect(code).toBe(0)
  expect(result).toMatchObject({ stop: 'done', effort: 'low', modified: run.modified, created: run.created })
  expect(result.checks.map(({ status }: { status: string }) => status)).toEqual(
    run.check ? ['passed', 'passed'] : ['passed'],
  )
  expect(result.usage.calls).toBe(run.calls)
  expect(result.usage.inputTokens + result.usage.outputTokens).toBe(run.tokens)
  expect((await project.git('status', '--porcelain', '-uall')).trim().split('\n')).toHaveLength(
    run.modified.length + run.created.length,
  )
  const ledger = JSON.parse((await runRepose(['ledger', '--json'], { cwd: project.root })).stdout)
  expect(JSON.stringify(ledger)).toContain('"recorded":1')
})

test('a recording replays again and again, also where it was recorded: what replays and later requests did is not told', async () => {
  const [, { recording, fixture, request }] = RUNS
  project = await copyFixture(fixture, { indexed: true })
  const file = join(PACKAGE_ROOT, `fixtures/recordings/${recording}.json`)
  const copy = join(project.root, '.git', 'copy.json')
  const again = async (from: string) => {
    const { stdout } = await runRepose(['implement', request, '--replay', from, '--dry-run', '--json'], {
      cwd: project.root,
    })
    const { stop, diff, usage } = JSON.parse(stdout)
    return { stop, diff, usage }
  }
  const first = await again(file)
  expect(first.stop).toBe('done')
  expect(await again(file)).toEqual(first)
  // as if the run that was recorded had been paid for here, at the time of the recording
  const store = openStore(join(project.root, '.git/repose/repose.db'))
  store.db.exec('UPDATE call SET recorded = 0')
  store.close()
  const recorded = JSON.parse(readFileSync(file, 'utf8'))
  writeFileSync(copy, JSON.stringify({ ...recorded, recordedAt: '2026-01-01T00:00:00.000Z' }))
  expect(await again(copy)).toEqual(first)
})
