import { existsSync, lstatSync, readdirSync, rmdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { UserError } from '../../src/errors.ts'
import { removeTree } from '../../src/files/remove-tree.ts'
import type { Command } from '../command.ts'
import type { Wire } from '../wire.ts'
import type { Part } from './clean-parts.ts'
import { cleanUnused } from './clean-unused.ts'
import { JSON_OPTION } from './options.ts'

// Windows cannot remove a file that another process, such as a virus scanner, has open. Node retries only with `recursive`.
const STUBBORN = { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }

export const clean: Command = {
  name: 'clean',
  summary:
    'delete the database (facts are read again; summaries and the backlog are lost), transcripts and kept results',
  options: [
    { flags: '--dry-run', text: 'print what would be deleted' },
    { flags: '--yes', text: 'delete it; without --yes it is only told what would go, with exit code 1' },
    {
      flags: '--unused',
      text: 'keep the database; delete missing working trees, and contents that none uses any more',
    },
    JSON_OPTION,
  ],
  details:
    'Also deletes repose.db.past, the cache of facts at past commits. --db FILE deletes only that database, and --db FILE.past only that cache; transcripts and kept results stay then. What you trust stays (repose trust --revoke), and so does clone-id, by which it is known. Files that are not from repose, or that a process uses, are never deleted.',
  examples: ['repose clean --dry-run', 'repose clean --yes', 'repose clean --unused'],
  async run(wire, _argument, values) {
    if (values.unused) return cleanUnused(wire, values.dryRun === true)
    const [path, { commonDir, root }, { lockHolder }, { isOpenElsewhere }, { isNotOurs }, { inUse, isDamage }, parts] =
      await Promise.all([
        wire.databasePath(),
        wire.repo(),
        import('../../src/processes/process-lock.ts'),
        import('../../src/store/db.ts'),
        import('../../src/store/db-copy.ts'),
        import('../../src/store/db-errors.ts'),
        import('./clean-parts.ts'),
      ])
    const isOther = (file: string) =>
      isNotOurs(file, wire.signal).catch((cause) => {
        if (!isDamage(cause)) throw cause
        const fix = 'delete it yourself, if it is to go'
        throw new UserError(`${file} is damaged, and cannot be recognised as a database of repose`, fix, { cause })
      })
    const main = join(commonDir, 'repose', 'repose.db')
    const base = path.replace(/\.past$/, '')
    const isPast = base !== path && (base === main || (existsSync(base) && !(await isOther(base))))
    const ofDatabase = parts.databasePart(path, isPast)
    const going = [
      ...(ofDatabase.files.length > 0 ? [ofDatabase] : []),
      ...(wire.flags.db === undefined ? parts.runParts(commonDir) : []),
    ]
    if (going.length === 0) {
      if (wire.flags.json) wire.printJson({ deleted: false, files: [] })
      else wire.print('there is nothing to delete')
      return 0
    }
    if (existsSync(path) && path !== main && !isPast && (await isOther(path)))
      throw new UserError(`${path} is not a database of repose`, 'delete it yourself, if it is to go')
    if (values.dryRun || !values.yes) {
      tell(wire, going, false)
      if (!values.dryRun) wire.say('nothing is deleted yet: say --yes to do it')
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
      for (const file of going.flatMap(({ files }) => files)) {
        if (isFolder(file)) await removeTree(file)
        else rmSync(file, STUBBORN)
      }
      if (path === main) await (await import('../../src/repo/drafts.ts')).forgetAllDrafts(root)
    } catch (error) {
      throw inUse(error, path) ?? error
    }
    const ofRuns =
      wire.flags.db === undefined ? ['results', 'transcripts'].map((name) => join(commonDir, 'repose', name)) : []
    const folders = [...going.flatMap(({ files }) => files.map(dirname)), ...ofRuns, dirname(path)]
    for (const folder of new Set(folders.sort().reverse()))
      if (isFolder(folder) && readdirSync(folder).length === 0) rmdirSync(folder)
    tell(wire, going, true)
    return 0
  },
}

/** No link to one. */
function isFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}

function tell(wire: Wire, going: readonly Part[], deleted: boolean): void {
  if (wire.flags.json) wire.printJson({ deleted, files: going.flatMap(({ files }) => files) })
  else for (const { text } of going) wire.print(`${deleted ? 'deleted' : 'would delete'} ${text}`)
}
