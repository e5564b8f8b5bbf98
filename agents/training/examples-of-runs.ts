import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { MOST_TEXT, readRegularText } from '../../src/files/read-regular.ts'
import { parseJson } from '../../src/text/parse-json.ts'
import type { Message } from '../../src/types.ts'
import type { Example } from './example.ts'

interface Call {
  readonly purpose: string
  readonly messages: readonly Message[]
  readonly reply: string
}

const KINDS: Readonly<Record<string, Example['kind']>> = { open: 'choice', edit: 'edits', add: 'edits', fix: 'edits' }

/** Calls of runs that ended well, from the transcripts of a repository, the oldest first. A reply that had to be repaired is left out. */
export function* examplesOfRuns(commonDir: string): Generator<Example> {
  const folder = join(commonDir, 'repose', 'transcripts')
  for (const name of namesIn(folder)) {
    const calls = callsOf(readRegularText(join(folder, name), { maxBytes: MOST_TEXT }) ?? '')
    for (const [i, { purpose, messages, reply }] of calls.entries()) {
      const kind = KINDS[purpose]
      if (!kind || calls[i + 1]?.purpose === 'repair') continue
      yield { kind, messages: [...messages, { role: 'assistant', content: reply }] }
    }
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.jsonl'))
      .sort()
  } catch {
    return [] // no agent has run yet
  }
}

/** The complete calls of a transcript; [] unless its run is done. */
function callsOf(transcript: string): Call[] {
  const calls: Call[] = []
  let isDone = false
  for (const line of transcript.split('\n')) {
    const note = noteOf(line)
    if (note?.event === 'end') isDone = note.stop === 'done'
    if (note?.event !== 'call' || note.reply?.stop !== 'done') continue
    if (typeof note.reply.content !== 'string' || note.reply.content.trim() === '') continue
    if (!Array.isArray(note.messages) || !note.messages.every(isMessage)) continue
    calls.push({
      purpose: typeof note.purpose === 'string' ? note.purpose : '',
      messages: note.messages,
      reply: note.reply.content,
    })
  }
  return isDone ? calls : []
}

interface Note {
  readonly event?: string
  readonly purpose?: unknown
  readonly stop?: string
  readonly messages?: readonly Message[]
  readonly reply?: { readonly stop?: string; readonly content?: string }
}

/** A line of a transcript; null: it is not whole, since its run was killed. */
function noteOf(line: string): Note | null {
  try {
    const note: unknown = parseJson(line)
    return typeof note === 'object' ? (note as Note | null) : null
  } catch {
    return null
  }
}

function isMessage(message: Partial<Message> | null): boolean {
  const { role, content } = message ?? {}
  return typeof role === 'string' && /^(system|user|assistant)$/.test(role) && typeof content === 'string'
}
