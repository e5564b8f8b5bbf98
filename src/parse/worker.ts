import '../processes/engine.ts'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { blobId } from '../files/blob-id.ts'
import { visibleText } from '../secrets/without-secrets.ts'
import type { ParsedSource } from '../types.ts'
import { prepareGrammar } from './grammar.ts'
import { languageOfShebang } from './languages/index.ts'
import { NOTHING_READ, type ParseBatch, type ParseJob, type ParseResult } from './messages.ts'
import { parseSource } from './parse-source.ts'
import { readSource } from './read-source.ts'
import { textFields } from './text-fields.ts'

// Child process of parse-pool.ts. V8 does not see the memory of syntax trees, so its own collection would come far too late.
setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void
const SHORT = 16_000 // characters
const COLLECT_EVERY = 6_000_000 // characters parsed between collections; a tree takes about ten times its text

let sinceCollection = 0
let queue = Promise.resolve()

process.on('message', (batch: ParseBatch) => {
  queue = queue.then(() => parseAll(batch))
})
process.on('disconnect', () => process.exit(0))
process.send?.(null, () => {}) // it is loaded; whoever has started it may be gone

/**
 * Results of short texts in no language are sent together: a message takes longer than such a text. All results are sent before work that could
 * end this process or keep it busy, so that the pool knows which job it was.
 */
async function parseAll({ jobs, maxBytes }: ParseBatch): Promise<void> {
  const unsent: string[] = []
  const send = async () => {
    if (unsent.length === 0) return
    const results = `[${unsent.splice(0).join(',')}]`
    await new Promise((sent) => process.send?.(results, sent))
  }
  for (const job of jobs) unsent.push(JSON.stringify(await parseOne(job, maxBytes, send)))
  await send()
}

async function parseOne(
  { key, path, language, blob: expected, isWanted, text: given }: ParseJob,
  maxBytes: number,
  send: () => Promise<void>,
): Promise<ParseResult> {
  if (language !== null) await send()
  if (given !== undefined)
    return { key, blob: '', bytes: 0, lines: 0, reason: null, ...NOTHING_READ, ...(await parse(given, language)) }
  const read = readSource(path, maxBytes, isWanted)
  const blob = read.content ? blobId(read.content, expected.length) : ''
  if ('reason' in read) return { key, blob, bytes: read.bytes, lines: 0, reason: read.reason, ...NOTHING_READ }
  if (read.text.length > SHORT) await send()
  const text = visibleText(read.text) // everything sent back is stored, so secrets are removed first
  const id = read.isOfNumbers ? null : (language ?? languageOfShebang(text))
  if (id !== null) await send()
  const { parsed, problem } = await parse(text, id)
  const terms = JSON.stringify(textFields(text, parsed))
  const isClean = text === read.text
  return { key, blob, bytes: read.bytes, lines: countLines(text), reason: null, parsed, problem, isClean, terms }
}

async function parse(text: string, id: string | null): Promise<Pick<ParseResult, 'parsed' | 'problem'>> {
  let parsed: ParsedSource | null = null
  let problem: string | null = null
  try {
    if (id) await prepareGrammar(text, id)
    parsed = id ? parseSource(text, id) : null
  } catch (error) {
    if ((error as Error).name === 'RuntimeError') process.exit(1) // WebAssembly has crashed: the pool starts another process
    problem = String(error)
  }
  sinceCollection += text.length
  if (sinceCollection > COLLECT_EVERY) {
    sinceCollection = 0
    collectGarbage()
  }
  return { parsed, problem }
}

function countLines(text: string): number {
  let lines = 1
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines++
  return lines
}
