import type { Command } from '../command.ts'
import { JSON_OPTION } from './options.ts'

export const context: Command = {
  name: 'context',
  summary: 'print the pack for a feature request (no model, no network)',
  details:
    'Files likely to change with the evidence for each, outlines and the surest definitions, within a token budget that is never exceeded.',
  argument: {
    name: 'request',
    text: 'the feature request: a title, and more lines if you like ("-" reads standard input)',
  },
  options: [
    { flags: '--budget-tokens <n>', text: 'tokens of the pack, o200k_base (default: 4000)', kind: 'integer' },
    JSON_OPTION,
  ],
  examples: [
    'repose context "Add a CSV output format"',
    'repose context "Add a CSV output format" --json | jq -r ".files[].path"',
    'gh issue view 12 | repose context -',
  ],
  async run(wire, argument, values) {
    const { readRequest } = await import('../read-request.ts')
    const request = await readRequest(argument)
    const { repo, store, config, worktree } = await wire.facts()
    const [{ retrieve }, { summaryReader }] = await Promise.all([
      import('../../src/retrieve/retrieve.ts'),
      import('../../src/summary/summary-reader.ts'),
    ])
    const budgetTokens = (values.budgetTokens as number | undefined) ?? config.packTokens
    const pack = retrieve(request, store, {
      root: repo.root,
      worktree,
      budgetTokens,
      summaryOf: summaryReader(store, worktree),
    })
    if (!wire.flags.json) {
      if (pack.files.length === 0) wire.say('nothing in this repository speaks of the request')
      wire.print(pack.text)
      return 0
    }
    wire.printJson({
      request,
      head: repo.head,
      budgetTokens,
      tokens: pack.tokens,
      predictability: pack.predictability,
      effort: pack.effort,
      files: pack.files.map((file) => ({ ...file, score: Math.round(file.score * 1000) / 1000 })),
      items: pack.items.map(({ subject, kind, text, tokens, stale }) => ({ subject, kind, text, tokens, stale })),
      leftOut: [...new Set(pack.leftOut.map((item) => item.subject))],
      text: pack.text,
    })
    return 0
  },
}
