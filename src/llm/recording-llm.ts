import { randomUUID } from 'node:crypto'
import { accessSync, constants, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { UserError } from '../errors.ts'
import { renameOver } from '../files/rename-over.ts'
import type { Llm, LlmReply, LlmRequest } from '../types.ts'
import { type Exchange, type Recording, requestHash } from './recording.ts'

/**
 * Passes calls on to `llm` and stores the replies in a recording at `path` (mode 0600). The file is replaced atomically after every reply.
 * The first reply replaces an older recording. Failed and aborted calls are not stored, since they cannot be repeated. Throws UserError
 * before the first paid call if `path` is a folder or its folder is not writable.
 */
export function recordingLlm(llm: Llm, path: string, options: { note?: string; now?: () => Date } = {}): Llm {
  const { note = '', now = () => new Date() } = options
  requireWritable(path)
  const recordedAt = now().toISOString()
  const exchanges: Exchange[] = []
  return {
    model: llm.model,
    async complete(request, signal) {
      const reply = await llm.complete(request, signal)
      const exchange = toExchange(request, reply)
      if (exchange) {
        exchanges.push(exchange)
        replaceFile(path, { model: llm.model, recordedAt, note, exchanges })
      }
      return reply
    },
  }
}

function toExchange(request: LlmRequest, { stop, content, toolCalls, usage }: LlmReply): Exchange | null {
  if (stop === 'failed' || stop === 'aborted') return null
  return { requestHash: requestHash(request), purpose: request.purpose, reply: { stop, content, toolCalls }, usage }
}

function replaceFile(path: string, recording: Recording): void {
  const temporary = temporaryFor(path)
  try {
    writeFileSync(temporary, `${JSON.stringify(recording, null, 2)}\n`, { mode: 0o600 })
    renameOver(temporary, path)
  } finally {
    rmSync(temporary, { force: true })
  }
}

function temporaryFor(path: string): string {
  return `${path}.${randomUUID()}.tmp`
}

function requireWritable(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory())
    throw new UserError(`${path} is a folder`, 'name a file to record to')
  const folder = dirname(temporaryFor(path))
  try {
    accessSync(folder, constants.W_OK)
  } catch (cause) {
    throw new UserError(`the folder ${folder} cannot be written`, 'make it, or record to another place', { cause })
  }
}
