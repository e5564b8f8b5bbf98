import { applyEdits, type EditTools } from '../../src/edit/apply-edits.ts'
import type { EditProblem } from '../../src/edit/plan-edits.ts'
import { type Asked, IDLE_REASON, MOST_IDLE, NAME_LONGER, NAME_STRONGER } from '../../src/loop/run-agent.ts'
import { isTestData, shownPath } from '../../src/paths.ts'
import type { CheckResult, Edit, Message, RepoPath, StopReason } from '../../src/types.ts'
import { FIX_OF_REFUSED } from './checking.ts'
import { searchName } from './find-hits.ts'
import type { FirstLook } from './first-look.ts'
import { addressable } from './headings.ts'
import type { Look } from './parse-looks.ts'
import { parseReply } from './parse-reply.ts'
import { editPrompt, openPrompt, usualPrompt } from './prompts.ts'
import { fixOfProtected } from './protected-changes.ts'
import { isAllProtected, lookInto, mergeRepair, type Refused, sayApplied, sayRefused } from './repair.ts'
import { show } from './show.ts'
import { SYNTAX } from './syntax-check.ts'
import type { Companion } from './usual-companions.ts'
import { withWholePath } from './whole-path.ts'
import type { Workspace } from './workspace.ts'
import { writeEdit } from './write-edit.ts'

export interface StagedOptions {
  readonly request: string
  readonly look: FirstLook
  readonly workspace: Workspace
  readonly ask: (purpose: string, messages: readonly Message[]) => Promise<Asked>
  /** Calls that are left. */
  readonly stepsLeft: () => number
  /** Runs the configured checks on the working tree, and the syntax check for files in `doubted`. */
  readonly check: () => Promise<readonly CheckResult[]>
  /** Files that do not parse and that the model sent again unchanged: their syntax may be newer than the grammar. */
  readonly doubted: Set<RepoPath>
  /** Files that usually change with these, and did not. */
  readonly usuallyToo: (changed: readonly RepoPath[], created: readonly RepoPath[]) => readonly Companion[]
  readonly relevantOutput: (output: string) => string
  readonly note: (event: string, data: object) => void
}

export interface StagedResult {
  readonly stop: StopReason
  /** Results of the last run of the checks. If it did not finish, edits may have been made since. [] if none ran. */
  readonly checks: readonly CheckResult[]
  readonly opened: readonly string[]
  readonly notes: readonly string[]
  /** Why it did not finish. */
  readonly reason?: string
  /** What the user can do about it. */
  readonly fix?: string
}

/** What the user can do about failing checks. */
export const FIX_OF_CHECKS =
  'see in the transcript what it says: mend by hand what is kept, or ask again; one that is broken itself is left out with --check'

const FIX_OF_SYNTAX = 'if it is right, ask again with a --check that compiles it; else mend by hand what is kept'

const MOST_OPENS = 4 // rounds
const MOST_REPAIRS = 3 // replies whose edits are refused
const MOST_FIXES = 2 // rounds with failed checks
const UNGUIDED = 3 // files that are opened if the model names none
const LIST_HEAD =
  'Files, the first numbers the likeliest to change: number, name, lines: some definitions with their lines.'

/**
 * Low effort: few calls, each with a prompt made from scratch. The first call names what it needs to see, unless this is almost
 * certain. The next replies with all edits, and may ask for more; then only that is shown. Refused edits and the output of failed
 * checks go back, nothing else. Files that usually change too and that were not opened are offered once. Only files that were shown may
 * be edited.
 */
export async function runStaged(options: StagedOptions): Promise<StagedResult> {
  const { request, look, workspace, ask, stepsLeft, note } = options
  const opened: string[] = []
  const notes: string[] = []
  const seen = new Set<RepoPath>()
  const imported = new Set<RepoPath>() // files whose imports were shown
  const applied: Edit[] = []
  const doubted = new Map<RepoPath, ReadonlySet<string>>() // edits after which a file did not parse
  const meant = new Set<RepoPath>() // files whose doubted edits were all sent again unchanged
  let checks: readonly CheckResult[] = []
  const end = (stop: StopReason, reason?: string, fix?: string): StagedResult => {
    return { stop, checks, opened, notes, reason, fix }
  }
  const failed = (reply: Asked) => {
    const cut = reply.stop === 'length' ? 'the reply was cut off by the output limit of the model' : undefined
    if (reply.stop === 'aborted') return end('interrupted', reply.message)
    return end(reply.ends ?? 'model-failed', reply.message ?? cut, reply.fix ?? NAME_LONGER)
  }
  const lacking = (what: string) =>
    end('out-of-turns', `the model needs more: ${what}`, 'say it in the request, and ask again')

  let wanted: readonly Look[] = look.sure.map(openWhole)
  let pack = wanted.length > 0 ? `${LIST_HEAD}\n${look.text}` : ''
  if (wanted.length === 0) {
    const first = await ask('open', openPrompt({ request, pack: look.text, shown: '', news: '' }))
    if (first.stop !== 'done') return failed(first)
    const { looks, notEnough } = parseReply(first.content, look.listed)
    if (notEnough !== null) return lacking(notEnough)
    wanted = looks.length > 0 ? looks : look.listed.slice(0, UNGUIDED).map(openWhole)
  }

  let purpose: 'edit' | 'add' | 'repair' | 'fix' = 'edit'
  let news = ''
  let refused: Refused | null = null
  let isChecked = false // whether the present state of the files is checked
  let isOffered = false
  let looked = wanted // the last looks
  let [opens, repairs, fixes, idle] = [pack === '' ? 1 : 0, 0, 0, 0]
  for (;;) {
    opened.push(...wanted.map(lookName).filter((name) => !opened.includes(name)))
    const { isGenerated, namesLike } = look
    const shown = await show(wanted, workspace, { words: look.rarity, imported, isGenerated, namesLike })
    wanted = shown.looks
    for (const path of shown.imported) imported.add(path)
    for (const path of shown.paths) seen.add(path)
    note('shown', { looks: wanted.map(lookName), paths: shown.paths })
    if (wanted.length > 0 && purpose !== 'repair') looked = wanted
    const mayAsk = opens < MOST_OPENS && stepsLeft() > 1
    const reply = await ask(purpose, editPrompt({ request, pack, shown: shown.text, news }, mayAsk))
    pack = ''
    if (reply.stop !== 'done') return failed(reply)
    const said = parseReply(reply.content, look.listed)
    const parsed = { ...said, edits: await Promise.all(said.edits.map((edit) => withWholePath(edit, seen))) }
    notes.push(...parsed.notes)
    if (parsed.notEnough !== null) return lacking(parsed.notEnough)
    const missing = mayAsk ? parsed.looks : []

    const isEmpty = parsed.edits.length === 0 && parsed.problems.length === 0
    if (isEmpty && missing.length > 0) {
      wanted = missing
      if (purpose === 'repair') looked = [...looked, ...missing]
      opens++
      idle = 0
      continue
    }
    if (isEmpty && purpose === 'fix') return end('checks-failed', sayFails(checks.find(isFailed)), FIX_OF_CHECKS)
    if (isEmpty && (purpose === 'edit' || (purpose === 'repair' && !leavesOut(reply.content, refused)))) {
      if (++idle === MOST_IDLE) return end('out-of-turns', IDLE_REASON, NAME_STRONGER)
      news = 'Your reply held no edit in the form asked for.'
      continue
    }
    idle = 0

    const batch: readonly Edit[] = refused ? mergeRepair(refused, parsed.edits) : parsed.edits
    const sent = new Set(parsed.edits.map(writeEdit))
    for (const [path, edits] of doubted) if ([...edits].every((one) => sent.has(one))) meant.add(path)
    const problems = parsed.problems.length > 0 ? [] : await applySeen(batch, workspace, seen, meant)
    if (parsed.problems.length + problems.length > 0) {
      note('refused', { problems: [...parsed.problems, ...problems] })
      const [worst] = [...parsed.problems, ...problems.map(({ message }) => message)]
      if (++repairs > MOST_REPAIRS)
        return end(
          checks.some(isFailed) ? 'checks-failed' : 'out-of-turns',
          `edits were refused: ${worst}`,
          isAllProtected(problems)
            ? fixOfProtected([...new Set(problems.map(({ path }) => path))])
            : `run it again, or ${NAME_STRONGER}`,
        )
      purpose = 'repair'
      refused = { edits: batch, problems }
      doubted.clear()
      for (const { edit, path, isSyntax } of problems)
        if (isSyntax) doubted.set(path, new Set([...(doubted.get(path) ?? []), writeEdit(batch[edit]!)]))
      news = sayRefused(applied, parsed.problems, refused, parsed.unread.join('\n\n'))
      const before = new Map(batch.flatMap((edit) => (edit.kind === 'rename' ? [[edit.to, edit.path]] : [])))
      const atFault = new Set(problems.map(({ path }) => before.get(path) ?? path).filter((path) => seen.has(path)))
      // the repair prompt contains what could not be parsed
      wanted = [...missing, ...looked.flatMap((one) => lookInto(one, atFault))]
      looked = [...looked, ...missing]
      continue
    }
    refused = null
    for (const path of meant) options.doubted.add(path)
    doubted.clear()
    meant.clear()
    if (batch.length > 0) {
      applied.push(...batch)
      for (const path of batch.flatMap(newPath)) seen.add(path)
      isChecked = false
      note('applied', { edits: batch.length })
    }
    if (missing.length > 0) {
      ;[purpose, wanted, news] = ['add', missing, sayApplied(applied)]
      opens++
      continue
    }

    if (!isChecked) checks = await options.check()
    isChecked = true
    if (checks.some(({ status }) => status === 'interrupted')) return end('interrupted')
    const unrun = checks.find(isRefused)
    if (unrun) return end('checks-failed', unrun.output, FIX_OF_REFUSED)
    const broken = checks.find(isFailed)
    if (broken) {
      if (broken.check === SYNTAX) return end('checks-failed', sayFails(broken), FIX_OF_SYNTAX)
      if (++fixes > MOST_FIXES) return end('checks-failed', sayFails(broken), FIX_OF_CHECKS)
      const changed = new Set(changedPaths())
      const about = wanted.filter((one) => one.kind === 'open' && changed.has(one.path))
      const unseen = [...changed].filter((path) => !about.some((one) => one.kind === 'open' && one.path === path))
      wanted = [...about, ...unseen.map(openWhole)]
      purpose = 'fix'
      news = `${sayApplied(applied)}\n\nThe check "${broken.check}" fails${broken.failedBefore ? ' (it fails without the edits too: if that is not to be mended here, reply only "complete")' : ''}:\n${options.relevantOutput(broken.output)}\n\nSend only the further edits that mend it.`
      continue
    }
    const companions = isOffered || stepsLeft() < 2 ? [] : unseenCompanions()
    if (companions.length === 0) return end('done')
    isOffered = true
    const second = await ask('complete', usualPrompt(request, changedPaths(), companions))
    const more = second.stop === 'done' ? parseReply(second.content, look.listed).looks : []
    if (more.length === 0 || stepsLeft() === 0) return end('done')
    ;[purpose, wanted, news] = ['add', more, sayApplied(applied)]
  }

  /** The model has already decided not to edit files that it has seen. */
  function unseenCompanions(): readonly Companion[] {
    const created = applied.flatMap(newPath)
    return options.usuallyToo(changedPaths(), created).filter(({ path }) => !seen.has(path))
  }

  function changedPaths(): readonly RepoPath[] {
    return [...new Set(applied.map((edit) => newPath(edit)[0] ?? edit.path))]
  }
}

function openWhole(path: RepoPath): Look {
  return { kind: 'open', path }
}

export function isRefused({ status }: CheckResult): boolean {
  return status === 'refused'
}

function isFailed({ status }: CheckResult): boolean {
  return status === 'failed'
}

/** For the user. */
export function sayFails(broken: CheckResult | undefined): string {
  if (broken?.check === SYNTAX) return broken.output
  const before = broken?.failedBefore ? ', and did so before any edit' : ''
  return `"${broken?.check}" fails${before}`
}

/** Whether a reply without edits gives up the refused ones: it reports so, or has a note and only protected paths were refused. */
function leavesOut(reply: string, refused: Refused | null): boolean {
  const rest = reply.replace(/^@@ note .*$/gm, '')
  const isOnlyNote = rest !== reply && rest.trim() === ''
  return /^\W*complete\W*$/i.test(rest) || (isOnlyNote && isAllProtected(refused?.problems ?? []))
}

const UNSHOWN =
  'stands for text of the file that is not shown: it can be neither found nor written; edit around it, in smaller pieces'

/** Applies a batch, all or none, to files that were shown. meant: paths whose syntax is accepted. Returns the problems. */
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
  const [ignored, taken] = (await Promise.all([workspace.ignored([...created]), workspace.taken([...created])])).map(
    (paths) => new Set(paths),
  )
  const tools: EditTools = {
    permission: workspace.permission,
    symbolsOf: async (path, text) => {
      const symbols = workspace.symbols(path, text)
      return symbols.length > 0 ? symbols : addressable(text.split(/\r?\n/))
    },
    syntaxErrors: async (path, text) => (meant.has(path) || isTestData(path) ? [] : workspace.syntaxErrors(path, text)),
    importsOf: async (path, text) => workspace.imports(path, text),
    visible: workspace.visible,
    maxFileBytes: workspace.maxFileBytes,
    allow: (path) =>
      ignored!.has(path)
        ? `git ignores ${shownPath(path)}: a file there would be lost`
        : taken!.has(path)
          ? `the user has something at ${shownPath(path)} that you cannot see: it is not written over`
          : seen.has(path) || created.has(path)
            ? null
            : `you have not seen ${shownPath(path)}: ask to open it first`,
  }
  const outcome = await applyEdits(workspace.root, edits, tools)
  return outcome.ok ? [] : outcome.problems
}

/** Normalises a path: './src//a.ts' becomes src/a.ts. */
function plainPath(path: RepoPath): RepoPath {
  return path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/')
}

/** The path that an edit creates, if any. */
export function newPath(edit: Edit): readonly RepoPath[] {
  return edit.kind === 'create' ? [edit.path] : edit.kind === 'rename' ? [edit.to] : []
}

function lookName(look: Look): string {
  if (look.kind === 'search') return searchName(look)
  return look.symbol
    ? `${look.path}#${look.symbol}`
    : look.lines
      ? `${look.path}:${look.lines.first}-${look.lines.last}`
      : look.path
}
