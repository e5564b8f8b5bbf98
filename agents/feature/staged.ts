import { applyEdits, type EditTools } from '../../src/edit/apply-edits.ts'
import type { CheckResult, Edit, LlmReply, Message, RepoPath, StopReason } from '../../src/types.ts'
import { type Look, parseReply } from './parse-reply.ts'
import { editPrompt, openPrompt } from './prompts.ts'
import { show } from './show.ts'
import type { Workspace } from './workspace.ts'

export interface StagedOptions {
  readonly request: string
  /** The first look: see first-look.ts. */
  readonly pack: string
  /** The ranked paths alone, for the later stages. */
  readonly paths: readonly RepoPath[]
  readonly workspace: Workspace
  readonly ask: (purpose: string, messages: readonly Message[]) => Promise<LlmReply>
  /** Runs the configured checks on the working tree; [] where there are none. */
  readonly check: () => Promise<readonly CheckResult[]>
  readonly relevantOutput: (output: string) => string
  readonly note: (event: string, data: object) => void
}

export interface StagedResult {
  readonly stop: StopReason
  readonly checks: readonly CheckResult[]
  readonly opened: readonly string[]
  readonly notes: readonly string[]
  /** Why it did not finish, where it did not. */
  readonly reason?: string
}

const MOST_OPENS = 3
const MOST_REPAIRS = 3 // replies whose edits are refused
const MOST_FIXES = 2 // rounds with failed checks

/**
 * Low effort: few calls, each with a prompt made anew. One call names what must be seen; one replies with all edits;
 * refused edits and failed checks go back with only what they need. Only files that were shown may be edited.
 */
export async function runStaged(options: StagedOptions): Promise<StagedResult> {
  const { request, workspace, ask, note } = options
  const looks: Look[] = []
  const notes: string[] = []
  const seen = new Set<RepoPath>()
  const opened = () => looks.map(lookName)
  const end = (stop: StopReason, checks: readonly CheckResult[] = [], reason?: string): StagedResult => ({
    stop,
    checks,
    opened: opened(),
    notes,
    ...(reason ? { reason } : {}),
  })

  const first = await ask('open', openPrompt({ request, pack: options.pack, shown: '', news: '' }))
  if (first.stop !== 'done') return end(stopOf(first), [], first.message)
  looks.push(...parseReply(first.content).looks)
  if (looks.length === 0) looks.push(...options.paths.slice(0, 3).map((path): Look => ({ kind: 'open', path })))

  const pack = `Files, the likeliest first:\n${options.paths.slice(0, 15).join('\n')}`
  let news = ''
  let opens = 1
  let repairs = 0
  let fixes = 0
  let hasEdits = false
  for (;;) {
    const shown = await show(looks, workspace)
    for (const path of shown.paths) seen.add(path)
    note('shown', { looks: opened(), paths: shown.paths })
    const mayAsk = opens < MOST_OPENS
    const reply = await ask(
      fixes > 0 ? 'fix' : repairs > 0 ? 'repair' : 'edit',
      editPrompt({ request, pack, shown: shown.text, news }, mayAsk),
    )
    if (reply.stop !== 'done')
      return end(
        stopOf(reply),
        [],
        reply.message ??
          (reply.stop === 'length' ? 'the reply was cut off by the output limit of the model' : undefined),
      )
    const parsed = parseReply(reply.content)
    notes.push(...parsed.notes)

    if (parsed.edits.length === 0 && parsed.problems.length === 0) {
      if (parsed.looks.length > 0 && mayAsk) {
        const fresh = parsed.looks.filter((look) => !looks.some((known) => lookName(known) === lookName(look)))
        looks.unshift(...fresh) // first, so that what was asked for last is not what the limit cuts
        opens++
        continue
      }
      if (hasEdits)
        return end('checks-failed', await options.check(), 'the model has no further edit, and the checks fail')
      if (++repairs > MOST_REPAIRS) return end('out-of-turns', [], 'the model sent no edits')
      news = 'Your reply held no edit in the form asked for.'
      continue
    }

    const problems = parsed.problems.length > 0 ? parsed.problems : await applySeen(parsed.edits, workspace, seen)
    if (problems.length > 0) {
      note('refused', { problems })
      if (++repairs > MOST_REPAIRS)
        return end(hasEdits ? 'checks-failed' : 'out-of-turns', [], `edits were refused: ${problems[0]}`)
      news = `${hasEdits ? 'Your earlier edits are applied and shown above. ' : ''}Your last reply was refused as a whole; nothing of it was applied:\n${problems.map((problem) => `- ${problem}`).join('\n')}\n\nYour last reply:\n${reply.content}\n\nSend all of its edits again, corrected.`
      continue
    }
    hasEdits = true
    note('applied', { edits: parsed.edits.length })
    const checks = await options.check()
    const failed = checks.find((check) => check.status === 'failed')
    if (!failed) return end('done', checks)
    if (++fixes > MOST_FIXES) return end('checks-failed', checks, `${failed.check} fails`)
    for (const edit of parsed.edits)
      if (edit.kind !== 'delete' && !looks.some((look) => look.kind === 'open' && look.path === edit.path))
        looks.push({ kind: 'open', path: edit.path })
    news = `Your edits are applied; the files above are shown with them. The check "${failed.check}" fails:\n${options.relevantOutput(failed.output)}\n\nSend only the further edits that mend it.`
  }
}

/** Applies a batch, all or none, to files that were seen. Returns what is wrong with it, in words for the model. */
export async function applySeen(
  edits: readonly Edit[],
  workspace: Workspace,
  seen: ReadonlySet<RepoPath>,
): Promise<string[]> {
  const created = new Set(edits.filter((edit) => edit.kind === 'create').map((edit) => edit.path))
  const ignored = new Set(await workspace.ignored([...created]))
  const tools: EditTools = {
    symbolsOf: async (path, text) => workspace.symbols(path, text),
    syntaxErrors: async (path, text) => workspace.syntaxErrors(path, text),
    allow: (path) =>
      ignored.has(path)
        ? `git ignores ${path}: a file there would be lost`
        : seen.has(path) || created.has(path)
          ? null
          : `you have not seen ${path}: ask to open it first`,
  }
  const outcome = await applyEdits(workspace.root, edits, tools)
  return outcome.ok
    ? []
    : outcome.problems.map((problem) => `edit ${problem.edit + 1} (${problem.path}): ${problem.message}`)
}

function lookName(look: Look): string {
  if (look.kind === 'search') return `search ${look.pattern}${look.within ? ` in ${look.within}` : ''}`
  return look.symbol
    ? `${look.path}#${look.symbol}`
    : look.lines
      ? `${look.path}:${look.lines.first}-${look.lines.last}`
      : look.path
}

export function stopOf(reply: LlmReply): StopReason {
  return reply.stop === 'aborted' ? 'interrupted' : 'model-failed'
}
