import type { Command } from '../command.ts'
import { isCode, paintPlaces } from '../paint/places.ts'
import { JSON_OPTION } from './options.ts'

export const find: Command = {
  name: 'find',
  summary: 'find definitions, files and lines by a name or a text (no model, no network)',
  details:
    'Prints the definitions of that name with file and lines, the files of that name, and the lines that match, grouped by file and definition, in at most 1,500 tokens. Files that you have just changed count as they are. The tool `find` of repose mcp gives the same.',
  argument: { name: 'text', text: 'a name, a text, or an extended regular expression; (?i) in front ignores case' },
  options: [{ flags: '--in <path>', text: 'only in this file or folder, from the top of the repository' }, JSON_OPTION],
  examples: [
    'repose find roundPrice',
    'repose find Cart.total',
    'repose find "(?i)vat rate" --in src',
    'repose find roundPrice --json',
  ],
  async run(wire, text, values) {
    const [{ findText }, { indexOf }, { requirePath }] = await Promise.all([
      import('../../agents/served/find-text.ts'),
      import('../index-of.ts'),
      import('../require-path.ts'),
    ])
    const within = values.in === undefined ? undefined : String(values.in)
    if (within !== undefined) requirePath((await wire.repo()).root, within)
    const { isNothing, ...found } = await findText(text, within, await indexOf(wire))
    if (wire.flags.json) wire.printJson(found)
    else if (isNothing) wire.say(found.text)
    else wire.print(found.text, paintPlaces, isCode)
    return 0
  },
}
