import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads'
import { PACKAGE_ROOT } from './assets.ts'

// gpt-tokenizer takes seconds on one long run of equal letters (seen: 7 s for 100k); pieces of this size stay linear.
const PIECE = 4000
const ENTRY = join(PACKAGE_ROOT, 'dist/src/tokens-thread.js')
const GIVE_UP_MS = 5000

/** The ranks of o200k_base as the build leaves them (bin/after-build.ts). */
export const RANKS_FILE = join(PACKAGE_ROOT, 'dist/o200k_base.json')

type Encoder = { countTokens(text: string, options: { disallowedSpecial: Set<string> }): number }
let encoder: Encoder | undefined

/** Where texts go and counts come from; `answered` is how many came. */
export interface Thread {
  readonly port: MessagePort
  readonly answered: Int32Array
}
let thread: (Thread & { readonly giveUpMs: number }) | undefined

/**
 * From now on countTokens counts in a thread of its own, which loads gpt-tokenizer (a quarter of a second) while this one is at work, if there is a core
 * for it. For a process that lives shortly and counts little: a thread costs 80 ms of processor time, and each count some 20 us more.
 * One that does not answer for giveUpMs is given up, and counts are made here.
 */
export function countTokensBeside({ entry = ENTRY, giveUpMs = GIVE_UP_MS } = {}): void {
  if (availableParallelism() < 2 || !existsSync(entry)) return
  const { port1, port2 } = new MessageChannel()
  const answered = new Int32Array(new SharedArrayBuffer(4))
  const worker = new Worker(entry, {
    workerData: { port: port2, answered } satisfies Thread,
    transferList: [port2],
  })
  worker.on('error', () => {}) // does not answer
  worker.unref()
  port1.unref()
  thread = { port: port1, answered, giveUpMs }
}

/**
 * Tokens of `text` in o200k_base, counted with gpt-tokenizer (loaded on first use). Text over 4,000 characters is counted in pieces: within one
 * token a piece of the whole.
 */
export function countTokens(text: string): number {
  return (thread && countIn(thread, text)) ?? countHere(text)
}

function countHere(text: string): number {
  encoder ??= openEncoder()
  let total = 0
  for (let at = 0; at < text.length; at += PIECE) {
    total += encoder.countTokens(text.slice(at, at + PIECE), { disallowedSpecial: new Set() })
  }
  return total
}

function openEncoder(): Encoder {
  const require = createRequire(import.meta.url)
  if (!existsSync(RANKS_FILE)) return require('gpt-tokenizer/encoding/o200k_base') as Encoder // of what was not built
  const { GptEncoding } = require('gpt-tokenizer/GptEncoding') as typeof import('gpt-tokenizer/GptEncoding')
  return GptEncoding.getEncodingApi('o200k_base', () => JSON.parse(readFileSync(RANKS_FILE, 'utf8')))
}

function countIn({ port, answered, giveUpMs }: NonNullable<typeof thread>, text: string): number | undefined {
  const before = Atomics.load(answered, 0)
  port.postMessage(text)
  if (Atomics.wait(answered, 0, before, giveUpMs) !== 'timed-out') return receiveMessageOnPort(port)?.message as number
  thread = undefined
}
