import { existsSync } from 'node:fs'
import type { Db } from '../../src/store/db.ts'
import type { Command } from '../command.ts'
import { table } from '../format.ts'
import { JSON_OPTION } from './options.ts'

interface Finding {
  readonly what: string
  /** null: skipped, since an earlier finding keeps it from being looked at. */
  readonly ok: boolean | null
  readonly says: string
}

export const doctor: Command = {
  name: 'doctor',
  summary: 'check that everything repose needs is there and whole',
  details:
    'Node, git, the grammars, the configuration, whether checks run in a cage, the database (every page), and the model endpoint if one is set. Exit code 1 when something is wrong.',
  options: [JSON_OPTION],
  examples: ['repose doctor'],
  async run(wire) {
    const findings: Finding[] = []
    const told = new Map<unknown, string>() // errors, by what they were told of
    const look = async (what: string, work: () => Promise<string>) => {
      try {
        findings.push({ what, ok: true, says: await work() })
      } catch (error) {
        const cause = told.get(error)
        if (cause !== undefined) {
          findings.push({ what, ok: null, says: `skipped: it needs the ${cause}` })
          return
        }
        told.set(error, what)
        const fix = (error as { fix?: string }).fix
        findings.push({ what, ok: false, says: `${(error as Error).message.split('\n')[0]}${fix ? ` (${fix})` : ''}` })
      }
    }
    await look('node', async () => process.version)
    await look('git', async () => (await (await import('../../src/repo/git.ts')).git('.', ['--version'])).trim())
    await look('grammars', async () => {
      const [{ LANGUAGES }, { parseSource }] = await Promise.all([
        import('../../src/parse/languages/index.ts'),
        import('../../src/parse/parse-source.ts'),
      ])
      for (const { id } of LANGUAGES) parseSource('x', id)
      return `${LANGUAGES.length} load`
    })
    await look('repository', async () => {
      const repo = await wire.repo()
      return repo.shallow !== null
        ? `${repo.root} (shallow: git fetch --unshallow brings the rest of its history)`
        : repo.root
    })
    await look('configuration', async () => {
      await wire.config()
      return 'valid'
    })
    await look('checks', async () => {
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
        const { openDb } = await import('../../src/store/db.ts')
        const db = openDb(past)
        try {
          return await whole(db)
        } finally {
          db.close()
        }
      })
    await look('model', async () => {
      const llm = await wire.llmIfAny('test')
      if (!llm) return 'none set: index, context, status and ask work without'
      const reply = await llm.complete(
        { purpose: 'doctor', messages: [{ role: 'user', content: 'Reply with the word ok.' }], maxOutputTokens: 50 },
        wire.signal,
      )
      if (reply.stop === 'failed' || reply.stop === 'aborted')
        throw Object.assign(new Error(reply.message ?? reply.stop), { fix: reply.fix })
      return `${llm.model} answers`
    })
    if (wire.flags.json) wire.printJson(findings)
    else
      wire.print(
        table([
          ['', 'what', 'finding'],
          ...findings.map(({ what, ok, says }) => [ok === null ? '--' : ok ? 'ok' : 'NO', what, says]),
        ]),
      )
    return findings.every((finding) => finding.ok) ? 0 : 1
  },
}

/** Throws when it is damaged. */
async function whole(db: Db): Promise<string> {
  const [{ damageOf }, { fixOfDamage }] = await Promise.all([
    import('../../src/store/db.ts'),
    import('../../src/store/db-errors.ts'),
  ])
  const found = damageOf(db)
  if (found.length === 0) return `whole (${db.path})`
  throw Object.assign(new Error(`damaged: ${found.join('; ')}`), { fix: fixOfDamage(db.path) })
}
