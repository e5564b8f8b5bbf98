import type { LlmReply } from '../types.ts'
import type { Db } from './db.ts'
import { isAnything, readJson } from './json-column.ts'

/** A call that was left with the Batch API. */
export interface BatchCall {
  readonly id: number
  readonly key: string
  /** null: not sent yet. */
  readonly batch: number | null
  /** Its number in the ledger; null: not sent yet. */
  readonly call: number | null
  /** The run of the ledger that it belongs to. */
  readonly request: number | null
  readonly purpose: string
  readonly model: string
  readonly body: string
  readonly inputTokens: number
  readonly outputTokens: number
}

export interface SentBatch {
  readonly id: number
  readonly name: string
  /** null: it is not known whether the endpoint got it. */
  readonly remote: string | null
  readonly endpoint: string
  /** Milliseconds since 1970. */
  readonly sentAt: number
}

export type NewBatchCall = Omit<BatchCall, 'id' | 'batch' | 'call'> & { readonly context: unknown }
export type BatchStore = ReturnType<typeof batchesOf>

const CALL = `id, key, batch, call, request, purpose, model, body, input_tokens AS inputTokens, output_tokens AS outputTokens
  FROM batch_call`
const KEPT_DAYS = 30 // of replies that no pass has asked for

/** Calls that were left with the Batch API, and their replies until they are used. */
export function batchesOf(db: Db) {
  return {
    /** Whether a call is known, and its reply. null: it is not. */
    look(
      key: string,
    ): { readonly reply: string | null; readonly stop: 'done' | 'length'; readonly context: unknown } | null {
      const row = db.get<{ reply: string | null; context: string }>(
        'SELECT reply, context FROM batch_call WHERE key = ?',
        key,
      )
      if (!row) return null
      const reply = row.reply === null ? null : readJson(row.reply, isReply)
      return { reply: reply?.content ?? null, stop: reply?.stop ?? 'done', context: readJson(row.context, isAnything) }
    },

    add: ({ key, request, purpose, model, body, context, inputTokens, outputTokens }: NewBatchCall) =>
      void db.run(
        'INSERT OR IGNORE INTO batch_call (key, request, purpose, model, body, context, input_tokens, output_tokens) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
        ...[key, request, purpose, model, body, JSON.stringify(context), inputTokens, outputTokens],
      ),

    forget: (key: string) => void db.run('DELETE FROM batch_call WHERE key = ?', key),

    /** Calls that were not sent. */
    unsent: (): BatchCall[] => db.all<BatchCall>(`SELECT ${CALL} WHERE batch IS NULL ORDER BY id`),

    dropUnsent: () => void db.run('DELETE FROM batch_call WHERE batch IS NULL'),

    callsOf: (batch: number): BatchCall[] => db.all<BatchCall>(`SELECT ${CALL} WHERE batch = ? ORDER BY id`, batch),

    /** Batches without a known end. */
    open: (): SentBatch[] =>
      db.all<SentBatch>(
        "SELECT id, name, remote, endpoint, sent_at AS sentAt FROM batch WHERE state = 'sent' ORDER BY id",
      ),

    /** Notes a batch before it is sent. calls: of unsent(), with their numbers in the ledger. */
    start: (
      name: string,
      endpoint: string,
      at: number,
      calls: readonly { readonly id: number; readonly call: number }[],
    ) =>
      db.transaction(() => {
        const { id } = db.run(
          "INSERT INTO batch (name, endpoint, sent_at, state) VALUES (?, ?, ?, 'sent')",
          name,
          endpoint,
          at,
        )
        for (const one of calls) db.run('UPDATE batch_call SET batch = ?, call = ? WHERE id = ?', id, one.call, one.id)
        return id
      }),

    noteRemote: (id: number, remote: string) => void db.run('UPDATE batch SET remote = ? WHERE id = ?', remote, id),

    saveReply: (id: number, stop: 'done' | 'length', content: string) =>
      void db.run('UPDATE batch_call SET reply = ? WHERE id = ?', JSON.stringify({ stop, content }), id),

    /** Ends a batch. Its calls without a reply are forgotten, so that they are asked again. */
    end: (id: number, state: 'done' | 'failed') =>
      db.transaction(() => {
        db.run('UPDATE batch SET state = ? WHERE id = ?', state, id)
        db.run('DELETE FROM batch_call WHERE batch = ? AND reply IS NULL', id)
      }),

    /** Whether replies wait to be used. */
    hasReplies: () => db.get('SELECT 1 FROM batch_call WHERE reply IS NOT NULL LIMIT 1') !== undefined,

    dropOld: (now: number) =>
      void db.run("DELETE FROM batch WHERE state <> 'sent' AND sent_at < ?", now - KEPT_DAYS * 86_400_000),
  }
}

function isReply(value: unknown): value is { readonly stop: 'done' | 'length'; readonly content: string } {
  const { stop, content } = (value ?? {}) as Partial<Pick<LlmReply, 'stop' | 'content'>>
  return (stop === 'done' || stop === 'length') && typeof content === 'string'
}
