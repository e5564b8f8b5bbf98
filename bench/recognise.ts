/**
 * How often a request in other words is taken for the right one of a backlog, and how often a different one is taken for the same.
 *
 *   OPENAI_BASE_URL=... REPOSE_MODEL=... node dist/bench/recognise.js PARAPHRASES.tsv TITLES.jsonl [--at-once 20] [--out RESULTS.jsonl]
 *
 * PARAPHRASES: lines `repository<TAB>title<TAB>paraphrase`. TITLES: lines {repo, title}, the features of each repository. Each paraphrase is
 * asked twice: with its own title among the twenty nearest, where that one is right, and with all titles but its own, where none is right.
 * A question of the second kind compares the paraphrase with up to twenty different requests of its repository: these are the pairs.
 */
import { appendFileSync, readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import PQueue from 'p-queue'
import { recognise, recognisePrompt } from '../agents/night/recognise.ts'
import { readConfig } from '../src/config/read-config.ts'
import { meteredLlm } from '../src/llm/meter.ts'
import { openLlm } from '../src/llm/open-llm.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { 'at-once': { type: 'string', default: '20' }, out: { type: 'string' } },
})
const [paraphrases, titles] = positionals
if (!paraphrases || !titles) {
  console.error('usage: node dist/bench/recognise.js PARAPHRASES.tsv TITLES.jsonl [--at-once 20] [--out RESULTS.jsonl]')
  process.exit(2)
}
const { model, baseUrl, apiKey } = await readConfig(process.cwd())
if (!model) throw new Error('name a model with REPOSE_MODEL, and its endpoint with OPENAI_BASE_URL')
const linesOf = (file: string) => readFileSync(file, 'utf8').trim().split('\n')
const features = linesOf(titles).map((line) => JSON.parse(line) as { readonly repo: string; readonly title: string })
const items = features.map(({ repo, title }, i) => ({ id: i + 1, repo, url: null, request: title }))
const queue = new PQueue({ concurrency: Number(values['at-once']) })
const tokens: number[] = []
const counts = { right: 0, wrong: 0, missed: 0, notNear: 0, asSame: 0, none: 0, pairs: 0 }

await queue.addAll(
  linesOf(paraphrases).flatMap((line) => {
    const [repo, title, paraphrase] = line.split('\t') as [string, string, string]
    const all = items.filter((item) => item.repo === repo)
    const own = all.find(({ request }) => request === title)!
    return [
      async () => {
        if (!recognisePrompt(paraphrase, all).listed.includes(own)) counts.notNear++
        const found = await ask(paraphrase, all)
        counts[found === null ? 'missed' : found === own.id ? 'right' : 'wrong']++
        note({ kind: 'among', paraphrase, own: own.request, found: requestOf(found) })
      },
      async () => {
        const others = all.filter((item) => item !== own)
        counts.pairs += recognisePrompt(paraphrase, others).listed.length
        const found = await ask(paraphrase, others)
        counts[found === null ? 'none' : 'asSame']++
        note({ kind: 'without', paraphrase, own: own.request, found: requestOf(found) })
      },
    ]
  }),
)
console.log(
  JSON.stringify({ ...counts, mostTokens: Math.max(...tokens), meanTokens: Math.round(mean(tokens)) }, null, 1),
)

async function ask(paraphrase: string, some: typeof items): Promise<number | null> {
  const llm = openLlm({ model: model!, timeoutMs: 3_600_000, stream: true, baseUrl, apiKey })
  let spent = 0
  const metered = meteredLlm(llm, ({ usage }) => {
    spent += usage.inputTokens + usage.outputTokens
  })
  const found = await recognise(paraphrase, some, metered, new AbortController().signal)
  tokens.push(spent)
  return found?.item.id ?? null
}

function requestOf(id: number | null): string | null {
  return items.find((item) => item.id === id)?.request ?? null
}

function note(line: object): void {
  if (values.out) appendFileSync(values.out, `${JSON.stringify(line)}\n`)
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, one) => sum + one, 0) / numbers.length
}
