import { shownPath } from '../../src/paths.ts'
import type { KeptResult } from '../../src/repo/results.ts'
import type { Command } from '../command.ts'
import { nameOf } from '../deliver.ts'
import { JSON_OPTION } from './options.ts'
import { listKept } from './results-list.ts'

export const undo: Command = {
  name: 'undo',
  summary: 'take back the last applied result, if its files have not changed since',
  details:
    'The files get their previous content, uncommitted changes included; new files are deleted. If one of them has changed since, nothing is done, and the file is named. Repeat it to take back the result before. repose apply RUN applies a result again.',
  options: [
    { flags: '--list', text: 'list the results that can be taken back, the newest first' },
    { flags: '--dry-run', text: 'print what would be taken back' },
    JSON_OPTION,
  ],
  examples: ['repose undo', 'repose undo --dry-run', 'repose undo --list'],
  async run(wire, _argument, values) {
    if (values.list) return listKept(wire, isApplied, NOTHING)
    const [{ listResults }, { undoResult }, { commonDir, root }] = await Promise.all([
      import('../../src/repo/results.ts'),
      import('../../src/repo/undo-result.ts'),
      wire.repo(),
    ])
    const [last] = (await listResults(commonDir)).filter((result) => isApplied(result, root)).sort(byTime)
    if (!last) {
      if (wire.flags.json) wire.printJson({ run: null, restored: [], deleted: [] })
      wire.say(NOTHING)
      return 0
    }
    const isDry = values.dryRun === true
    const end = await undoResult(root, last, isDry)
    if (end.status === 'changed') {
      const files = end.files.map(shownPath).join(', ')
      if (wire.flags.json) wire.printJson({ run: last.run, restored: [], deleted: [], changed: end.files })
      wire.sayFailure(
        `nothing was taken back: changed since run ${nameOf(last)} was applied: ${files}`,
        `take it back by hand where it still fits: git apply -R ${last.diffPath}`,
      )
      return 1
    }
    const { restored, deleted } = end
    if (wire.flags.json) wire.printJson({ run: last.run, id: last.id, restored, deleted })
    else {
      const title = last.request?.split('\n')[0]
      wire.print(`${isDry ? 'would take' : 'took'} back run ${nameOf(last)}${title ? `: ${title}` : ''}`)
      for (const path of restored) wire.print(`  restored ${shownPath(path)}`)
      for (const path of deleted) wire.print(`  deleted  ${shownPath(path)}`)
      if (!isDry) wire.say(`repose apply ${nameOf(last)} applies it again`)
    }
    // last, since Ctrl-C may end the process before it
    if (!isDry) await (await import('../backlog-items.ts')).noteApplied(wire, last, false)
    return 0
  },
}

const NOTHING = 'there is no applied result to take back'

function isApplied({ state, root }: KeptResult, here: string): boolean {
  return state === 'applied' && root === here
}

function byTime(a: KeptResult, b: KeptResult): number {
  return (b.appliedAt ?? 0) - (a.appliedAt ?? 0)
}
