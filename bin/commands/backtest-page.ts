import type { BacktestReport } from '../../src/backtest/report.ts'
import type { Wire } from '../wire.ts'

/**
 * The page of a report, to write later. Throws UserError now, before the work, if the file cannot be written, or if a link of the
 * repository leads to it.
 */
export async function openPage(wire: Wire, file: string) {
  const [{ basename, resolve }, { appendFile, rm, stat, writeFile }, { UserError }, { requireNoLink }] =
    await Promise.all([
      import('node:path'),
      import('node:fs/promises'),
      import('../../src/errors.ts'),
      import('../../src/files/require-no-link.ts'),
    ])
  const path = resolve(file)
  const { root } = await wire.repo()
  requireNoLink(root, file)
  const isNew = await stat(path).then(
    () => false,
    () => true,
  )
  try {
    await appendFile(path, '')
    if (isNew) await rm(path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new UserError(`${path} cannot be written (${code})`, 'name another file with --html', { cause: error })
  }
  return {
    /** A run that ended before its first task does not delete an earlier report. */
    async write(report: BacktestReport): Promise<void> {
      if (!isNew && report.stop !== 'done' && report.tasks.length === 0 && !report.agents?.done)
        return wire.say(`${path} is left as it was: no task was done`)
      const [{ page }, { remoteAddress }] = await Promise.all([
        import('../../src/backtest/html/page.ts'),
        import('../../src/repo/remote-address.ts'),
      ])
      await writeFile(path, page(report, { name: basename(root), remote: await remoteAddress(root) }))
      wire.say(`the report is in ${path}`)
    },
  }
}
