import { existsSync } from 'node:fs'
import type { Limit } from '../../src/config/merge-files.ts'
import { handleSignals } from '../../src/processes/blocking.ts'
import type { Db } from '../../src/store/db.ts'
import type { Llm } from '../../src/types.ts'
import type { Command } from '../command.ts'
import { count, table } from '../format.ts'
import { paintRow } from '../paint/states.ts'
import { bold, eachLine } from '../paint/style.ts'
import { shownCommand } from '../shown-command.ts'
import type { Wire } from '../wire.ts'
import { JSON_OPTION } from './options.ts'

const LIMIT_MS = 10_000 // for each check that may hang

interface Finding {
  readonly what: string
  /** null: skipped because of an earlier finding. */
  readonly ok: boolean | null
  readonly says: string
  /** From the configuration. */
  readonly limits?: readonly Limit[]
}

export const doctor: Command = {
  name: 'doctor',
  summary: 'check everything that repose needs',
  details:
    'Checks Node, git, the grammars, the configuration (with the limits and the source of each), the cage for checks, every page of the database (made if there is none), and the model endpoint if one is set. Exit code 1 if a check fails.',
  options: [JSON_OPTION],
  examples: ['repose doctor'],
  async run(wire) {
    const findings: Finding[] = []
    const reported = new Map<unknown, string>()
    if (!wire.flags.json) wire.printWhole(rowOf('', 'what', 'finding'), bold)
    const look = async (what: string, work: () => Promise<string>, doing = `checking: ${what}`) => {
      wire.signal.throwIfAborted()
      const progress = wire.progress()
      progress.showOnTerminal(doing)
      const found = await findingOf(what, work, reported).finally(() => progress.end())
      wire.signal.throwIfAborted()
      findings.push(found)
      const state = found.ok === null ? '--' : found.ok ? 'ok' : 'NO'
      if (!wire.flags.json) wire.printWhole(rowOf(state, what, found.says, wire.output.columns), eachLine(paintRow))
    }
    await look('node', async () => process.version)
    await look('git', async () => {
      const { git } = await import('../../src/repo/git.ts')
      return (await git('.', ['--version'], { signal: wire.signal, timeoutMs: LIMIT_MS })).trim()
    })
    await look('grammars', async () => {
      const [{ LANGUAGES }, { requireGrammars }] = await Promise.all([
        import('../../src/parse/languages/index.ts'),
        import('../../src/parse/require-grammars.ts'),
      ])
      await requireGrammars(LANGUAGES, wire.signal)
      return `${LANGUAGES.length} load`
    })
    await look('repository', async () => {
      const repo = await wire.repo()
      return repo.shallow !== null
        ? `${repo.root} (shallow: git fetch --unshallow brings the rest of its history)`
        : repo.root
    })
    let limits: readonly Limit[] = []
    await look('configuration', async () => {
      const [{ readLimits }, { root }] = await Promise.all([import('../../src/config/read-config.ts'), wire.repo()])
      await wire.config()
      limits = await readLimits(root)
      return 'valid'
    })
    if (limits.length > 0) findings.push({ ...findings.pop()!, limits })
    await look('checks', () => checksInWords(wire))
    await look('cage', async () => {
      const { sayCage } = await import('../say-cage.ts')
      return sayCage((await wire.config()).cage, (await wire.repo()).root)
    })
    await look('database', async () => whole((await wire.store()).db))
    const past = await wire.databasePath().then(
      (path) => `${path}.past`,
      () => null,
    )
    if (past !== null && existsSync(past))
      await look('cache of the past', async () => {
        const [{ openDb }, { requireSound }] = await Promise.all([
          import('../../src/store/db.ts'),
          import('../../src/store/sound-database.ts'),
        ])
        await requireSound(past, { signal: wire.signal })
        const db = openDb(past)
        try {
          return await whole(db)
        } finally {
          db.close()
        }
      })
    await look(
      'model',
      async () => {
        const llm = await wire.llmIfAny('awake')
        if (llm) return answerOf(llm, wire)
        return (await wire.halfSet('awake')) ?? 'none set: index, context, status and ask work without'
      },
      `asking the model for a word, for at most ${LIMIT_MS / 1000} s`,
    )
    if (wire.flags.json) wire.printJson(findings)
    else if (limits.length > 0) wire.print(`\n${limitTable(limits)}`)
    return findings.every((finding) => finding.ok) ? 0 : 1
  },
}

/** reported: by error, the check that reported it first. */
async function findingOf(what: string, work: () => Promise<string>, reported: Map<unknown, string>): Promise<Finding> {
  try {
    return { what, ok: true, says: await work() }
  } catch (error) {
    const cause = reported.get(error)
    if (cause !== undefined) return { what, ok: null, says: `skipped: it needs the ${cause}` }
    reported.set(error, what)
    const fix = (error as { fix?: string }).fix
    return { what, ok: false, says: `${(error as Error).message.split('\n')[0]}${fix ? ` (${fix})` : ''}` }
  }
}

const LONGEST = 'cache of the past'.length

/** A row of a table whose other rows are not known yet. */
function rowOf(state: string, what: string, says: string, columns?: number): string {
  const row = [state.padEnd(2), what.padEnd(LONGEST), says]
  return table([row.map(() => ''), row], columns)
    .split('\n')
    .slice(1)
    .join('\n')
}

const SET_BY = { default: 'default', user: 'your configuration', repository: 'repose.config.json' } as const

function limitTable(limits: readonly Limit[]): string {
  const rows = limits.map(({ key, value, from, passedOver }) => [
    key,
    value === null ? 'none' : count(value),
    `${SET_BY[from]}${passedOver === null ? '' : ` (repose.config.json says ${count(passedOver)}: it may lower a limit, not raise it)`}`,
  ])
  return table([['limit', 'value', 'set by'], ...rows])
}

/** Which checks repose implement runs here. */
async function checksInWords(wire: Wire): Promise<string> {
  const [{ checks, repositoryChecks }, repo] = await Promise.all([wire.config(), wire.repo()])
  if (checks.length > 0) return `${checks.map(shownCommand).join(', ')} (your configuration)`
  if (!repositoryChecks) return 'none: repose init looks for some'
  const { isTrusted } = await import('../../src/trust/trust.ts')
  const listed = repositoryChecks.map(shownCommand).join(', ')
  return isTrusted(repo, repositoryChecks)
    ? `${listed} (repose.config.json, trusted)`
    : `${listed} (repose.config.json, not trusted, so not run: repose trust)`
}

/** Asks the model for one word; the ledger records the call. Throws without an answer in time. */
async function answerOf(model: Llm, wire: Wire): Promise<string> {
  const [{ deadline }, { meteredLlm }, { ledger }] = await Promise.all([
    import('../../src/processes/deadline.ts'),
    import('../../src/llm/meter.ts'),
    wire.store(),
  ])
  const llm = meteredLlm(model, (call) => ledger.addCall({ ...call, phase: 'awake' }))
  const limit = deadline(LIMIT_MS, wire.signal)
  const messages = [{ role: 'user', content: 'Reply with the word ok.' }] as const
  const again = () => null // the first failure is the finding
  const reply = await llm.complete({ purpose: 'doctor', messages, maxOutputTokens: 50, again }, limit)
  wire.signal.throwIfAborted()
  if (reply.stop === 'aborted')
    throw Object.assign(new Error(`${llm.model} gave no answer within ${LIMIT_MS / 1000} s`), {
      fix: 'see whether its endpoint works; if it first has to load the model, run repose doctor again',
    })
  if (reply.stop === 'failed') throw Object.assign(new Error(reply.message ?? reply.stop), { fix: reply.fix })
  return `${llm.model} answers`
}

/** Throws if it is damaged. */
async function whole(db: Db): Promise<string> {
  const [{ damageOf }, { fixOfDamage }] = await Promise.all([
    import('../../src/store/db.ts'),
    import('../../src/store/db-errors.ts'),
  ])
  await handleSignals() // before a long step
  const found = damageOf(db)
  if (found.length === 0) return `whole (${db.path})`
  throw Object.assign(new Error(`damaged: ${found.join('; ')}`), { fix: fixOfDamage(db.path) })
}
