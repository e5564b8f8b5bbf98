import { realpath } from 'node:fs/promises'
import { applyEdits, type EditTools } from '../../../src/edit/apply-edits.ts'
import type { EditProblem } from '../../../src/edit/plan-edits.ts'
import { safePath } from '../../../src/edit/safe-path.ts'
import { isTestData, shownPath } from '../../../src/paths.ts'
import { breather } from '../../../src/processes/breathe.ts'
import type { Edit, RepoPath } from '../../../src/types.ts'
import { addressable } from '../headings.ts'
import type { Workspace } from '../workspace.ts'
import { writeEdit } from '../write-edit.ts'

const UNSHOWN =
  'stands for text of the file that is not shown: it can be neither found nor written; edit around it, in smaller pieces'

/** Applies all edits of a batch to files that were seen, or none. meant: paths whose syntax is not checked. Returns the problems. */
export async function applySeen(
  edits: readonly Edit[],
  workspace: Workspace,
  seen: ReadonlySet<RepoPath>,
  meant: ReadonlySet<RepoPath> = new Set(),
): Promise<readonly EditProblem[]> {
  const written = edits.map((edit) => workspace.secrets.markIn(writeEdit(edit)))
  if (written.some((mark) => mark !== null))
    return edits.flatMap(({ path }, edit) =>
      written[edit] ? [{ edit, path, message: `${written[edit]} ${UNSHOWN}` }] : [],
    )
  const created = new Set(edits.flatMap(newPath).map(plainPath))
  const taken = new Set(await workspace.taken([...created])) // first: it removes rules that checks have left
  const ignored = new Set(await workspace.ignored([...created]))
  const tools: EditTools = {
    permission: workspace.permission,
    symbolsOf: async (path, text) => {
      const symbols = await workspace.symbols(path, text)
      return symbols.length > 0 ? symbols : addressable(text.split(/\r?\n/))
    },
    syntaxErrors: async (path, text) => (meant.has(path) || isTestData(path) ? [] : workspace.syntaxErrors(path, text)),
    importsOf: async (path, text) => workspace.imports(path, text),
    visible: workspace.visible,
    secrets: workspace.secrets,
    maxFileBytes: workspace.maxFileBytes,
    signal: workspace.signal,
    allow: (path) =>
      ignored.has(path)
        ? `git ignores ${shownPath(path)}: a file there would be lost`
        : taken.has(path)
          ? `the user has something at ${shownPath(path)} that you cannot see: it is not written over`
          : seen.has(path) || created.has(path)
            ? null
            : `you have not seen ${shownPath(path)}: ask to open it first`,
  }
  // one of them may change what git ignores: what checks have left there would become part of the result
  const root = await realpath(workspace.root)
  const places = await Promise.all(
    edits.flatMap((edit) => [edit.path, ...newPath(edit)]).map((path) => safePath(root, path)),
  )
  const paths = places.flatMap((place) => ('problem' in place ? [] : [place.path, place.real]))
  const breathe = breather(workspace.signal)
  let isAllowed = false
  for (const path of paths) {
    await breathe()
    isAllowed ||= workspace.permission.verdictOf(path)?.allowedBy != null
  }
  if (isAllowed) await workspace.removeIgnored()
  const outcome = await applyEdits(workspace.root, edits, tools)
  return outcome.ok ? [] : outcome.problems
}

/** The path in the form of RepoPath: './src//a.ts' becomes src/a.ts. */
function plainPath(path: RepoPath): RepoPath {
  return path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/')
}

/** The new path that an edit creates, if any. */
export function newPath(edit: Edit): readonly RepoPath[] {
  return edit.kind === 'create' ? [edit.path] : edit.kind === 'rename' ? [edit.to] : []
}
