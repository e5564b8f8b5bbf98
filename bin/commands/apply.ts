import { shownPath } from '../../src/paths.ts'
import type { KeptResult } from '../../src/repo/results.ts'
import type { Command } from '../command.ts'
import { canAsk, deliverToBranch, deliverToTree, nameOf } from '../deliver.ts'
import { plural } from '../format.ts'
import { paintDiff } from '../paint/diff.ts'
import type { Wire } from '../wire.ts'
import { JSON_OPTION } from './options.ts'
import { listKept } from './results-list.ts'

export const apply: Command = {
  name: 'apply',
  summary: 'apply a kept result (of a run that was not applied, or was undone) or a diff file',
  details:
    'If the files have changed since, it is merged three-way, like git apply --3way, but all or nothing: without conflict markers, and the index is not touched. A dry run of a merge changes no file, but git may renew the times of objects that it has already. repose undo takes it back.',
  argument: {
    name: 'result',
    text: 'the number of a run, as repose ledger and --list show it, the id of a result, or a diff file ("-" reads standard input)',
    isOptional: true,
    takes: 'result',
  },
  options: [
    { flags: '--list', text: 'list the kept results, the newest first' },
    { flags: '--branch <name>', text: 'commit it to a new branch at HEAD instead' },
    { flags: '--dry-run', text: 'print the diff that would be applied, and whether it fits' },
    {
      flags: '-y, --yes',
      text: 'do not show the diff and ask before applying; the default without a terminal, unless protected files are changed',
    },
    JSON_OPTION,
  ],
  examples: [
    'repose apply --list',
    'repose apply 12',
    'repose apply 12 --dry-run',
    'repose apply result.diff --branch repose/try',
  ],
  async run(wire, argument, values) {
    const { UserError } = await import('../../src/errors.ts')
    if (values.list) return listKept(wire, () => true, 'no result is kept')
    if (argument === '') throw new UserError('no result is named', 'repose apply --list shows those that are kept')
    const branch = values.branch === undefined ? null : String(values.branch)
    const repo = await wire.repo()
    if (branch !== null) {
      if (values.dryRun) throw new UserError('--dry-run commits nothing to a --branch', 'leave one of the two out')
      const { requireNewBranch } = await import('../../src/repo/apply-result.ts')
      await requireNewBranch(repo, branch)
    }
    const { diff, kept } = await find(wire, argument)
    if (kept?.state === 'applied' && kept.root === repo.root && branch === null)
      throw new UserError(`run ${nameOf(kept)} is applied already`, 'repose undo takes it back', { exitCode: 1 })
    if (!/^(diff --git |--- )/m.test(diff))
      throw new UserError(`${argument} holds no diff`, 'give one as git diff and repose implement --dry-run print it')
    if (values.dryRun || (!kept && !branch)) {
      const code = await tryIt(wire, diff, kept, { name: argument, isSilent: !values.dryRun })
      if (code !== 0 || values.dryRun) return code
    }
    await requireConsent(wire, diff, {
      argument,
      isSure: values.yes === true,
      mayAsk: branch === null && canAsk(wire),
    })
    const result = { diff, request: kept?.request ?? `Apply ${argument}`, kept: kept ?? (await keepIt(wire, diff)) }
    const { applied, error, fix } = branch
      ? await deliverToBranch(wire, result, repo.head, branch)
      : await deliverToTree(wire, result, { isSure: values.yes === true, merge: true })
    if (wire.flags.json) wire.printJson({ run: kept?.run ?? null, branch: applied && branch, applied, error, fix })
    else if (applied) wire.say(applied)
    else if (error === null) wire.say('nothing to do: all of it is there already')
    if (error !== null && fix !== null && !wire.flags.json) wire.sayFailure(error, fix)
    // last, since Ctrl-C may end the process before it
    if (applied && kept) await (await import('../backlog-items.ts')).noteApplied(wire, kept, true)
    return error === null ? 0 : 1
  },
}

/** What to apply. kept: set if it is one of the kept results. */
async function find(wire: Wire, name: string): Promise<{ readonly diff: string; readonly kept: KeptResult | null }> {
  const [{ readFile }, { MOST_TEXT, readRegular }, { readInput }, { findResult }, { UserError }, { commonDir }] =
    await Promise.all([
      import('node:fs/promises'),
      import('../../src/files/read-regular.ts'),
      import('../request-text.ts'),
      import('../../src/repo/results.ts'),
      import('../../src/errors.ts'),
      wire.repo(),
    ])
  if (name === '-') return { diff: await readInput(wire.signal, MOST_TEXT, 'diff'), kept: null }
  const kept = await findResult(commonDir, name)
  if (kept) {
    const diff = readRegular(kept.diffPath, { maxBytes: MOST_TEXT })
    if (typeof diff !== 'string') return { diff: diff.toString('utf8'), kept }
    throw new UserError(`${kept.diffPath} is ${diff}`, 'repose apply --list shows the results that are kept')
  }
  const diff = await readFile(name, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new UserError(
      `there is no kept result of run ${name}, and no such file`,
      'repose apply --list shows the results that are kept',
      { cause },
    )
  })
  return { diff, kept: null }
}

/** Keeps a diff from elsewhere, so that it can be undone. */
async function keepIt(wire: Wire, diff: string): Promise<KeptResult | null> {
  const [{ keepResult }, { commonDir }] = await Promise.all([import('../../src/repo/results.ts'), wire.repo()])
  return keepResult(commonDir, { diff, run: null, request: null }).catch(() => null)
}

/** Names the protected files that a diff changes. Throws UserError if nobody at a terminal can be asked, unless the user said --yes. */
async function requireConsent(
  wire: Wire,
  diff: string,
  { argument, isSure, mayAsk }: { readonly argument: string; readonly isSure: boolean; readonly mayAsk: boolean },
): Promise<void> {
  const [{ unaskedChanges }, { UserError }, { root }] = await Promise.all([
    import('../unasked-changes.ts'),
    import('../../src/errors.ts'),
    wire.repo(),
  ])
  const changes = await unaskedChanges(root, diff, { request: null, allowed: [] })
  if (changes.length === 0) return
  const paths = changes.map(({ path }) => shownPath(path)).join(', ')
  if (isSure || mayAsk) return wire.say(`note: it changes protected files: ${paths}`)
  throw new UserError(
    `it changes protected files: ${paths}`,
    `read it (repose apply ${argument} --dry-run); with --yes it is applied`,
    { exitCode: 1 },
  )
}

/** Reports whether a diff fits, and prints it. isSilent: reports only that it does not fit. */
async function tryIt(
  wire: Wire,
  diff: string,
  kept: KeptResult | null,
  { name, isSilent }: { readonly name: string; readonly isSilent: boolean },
): Promise<0 | 1> {
  const [{ applyKept }, repo] = await Promise.all([import('../../src/repo/apply-kept.ts'), wire.repo()])
  const end = await applyKept(repo, kept, diff, { merge: true, isDry: true })
  if (isSilent && end.status !== 'clash') return 0
  if (wire.flags.json) wire.printJson({ run: kept?.run ?? null, ...end })
  else if (end.status === 'applied') {
    wire.printExact(end.diff, paintDiff)
    wire.say(
      `would be applied to ${plural(end.files.length, 'file')}${end.isMerged ? ', merged with what has changed since' : ''}`,
    )
  } else if (end.status === 'nothing') wire.say('nothing to do: all of it is there already')
  if (end.status !== 'clash') return 0
  wire.sayFailure(
    `it does not fit, and cannot be merged with what is there now (${end.files.map(shownPath).join(', ')})`,
    `git apply --3way ${kept ? kept.diffPath : name === '-' ? 'FILE' : name} merges it with conflict markers${name === '-' && !kept ? ', once it is kept in a file' : ''}`,
  )
  return 1
}
