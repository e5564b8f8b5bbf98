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
    'The result is applied to your working tree, or committed to --branch, or only printed with --dry-run. What you have not committed is seen by the agent and never touched. What a check does to the files of the worktree is undone after it and is no part of the result.',
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
    const [{ readRequest }, { implementRequest }, { UserError }, { modelFor }] = await Promise.all([
      import('../read-request.ts'),
      import('../../agents/feature/agent.ts'),
      import('../../src/errors.ts'),
      import('../model-for.ts'),
    ])
    const request = await readRequest(argument, wire.signal)
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
        if (values.dryRun && result.diff) wire.printExact(result.diff)
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
  const checks = result.checks.map((check) => `${check.check} ${check.status}`).join(', ') || 'none ran'
  const { calls, inputTokens, cachedTokens, outputTokens } = result.usage
  return [
    `${result.stop === 'done' ? 'done' : `not done: ${result.stop}`}, effort ${result.effort}`,
    ...files,
    ...result.notes.map((note) => `note:   ${note}`),
    `checks: ${checks}`,
    `tokens: ${count(inputTokens + outputTokens)} in ${plural(calls, 'call')} (input ${count(inputTokens)}, of it cached ${count(cachedTokens)}; output ${count(outputTokens)}), ${usd(result.usage.usd)}`,
    `transcript: ${result.transcript}`,
  ].join('\n')
}
