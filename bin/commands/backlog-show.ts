import { itemCost, sayCost } from '../../agents/night/item-cost.ts'
import { awakeModel } from '../../agents/night/night-settings.ts'
import { SEVERAL } from '../../agents/night/several.ts'
import { titleOf } from '../../src/backlog/title-of.ts'
import { shownPath } from '../../src/paths.ts'
import { blocking } from '../../src/processes/blocking.ts'
import type { Standing } from '../../src/repo/drafts.ts'
import type { Store } from '../../src/store/open-store.ts'
import { age, atHead, type ItemAtHead, itemsNamed, sayChecks, sayState } from '../backlog-items.ts'
import type { ExitCode } from '../command.ts'
import { plural } from '../format.ts'
import { paintDiff } from '../paint/diff.ts'
import { shownDiff } from '../shown-diff.ts'
import type { Wire } from '../wire.ts'
import { asJson } from './backlog-list.ts'

const MOST_BODY = 12 // lines
const MOST_REASON = 200 // characters

/** Prints a request, what was made of it, and the diff of its draft. */
export async function showItem(wire: Wire, words: readonly string[]): Promise<ExitCode> {
  const [item] = await itemsNamed(wire, words, 'show')
  const [store, { root, head }] = await Promise.all([wire.store(), wire.repo()])
  const one = await atHead(wire, store, item!)
  const { draft, standing } = one
  const { asleep: cost, awake } = itemCost(store.backlog, item!.id, awakeModel(await wire.config()))
  const diff = draft?.commit && standing?.kind !== 'lost' ? await diffOf(root, draft.base, draft.commit) : ''
  if (wire.flags.json) {
    wire.printJson({ ...asJson(one), cost, awake, diff })
    return 0
  }
  const { url, author, source, state, reason, questions, answers, request, addedAt, id } = item!
  const isSplit = reason === SEVERAL
  const body = request.split('\n').slice(2)
  const now = Date.now()
  const lines = [
    `${id}  ${titleOf(item!)}`,
    `state:   ${sayState(one)}${reason && !sayState(one).includes(reason) ? ` (${clipped(reason)})` : ''}`,
    `source:  ${[source === 'hand' ? 'you' : source, author && `by ${author}`, url].filter(Boolean).join(', ')}, added ${age(now - addedAt)} ago`,
    ...body.slice(0, MOST_BODY).map((line) => `  ${line}`),
    ...(body.length > MOST_BODY ? [`  [${plural(body.length - MOST_BODY, 'more line')}]`] : []),
    ...questions.map((question) => `${isSplit ? 'part:' : 'asks:'}    ${question}`),
    ...answers.map((answer) => `answer:  ${answer}`),
    ...(draft
      ? [
          `made:    ${age(now - draft.madeAt)} ago, from ${draft.base.slice(0, 10)}${draft.origin ? `, elsewhere: it came from ${draft.origin}` : ''}${whereNow(standing, draft.base === head)}`,
        ]
      : []),
    ...(state === 'forecast' || source === 'forecast' ? evidenceOf(store, id) : []),
    ...(draft && draft.plan.length > 0 ? [`plan:    ${draft.plan.map(shownPath).join(', ')}`] : []),
    ...(draft?.commit
      ? [
          `files:   ${draft.files.map(shownPath).join(', ')}`,
          `checks:  ${draft.checks.map(({ check, status }) => `${check} ${status}`).join(', ') || 'none ran'}${noneOfYours(one)}${draft.cage ? ` (${draft.cage})` : ''}`,
        ]
      : []),
    ...(draft?.notes ?? []).map((note) => `note:    ${note}`),
    ...(cost.calls > 0 ? [`cost:    ${sayCost({ asleep: cost, awake })}`] : []),
  ]
  wire.print(lines.join('\n'))
  if (diff !== '') {
    wire.print('')
    wire.printWhole(await blocking(() => shownDiff(diff)), paintDiff)
  }
  const failed = draft?.checks.find(({ status }) => status === 'failed')
  if (failed) wire.say(`${failed.check} failed:\n${failed.output.trim().split('\n').slice(-12).join('\n')}`)
  const next = isSplit
    ? `repose backlog add "..." adds a part, then drop ${id}; answer ${id} "..." if it is one change`
    : state === 'needs-you' && item!.sameAs !== null
      ? `repose backlog answer ${id} yes links them; answer ${id} "no, ..." has it drafted; drop ${id} drops it`
      : nextStep(id, item!.state, standing)
  if (next) wire.say(next)
  return 0
}

/** What a forecast rests on. */
function evidenceOf({ forecasts }: Store, id: number): string[] {
  const evidence = forecasts.all().find(({ item }) => item === id)?.evidence ?? []
  return evidence.map(({ kind, place, text }) => `because: ${kind} ${shownPath(place)}: ${text}`)
}

function clipped(reason: string): string {
  return reason.length <= MOST_REASON ? reason : `${reason.slice(0, MOST_REASON - 1)}…`
}

/** A remark if only the built-in syntax check has run, and no check that the user has set. */
function noneOfYours(one: ItemAtHead): string {
  return sayChecks(one) === 'not run' && one.draft!.checks.length > 0 ? '; no other check has run' : ''
}

async function diffOf(root: string, base: string, commit: string): Promise<string> {
  return (await import('../../src/repo/drafts.ts')).draftDiff(root, { base, commit })
}

function whereNow(standing: Standing | null, isHead: boolean): string {
  if (!standing) return ''
  if (isHead) return ' (HEAD)'
  const where = {
    fits: 'it merges into HEAD, and its checks have not run there',
    there: 'HEAD has it already',
    lost: 'its commit is gone',
    conflict: `it conflicts with HEAD in ${standing.kind === 'conflict' ? standing.files.map(shownPath).join(', ') : ''}`,
    changed: `HEAD changed what it was made from: ${standing.kind === 'changed' ? standing.seen.map(shownPath).join(', ') : ''}`,
  }
  return `; ${where[standing.kind]}`
}

function nextStep(id: number, state: string, standing: Standing | null): string | null {
  if (state === 'forecast') return `repose backlog approve ${id} has it drafted; drop ${id} drops it`
  if (state === 'needs-you') return `repose backlog answer ${id} "..." answers; drop ${id} drops it`
  if (state !== 'drafted' || !standing) return null
  if (standing.kind === 'fits') return `repose backlog apply ${id} applies it; redo ${id} and drop ${id} discard it`
  return standing.kind === 'there'
    ? `repose backlog drop ${id} drops it`
    : `the next pass makes it again; drop ${id} drops it`
}
