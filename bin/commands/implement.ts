import { shownPath } from '../../src/paths.ts'
import type { Command, ExitCode } from '../command.ts'
import { count, plural, spent } from '../format.ts'
import { loadChunks } from '../load-chunks.ts'
import { shownCommand } from '../shown-command.ts'
import { JSON_OPTION, MODEL_OPTION, RECORD_OPTIONS } from './options.ts'

const BUDGET_TOKENS = 400_000

export const implement: Command = {
  name: 'implement',
  summary: 'implement a feature request in a worktree of its own, check it, apply it',
  details:
    'The result is applied to your working tree, or committed to --branch, or only printed with --dry-run. What you have not committed is seen by the agent and never touched. What a check does to the files of the worktree is undone after it and is no part of the result. Files that decide what is run, or what agents are told (.npmrc, .github/workflows, AGENTS.md and their like), are protected: one is changed only where the request spells out its name or --allow does, and the result says so. Checks that the repository brings run only once you trust it: that is asked on a terminal; elsewhere they are not run, and a result that is done ends with exit code 4 (see repose trust).',
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
      text: 'a command that must pass; may be given several times (default: checks of your configuration, else of the repository)',
      kind: 'list',
    },
    {
      flags: '--allow <path>',
      text: 'a protected file that may be changed, or a folder, from the top of the repository; may be given several times',
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
    const [{ readRequest }, { implementRequest }, { UserError }, { modelFor }, { chosenChecks }] = await Promise.all([
      import('../read-request.ts'),
      import('../../agents/feature/agent.ts'),
      import('../../src/errors.ts'),
      import('../model-for.ts'),
      import('../chosen-checks.ts'),
    ])
    const request = await readRequest(argument)
    const effort = String(values.effort ?? 'auto')
    if (effort !== 'auto' && effort !== 'low' && effort !== 'high')
      throw new UserError(`there is no effort '${effort}'`, 'choose auto, low or high')
    const branch = values.branch === undefined ? null : String(values.branch)
    if (branch !== null) await requireBranch(wire, branch, values.dryRun === true)
    const llm = (await modelFor(wire, 'test', values)) ?? (await wire.llm('test'))
    const allowed = await allowedPaths(wire, (values.allow as readonly string[] | undefined) ?? [])
    const { commands: checks, untrusted, isDeclined } = await chosenChecks(wire, values.check as string[] | undefined)
    const { repo, store, config, worktree } = await wire.facts()
    const progress = wire.progress()
    const options = {
      repo,
      store,
      worktree,
      llm,
      effort,
      checks,
      checkTimeoutMs: config.checkTimeoutMs,
      allowed,
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
      if (wire.flags.json)
        wire.printJson({ ...result, untrustedChecks: untrusted, branch: applied && branch, applied, error, fix })
      else {
        if (values.dryRun && result.diff) wire.print(result.diff)
        wire.say(report(result, untrusted))
        if (applied) wire.say(applied)
        if (error !== null && fix !== null) wire.sayFailure(error, fix)
        if (!isFinished && result.diff)
          wire.say(`not applied; the diff so far ${await keep(repo.commonDir, result.diff)}`)
        for (const { path, why } of result.usuallyToo) wire.say(`usually changes too, and did not: ${path} (${why})`)
      }
      if (result.stop === 'interrupted') return 130
      if (result.stop === 'out-of-budget') return 3
      if (!isFinished || error !== null) return 1
      if (untrusted.length === 0 || isDeclined) return 0
      wire.sayFailure(
        'done, but the checks of this repository were not run, since you do not trust it yet',
        'repose trust shows and trusts them; --check COMMAND runs one of yours',
      )
      return 4
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

/** The paths of --allow, from the top of the repository. Throws UserError for one that is not in it. */
async function allowedPaths(wire: Wire, given: readonly string[]): Promise<readonly string[]> {
  if (given.length === 0) return []
  const [{ isAbsolute, relative, resolve, sep }, { UserError }, { root }] = await Promise.all([
    import('node:path'),
    import('../../src/errors.ts'),
    wire.repo(),
  ])
  return given.map((path) => {
    const within = relative(root, resolve(root, path))
    if (path.trim() === '' || within === '..' || within.startsWith(`..${sep}`) || isAbsolute(within))
      throw new UserError(
        `--allow takes a path in the repository, not '${path}'`,
        'name it from the top: --allow .npmrc',
      )
    return within.split(sep).join('/')
  })
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

const ALLOWED_BY = { request: 'the request names it', user: '--allow', nobody: 'nobody allowed it' } as const

function report(result: Result, untrusted: readonly string[]): string {
  const marks = new Map(result.protected.changed.map(({ path, allowedBy }) => [path, allowedBy]))
  const fileLine = (kind: string) => (path: string) => {
    const mark = marks.has(path) ? `  (protected; ${ALLOWED_BY[marks.get(path) ?? 'nobody']})` : ''
    return `  ${kind} ${shownPath(path)}${mark}`
  }
  const files = [
    ...result.modified.map(fileLine('M')),
    ...result.created.map(fileLine('A')),
    ...result.deleted.map(fileLine('D')),
  ]
  const checks = result.checks.map((check) => `${check.check} ${check.status}`).join(', ') || 'none ran'
  const notRun = untrusted.length > 0 ? `; not trusted, so not run: ${untrusted.map(shownCommand).join(', ')}` : ''
  return [
    `${result.stop === 'done' ? 'done' : `not done: ${result.stop}`}, effort ${result.effort}`,
    ...files,
    ...result.notes.map((note) => `note:   ${note}`),
    `checks: ${checks}${notRun}`,
    spent(result.usage),
    `transcript: ${result.transcript}`,
  ].join('\n')
}
