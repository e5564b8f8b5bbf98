import type { CheckKind } from '../check-kind.ts'

interface Row {
  readonly id: string
  readonly manifest: RegExp
  /** At least one such file must exist. */
  readonly tests: RegExp
  readonly command: string
}

// Kinds whose build tool has one standard test command.
const ROWS: readonly Row[] = [
  { id: 'elixir', manifest: /^mix\.exs$/, tests: /(^|\/)test\/.*_test\.exs$/, command: 'mix test' },
  { id: 'swift', manifest: /^Package\.swift$/, tests: /^Tests\/.*\.swift$/, command: 'swift test' },
  { id: 'gleam', manifest: /^gleam\.toml$/, tests: /^test\/.*\.gleam$/, command: 'gleam test' },
  { id: 'haskell', manifest: /^stack\.yaml$/, tests: /(^|\/)(tests?|spec)\/.*\.hs$/, command: 'stack test' },
  {
    id: 'cabal',
    manifest: /^(cabal\.project|[^/]+\.cabal)$/,
    tests: /(^|\/)(tests?|spec)\/.*\.hs$/,
    command: 'cabal test',
  },
  { id: 'clojure', manifest: /^project\.clj$/, tests: /^test\/.*\.clj[cs]?$/, command: 'lein test' },
  { id: 'crystal', manifest: /^shard\.yml$/, tests: /^spec\/.*_spec\.cr$/, command: 'crystal spec' },
  { id: 'ocaml', manifest: /^dune-project$/, tests: /(^|\/)tests?\/.*\.ml$/, command: 'dune test' },
]

/** At most one match: a project has one build tool. */
export const singleCommand: CheckKind = {
  id: 'single-command',
  find(project) {
    for (const { manifest, tests, command } of ROWS) {
      const from = project.find(manifest)
      if (from && project.find(tests)) return { checks: [[{ command, from }]] }
    }
    if (!project.has('pubspec.yaml') || !project.find(/(^|\/)test\/.*_test\.dart$/)) return null
    const isFlutter = /^[ \t]+sdk:[ \t]*flutter\b/m.test(project.text('pubspec.yaml') ?? '')
    return { checks: [[{ command: `${isFlutter ? 'flutter' : 'dart'} test`, from: 'pubspec.yaml' }]] }
  },
}
