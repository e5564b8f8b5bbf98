import type { Command } from '../command.ts'
import { count, plural, table, when } from '../format.ts'
import { JSON_OPTION } from './options.ts'
import { nightLines, nightOf } from './watch-night.ts'

export const status: Command = {
  name: 'status',
  summary: 'what is known of this repository, and how fresh it is',
  options: [JSON_OPTION],
  examples: ['repose status'],
  async run(wire) {
    const { repo, store, report, worktree } = await wire.facts()
    const counts = store.facts.counts(worktree)
    const summaries = store.summaries.counts()
    const recipes = {
      count: store.recipes.count(worktree),
      additions: store.recipes.mining(worktree)?.additions ?? null,
    }
    const [pass] = store.ledger.receipts(1, repo.root)
    const night = nightOf(store, repo.root, Date.now())
    const model = (await wire.llmIfAny('test'))?.model ?? null
    if (wire.flags.json) {
      wire.printJson({
        root: repo.root,
        head: repo.head,
        database: await wire.databasePath(),
        model,
        ...counts,
        commits: report.commits,
        summaries,
        recipes,
        lastPass: pass ?? null,
        night,
      })
      return 0
    }
    wire.print(
      table([
        ['what', 'how much'],
        ['files', `${count(counts.files)} (${count(counts.code)} code, ${count(counts.leftOut)} left out)`],
        ['lines', count(counts.lines)],
        ['definitions', count(counts.symbols)],
        ['past commits', count(report.commits)],
        [
          'summaries',
          summaries
            .map((row) => `${row.kind} ${count(row.n)} (${row.model === 'none' ? 'no model' : row.model})`)
            .join(', ') || 'none: repose sleep writes them',
        ],
        [
          'recipes',
          recipes.additions === null
            ? 'none: repose sleep mines them'
            : `${count(recipes.count)}, from ${plural(recipes.additions, 'past addition')}`,
        ],
        [
          'last pass',
          pass
            ? `${when(pass.startedAt)}, ${pass.stop ?? 'killed'}, ${plural(pass.written, 'summary')} written`
            : 'none of this working tree: repose receipts lists all',
        ],
        ['model', model ?? 'none set: index, context, status and ask work without'],
        ['database', await wire.databasePath()],
      ]),
    )
    if (night.passes.length > 0) wire.print(`\n${nightLines(night).join('\n')}`)
    return 0
  },
}
