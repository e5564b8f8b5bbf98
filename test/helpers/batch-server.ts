import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/** One call of a batch, as it arrived. */
export interface BatchedCall {
  readonly custom_id: string
  readonly url: string
  // biome-ignore lint/suspicious/noExplicitAny: tests look into any part of it
  readonly body: any
}

export interface BatchServer {
  /** 'http://127.0.0.1:PORT/v1' */
  readonly baseUrl: string
  /** The calls of each batch. */
  readonly batches: readonly (readonly BatchedCall[])[]
  /** Number of chat completions that were asked for directly. */
  readonly direct: () => number
  /** Batches end from now on, not before. answer: the content of a reply, null for a call that fails. reason: finish_reason of the replies. */
  finish(answer: (call: BatchedCall) => string | null, reason?: 'stop' | 'length'): void
  /** What is done with the next request for a batch to be made: nothing (the connection is closed after it was made), or a status. */
  fail(how: 'after' | number): void
  /** Answers requests in place of the server; null: the server answers as usual. */
  instead(answer: (path: string) => string | null): void
  close(): Promise<void>
}

/** An endpoint on 127.0.0.1 that speaks Files and Batches, and answers no chat completion. usage: of each reply. */
export async function startBatchServer(usage = { prompt_tokens: 800, completion_tokens: 50 }): Promise<BatchServer> {
  const files = new Map<string, string>()
  const batches: { id: string; file: string; metadata: object }[] = []
  const callsOf = (file: string) =>
    files
      .get(file)!
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as BatchedCall)
  let answer: ((call: BatchedCall) => string | null) | null = null
  let reason = 'stop'
  let failure: 'after' | number | null = null
  let instead: (path: string) => string | null = () => null
  let direct = 0

  const server = createServer(async (request, response) => {
    const body = await text(request)
    const path = request.url!.replace(/\?.*$/, '')
    const json = (value: unknown, status = 200) => {
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(JSON.stringify(value))
    }
    const other = instead(path)
    if (other !== null) {
      response.writeHead(200, { 'content-type': 'application/json' })
      return response.end(other)
    }
    if (path === '/v1/chat/completions') {
      direct++
      return json({ error: { message: 'only batches here' } }, 418)
    }
    if (path === '/v1/files' && request.method === 'POST') {
      const id = `file-${files.size}`
      files.set(
        id,
        body
          .split('\n')
          .filter((line) => line.startsWith('{'))
          .map((line) => line.trim())
          .join('\n'),
      )
      return json({ id, object: 'file' })
    }
    const content = /^\/v1\/files\/(.+)\/content$/.exec(path)
    if (content) return response.end(outputOf(content[1]!.replace('out-', '')))
    if (path === '/v1/batches' && request.method === 'POST') {
      const how = failure
      failure = null
      if (typeof how === 'number') return json({ error: { message: 'no batches here' } }, how)
      const { input_file_id: file, metadata } = JSON.parse(body)
      batches.push({ id: `batch-${batches.length}`, file, metadata })
      if (how === 'after') return void request.socket.destroy()
      return json(shown(batches.at(-1)!))
    }
    if (path === '/v1/batches') return json({ object: 'list', data: batches.map(shown), has_more: false })
    const found = batches.find(({ id }) => path === `/v1/batches/${id}`)
    return found ? json(shown(found)) : json({ error: { message: 'no such batch' } }, 404)
  })
  const shown = ({ id, file, metadata }: (typeof batches)[number]) => ({
    ...{ id, object: 'batch', metadata, status: answer ? 'completed' : 'in_progress' },
    ...(answer ? { output_file_id: `out-${file}` } : {}),
  })
  const outputOf = (file: string) =>
    callsOf(file)
      .map((call) => {
        const said = answer!(call)
        const message = { role: 'assistant', content: said }
        const completion = { choices: [{ index: 0, finish_reason: reason, message }], usage }
        const response = said === null ? { status_code: 500, body: {} } : { status_code: 200, body: completion }
        return JSON.stringify({ custom_id: call.custom_id, response })
      })
      .join('\n')

  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    get batches() {
      return batches.map(({ file }) => callsOf(file))
    },
    direct: () => direct,
    finish: (given, why = 'stop') => {
      answer = given
      reason = why
    },
    fail: (how) => {
      failure = how
    },
    instead: (given) => {
      instead = given
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
