import { Stryker } from '@stryker-mutator/core'

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
const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(FOLDERS)
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
  await new Stryker({
    mutate: paths.map((path) => (path.endsWith('.ts') ? path : `${path}/**/*.ts`)),
    testRunner: 'vitest',
    vitest: { configFile: 'test/mutate/vitest.config.ts', related: false },
    coverageAnalysis: 'perTest',
    ignoreStatic: true, // a constant of a module would need every test for each of its mutants
    concurrency: 2,
    timeoutMS: 15_000, // a machine that is busy is not a loop without end
    tempDirName: 'node_modules/.stryker',
    reporters: ['clear-text', 'progress-append-only'],
    clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  }).runMutationTest()
}
