import { shownPath } from '../../src/paths.ts'
import type { Store } from '../../src/store/open-store.ts'
import type { Command, Values } from '../command.ts'
import { count, plural, when } from '../format.ts'
import { bold, eachLine } from '../paint/style.ts'
import type { Wire } from '../wire.ts'
import { JSON_OPTION } from './options.ts'
import { nightLines, nightOf } from './watch-night.ts'

export const status: Command = {
  name: 'status',
  summary: 'what repose knows about this repository, and how fresh it is',
  options: [
    JSON_OPTION,
    { flags: '--left-out', text: 'list the files and lines that were not read, with the reason and the rule' },
    { flags: '--recipes', text: 'list how this repository is usually changed, as its past commits show' },
  ],
  examples: ['repose status', 'repose status --left-out', 'repose status --recipes --json'],
  async run(wire, _argument, values) {
    if (values.leftOut || values.recipes) return list(wire, values)
    const { repo, store, report, worktree } = await wire.facts()
    const counts = store.facts.counts(worktree)
    const summaries = store.summaries.counts()
    const origins = store.summaries.origins()
    const { miner, mining, minedIn } = minedFor(store, worktree)
    const recipes = {
      count: store.recipes.count(miner),
      additions: mining?.additions ?? null,
      head: mining?.head ?? null,
      minedIn,
      from: mining?.origin ?? null,
    }
    const [pass] = store.ledger.receipts(1, repo.root)
    const { passEnds } = await import('./pass-end.ts')
    const isShallow = repo.shallow !== null
    const endOf = passEnds(store)
    const night = nightOf(store, repo.root, Date.now())
    const model = (await wire.llmIfAny('awake'))?.model ?? null
    if (wire.flags.json) {
      wire.printJson({
        root: repo.root,
        head: repo.head,
        database: await wire.databasePath(),
        model,
        ...counts,
        commits: report.commits,
        isShallow,
        summaries,
        summariesFrom: origins,
        recipes,
        lastPass: pass ?? null,
        backlog: Object.fromEntries(store.backlog.counts()),
        night,
      })
      return 0
    }
    wire.printTable([
      ['what', 'how much'],
      ['files', `${count(counts.files)} (${count(counts.code)} code, ${count(counts.leftOut)} left out)`],
      ['lines', count(counts.lines)],
      ['definitions', count(counts.symbols)],
      [
        'past commits',
        `${count(report.commits)}${isShallow ? ' (this clone is shallow: git fetch --unshallow brings the rest)' : ''}`,
      ],
      [
        'summaries',
        summaries
          .map((row) => `${row.kind} ${count(row.n)} (${row.model === 'none' ? 'no model' : row.model})`)
          .join(', ') || 'none: repose sleep writes them',
      ],
      ...origins.map(({ origin, n }) => ['taken over', `${plural(n, 'summary')} from ${origin}`]),
      [
        'recipes',
        recipes.additions === null
          ? 'none: repose sleep mines them'
          : `${count(recipes.count)}, from ${plural(recipes.additions, 'past addition')}${minedIn === null ? '' : `, mined in ${minedIn}`}${mining?.origin ? `, taken from ${mining.origin}` : ''}${recipes.head === repo.head ? '' : asOf(store, worktree, recipes.head!)}`,
      ],
      [
        'last pass',
        pass
          ? `${when(pass.startedAt)}, ${endOf(pass)}, ${plural(pass.written, 'summary')} written`
          : store.ledger.receipts(1).length > 0
            ? 'none of this working tree: repose receipts lists all'
            : 'none yet: repose sleep runs one',
      ],
      ['model', model ?? 'none set: index, context, status and ask work without'],
      ['database', await wire.databasePath()],
    ])
    const waiting = await backlogLine(wire, store)
    if (waiting !== null) wire.print(`\n${waiting}`, bold)
    if (night.passes.length > 0) wire.print(`\n${nightLines(night, endOf).join('\n')}`, paintNight)
    return 0
  },
}

/** '3 drafts are ready (2 passed the checks), 1 needs you: repose backlog'; null: the backlog is empty. */
async function backlogLine(wire: Wire, store: Store): Promise<string | null> {
  const items = store.backlog.list(['drafted', 'needs-you', 'planned', 'waiting'])
  if (items.length === 0) return null
  const { allAtHead, sayChecks } = await import('../backlog-items.ts')
  const all = await allAtHead(wire, store, items)
  const ready = all.filter(({ standing }) => standing?.kind === 'fits')
  const asking = items.filter(({ state }) => state === 'needs-you').length
  const foreign = items.filter(({ state, isApproved }) => state === 'waiting' && !isApproved).length
  const waiting = items.length - ready.length - asking - foreign
  const parts = [
    ...(ready.length > 0
      ? [
          `${plural(ready.length, 'draft')} ${ready.length === 1 ? 'is' : 'are'} ready (${sayPassed(ready.map(sayChecks))})`,
        ]
      : []),
    ...(asking > 0 ? [`${count(asking)} ${asking === 1 ? 'needs' : 'need'} you`] : []),
    ...(foreign > 0 ? [`${count(foreign)} ${foreign === 1 ? 'waits' : 'wait'} for your approval`] : []),
    ...(waiting > 0 ? [`${count(waiting)} ${waiting === 1 ? 'waits' : 'wait'}`] : []),
  ]
  return `backlog: ${parts.join(', ')}: repose backlog`
}

/** '2 passed the checks, 1 failed'. Drafts on which no check has run are neither. */
function sayPassed(checks: readonly string[]): string {
  const [passed, failed] = ['passed', 'failed'].map((end) => checks.filter((one) => one === end).length)
  if (!passed && !failed) return 'no check has run'
  return `${count(passed!)} passed the checks${failed ? `, ${count(failed)} failed` : ''}`
}

/** What happened last night; it is printed first. */
const paintNight = eachLine((line) => (line.startsWith(' ') ? line : bold(line)))

/**
 * The recipes that apply here, or those that were mined here and do not. minedIn: the other working tree in which they were mined;
 * null: this one.
 */
function minedFor(store: Store, worktree: number) {
  const miner = store.recipes.holdingIn(worktree) ?? worktree
  const other = store.facts.worktrees().find(({ id }) => id === miner && id !== worktree)
  return { miner, mining: store.recipes.mining(miner), minedIn: other?.root ?? null }
}

/** Where recipes were mined, if not at HEAD. */
function asOf(store: Store, worktree: number, head: string): string {
  const use = store.history.reaches(worktree, head) ? '' : ', which HEAD cannot see, so they are not used'
  return `, as of ${head.slice(0, 10)}${use}: repose sleep mines them anew`
}

/** Why a content is left out, in words; null: the reason is clear by itself. */
function ruleOfContent(reason: string, { maxFileBytes }: { readonly maxFileBytes: number }): string | null {
  const rules: Readonly<Record<string, string>> = {
    oversized: `larger than maxFileBytes, ${count(maxFileBytes)}`,
    binary: 'it contains a NUL byte',
    minified: 'most of it is in very long lines',
    numbers: 'it contains only numbers',
    generated: 'its text says that a tool has written it',
  }
  return rules[reason] ?? null
}

/** The parts of the status, one by one. */
async function list(wire: Wire, values: Values): Promise<0> {
  const { repo, store, worktree, config } = await wire.facts()
  const leftOut = values.leftOut
    ? store.facts.unread(worktree).map((one) => ({ ...one, rule: one.rule ?? ruleOfContent(one.reason, config) }))
    : undefined
  const { unmatchedRules } = await import('../../src/repo/unmatched-rules.ts')
  const pathsOf = () => store.facts.files(worktree).map(({ path }) => path)
  const unmatched = leftOut && unmatchedRules('include', config.paths?.include ?? [], pathsOf())
  const { miner, mining, minedIn } = minedFor(store, worktree)
  const recipes = values.recipes ? store.recipes.all(miner) : undefined
  if (wire.flags.json) {
    wire.printJson({ leftOut, unmatched, recipes, ...(recipes ? { minedIn } : {}) })
    return 0
  }
  if (leftOut?.length === 0) wire.print('all files were read')
  else if (leftOut)
    wire.printTable([
      ['why', 'by which rule', 'what'],
      ...leftOut.map(({ path, lines, reason, rule }) => [
        reason,
        shownPath(rule ?? ''),
        shownPath(lines ? `${path}:${lines}` : path),
      ]),
    ])
  for (const rule of unmatched ?? []) wire.say(`${rule} matches no file that git tracks or would track`)
  if (recipes?.length === 0)
    wire.print(
      !mining
        ? 'no recipes yet: repose sleep mines them, from additions that past commits made'
        : 'no recipes: past commits show no kind of addition often enough',
    )
  if (recipes && recipes.length > 0 && minedIn !== null) wire.say(`recipes mined in ${minedIn}`)
  const head = mining?.head
  if (recipes && recipes.length > 0 && head && head !== repo.head) wire.say(`recipes${asOf(store, worktree, head)}`)
  const { recipeLines } = await import('../../src/recipes/recipe-line.ts')
  for (const recipe of recipes ?? [])
    for (const line of recipeLines(recipe)) wire.print(line, line.startsWith(' ') ? undefined : bold)
  return 0
}
