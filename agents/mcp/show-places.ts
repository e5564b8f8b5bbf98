import * as z from 'zod'
import { countTokens } from '../../src/tokens/tokens.ts'
import { namesLike } from '../feature/names-like.ts'
import { parseLooks } from '../feature/parse-looks.ts'
import { type Shown, show } from '../feature/show.ts'
import { openWorkspace, type Workspace } from '../feature/workspace.ts'
import { clipLines, sayCut } from '../served/limits.ts'
import type { ServedIndex } from '../served/served-index.ts'
import { defineTool } from './tool.ts'

const MOST_LOOKS = 60
const LONGEST = 2000 // characters of one look
const USUAL_TOKENS = 8000
const MOST_LINES = 5000 // of an answer of 50,000 tokens

/** Many places at once, as the staged agent sees them, without secrets. */
export const showPlaces = defineTool({
  name: 'show',
  title: 'Show places',
  description:
    'Reads many exact places in one call: ask for everything you need at once, as definitions or lines instead of whole files, since what is shown is paid again with every later turn. A look is "3#Cart.total" (a definition in file 3 of the list), "src/a.ts#name", "src/a.ts:10-40", "src/a.ts", a folder "src/", or "search PATTERN in src test" (extended regular expression). Definitions come with their comments and the imports of the file; [... 5-90] marks lines left out: long files and definitions are folded to what speaks of the request, ranges of lines are not.',
  input: z.object({
    looks: z.array(z.string()).min(1),
    budget_tokens: z.int().min(200).max(50_000).optional().describe('default 8000'),
  }),
  output: z.object({ text: z.string(), paths: z.array(z.string()), left_out: z.array(z.string()) }),
  async answer({ looks, budget_tokens = USUAL_TOKENS }, index) {
    const workspace = openWorkspace(index.repo.root, undefined, {
      ...{ maxFileBytes: index.maxFileBytes, signal: index.signal },
    })
    const lines = looks.slice(0, MOST_LOOKS)
    const { shown, kept, remarks } = await showWithin(lines, budget_tokens, workspace, index)
    const [unfit, beyond] = [lines.slice(kept), looks.slice(MOST_LOOKS)].map((some) => some.map(brief))
    if (unfit!.length > 0)
      remarks.push(`(left out for the budget of ${budget_tokens} tokens; ask again: ${unfit!.join('; ')})`)
    if (beyond!.length > 0) remarks.push(`(left out, since one call shows ${MOST_LOOKS} looks: ${beyond!.length} more)`)
    const leftOut = [...unfit!, ...beyond!.slice(0, MOST_LOOKS)]
    const text = await workspace.secrets.redact([shown.text, ...remarks].filter(Boolean).join('\n\n'))
    return { text, data: { text, paths: [...shown.paths], left_out: leftOut } }
  },
})

/** Shows as many of the lines as fit, from the first on; one that is too large alone is cut. */
async function showWithin(lines: readonly string[], tokens: number, workspace: Workspace, index: ServedIndex) {
  for (let kept = lines.length; ; ) {
    index.signal.throwIfAborted()
    const { shown, remarks } = await showLines(lines.slice(0, kept), workspace, index)
    const size = countTokens(shown.text)
    if (size <= tokens) return { shown, kept, remarks }
    if (kept === 1) {
      const { text, cut } = clipLines(shown.text, tokens)
      return { shown: { ...shown, text }, kept, remarks: [...remarks, `${sayCut(cut)}: name a part of it)`] }
    }
    kept = Math.max(1, Math.min(kept - 1, Math.floor((kept * tokens) / size)))
  }
}

async function showLines(
  lines: readonly string[],
  workspace: Workspace,
  { store, worktree, numbers, lastRequest }: ServedIndex,
) {
  const remarks: string[] = []
  const looks = lines.flatMap((given) => {
    const line = given.trim()
    const parsed = line.length > LONGEST ? [] : parseLooks(line, numbers.listed)
    const found =
      parsed.length > 0 || line.length > LONGEST || line === '' ? parsed : parseLooks(`open ${line}`, numbers.listed)
    if (found.length === 0) remarks.push(`(not understood: ${brief(line) || 'an empty look'})`)
    return found
  })
  const nothing: Shown = { text: '', looks: [], paths: [], imported: [] }
  const shown =
    looks.length === 0
      ? nothing
      : await show(looks, workspace, {
          words: lastRequest.words,
          keepsRanges: true,
          mostLines: MOST_LINES,
          namesLike: namesLike({ store, worktree }),
        })
  return { shown, remarks }
}

function brief(look: string): string {
  return look.length > 80 ? `${look.slice(0, 80)}...` : look
}
