import { z } from 'zod'
import { readAsset } from '../../src/assets.ts'
import { similarNames } from '../../src/edit/similar-names.ts'
import { jsonDocument } from '../../src/llm/json-reply.ts'
import { partTerms } from '../../src/request/words.ts'
import { type Claim, withClaimsReplaced } from '../../src/summary/check-reply.ts'
import { fence } from '../../src/summary/fence.ts'
import { shorten } from '../../src/text/shorten.ts'
import type { Llm } from '../../src/types.ts'
import { replySchema } from './reply-schema.ts'

interface Source {
  readonly text: string
  /** What entries of lists may be called. */
  readonly names: readonly string[]
}

const MOST_NEAR = 3 // names, for each unknown one
const MOST_UNKNOWN = 30 // unknown names for which near ones are sought; a reply has a few
const MOST_KNOWN = 5000 // names that each of them is compared with
const LONGEST_LINE = 120 // characters
const MOST_OUTPUT = 2000
const TEXTS = z.object({ texts: z.array(z.string()) })
const NAME = /[\p{L}_$@][\p{L}\p{N}_$]*(?:[./-][\p{L}\p{N}_$]+)*/gu

/**
 * Calls the model once for new versions of the texts that name unknown things. It shows these texts and what is known of the names, but
 * not the source again. Returns the reply with the new texts; null: no usable answer, so the first one stays; 'failed': the call
 * got no answer.
 */
export async function repairClaims<Reply extends object>(
  llm: Llm,
  reply: Reply,
  claims: readonly Claim[],
  source: Source,
  signal: AbortSignal | undefined,
): Promise<Reply | 'aborted' | 'failed' | null> {
  const answer = await llm.complete(
    {
      purpose: 'claims-repair',
      messages: [
        { role: 'system', content: readAsset('agents/sleep/repair.md').trim() },
        { role: 'user', content: fence(claimsWithWhatIsKnown(claims, source)) },
      ],
      json: { name: 'texts', schema: replySchema(TEXTS) },
      maxOutputTokens: MOST_OUTPUT,
    },
    signal,
  )
  if (answer.stop === 'aborted' || answer.stop === 'failed') return answer.stop
  if (answer.stop !== 'done') return null
  try {
    const { texts } = TEXTS.parse(jsonDocument(answer.content))
    return texts.length === claims.length ? withClaimsReplaced(reply, claims, texts) : null
  } catch {
    return null // not valid JSON: the paid reply is kept, without the claims
  }
}

/** '1. symbols.2.does: Calls `madeUp`.', and below it the nearest names to each unknown one, each with a line that contains it. */
function claimsWithWhatIsKnown(claims: readonly Claim[], { text, names }: Source): string {
  const lines = text.split(/\r?\n/)
  const firstLine = new Map<string, string>()
  for (const line of lines)
    for (const [name] of line.matchAll(NAME)) if (!firstLine.has(name)) firstLine.set(name, line.trim())
  const [entries, code] = [namesWithWords(names), namesWithWords([...firstLine.keys()])]
  let left = MOST_UNKNOWN
  return claims
    .map(({ at, text: said, unknown }, i) => {
      const isEntry = at.at(-1) === 'name' || at.at(-1) === 'path'
      const known = unknown.map((name) => {
        const problem = isEntry ? 'is no name that an entry may have' : 'occurs nowhere'
        if (left-- <= 0) return `\n   ${name} ${problem}.`
        const near = namesNear(name, isEntry ? entries : code)
        const shown = near
          .map((one) => `\n     ${one}${isEntry ? '' : `: ${shorten(firstLine.get(one)!, LONGEST_LINE)}`}`)
          .join('')
        return `\n   ${name} ${problem}. ${near.length > 0 ? `Near it:${shown}` : 'Nothing is near it.'}`
      })
      return `${i + 1}. ${at.join('.')}: ${said}${known.join('')}`
    })
    .join('\n')
}

/** Names, each with its words. */
type Words = ReadonlyMap<string, ReadonlySet<string>>

function namesWithWords(names: readonly string[]): Words {
  return new Map(names.slice(0, MOST_KNOWN).map((name) => [name, new Set(partTerms(name))]))
}

/** Names that share most of their words with one, then those with similar spelling. */
function namesNear(name: string, known: Words): string[] {
  const words = new Set(partTerms(name))
  const alike = [...known]
    .map(([one, others]) => {
      const both = [...words].filter((word) => others.has(word)).length
      return { one, share: both / (words.size + others.size - both) }
    })
    .filter(({ share }) => share > 0)
    .sort((a, b) => b.share - a.share || (a.one < b.one ? -1 : 1))
    .map(({ one }) => one)
  return [...new Set([...alike.slice(0, MOST_NEAR), ...similarNames(name, known.keys(), MOST_NEAR)])].slice(
    0,
    MOST_NEAR,
  )
}
