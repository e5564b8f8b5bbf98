import type { Command } from '../command.ts'
import { count, duration, plural } from '../format.ts'
import { JSON_OPTION } from './options.ts'

export const indexCommand: Command = {
  name: 'index',
  summary: 'bring the facts up to date (no model, no network)',
  details:
    'Reads what git lists and has changed since the last time: files, definitions, uses, imports, history. Other commands do it by themselves.',
  options: [JSON_OPTION],
  examples: ['repose index', 'repose index --repo ../shop --json'],
  async run(wire) {
    const progress = wire.progress()
    const { store, report, worktree } = await wire.facts((done, total) =>
      progress.show(() => `reading ${count(done)} of ${plural(total, 'file')}`),
    )
    progress.end()
    const counts = store.facts.counts(worktree)
    const reasons = store.facts.reasons(worktree)
    const languages = store.facts.languages(worktree).filter((row) => row.language !== '')
    const textOnly = store.facts.textOnly(worktree)
    if (wire.flags.json) {
      wire.printJson({
        ...counts,
        commits: report.commits,
        changed: report.files,
        parsed: report.parsed,
        ms: Math.round(report.ms),
        languages: Object.fromEntries(languages.map((row) => [row.language, row.files])),
        textOnly: Object.fromEntries(textOnly),
        leftOutBy: Object.fromEntries(reasons.map((row) => [row.reason, row.files])),
      })
      return 0
    }
    const change = report.changed
      ? `${plural(report.files, 'path')} changed, ${plural(report.parsed, 'content')} read`
      : 'nothing changed'
    wire.print(`${change} (${duration(report.ms)})`)
    wire.print(
      `${plural(counts.files, 'file')}, ${count(counts.code)} of them code; ${plural(counts.symbols, 'definition')}, ${plural(report.commits, 'past commit')}`,
    )
    if (languages.length > 0)
      wire.print(`languages: ${languages.map((row) => `${row.language} ${count(row.files)}`).join(', ')}`)
    if (textOnly.length > 0)
      wire.print(
        `not parsed, searched as text: ${textOnly.map(([ending, files]) => `${ending} ${count(files)}`).join(', ')}`,
      )
    if (counts.leftOut > 0)
      wire.print(`left out: ${reasons.map((row) => `${row.reason} ${count(row.files)}`).join(', ')}`)
    if (counts.gaps > 0)
      wire.print(`partly unreadable to the parser: ${plural(counts.gaps, 'file')} (repose status --left-out)`)
    if (counts.problems > 0)
      wire.say(`warning: the parser failed on ${plural(counts.problems, 'file')}; their text is still searched`)
    const gaveUp = reasons.find(({ reason }) => reason === 'parser gave up')?.files ?? 0
    if (gaveUp > 0) wire.say(`warning: the parser gave up on ${plural(gaveUp, 'file')}; nothing of them is known`)
    await wire.sayIfShallow()
    return 0
  },
}
