import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { Stryker } from '@stryker-mutator/core'
import { isInSample } from './sample.ts'

/** Folders that can be mutated, with the tests that judge each. */
const FOLDERS: Readonly<Record<string, readonly string[]>> = {
  'src/pack': ['test/pack/**/*.test.ts'],
  'src/retrieve': ['test/retrieve/**/*.test.ts'],
  'src/edit': ['test/edit/**/*.test.ts'],
  'src/recipes': ['test/recipes/**/*.test.ts'],
  'src/llm': ['test/llm/**/*.test.ts'],
  'src/loop': ['test/loop/**/*.test.ts'],
  'agents/feature': ['test/agents/feature/**/*.test.ts'],
}

/** Tests that start processes, which mutants do not reach, or that take longer than the rest of their folder together. */
const SLOW = [
  'test/agents/feature/checking.test.ts',
  'test/agents/feature/implement.test.ts',
  'test/agents/feature/protected.test.ts',
  'test/llm/hostile-replies.test.ts',
  'test/pack/make-pack.test.ts',
]

/** Folders or files to mutate: what the command names, else every folder. */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    share: { type: 'string', default: '1' }, // part of the mutants that is tried, chosen at random
    processes: { type: 'string', default: '2' },
  },
})
const wanted = positionals.length > 0 ? positionals : Object.keys(FOLDERS)
const share = Number(values.share)
const isIn = (path: string, folder: string) => path === folder || path.startsWith(`${folder}/`)
const unknown = wanted.filter((path) => !Object.keys(FOLDERS).some((folder) => isIn(path, folder)))
if (unknown.length > 0)
  throw new Error(`no tests are known for ${unknown.join(', ')}: add the folder to ${import.meta.filename}`)

for (const [folder, tests] of Object.entries(FOLDERS)) {
  const paths = wanted.filter((path) => isIn(path, folder))
  if (paths.length === 0) continue
  process.env.REPOSE_MUTATE_TESTS = tests.join(',')
  process.env.REPOSE_MUTATE_SLOW = SLOW.join(',')
  console.log(`mutating ${paths.join(', ')}`)
  process.env.REPOSE_MUTATE_SHARE = values.share
  const mutants = await new Stryker({
    mutate: paths.map((path) => (path.endsWith('.ts') ? path : `${path}/**/*.ts`)),
    testRunner: 'vitest',
    vitest: { configFile: 'test/mutate/vitest.config.ts', related: false },
    coverageAnalysis: 'perTest',
    ignoreStatic: true, // a constant of a module would need every test for each of its mutants
    concurrency: Number(values.processes),
    timeoutMS: 15_000, // a machine that is busy is not a loop without end
    tempDirName: 'node_modules/.stryker',
    reporters: ['clear-text', 'progress-append-only'],
    clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
    ...(share < 1 && {
      plugins: ['@stryker-mutator/*', fileURLToPath(new URL('sample.ts', import.meta.url))],
      checkers: ['sample'],
      checkerNodeArgs: ['--import', 'tsx'],
      testRunnerNodeArgs: ['--import', 'tsx'], // it loads the plugins too
    }),
  }).runMutationTest()
  const sample = mutants.filter((one) => one.status !== 'Ignored' && isInSample(one.id, share))
  const caught = sample.filter(({ status }) => status === 'Killed' || status === 'Timeout').length
  const { least, most } = wilson(caught, sample.length)
  const percent = (part: number) => (100 * part).toFixed(1)
  console.log(
    `${paths.join(', ')}: ${caught} of ${sample.length} mutants caught, ${percent(caught / sample.length)} % ` +
      `(95 %: ${percent(least)} to ${percent(most)}); ${mutants.length} in all`,
  )
}

/** Wilson score interval of a share, at a confidence of 95 % (Wilson 1927). */
function wilson(hits: number, tries: number): { readonly least: number; readonly most: number } {
  const z = 1.96
  const middle = (hits + z ** 2 / 2) / (tries + z ** 2)
  const half = (z / (tries + z ** 2)) * Math.sqrt((hits * (tries - hits)) / tries + z ** 2 / 4)
  return { least: middle - half, most: middle + half }
}
