import { existsSync, readdirSync, rmdirSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { UserError } from '../../src/errors.ts'
import type { Command } from '../command.ts'
import { count, plural } from '../format.ts'

// What stands beside a database and is of it: SQLite's own files, the past's, the locks, what the daemon says of itself.
const OWN =
  /^(-wal|-shm|-journal|\.past(-wal|-shm|-journal|\.lock|\.files)?|\.sleep\.lock|\.watch\.(lock|json|json\.new|log(\.\d+)?))?$/
const OWN_OF_PAST = /^(-wal|-shm|-journal|\.lock|\.files)?$/

// Windows removes nothing that another process has open, and a virus scanner may have it for a moment; Node tries again with `recursive` only.
const STUBBORN = { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }

export const clean: Command = {
  name: 'clean',
  summary: 'delete the database (facts are read again; summaries are lost)',
  options: [
    { flags: '--dry-run', text: 'say what would go' },
    { flags: '--yes', text: 'delete it' },
    {
      flags: '--unused',
      text: 'keep the database; forget working trees that are gone, and contents that none holds any more',
    },
  ],
  details:
    'With it goes repose.db.past, its cache of facts at past commits; --db FILE.past deletes that cache alone. Nothing is deleted that is not of repose, nor while a process uses it.',
  examples: ['repose clean --dry-run', 'repose clean --yes', 'repose clean --unused'],
  async run(wire, _argument, values) {
    if (values.unused) return forgetUnused(wire)
    const [path, { lockHolder }, { isNotOurs, isOpenElsewhere }, { inUse }] = await Promise.all([
      wire.databasePath(),
      import('../../src/process-lock.ts'),
      import('../../src/store/db.ts'),
      import('../../src/store/db-errors.ts'),
    ])
    const main = join((await wire.repo()).commonDir, 'repose', 'repose.db')
    const base = path.replace(/\.past$/, '')
    const isPast = base !== path && (base === main || (existsSync(base) && !isNotOurs(base)))
    const own = isPast ? OWN_OF_PAST : OWN
    const folder = dirname(path)
    const files = existsSync(folder)
      ? readdirSync(folder)
          .filter((name) => name.startsWith(basename(path)) && own.test(name.slice(basename(path).length)))
          .map((name) => join(folder, name))
      : []
    if (files.length === 0) {
      wire.print('there is nothing to delete')
      return 0
    }
    if (existsSync(path) && path !== main && !isPast && isNotOurs(path))
      throw new UserError(`${path} is not a database of repose`, 'delete it yourself, if it is to go')
    const kilobytes = Math.ceil(files.reduce((sum, file) => sum + statSync(file).size, 0) / 1000)
    if (values.dryRun || !values.yes) {
      wire.print(`would delete ${path} (${count(kilobytes)} kB)${values.dryRun ? '' : ': say --yes to do it'}`)
      return values.dryRun ? 0 : 1
    }
    const locks = isPast ? [`${path}.lock`] : ['sleep', 'past', 'watch'].map((name) => `${path}.${name}.lock`)
    const holder = locks.map(lockHolder).find(Boolean)
    if (holder || (existsSync(path) && isOpenElsewhere(path)))
      throw new UserError(
        `the database is in use by ${holder ? `process ${holder.pid}` : 'another process'}`,
        `wait for it or stop it${isPast ? '' : ' (a daemon: repose watch stop); what it has paid for would be lost'}`,
        { exitCode: 1 },
      )
    try {
      for (const file of files) rmSync(file, STUBBORN)
    } catch (error) {
      throw inUse(error, path) ?? error
    }
    if (readdirSync(folder).length === 0) rmdirSync(folder)
    wire.print(`deleted ${path} (${count(kilobytes)} kB)`)
    return 0
  },
}

async function forgetUnused(wire: Parameters<Command['run']>[0]): Promise<0> {
  const { facts, db } = await wire.store()
  const gone = facts.worktrees().filter(({ root }) => !existsSync(root))
  for (const { id } of gone) facts.dropWorktree(id)
  const contents = facts.sweepSources()
  db.exec('VACUUM')
  wire.print(`forgot ${plural(gone.length, 'working tree')} and ${plural(contents, 'content')}`)
  return 0
}
