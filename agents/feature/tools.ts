import type { Tool } from '../../src/loop/tool.ts'
import { shownPath } from '../../src/paths.ts'
import { shorten } from '../../src/text/shorten.ts'
import type { CheckResult, RepoPath } from '../../src/types.ts'
import type { FirstList } from './first-list.ts'
import type { Look } from './parse-looks.ts'
import { LONGEST_NOTE, parseReply } from './parse-reply.ts'
import { show } from './show.ts'
import { applySeen, newPath } from './staged/apply-seen.ts'
import { withWholePath } from './whole-path.ts'
import type { Workspace } from './workspace.ts'

export interface ToolState {
  readonly seen: Set<RepoPath>
  readonly looked: Look[]
  readonly opened: string[]
  readonly notes: string[]
  checks: readonly CheckResult[]
  /** Something is changed, also by an earlier attempt. */
  hasEdits: boolean
  /** It was asked why it changed nothing. */
  isAsked: boolean
  /** Why nothing is to be changed; null: something is. */
  nothing: string | null
}

const NOTHING = /^\s*nothing to change:\s*(\S.*)$/is
const CHANGED_NOTHING =
  'You changed nothing. If the repository does already what is asked, call done with the note "nothing to change: where it is, in one sentence"; else edit.'

const STRING = { type: 'string' } as const

/**
 * Tools of the free agent: look, edit, check, end. They never leave the working tree, and run no command except the configured checks.
 */
export function featureTools(
  list: FirstList,
  workspace: Workspace,
  state: ToolState,
  check: () => Promise<readonly CheckResult[]>,
  relevantOutput: (output: string) => string,
  editForm: string,
): readonly Tool[] {
  return [
    {
      name: 'look',
      description:
        'See parts of the repository. `lines` holds one wish a line: "open path#Definition", "open path:10-40", "open path", "open folder/", "open node_modules/package" (its types), "search regular-expression", "search regular-expression in files or folders"; numbers of the list stand for paths.',
      parameters: { type: 'object', properties: { lines: STRING }, required: ['lines'], additionalProperties: false },
      async run({ lines }) {
        const { looks } = parseReply(String(lines), list.listed)
        if (looks.length === 0) return { text: 'nothing to look at: each line must begin with "open" or "search"' }
        const shown = await show(looks, workspace, { ...list, words: list.rarity })
        for (const path of shown.paths) state.seen.add(path)
        state.looked.push(...looks)
        for (const line of String(lines).split('\n')) if (line !== '') state.opened.push(line)
        return { text: shown.text }
      },
    },
    {
      name: 'edit',
      description: `Change files, all or none. Only files that you have looked at, and new ones. ${editForm}`,
      parameters: { type: 'object', properties: { edits: STRING }, required: ['edits'], additionalProperties: false },
      async run({ edits: text }) {
        const { edits: sent, problems } = parseReply(String(text))
        const edits = await Promise.all(sent.map((edit) => withWholePath(edit, state.seen)))
        if (edits.length === 0 && problems.length === 0) return { text: 'no edit in the form asked for' }
        const refused =
          problems.length > 0
            ? problems
            : (await applySeen(edits, workspace, state.seen)).map(
                ({ edit, path, message }) => `edit ${edit + 1} (${shownPath(path)}): ${message}`,
              )
        if (refused.length > 0) return { text: `refused as a whole:\n${refused.join('\n')}` }
        for (const path of edits.flatMap(newPath)) state.seen.add(path)
        state.hasEdits = true
        return { text: `applied: ${edits.length} edits` }
      },
    },
    {
      name: 'check',
      description: "Run the project's configured checks on the files as they stand.",
      parameters: { type: 'object', properties: {}, additionalProperties: false },
      async run() {
        state.checks = await check()
        if (state.checks.length === 0) return { text: 'no checks are configured' }
        return {
          text: state.checks
            .map(
              (one) =>
                `${one.check}: ${one.status}${one.failedBefore ? ', and fails without your edits too' : ''}${one.status === 'failed' || one.status === 'refused' ? `\n${relevantOutput(one.output)}` : ''}`,
            )
            .join('\n'),
        }
      },
    },
    {
      name: 'done',
      description: 'Finish. `note`: one line for the user.',
      parameters: { type: 'object', properties: { note: STRING }, required: ['note'], additionalProperties: false },
      async run({ note }) {
        const there = NOTHING.exec(String(note ?? ''))?.[1]
        if (!state.hasEdits && !state.isAsked && there === undefined) {
          state.isAsked = true
          return { text: CHANGED_NOTHING }
        }
        if (!state.hasEdits && there !== undefined) state.nothing = shorten(there, LONGEST_NOTE)
        else if (note) state.notes.push(shorten(String(note), LONGEST_NOTE))
        return { text: 'finished', ends: true }
      },
    },
  ]
}
