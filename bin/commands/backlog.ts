import type { Command, ExitCode, Values } from '../command.ts'
import type { Wire } from '../wire.ts'
import { JSON_OPTION, MODEL_OPTION } from './options.ts'

const ACTIONS: Readonly<Record<string, string>> = {
  add: 'a request, in quotes, "-" for standard input, or --file',
  import: 'a list of issues from a file, or "-" for standard input',
  list: 'what is waiting and what was made of it; the default',
  show: 'a request with its plan, diff, checks and cost',
  apply: 'a draft, to your working tree or to --branch',
  answer: 'the questions of a request',
  approve: 'requests of others, or forecasts, as in 3 or 4-9, so that they may be drafted',
  redo: 'drafts: they wait again',
  drop: 'requests that are not wanted',
}

export const backlog: Command = {
  name: 'backlog',
  summary: 'requests that wait: drafted while you are away, applied without a token',
  details: `A sleep pass drafts what is waiting: it judges each request, implements it in a worktree at HEAD, runs the checks in a cage, and keeps the result as a commit (refs/repose/drafts/ID). Nothing is drafted unless your own configuration (~/.config/repose/config.json) has a cap and says so: {"backlog": {"draft": true}, "caps": {"dayTokens": 200000}}. Requests of others wait until you approve them, since the checks of a draft run code.\n\nActions: ${Object.entries(
    ACTIONS,
  )
    .map(([name, text]) => `${name} (${text})`)
    .join(', ')}.`,
  argument: { name: 'action', text: 'one of these; none: list', isOptional: true, choices: Object.keys(ACTIONS) },
  rest: { name: 'words', text: 'what the action takes: a request, a file, or ids of requests (3, or 4-9 for several)' },
  options: [
    {
      flags: '--priority <n>',
      text: 'with add and import: the request with the highest priority is drafted first (default: 0)',
      kind: 'integer',
    },
    { flags: '--file <file>', text: 'with add: the request is in this file', takes: 'file' },
    {
      flags: '--all',
      text: 'with import: the list is complete, so drop what it lacks; with list: also show what is applied or dropped',
    },
    {
      flags: '--forecasts',
      text: 'with list: what may be asked for next, on which evidence, and how many forecasts came true',
    },
    { flags: '--branch <name>', text: 'with apply: commit the draft to a new branch instead' },
    {
      flags: '-y, --yes',
      text: 'with apply: without showing the diff and asking, the default if this is no terminal; with import --all: also with a list that has no open request',
    },
    MODEL_OPTION,
    JSON_OPTION,
  ],
  examples: [
    'repose backlog add "Add a CSV output format"',
    'gh issue list --json number,title,body,author,labels,url | repose backlog import -',
    'repose backlog',
    'repose backlog show 3',
    'repose backlog apply 3 --branch repose/csv',
    'repose backlog --forecasts',
    'repose backlog answer 3 "Semicolons, as in our other exports"',
  ],
  async run(wire, action, values) {
    const words = (values.rest as readonly string[] | undefined) ?? []
    await refuseStray(action || 'list', words, values)
    const code = await run(wire, action || 'list', words, values)
    if (!ONLY_READS.includes(action || 'list'))
      (await import('../../src/daemon/backlog-changed.ts')).noteBacklogChange(await wire.databasePath())
    return code
  },
}

const ONLY_READS = ['list', 'show', 'apply']

async function run(wire: Wire, action: string, words: readonly string[], values: Values): Promise<ExitCode> {
  if (action === 'list' && values.forecasts === true)
    return (await import('./backlog-forecasts.ts')).listForecasts(wire, values.all === true)
  if (action === 'list') return (await import('./backlog-list.ts')).listItems(wire, values.all === true)
  if (action === 'show') return (await import('./backlog-show.ts')).showItem(wire, words)
  if (action === 'apply') return (await import('./backlog-apply.ts')).applyItem(wire, words, values)
  if (action === 'add') return (await import('./backlog-add.ts')).addItem(wire, words, values)
  if (action === 'import') return (await import('./backlog-import.ts')).importItems(wire, words, values)
  return (await import('./backlog-change.ts')).changeItems(wire, action, words)
}

const TAKES_WORDS = { list: 0, show: 1, apply: 1, import: 1 } as const
const OPTIONS: Readonly<Record<string, readonly string[]>> = {
  priority: ['add', 'import'],
  file: ['add'],
  all: ['import', 'list'],
  branch: ['apply'],
  forecasts: ['list'],
  yes: ['apply', 'import'],
}

/** Throws UserError for options of another action, and for more words than an action takes. */
async function refuseStray(action: string, words: readonly string[], values: Values): Promise<void> {
  const most = TAKES_WORDS[action as keyof typeof TAKES_WORDS] ?? Number.POSITIVE_INFINITY
  const stray = Object.entries(OPTIONS).find(
    ([name, ofActions]) => values[name] !== undefined && !ofActions.includes(action),
  )
  if (words.length <= most && !stray) return
  const { UserError } = await import('../../src/errors.ts')
  if (stray) throw new UserError(`backlog ${action} takes no --${stray[0]}`, `it goes with: ${stray[1].join(', ')}`)
  throw new UserError(
    `backlog ${action} takes ${most === 0 ? 'nothing more' : 'one word'}, not '${words.join(' ')}'`,
    'repose help backlog shows examples',
  )
}
