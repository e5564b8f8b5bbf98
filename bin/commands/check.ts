import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Recipe } from '../../src/recipe.ts'
import type { Finding } from '../../src/review/finding.ts'
import type { MeantChange } from '../changed-in.ts'
import type { Command, ExitCode, Values } from '../command.ts'
import type { Wire } from '../wire.ts'
import { JSON_OPTION } from './options.ts'

const FORMATS = ['text', 'sarif', 'github'] as const

export const check: Command = {
  name: 'check',
  summary: 'name the files that usually change with the changed ones, and are not among them',
  details:
    'For a hook before a commit, and for CI (docs/ci.md). Without --staged, --base or --files, it looks at what is staged, otherwise at the working tree against HEAD. Each file is named with its evidence in the history, as are the steps of a recipe that the change begins and does not finish (recipes are learned by repose sleep). No model is called. If there is nothing to say, standard output is empty, except for --json and sarif. A merge that waits for its commit is not checked. The tool `what_changes_with` of repose mcp gives the same as --files.',
  options: [
    { flags: '--staged', text: 'only what is staged, also if that is nothing' },
    { flags: '--base <ref>', text: 'all that HEAD and the working tree changed since HEAD left this branch' },
    { flags: '--files <path...>', text: 'as if exactly these files were changed', kind: 'list', takes: 'file' },
    {
      flags: '--request <text>',
      text: 'what the change is for: the usual steps of such a request count too',
    },
    { flags: '--strict', text: 'exit with 4 if a file or step is named (default: 0)' },
    {
      flags: '--format <format>',
      text: 'text, sarif (2.1.0) or github (annotations of a workflow); default: text',
      choices: FORMATS,
    },
    JSON_OPTION,
  ],
  examples: [
    'repose check',
    'repose check --staged --strict',
    'repose check --base origin/main --format github',
    'repose check --files src/a.ts src/b.ts --json',
    'repose check --request "Add a CSV output format"',
  ],
  async run(wire, _argument, values) {
    const { NoCommits } = await import('../../src/repo/open-repo.ts')
    try {
      return await checkChange(wire, values)
    } catch (error) {
      if (!(error instanceof NoCommits)) throw error
      wire.say('note: there are no commits yet, so there is no past to compare with')
      return say(wire, values, null, [])
    }
  },
}

async function checkChange(wire: Wire, values: Values): Promise<ExitCode> {
  const [repo, { changedIn }] = await Promise.all([wire.repo(), import('../changed-in.ts')])
  const change = await changedIn(repo, values)
  if (change.isMerge) wire.say('note: a merge waits for its commit: its files are not checked')
  if (change.isMerge || change.changes.length === 0) return say(wire, values, change, [])
  const [store, config, { refreshHistory }, { reviewChange }] = await Promise.all([
    wire.store(),
    wire.config(),
    import('../../src/indexing/refresh-history.ts'),
    import('../../src/review/review-change.ts'),
  ])
  await wire.sayIfShallow()
  const options = { ...config, signal: wire.signal }
  const meant = values.request === undefined ? null : await meantBy(wire, String(values.request))
  const worktree = await refreshHistory(repo, store, options)
  return say(wire, values, change, reviewChange(store, worktree, { ...change, meant }))
}

/** The recipe that a request means, which depends on the names of today's files. */
async function meantBy(wire: Wire, request: string): Promise<Recipe | null> {
  const [{ store, worktree }, { recipeFor }, { readRequest }] = await Promise.all([
    wire.facts(),
    import('../../src/recipes/recipe-for.ts'),
    import('../../src/request/read-request.ts'),
  ])
  return recipeFor(store, worktree, readRequest(request))
}

function say(wire: Wire, values: Values, change: MeantChange | null, findings: readonly Finding[]): Promise<ExitCode> {
  return print(wire, values, change, findings).then(() => (values.strict && findings.length > 0 ? 4 : 0))
}

async function print(wire: Wire, values: Values, change: MeantChange | null, findings: readonly Finding[]) {
  if (wire.flags.json)
    return wire.printJson({
      compared: change?.compared ?? null,
      changed: change?.changes.map(({ path }) => path) ?? [],
      findings,
    })
  if (values.format === undefined || values.format === 'text') {
    for (const { message } of findings) wire.print(message)
    return
  }
  const { githubLines, sarif } = await import('../check-formats.ts')
  if (values.format === 'sarif') return wire.printJson(sarif(findings, await version()))
  for (const line of githubLines(findings)) wire.printWhole(line)
}

async function version(): Promise<string> {
  const { PACKAGE_ROOT } = await import('../../src/assets.ts')
  return (JSON.parse(readFileSync(join(PACKAGE_ROOT, 'package.json'), 'utf8')) as { version: string }).version
}
