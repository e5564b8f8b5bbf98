import type { KeptResult } from '../../src/repo/results.ts'
import { nameOf } from '../deliver.ts'
import { plural, when } from '../format.ts'
import type { Wire } from '../wire.ts'

/** Lists kept results, the newest first. nothing: printed if there are none. */
export async function listKept(
  wire: Wire,
  isListed: (result: KeptResult, root: string) => boolean,
  nothing: string,
): Promise<0> {
  const [{ listResults }, { commonDir, root }] = await Promise.all([import('../../src/repo/results.ts'), wire.repo()])
  const listed = (await listResults(commonDir)).filter((result) => isListed(result, root))
  if (wire.flags.json) {
    wire.printJson(listed.map(({ files, ...result }) => ({ ...result, files: files.map(({ path }) => path) })))
    return 0
  }
  if (listed.length === 0) {
    wire.say(nothing)
    return 0
  }
  wire.printTable([
    ['run', 'when', 'state', 'files', 'request'],
    ...(await Promise.all(
      listed.map(async (result) => [
        nameOf(result),
        whenOf(result),
        result.state,
        plural(await filesOf(result), 'file'),
        result.request?.split('\n')[0] ?? '',
      ]),
    )),
  ])
  return 0
}

/** Number of files of a result. The record of an applied one has it. */
async function filesOf({ files, diffPath }: KeptResult): Promise<number> {
  if (files.length > 0) return files.length
  const [{ MOST_TEXT, readRegularText }, { filesInDiff }] = await Promise.all([
    import('../../src/files/read-regular.ts'),
    import('../../src/repo/diff-parts.ts'),
  ])
  return filesInDiff(readRegularText(diffPath, { maxBytes: MOST_TEXT }) ?? '')
}

/** When it was applied, else when it was kept; '' if unknown. '2026-11-29T10-20-30-123Z-2' is an id. */
function whenOf({ id, appliedAt }: KeptResult): string {
  const time = appliedAt ?? Date.parse(id.replace(/T(\d\d)-(\d\d)-(\d\d)-(\d+)Z.*$/, 'T$1:$2:$3.$4Z'))
  return Number.isNaN(time) ? '' : when(time)
}
