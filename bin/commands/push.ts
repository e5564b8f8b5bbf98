import type { PushedStore } from '../../agents/team/push-store.ts'
import type { Command, ExitCode } from '../command.ts'
import { plural } from '../format.ts'
import { REMOTE_OPTION, reasonLines, size, withTeamStore } from '../team-store.ts'
import { JSON_OPTION } from './options.ts'

export const push: Command = {
  name: 'push',
  summary: 'share what was written here with all clones, through a ref of the remote',
  details:
    'Adds summaries that a model wrote, recipes and plans to refs/repose/store on the remote, if they are not there yet: docs/store.md. Nothing that looks like a secret, no path of this machine, no name and no address is sent. Branches, tags and files stay as they are.',
  options: [REMOTE_OPTION, { flags: '--dry-run', text: 'look at the store, and send nothing' }, JSON_OPTION],
  examples: ['repose push', 'repose push --dry-run', 'repose push --remote upstream --json'],
  async run(wire, _argument, values) {
    const { pushStore } = await import('../../agents/team/push-store.ts')
    return withTeamStore<ExitCode>(wire, values, async (options) => {
      const report = await pushStore(options)
      const { name, ref } = options.remote
      if (wire.flags.json) {
        const [leftOut, refused] = [report.leftOut, report.refused].map((map) => Object.fromEntries(map))
        wire.printJson({ remote: name, ref, dryRun: options.isDry, ...report, leftOut, refused })
      } else {
        wire.print(sayPush(report, name, options.isDry))
        for (const line of reasonLines(report.leftOut)) wire.say(`not sent: ${line}`)
        for (const line of reasonLines(report.refused)) wire.say(`refused in the store: ${line}`)
        if (report.own === 0) wire.say('there is nothing to share yet: repose sleep with a model writes summaries')
      }
      return 0
    })
  },
}

function sayPush({ added, compacted, own, store, races }: PushedStore, remote: string, isDry: boolean): string {
  const would = isDry ? 'would add' : 'added'
  const holds = isDry ? 'would hold' : 'holds'
  return [
    added.rows === 0
      ? `nothing to add: ${own === 0 ? 'there is nothing here to share' : `the store on ${remote} has it all`}`
      : `${would} ${plural(added.rows, 'row')} (${size(added.bytes)}) to the store on ${remote}${races > 0 ? `, after ${plural(races, 'push')} of others` : ''}`,
    store.rows === 0
      ? `there is no store on ${remote}, or an empty one`
      : `it ${holds} ${plural(store.rows, 'row')} in ${plural(store.packs, 'pack')}, ${size(store.bytes)}`,
    ...(compacted
      ? [
          `${isDry ? 'would join' : 'joined'} ${plural(compacted.packs, 'pack')}: ${size(compacted.bytesBefore)} to ${size(compacted.bytesAfter)}, ${plural(compacted.dropped, 'row')} dropped that nobody asks for`,
        ]
      : []),
  ].join('\n')
}
