import { RUN_TOKENS } from '../../src/config/defaults.ts'
import { shownPath } from '../../src/paths.ts'
import type { Usage } from '../../src/types.ts'
import type { Command, ExitCode } from '../command.ts'
import { type Delivery, deliverToBranch, deliverToTree, keepRun, NOT_DELIVERED, nameOf } from '../deliver.ts'
import { count, spent } from '../format.ts'
import { loadChunksSoon } from '../load-chunks.ts'
import { paintDiff } from '../paint/diff.ts'
import { preparedFor } from '../prepared-for.ts'
import { shownCommand } from '../shown-command.ts'
import { JSON_OPTION, limitOptions, MODEL_OPTION, RECORD_OPTIONS } from './options.ts'

export const implement: Command = {
  name: 'implement',
  summary: 'implement a feature request in a worktree of its own, check it, apply it',
  details:
    'The result is applied to your working tree, committed to --branch, or only printed with --dry-run. On a terminal its diff is shown and confirmed first. If the agent finds that the repository already does what is asked, it says so, changes nothing, and the exit code is 0. The result is kept: repose undo takes it back, repose apply applies one that was not applied. A dry run keeps only its calls, in the ledger, and its transcript, and nothing if no call was made; objects of git that nothing refers to stay until git collects them. The diff of a dry run that would change protected files without permission is kept, too, and is printed only with --json. The agent sees your uncommitted changes and never touches them. Changes that a check makes to files are undone and are not part of the result. Checks run in a cage if there is one (repose doctor). Without a cage, you confirm edits that decide what a check runs; if nobody can be asked, the checks do not run. Checks that have never passed here run once before anything is paid. Checks of the repository run only after you trust it. On a terminal you are asked; elsewhere they do not run, and a finished result has exit code 4 (see repose trust). Some files are protected, since they decide what is run or instruct agents (.npmrc, .github/workflows, AGENTS.md and similar). They are changed only if a request that you type spells out the name, or --allow does, and the result lists them.',
  argument: {
    name: 'request',
    text: 'the feature request: a title, and more lines if you like ("-" reads standard input)',
  },
  options: [
    {
      flags: '--effort <level>',
      text: 'how freely the agent explores (default: auto); low: few calls from the pack; high: as many as it wants; auto: low, then high if low does not finish',
      choices: ['auto', 'low', 'high'],
    },
    {
      flags: '--check <command>',
      text: 'a command that must pass; repeatable (default: checks of your configuration, else of the repository)',
      kind: 'list',
    },
    {
      flags: '--allow <path>',
      text: 'a protected file that may be changed, or a folder, from the top of the repository; may be given several times',
      kind: 'list',
    },
    {
      flags: '--mend',
      text: 'continue if a check that has never passed here fails before any edit: the request is to fix it',
    },
    { flags: '--no-draft', text: 'do not look in the backlog for a draft or a plan of this request' },
    { flags: '--branch <name>', text: 'commit the result to a new branch instead of applying it' },
    {
      flags: '--dry-run',
      text: 'print the diff, apply and keep nothing but the calls and the transcript; not with --branch',
    },
    { flags: '-y, --yes', text: 'do not show the diff and ask before applying; the default without a terminal' },
    ...limitOptions(`tokens of all calls (default: ${count(RUN_TOKENS)})`, 'US dollars that all calls may cost'),
    ...RECORD_OPTIONS,
    MODEL_OPTION,
    JSON_OPTION,
  ],
  examples: [
    'repose implement "Add a CSV output format" --check "npm test"',
    'repose implement "Add a --quiet flag" --branch repose/quiet',
    'repose implement "Add a --quiet flag" --dry-run | git apply --check',
    'repose implement "Add a --quiet flag" --budget-tokens 50k --max-usd 0.20',
  ],
  async run(wire, argument, values) {
    loadChunksSoon()
    const [
      { REQUEST, requestText },
      { implementRequest },
      { confirmBroken, confirmEdits },
      { modelFor, storeFor },
      { chosenChecks, sayUntrusted },
      { allowedPaths },
      { limitsIn, priceFor },
    ] = await Promise.all([
      import('../request-text.ts'),
      import('../../agents/feature/agent.ts'),
      import('../ask-about-checks.ts'),
      import('../model-for.ts'),
      import('../chosen-checks.ts'),
      import('../../src/edit/allowed-paths.ts'),
      import('../limits.ts'),
    ])
    const asked = await requestText(argument, wire.signal, REQUEST)
    const own = argument === '-' ? '' : asked // a piped issue may hold words that its page does not show
    const branch = values.branch === undefined ? null : String(values.branch)
    if (branch !== null) await requireBranch(wire, branch, values.dryRun === true)
    const given = values.check as string[] | undefined
    await sayUntrusted(wire, given)
    let toRecognise: Usage | undefined
    const onSpent = (usage: Usage) => {
      toRecognise = usage
    }
    const known = values.draft === false ? null : await preparedFor(wire, { request: asked, own }, values, onSpent)
    const request = known?.request ?? asked
    if (known?.useDraft)
      return (await import('./backlog-apply.ts')).applyDraft(wire, known.item, {
        branch: branch ?? undefined,
        isSure: values.yes === true,
        isNamed: false,
        isDry: values.dryRun === true,
        asked: own,
        allowed: allowedPaths((await wire.repo()).root, (values.allow as readonly string[] | undefined) ?? []),
      })
    const effort = (values.effort ?? 'auto') as Effort
    const llm = (await modelFor(wire, 'awake', values)) ?? (await wire.llm('awake'))
    const limits = limitsIn(values)
    const price = await priceFor(wire, llm, limits)
    const allowed = allowedPaths((await wire.repo()).root, (values.allow as readonly string[] | undefined) ?? [])
    const { commands: checks, untrusted, isDeclined } = await chosenChecks(wire, given)
    const { repo, store, config, worktree } = await wire.facts()
    const progress = wire.progress()
    const options = {
      repo,
      store: await storeFor(store, values),
      worktree,
      llm,
      effort,
      checks,
      checkTimeoutMs: config.checkTimeoutMs,
      cage: config.cage,
      confirm: confirmEdits.bind(null, wire, progress),
      goOn: values.mend === true ? async () => true : confirmBroken.bind(null, wire, progress),
      maxFileBytes: config.maxFileBytes,
      allowed,
      permits: known?.permits ?? own,
      plan: known?.item.draft?.plan,
      budgetTokens:
        (limits.tokens ?? RUN_TOKENS) - (toRecognise ? toRecognise.inputTokens + toRecognise.outputTokens : 0),
      maxUsd: limits.usd === undefined ? undefined : limits.usd - (toRecognise?.usd ?? 0),
      price,
      signal: wire.signal,
      onProgress: (text: string) => progress.show(text),
      recorded: Boolean(values.replay),
    } as const
    return implementRequest(request, options, async (result, agentTree): Promise<ExitCode> => {
      progress.end()
      const isFinished = result.stop === 'done'
      const isThere = result.stop === 'nothing-to-change'
      const isDryRun = values.dryRun === true
      const { diff } = result
      const isUnasked = result.protected.changed.some(({ allowedBy }) => allowedBy === null)
      const isPrinted = isDryRun && !isUnasked // another program may apply what is printed
      const run = store.ledger.keptAs(result.run)
      const kept =
        isPrinted || diff === '' ? null : await keepRun(wire, { diff, run: result.run, request: result.request })
      if (known && kept && known.item.item.state !== 'forecast') store.backlog.noteRun(known.item.item.id, result.run)
      if (!wire.flags.json) {
        if (isPrinted && diff) wire.printExact(diff, paintDiff)
        wire.say(report(result, run, untrusted))
        if (isThere) wire.say(`nothing to change: ${result.reason}`)
      }
      const { applied, error, fix }: Delivery = isThere
        ? NOT_DELIVERED
        : !isFinished
          ? { applied: null, error: result.reason, fix: result.fix }
          : isDryRun
            ? NOT_DELIVERED
            : branch
              ? await deliverToBranch(wire, { diff, request: result.request, kept }, agentTree.head, branch)
              : await deliverToTree(
                  wire,
                  { diff, request: result.request, kept },
                  { isSure: values.yes === true, merge: false },
                )
      if (wire.flags.json)
        wire.printJson({
          ...result,
          run,
          transcript: run && result.transcript,
          untrustedChecks: untrusted,
          branch: applied && branch,
          applied,
          error,
          fix,
        })
      else {
        if (applied) wire.say(applied)
        if (error !== null && fix !== null) wire.sayFailure(error, fix)
        if (!isFinished && kept)
          wire.say(`not applied; the diff so far is kept: repose apply ${nameOf(kept)} applies it`)
        for (const { path, why } of result.usuallyToo)
          wire.say(`usually changes too, and did not: ${shownPath(path)} (${why})`)
      }
      // last, since Ctrl-C may end the process before it
      if (applied && known && kept) await (await import('../backlog-items.ts')).noteApplied(wire, kept, true)
      if (result.stop === 'interrupted') return 130
      if (result.stop === 'out-of-budget') return 3
      if (isThere) return 0
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

type Effort = import('../../agents/feature/effort.ts').Effort
type Wire = Parameters<Command['run']>[0]
type Result = import('../../agents/feature/agent.ts').FeatureResult

/** Throws UserError, before anything is paid, if the result could not be committed to `branch`. */
async function requireBranch(wire: Wire, branch: string, isDryRun: boolean): Promise<void> {
  const [{ requireNewBranch }, { UserError }, repo] = await Promise.all([
    import('../../src/repo/apply-result.ts'),
    import('../../src/errors.ts'),
    wire.repo(),
  ])
  if (isDryRun) throw new UserError('--dry-run commits nothing to a --branch', 'leave one of the two out')
  await requireNewBranch(repo, branch)
}

const ENDS: Readonly<Partial<Record<Result['stop'], string>>> = { done: 'done', 'nothing-to-change': 'nothing changed' }
const ALLOWED_BY = { request: 'the request names it', user: '--allow', nobody: 'nobody allowed it' } as const

function report(result: Result, run: number | null, untrusted: readonly string[]): string {
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
  const { cage } = result
  const where = cage === null ? '' : cage.caged ? ` (in a cage: ${cage.says})` : ` (without a cage: ${cage.says})`
  const checks = result.checks.map((check) => `${check.check} ${check.status}`).join(', ') || 'none ran'
  const notRun = untrusted.length > 0 ? `; not trusted, so not run: ${untrusted.map(shownCommand).join(', ')}` : ''
  return [
    `${ENDS[result.stop] ?? `not done: ${result.stop}`}, effort ${result.effort}`,
    ...files,
    ...result.notes.map((note) => `note:   ${note}`),
    `checks: ${checks}${where}${notRun}`,
    spent(result.usage),
    ...(run === null ? [] : [`run:    ${run}`, `transcript: ${result.transcript}`]),
  ].join('\n')
}
