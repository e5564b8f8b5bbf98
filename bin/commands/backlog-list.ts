import { titleOf } from '../../src/backlog/title-of.ts'
import type { BacklogState } from '../../src/store/backlog.ts'
import { age, allAtHead, type ItemAtHead, sayChecks, sayState } from '../backlog-items.ts'
import type { ExitCode } from '../command.ts'
import { count, plural } from '../format.ts'
import { sayNotApproved } from '../not-approved.ts'
import type { Wire } from '../wire.ts'

const OPEN: readonly BacklogState[] = ['drafted', 'needs-you', 'planned', 'waiting', 'same']
const DONE: readonly BacklogState[] = ['applied', 'dropped']
const LONGEST = 60 // characters of a title
const MOST = 50 // lines; --all and --json give every one

/** Lists what is open, drafts first; isAll: what was applied or dropped too. */
export async function listItems(wire: Wire, isAll: boolean): Promise<ExitCode> {
  const store = await wire.store()
  const shown = isAll ? [...OPEN, ...DONE] : OPEN
  const items = store.backlog.list(shown).sort((a, b) => shown.indexOf(a.state) - shown.indexOf(b.state))
  const all = await allAtHead(wire, store, items)
  const costOf = (one: ItemAtHead) => store.backlog.cost(one.item.id)
  const tokensOf = (one: ItemAtHead) => {
    const { tokens } = costOf(one)
    return tokens > 0 ? count(tokens) : ''
  }
  if (wire.flags.json) {
    wire.printJson({ items: all.map((one) => ({ ...asJson(one), cost: costOf(one) })) })
    return 0
  }
  if (all.length === 0) {
    wire.say(isAll ? 'the backlog is empty' : 'nothing is waiting')
    wire.say('add a request: repose backlog add "Add a CSV output format"')
    return 0
  }
  const now = Date.now()
  const rows = isAll ? all : all.slice(0, MOST)
  wire.printTable([
    ['id', 'request', 'state', 'checks', 'files', 'age', 'tokens'],
    ...rows.map((one) => [
      String(one.item.id),
      clipped(titleOf(one.item)),
      sayState(one),
      sayChecks(one),
      one.draft?.commit ? String(one.draft.files.length) : '',
      age(now - one.item.addedAt),
      tokensOf(one),
    ]),
  ])
  if (rows.length < all.length) wire.say(`and ${plural(all.length - rows.length, 'more request')}: --all lists them`)
  for (const line of await hints(wire, all)) wire.say(line)
  return 0
}

/** An item for programs: without the diff. */
export function asJson(one: ItemAtHead) {
  const { item, draft, standing } = one
  return {
    ...item,
    title: titleOf(item),
    isStale: standing !== null && standing.kind !== 'fits' && standing.kind !== 'there',
    standing: standing && { ...standing, tree: undefined },
    draft,
    checks: sayChecks(one) || null,
  }
}

/** What can be done next, in at most four lines. */
async function hints(wire: Wire, all: readonly ItemAtHead[]): Promise<string[]> {
  const ready = all.filter(({ item, standing }) => item.state === 'drafted' && standing?.kind === 'fits')
  const asking = all.filter(({ item }) => item.state === 'needs-you')
  const waiting = all.filter(({ item }) => (item.state === 'waiting' || item.state === 'planned') && item.isApproved)
  const whyNot = waiting.length > 0 ? await whyNothingIsDrafted(wire) : null
  return [
    ...(ready.length > 0
      ? [`repose backlog show ${ready[0]!.item.id} shows a draft, apply ${ready[0]!.item.id} applies it`]
      : []),
    ...(asking.length > 0 ? [`repose backlog show ${asking[0]!.item.id} shows what is asked`] : []),
    ...sayNotApproved(all.map(({ item }) => item)),
    ...(waiting.length > 0
      ? [
          whyNot === null
            ? 'repose sleep --only backlog drafts what is waiting now; the daemon does while you rest'
            : `nothing is drafted: ${whyNot} (repose help backlog)`,
        ]
      : []),
  ]
}

/** null: a pass drafts. */
async function whyNothingIsDrafted(wire: Wire): Promise<string | null> {
  const [{ nightOf }, config, repo, store] = await Promise.all([
    import('../../agents/night/night-settings.ts'),
    wire.config(),
    wire.repo(),
    wire.store(),
  ])
  const llm = config.backlog.draft ? await wire.llmIfAny('sleep') : null
  const night = nightOf(config, repo, store, llm, Date.now())
  return night.settings ? null : night.why
}

function clipped(title: string): string {
  return title.length <= LONGEST ? title : `${title.slice(0, LONGEST - 1)}…`
}
