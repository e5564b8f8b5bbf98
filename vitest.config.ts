import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'
import { ATTACKS } from './test/attack/suite.ts'
import { builtModules } from './test/helpers/built-modules.ts'

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url))

// Node reads the certificates that this names at every start, which takes 40 ms of processor time. Tests reach no foreign host.
delete process.env.NODE_EXTRA_CA_CERTS

/** Of every project and configuration. */
export const common = {
  testTimeout: process.platform === 'win32' ? 90_000 : 30_000, // processes start slowly there
  hookTimeout: 60_000,
  pool: 'forks',
  setupFiles: path('test/helpers/every-file.ts'),
  server: { deps: { external: [/\/dist\//] } }, // the built program, as Node loads it
  // deaf to the git configuration of whoever runs the tests
  env: { GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: path('test/helpers/gitconfig') },
} as const satisfies TestProjectInlineConfiguration['test']

/** Of every configuration, for the whole run. */
export const whole = {
  globalSetup: path('test/helpers/shared-folder.ts'),
  // Many tests wait for git, for child processes and for timers. With three files at a time two cores were idle for a fifth of the run, with
  // four for a fiftieth. Attacks measure time, so fewer run beside each other.
  maxWorkers: Math.max(process.argv.includes('--project=attack') ? 3 : 4, availableParallelism() - 1),
} as const

/** Files of `npm run attack`. */
const ATTACK = ['test/attack/suite.test.ts', ...Object.keys(ATTACKS)]

/**
 * Files that start many processes or need much memory. A start copies the page tables of the process that starts: it takes 0.5 ms of
 * processor time at 50 MB, and 10 ms at 260 MB, which a process has after a hundred files.
 */
const ALONE = [
  'test/{bench,bin,border,contracts,history,indexing,repo}/**/*.test.ts',
  'test/agents/*.test.ts',
  'test/agents/feature/{checking,implement}.test.ts',
  'test/helpers/fixture-repo.test.ts',
  'test/library/package.test.ts', // loads TypeScript
  'test/parse/wasm-grammar.test.ts', // sees a grammar loaded for the first time
  'test/verify/{caged-checks,outliving-checks,run-checks}.test.ts',
]

/** Files about git, which load few modules. They share processes, which stay small: to start one for each file takes .2 s a file. */
const SMALL = [
  'test/bin/shown-diff.test.ts',
  'test/history/recipes-read.test.ts',
  'test/repo/{apply-kept,apply-result,attributes,drafts,extract-blobs,files-of-diff,grep,hanging-filter,ignore-file}.test.ts',
  'test/repo/{log-reader,merge-programs,nothing-lost,path-rules,push-branch,put-back,read-commits,release-notes}.test.ts',
  'test/repo/{remote-address,reopened-repo,user-settings}.test.ts',
]

/**
 * Files that start git now and then, and load nearly all modules of the program, or run the built one: that takes a second for each. They
 * share processes with each other alone, which stay smaller than those of `shared`.
 */
const AGENTS = [
  'test/bench/answer-shown.test.ts',
  'test/bin/{ask,ci-comment,ci-night,fleet,format,global-options,hook,init,progress,say-cage,select}.test.ts',
  'test/bin/{sleep-budget,undo-apply,watch-night,watch-notify,watch-unit}.test.ts',
  'test/history/clean-message.test.ts',
  'test/indexing/known-terms.test.ts',
  'test/repo/{obstacles,plain-text,portions}.test.ts',
  'test/agents/{night,plain,sleep}/*.test.ts',
  'test/agents/feature/{agent,dependency-types,odd-paths,search,show}.test.ts',
  'test/ci/files.test.ts',
  'test/exports/{export,training}.test.ts',
  'test/loop/with-run.test.ts',
  'test/mcp/*.test.ts',
  'test/pack/{find-files,make-pack}.test.ts',
  'test/retrieve/precedent.test.ts',
]

// not for mutants, which are changed sources
const plugins = [builtModules(path('.'))]

/** `npm test` runs all projects but the last, `npm run attack` the last. */
export default defineConfig({
  test: {
    ...whole,
    projects: [
      // In one group with the next ones: vitest starts this one first, and while its last files wait, files of the next run beside them.
      { plugins, test: { ...common, name: 'alone', include: ALONE, exclude: [...SMALL, ...AGENTS, ...ATTACK] } },
      { plugins, test: { ...common, name: 'small', include: SMALL, exclude: ATTACK, isolate: false } },
      { plugins, test: { ...common, name: 'agents', include: AGENTS, exclude: ATTACK, isolate: false } },
      // One process for many files, in which the program is loaded once. every-file.ts holds that no file leaves anything behind.
      {
        plugins,
        test: {
          ...common,
          name: 'shared',
          include: ['test/**/*.test.ts'],
          exclude: [...ALONE, ...SMALL, ...AGENTS, ...ATTACK],
          isolate: false,
        },
      },
      { plugins, test: { ...common, name: 'attack', include: ATTACK } },
    ],
  },
})
