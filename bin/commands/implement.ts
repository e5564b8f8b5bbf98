import { shownPath } from '../../src/paths.ts'
import type { Command, ExitCode } from '../command.ts'
import { count, plural, usd } from '../format.ts'
import { loadChunks } from '../load-chunks.ts'
import { JSON_OPTION, MODEL_OPTION, RECORD_OPTIONS } from './options.ts'

const BUDGET_TOKENS = 400_000

export const implement: Command = {
  name: 'implement',
  summary: 'implement a feature request in a worktree of its own, check it, apply it',
  details:
    'The result is applied to your working tree, or committed to --branch, or only printed with --dry-run. What you have not committed is seen by the agent and never touched. What a check does to the files of the worktree is undone after it and is no part of the result. Checks run in a cage where there is one (repose doctor); without one, edits that decide what a check runs are shown and confirmed first, and where nobody can be asked the checks do not run. Checks that have never passed here run once before anything is paid.',
  argument: {
    name: 'request',
    text: 'the feature request: a title, and more lines if you like ("-" reads standard input)',
  },
  options: [
    {
      flags: '--effort <level>',
      text: 'low: few calls from the pack; high: explore freely; auto: low, then high if that does not pass (default: auto)',
    },
    {
      flags: '--check <command>',
      text: 'a command that must pass; may be given several times (default: checks of the configuration)',
      kind: 'list',
    },
    {
      flags: '--mend',
      text: 'go on though a check that has never passed here fails before any edit: the request is to mend it',
    },
    { flags: '--branch <name>', text: 'commit the result to a new branch instead of applying it' },
    { flags: '--dry-run', text: 'print the diff, apply nothing; not together with --branch' },
    {
      flags: '--budget-tokens <n>',
      text: `tokens of all calls together (default: ${count(BUDGET_TOKENS)})`,
      kind: 'integer',
    },
    ...RECORD_OPTIONS,
    MODEL_OPTION,
    JSON_OPTION,
  ],
  examples: [
    'repose implement "Add a CSV output format" --check "npm test"',
    'repose implement "Add a --quiet flag" --branch repose/quiet',
    'repose implement "Add a --quiet flag" --dry-run | git apply --check',
  ],
  async run(wire, argument, values) {
    await loadChunks()
    const [{ readRequest }, { implementRequest }, { UserError }, { modelFor }, { canAsk }] = await Promise.all([
      import('../read-request.ts'),
      import('../../agents/feature/agent.ts'),
      import('../../src/errors.ts'),
      import('../model-for.ts'),
      import('../ask-yes.ts'),
    ])
    const request = await readRequest(argument)
    const effort = String(values.effort ?? 'auto')
    if (effort !== 'auto' && effort !== 'low' && effort !== 'high')
      throw new UserError(`there is no effort '${effort}'`, 'choose auto, low or high')
    const branch = values.branch === undefined ? null : String(values.branch)
    if (branch !== null) await requireBranch(wire, branch, values.dryRun === true)
    const llm = (await modelFor(wire, 'test', values)) ?? (await wire.llm('test'))
    const { repo, store, config, worktree } = await wire.facts()
    const progress = wire.progress()
    const options = {
      repo,
      store,
      worktree,
      llm,
      effort,
      checks: (values.check as string[] | undefined) ?? config.checks,
      checkTimeoutMs: config.checkTimeoutMs,
      cage: config.cage,
      ...(wire.flags.json || !canAsk() ? {} : { confirm: asking(wire, progress) }),
      goOn: async (broken: Broken) => values.mend === true || tellBroken(wire, progress, broken),
      budgetTokens: (values.budgetTokens as number | undefined) ?? BUDGET_TOKENS,
      signal: wire.signal,
      onProgress: (text: string) => progress.show(text),
      recorded: Boolean(values.replay),
    } as const
    return implementRequest(request, options, async (result, agentTree): Promise<ExitCode> => {
      progress.end()
      const isFinished = result.stop === 'done'
      const { applied, error, fix }: Delivery = !isFinished
        ? { applied: null, error: result.reason, fix: result.fix }
        : values.dryRun
          ? NOT_DELIVERED
          : await deliver(wire, result.diff, agentTree, branch, request)
      if (wire.flags.json) wire.printJson({ ...result, branch: applied && branch, applied, error, fix })
      else {
        if (values.dryRun && result.diff) wire.print(result.diff)
        wire.say(report(result))
        if (applied) wire.say(applied)
        if (error !== null && fix !== null) wire.sayFailure(error, fix)
        if (!isFinished && result.diff)
          wire.say(`not applied; the diff so far ${await keep(repo.commonDir, result.diff)}`)
        for (const { path, why } of result.usuallyToo) wire.say(`usually changes too, and did not: ${path} (${why})`)
      }
      if (result.stop === 'interrupted') return 130
      if (result.stop === 'out-of-budget') return 3
      return isFinished && error === null ? 0 : 1
    })
  },
}

type Wire = Parameters<Command['run']>[0]
type Progress = ReturnType<Wire['progress']>
type Broken = import('../../src/types.ts').CheckResult
type Deciding = import('../../agents/feature/checking.ts').Deciding

/** Shows edits that decide what checks run, and asks. */
function asking(wire: Wire, progress: Progress) {
  return async (edits: readonly Deciding[]): Promise<boolean> => {
    const [{ askYes }, { withoutControls }] = await Promise.all([import('../ask-yes.ts'), import('../wire.ts')])
    progress.end()
    for (const { path, why, diff } of edits) wire.say(withoutControls(`\n${shownPath(path)}: ${why}\n${diff}`))
    wire.say('These edits decide what the checks run, and there is no cage: what they start has your rights.')
    return askYes('Run the checks?', wire.signal)
  }
}

/** Says that a check fails before any edit. On a terminal the user decides whether to go on. */
async function tellBroken(wire: Wire, progress: Progress, { check, output }: Broken): Promise<boolean> {
  if (wire.flags.json) return false
  const [{ askYes, canAsk }, { withoutControls }, { relevantOutput }] = await Promise.all([
    import('../ask-yes.ts'),
    import('../wire.ts'),
    import('../../src/verify/relevant-output.ts'),
  ])
  progress.end()
  wire.say(withoutControls(`"${check}" fails before any edit, and has never passed here:\n${relevantOutput(output)}`))
  return canAsk() && askYes('Go on and pay for edits?', wire.signal)
}
type Result = import('../../agents/feature/agent.ts').FeatureResult

/** What became of the result: where it went, or what kept it from going there. */
interface Delivery {
  readonly applied: string | null
  readonly error: string | null
  readonly fix: string | null
}

const NOT_DELIVERED: Delivery = { applied: null, error: null, fix: null }

/** Throws UserError, before anything is paid for, when the result could not be committed to `branch`. */
async function requireBranch(wire: Wire, branch: string, isDryRun: boolean): Promise<void> {
  const [{ requireNewBranch }, { UserError }, repo] = await Promise.all([
    import('../../src/repo/apply-result.ts'),
    import('../../src/errors.ts'),
    wire.repo(),
  ])
  if (isDryRun) throw new UserError('--dry-run commits nothing to a --branch', 'leave one of the two out')
  await requireNewBranch(repo.root, branch, repo.head)
}

/** As handOver(), and where that fails, on a full disk for instance, the diff that was paid for is kept. */
async function deliver(...given: Parameters<typeof handOver>): Promise<Delivery> {
  const [wire, diff] = given
  try {
    return await handOver(...given)
  } catch (error) {
    const [{ asUserError }, { commonDir }] = await Promise.all([import('../../src/store/db-errors.ts'), wire.repo()])
    const { message, stderr = '' } = asUserError(error, null) as Error & { stderr?: string }
    const what = stderr.trim().split('\n').at(-1) || message.split('\n')[0]
    return {
      applied: null,
      error: `the result could not be applied: ${what}`,
      fix: `mend that; the diff ${await keep(commonDir, diff)}`,
    }
  }
}

async function handOver(
  wire: Wire,
  diff: string,
  agentTree: import('../../src/repo/worktree.ts').AgentWorktree,
  branch: string | null,
  request: string,
): Promise<Delivery> {
  const [{ applyToTree, commitToBranch }, repo] = await Promise.all([
    import('../../src/repo/apply-result.ts'),
    wire.repo(),
  ])
  if (branch) {
    const outcome = await commitToBranch(repo.root, { head: agentTree.head, diff }, branch, request)
    if (outcome.status === 'committed')
      return { ...NOT_DELIVERED, applied: `committed to ${branch} (${outcome.commit.slice(0, 10)})` }
    if (outcome.status === 'nothing') return NOT_DELIVERED
    return {
      applied: null,
      error: outcome.message,
      fix: `the diff is kept in ${outcome.keptAt}: git apply --3way it where you want it`,
    }
  }
  const outcome = await applyToTree(repo.root, diff)
  if (outcome.status === 'applied')
    return { ...NOT_DELIVERED, applied: `applied to ${plural(outcome.files.length, 'file')} of your working tree` }
  if (outcome.status === 'nothing') return NOT_DELIVERED
  return {
    applied: null,
    error: `your working tree has changed meanwhile (${outcome.files.join(', ')}); nothing was applied`,
    fix: `the diff is kept in ${outcome.keptAt}: git apply --3way it`,
  }
}

/** Keeps a diff. Returns what became of it, in words that go behind its name. */
async function keep(commonDir: string, diff: string): Promise<string> {
  const { keepDiff } = await import('../../src/repo/keep-diff.ts')
  return keepDiff(commonDir, diff).then(
    (path) => `is kept in ${path}`,
    (error: Error) => `could not be kept (${error.message.split('\n')[0]}); the transcript holds its edits`,
  )
}

function report(result: Result): string {
  const files = [
    ...result.modified.map((path) => `  M ${shownPath(path)}`),
    ...result.created.map((path) => `  A ${shownPath(path)}`),
    ...result.deleted.map((path) => `  D ${shownPath(path)}`),
  ]
  const { cage } = result
  const where = cage === null ? '' : cage.caged ? ` (in a cage: ${cage.says})` : ` (without a cage: ${cage.says})`
  const checks = result.checks.map((check) => `${check.check} ${check.status}`).join(', ') || 'none ran'
  const { calls, inputTokens, cachedTokens, outputTokens } = result.usage
  return [
    `${result.stop === 'done' ? 'done' : `not done: ${result.stop}`}, effort ${result.effort}`,
    ...files,
    ...result.notes.map((note) => `note:   ${note}`),
    `checks: ${checks}${where}`,
    `tokens: ${count(inputTokens + outputTokens)} in ${plural(calls, 'call')} (input ${count(inputTokens)}, of it cached ${count(cachedTokens)}; output ${count(outputTokens)}), ${usd(result.usage.usd)}`,
    `transcript: ${result.transcript}`,
  ].join('\n')
}
