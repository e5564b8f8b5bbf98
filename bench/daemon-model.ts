/**
 * A local model server for the measurements of the daemon, OpenAI-compatible, on 127.0.0.1. It answers every request for a summary with
 * a valid note after a delay, and prints its requests as JSON lines. The purpose in the note has the hash of the request, to find it
 * again.
 *
 *   node dist/bench/daemon-model.js [--port 0] [--delay-ms 2000]
 */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

export interface Asked {
  readonly at: number
  readonly name: string
  /** Hash of the whole request: a summary that is requested twice has the same one. */
  readonly hash: string
  /** Whether the answer was sent, or the client disconnected before. */
  readonly answered: boolean
}

export interface DaemonModel {
  /** 'http://127.0.0.1:PORT/v1' */
  readonly baseUrl: string
  readonly asked: readonly Asked[]
  /** Requests that wait for an answer. */
  readonly waiting: number
  close(): Promise<void>
}

const HEARD_MS = 20 // a busy process notices a disconnected client late

const NOTES: Readonly<Record<string, { readonly purpose: string; readonly [part: string]: unknown }>> = {
  module_summary: { purpose: 'keeps things together', parts: [], howToExtend: '' },
  repository_summary: { purpose: 'does what it is for', layout: [], conventions: [] },
  file_summary: { purpose: 'does its part', changesWith: '', watchOut: '', concepts: [], symbols: [] },
}

/** Starts the server. delayMs: before each answer. onAsked: called when a request was answered or given up. */
export async function startDaemonModel(
  delayMs: number,
  onAsked: (asked: Asked) => void = () => {},
  port = 0,
): Promise<DaemonModel> {
  const asked: Asked[] = []
  let waiting = 0
  const server = createServer(async (incoming, response) => {
    const sent = await text(incoming)
    const body = JSON.parse(sent) as { response_format?: { json_schema?: { name?: string } } }
    const name = body.response_format?.json_schema?.name ?? ''
    const at = Date.now()
    const gone = new AbortController()
    response.on('close', () => gone.abort())
    waiting++
    await setTimeout(delayMs, undefined, { signal: gone.signal }).catch(() => {}) // checked below
    await setTimeout(HEARD_MS)
    const waited = !gone.signal.aborted
    waiting--
    const hash = createHash('sha1').update(sent).digest('hex').slice(0, 12)
    const one = { at, name, hash, answered: waited }
    asked.push(one)
    onAsked(one)
    if (!waited) return
    const note = NOTES[name]
    const content = JSON.stringify(note ? { ...note, purpose: `${note.purpose}, ${hash}` } : { ok: true })
    response.writeHead(200, { 'content-type': 'application/json' }).end(
      JSON.stringify({
        id: 'chatcmpl-1',
        object: 'chat.completion',
        choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
        usage: { prompt_tokens: Math.ceil(sent.length / 4), completion_tokens: Math.ceil(content.length / 4) },
      }),
    )
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    asked,
    get waiting() {
      return waiting
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: { port: { type: 'string', default: '0' }, 'delay-ms': { type: 'string', default: '2000' } },
  })
  const { baseUrl } = await startDaemonModel(
    Number(values['delay-ms']),
    (one) => console.log(JSON.stringify(one)),
    Number(values.port),
  )
  console.log(baseUrl)
}
