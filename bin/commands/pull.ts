import type { PulledStore } from '../../agents/team/pull-store.ts'
import type { TakeReport } from '../../agents/team/take-rows.ts'
import type { Command, ExitCode } from '../command.ts'
import { count, plural } from '../format.ts'
import { REMOTE_OPTION, reasonLines, size, withTeamStore } from '../team-store.ts'
import type { Wire } from '../wire.ts'
import { JSON_OPTION } from './options.ts'

export const pull: Command = {
  name: 'pull',
  summary: 'take what other clones have shared and the files here ask for',
  details:
    'Takes summaries, recipes and plans from refs/repose/store on the remote (docs/store.md), but only those that were written from exactly the contents of the files here. Each is checked, and marked with where it came from. Nothing is run or applied, and nothing that was written here is replaced.',
  options: [REMOTE_OPTION, { flags: '--dry-run', text: 'look at the store, and take nothing' }, JSON_OPTION],
  examples: ['repose pull', 'repose pull --dry-run', 'repose pull --remote upstream --json'],
  async run(wire, _argument, values) {
    const { pullStore } = await import('../../agents/team/pull-store.ts')
    return withTeamStore<ExitCode>(wire, values, async (options) => {
      const report = await pullStore(options)
      const { name, ref } = options.remote
      if (wire.flags.json) {
        const refused = Object.fromEntries(report.refused)
        wire.printJson({ remote: name, ref, dryRun: options.isDry, ...report, refused })
        return 0
      }
      const { store }: PulledStore = report
      if (store === null) {
        wire.print(`there is no store on ${name} yet`)
        wire.say(`repose push makes it from what was written here (${ref})`)
        return 0
      }
      sayTaken(wire, report, { isDry: options.isDry, from: `the store on ${name}` })
      wire.print(`it holds ${plural(store.rows, 'row')} in ${plural(store.packs, 'pack')}, ${size(store.bytes)}`)
      return 0
    })
  },
}

/** What was taken, what was not, and why. */
export function sayTaken(
  wire: Wire,
  { taken, known, notAsked, refused }: TakeReport,
  { isDry, from }: { readonly isDry: boolean; readonly from: string },
): void {
  const { file, symbol, module, repository, recipe, plan } = taken
  const parts = [
    [file, 'file'],
    [symbol, 'definition'],
    [module + repository, 'folder'],
  ] as const
  const summaries = file + symbol + module + repository
  const more = [
    ...(recipe > 0 ? [plural(recipe, 'recipe')] : []),
    ...(plan > 0 ? [`${plural(plan, 'plan')} of requests`] : []),
  ]
  const said = [
    ...(summaries > 0
      ? [
          `${plural(summaries, 'summary')} (${parts
            .filter(([n]) => n > 0)
            .map(([n, noun]) => plural(n, noun))
            .join(', ')})`,
        ]
      : []),
    ...more,
  ]
  wire.print(
    said.length === 0
      ? `nothing new for the files here in ${from}`
      : `${isDry ? 'would take' : 'took'} ${said.join(', ')} from ${from}`,
  )
  const others = [
    ...(known > 0 ? [`${count(known)} known already`] : []),
    ...(notAsked > 0 ? [`${count(notAsked)} that nothing here asks for`] : []),
  ]
  if (others.length > 0) wire.say(others.join(', '))
  for (const line of reasonLines(refused)) wire.say(`refused: ${line}`)
}
