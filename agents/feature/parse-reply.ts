import type { Edit } from '../../src/types.ts'

export type Look =
  | {
      readonly kind: 'open'
      readonly path: string
      readonly symbol?: string
      readonly lines?: { readonly first: number; readonly last: number }
    }
  | { readonly kind: 'search'; readonly pattern: string; readonly within?: string }

export interface ParsedReply {
  readonly looks: readonly Look[]
  readonly edits: readonly Edit[]
  readonly notes: readonly string[]
  /** What could not be understood, in words for the model. */
  readonly problems: readonly string[]
}

const FIND = /^<{5,} ?(find|text)?$/i
const MIDDLE = /^={5,} ?(replace)?$/i
const END = /^(> ?){5,}(end)?$/i // some models, and some formatters of what they learned from, write '> > > > > > > end'

/** Reads a reply in the format of prompts/open.md and prompts/edit.md. Lines outside it are passed over; a broken block is a problem. Linear in the text. */
export function parseReply(reply: string): ParsedReply {
  const looks: Look[] = []
  const edits: Edit[] = []
  const notes: string[] = []
  const problems: string[] = []
  const lines = reply.split(/\r?\n/)
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at]!
    const look = parseLook(line.replace(/^@@ /, '').trim())
    if (look) {
      looks.push(look)
      continue
    }
    const head = /^@@ (replace|replace-definition|insert-after|insert-before|create|delete|note)\s+(.+?)\s*$/.exec(line)
    if (!head) {
      if (FIND.test(line))
        problems.push(`the block at "${(lines[at + 1] ?? '').slice(0, 60)}" has no "@@ ..." line above it`)
      continue
    }
    const [, verb, what] = head as unknown as [string, string, string]
    if (verb === 'note') notes.push(what)
    else if (verb === 'delete') edits.push({ kind: 'delete', path: clean(what) })
    else if (verb === 'replace') at = readReplacements(lines, at, clean(what), edits, problems)
    else at = readText(lines, at, verb, clean(what), edits, problems)
  }
  return { looks, edits, notes, problems }
}

function clean(path: string): string {
  return path.replace(/^[`'"]|[`'"]$/g, '').replace(/^\.\//, '')
}

function parseLook(line: string): Look | null {
  const plain = line.replace(/^[-*] /, '').replace(/`/g, '')
  const search = /^search (.+?)(?: in (\S+))?$/.exec(plain)
  if (search) return { kind: 'search', pattern: search[1]!, ...(search[2] ? { within: search[2] } : {}) }
  const open = /^open (\S.*?)(?:\s{2,}.*|\s+\(.*)?$/.exec(plain)
  if (!open) return null
  const what = open[1]!.replace(/^\.\//, '')
  const span = /^(.+?):(\d+)(?:-(\d+))?$/.exec(what)
  if (span) return { kind: 'open', path: span[1]!, lines: { first: Number(span[2]), last: Number(span[3] ?? span[2]) } }
  const hash = what.indexOf('#')
  return hash > 0
    ? { kind: 'open', path: what.slice(0, hash), symbol: what.slice(hash + 1) }
    : { kind: 'open', path: what }
}

/** Reads the find/replace blocks below a "@@ replace" line. Returns the last line read. */
function readReplacements(
  lines: readonly string[],
  from: number,
  path: string,
  edits: Edit[],
  problems: string[],
): number {
  let at = from
  let blocks = 0
  for (;;) {
    let start = at + 1
    while (start < lines.length && lines[start]!.trim() === '') start++
    if (!FIND.test(lines[start] ?? '')) break
    const middle = indexOf(lines, MIDDLE, start + 1)
    const end = middle < 0 ? -1 : indexOf(lines, END, middle + 1)
    if (end < 0) {
      problems.push(`the edit of ${path} is cut off: "======= replace" and ">>>>>>> end" must follow the text to find`)
      return lines.length
    }
    edits.push({
      kind: 'replace',
      path,
      find: lines.slice(start + 1, middle).join('\n'),
      replacement: lines.slice(middle + 1, end).join('\n'),
    })
    blocks++
    at = end
  }
  if (blocks === 0) problems.push(`"@@ replace ${path}" has no "<<<<<<< find" block below it`)
  return at
}

/** Reads the one block below the other verbs. Returns the last line read. */
function readText(
  lines: readonly string[],
  from: number,
  verb: string,
  what: string,
  edits: Edit[],
  problems: string[],
): number {
  let start = from + 1
  while (start < lines.length && lines[start]!.trim() === '') start++
  const end = FIND.test(lines[start] ?? '') ? indexOf(lines, END, start + 1) : -1
  if (end < 0) {
    problems.push(`"@@ ${verb} ${what}" needs a block from "<<<<<<< text" to ">>>>>>> end" below it`)
    return FIND.test(lines[start] ?? '') ? lines.length : from
  }
  const text = lines.slice(start + 1, end).join('\n')
  const hash = what.indexOf('#')
  if (verb === 'create') edits.push({ kind: 'create', path: what, text: `${text}\n` })
  else if (hash < 0) problems.push(`"@@ ${verb} ${what}" must name a definition: path#Name`)
  else {
    const where = verb === 'replace-definition' ? 'replace' : verb === 'insert-after' ? 'after' : 'before'
    edits.push({ kind: 'symbol', path: what.slice(0, hash), symbol: what.slice(hash + 1), where, text })
  }
  return end
}

function indexOf(lines: readonly string[], pattern: RegExp, from: number): number {
  for (let at = from; at < lines.length; at++) if (pattern.test(lines[at]!)) return at
  return -1
}
