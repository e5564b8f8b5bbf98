import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Finding } from '../../src/review/finding.ts'
import type { MeantChange } from '../changed-in.ts'
import type { Command, Values } from '../command.ts'
import type { Wire } from '../wire.ts'
import { JSON_OPTION, PATHS_OPTION } from './options.ts'

const FORMATS = ['text', 'sarif', 'github'] as const

export const check: Command = {
  name: 'check',
  summary: 'name the files that usually change with the changed ones, and are not among them',
  details:
    'For a hook before a commit, and for CI (docs/ci.md). Without --staged, --base or --files, it looks at what is staged, otherwise at the working tree against HEAD. Each file is named with its evidence in the history, as are the steps of a recipe that the change begins and does not finish (recipes are learned by repose sleep). No model is called. If there is nothing to say, standard output is empty, except for --json and sarif. Documents that still name what the change removes from all code are reported too. A merge that waits for its commit is not checked. The tool `what_changes_with` of repose mcp gives the same as --files.',
  options: [
    { flags: '--staged', text: 'only what is staged, even if nothing is' },
    { flags: '--base <ref>', text: 'all changes since HEAD left this branch, committed or not' },
    { flags: '--files <path...>', text: 'as if exactly these files were changed', kind: 'list', takes: 'file' },
    PATHS_OPTION,
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
    const { findingsOf } = await import('../findings-of.ts')
    const { change, findings } = await findingsOf(wire, values)
    await print(wire, values, change, findings)
    return values.strict && findings.length > 0 ? 4 : 0
  },
}

async function print(wire: Wire, values: Values, change: MeantChange | null, findings: readonly Finding[]) {
  if (wire.flags.json) {
    const { cleanValue } = await import('../../src/secrets/without-secrets.ts')
    const changed = cleanValue(change?.changes.map(({ path }) => path) ?? [])
    return wire.printJson({ compared: change?.compared ?? null, changed, findings })
  }
  if (values.format === undefined || values.format === 'text') {
    for (const { message } of findings) wire.print(message)
    return
  }
  const { githubLines, sarif } = await import('../check-formats.ts')
  if (values.format === 'sarif') return wire.printJson(sarif(findings, await version()))
  wire.output.printCommands(githubLines(findings))
}

async function version(): Promise<string> {
  const { PACKAGE_ROOT } = await import('../../src/assets.ts')
  return (JSON.parse(readFileSync(join(PACKAGE_ROOT, 'package.json'), 'utf8')) as { version: string }).version
}
