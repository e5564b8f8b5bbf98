import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type FoundChecks, findChecks } from '../../src/checks/find-checks.ts'
import { CONFIG_FILE } from '../../src/config/read-config.ts'
import { UserError } from '../../src/errors.ts'
import { shownPath } from '../../src/paths.ts'
import { git, splitNul } from '../../src/repo/git.ts'
import type { Repo } from '../../src/repo/open-repo.ts'
import { openWorktree } from '../../src/repo/worktree.ts'
import { trustChecks } from '../../src/trust/trust.ts'
import type { CheckResult } from '../../src/types.ts'
import { isCage, openCage } from '../../src/verify/cage/open-cage.ts'
import { checkEnvironment } from '../../src/verify/check-environment.ts'
import { relevantOutput } from '../../src/verify/relevant-output.ts'
import { runChecks } from '../../src/verify/run-checks.ts'
import { chosenChecks } from '../chosen-checks.ts'
import type { ExitCode } from '../command.ts'
import { confirm } from '../confirm.ts'
import { duration, plural } from '../format.ts'
import { shownCommand } from '../shown-command.ts'
import type { Wire } from '../wire.ts'

const SCHEMA = 'https://unpkg.com/repose/repose.schema.json'
const WHY =
  'are the dependencies installed? In the cage there is no network, unless your own configuration says "checks": {"network": true}'
const SHOWN = 400 // characters of the output of a failing check

/** Writes the project's checks to the configuration, and trusts them. Writes nothing if they are run and one fails. */
export async function writeChecks(wire: Wire, isRun: boolean): Promise<ExitCode> {
  const repo = await wire.repo()
  const { root } = repo
  const list = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate']
  const found = findChecks(root, splitNul(await git(root, list)))
  const commands = found.checks.map(({ command }) => command)
  if (commands.length > 0 && !isRun) {
    const listed = found.checks
      .map(({ command, from }) => `  ${shownCommand(command)}  (${shownPath(from)})`)
      .join('\n')
    isRun =
      (await confirm(
        wire,
        `This project has ${plural(commands.length, 'check')}:\n${listed}\nRun once now, to see whether it passes?`,
      )) === true
  }
  const results = isRun ? await runOnce(wire, commands) : []
  if (wire.signal.aborted) return 130
  const isWritten = results.every(({ status }) => status === 'passed')
  if (isWritten) write(repo, commands)
  if (wire.flags.json)
    wire.printJson({ written: isWritten, checks: found.checks, results, missing: found.missing, also: found.also })
  else {
    const head = commands.length > 0 ? 'with what repose implement runs after its edits:' : 'without a check'
    wire.print(isWritten ? `wrote ${CONFIG_FILE}, ${head}` : `${CONFIG_FILE} is not written; it would contain:`)
    for (const { command, from } of found.checks)
      for (const line of checkLines(command, from, results)) wire.print(line)
    for (const line of remarks(found)) wire.print(line)
  }
  if (isWritten) return 0
  wire.sayFailure(
    'a check fails before any edit, so nothing was written',
    `mend it (${WHY}) and run this again; repose init writes it without running it`,
  )
  return 1
}

function write(repo: Repo, checks: readonly string[]): void {
  if (checks.length > 0) trustChecks(repo, checks)
  try {
    writeFileSync(join(repo.root, CONFIG_FILE), `${JSON.stringify({ $schema: SCHEMA, checks }, null, 2)}\n`, {
      flag: 'wx',
    })
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause
    throw new UserError(`${CONFIG_FILE} was created meanwhile`, 'look at it, and run repose init again', { cause })
  }
}

/** Leaves the existing configuration unchanged, and runs its checks if requested. */
export async function tryChecks(wire: Wire, isRun: boolean): Promise<ExitCode> {
  const { commands, untrusted } = isRun ? await chosenChecks(wire, undefined) : NOT_ASKED
  const results = await runOnce(wire, commands)
  if (wire.signal.aborted) return 130
  const listed = isRun ? commands : ((await wire.config()).repositoryChecks ?? [])
  if (wire.flags.json) wire.printJson({ written: false, checks: listed, results, untrustedChecks: untrusted })
  else {
    wire.print(`${CONFIG_FILE} is there already; it is left as it is`)
    for (const command of commands) for (const line of checkLines(command, null, results)) wire.print(line)
  }
  if (untrusted.length > 0) {
    wire.sayFailure(
      'its checks were not run, since you do not trust this repository yet',
      'repose trust shows and trusts them',
    )
    return 4
  }
  if (results.every(({ status }) => status === 'passed')) return 0
  wire.sayFailure('a check fails before any edit', `mend it (${WHY}), or change "checks" in ${CONFIG_FILE}`)
  return 1
}

const NOT_ASKED = { commands: [], untrusted: [] } as const

/** Runs each check once, even after a failure, in a worktree like that of repose implement. */
async function runOnce(wire: Wire, commands: readonly string[]): Promise<readonly CheckResult[]> {
  if (commands.length === 0) return []
  const [repo, { checkTimeoutMs, cage }] = await Promise.all([wire.repo(), wire.config()])
  const progress = wire.progress()
  const env = checkEnvironment(process.env, cage.env)
  const worktree = await openWorktree(repo, { isApart: !isCage(await openCage({ root: repo.root }, cage, env)) })
  const results: CheckResult[] = []
  try {
    const opened = await openCage(worktree, cage, env)
    if (!isCage(opened) && opened.isOfTree) throw new UserError(opened.why, opened.fix!)
    const place = { cage: isCage(opened) ? opened : null, env: cage.env, signal: wire.signal }
    for (const command of commands) {
      progress.show(`running ${shownCommand(command)}`)
      const check = { name: command, command, timeoutMs: checkTimeoutMs }
      results.push(...(await runChecks(worktree.root, [check], place)))
    }
  } finally {
    progress.end()
    await worktree.close()
  }
  return results
}

function checkLines(command: string, from: string | null, results: readonly CheckResult[]): readonly string[] {
  const result = results.find(({ check }) => check === command)
  const source = from === null ? '' : `  (${shownPath(from)})`
  const name = `  ${shownCommand(command)}${source}`
  if (!result) return [name]
  if (result.status === 'passed') return [`${name}: passed in ${duration(result.ms)}`]
  const output = relevantOutput(result.output, SHOWN)
    .trim()
    .split('\n')
    .map((line) => `    ${line}`)
  return [`${name}: failed after ${duration(result.ms)}`, ...output]
}

function remarks({ checks, missing, also }: FoundChecks): readonly string[] {
  const nothing = checks.length + missing.length === 0
  return [
    ...missing.map(
      ({ command, from, why }) => `  left out: ${shownCommand(command)} (${shownPath(from)}), since ${why}`,
    ),
    ...(nothing ? [`  nothing here says how it is tested: add a command to "checks" in ${CONFIG_FILE}`] : []),
    ...(also.length > 0 ? [`  also there: ${also.map(shownCommand).join(', ')}`] : []),
  ]
}
