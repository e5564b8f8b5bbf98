/** The nouns that every stage speaks of. No behaviour here. */

/** 'src/cart/total.ts': relative to the repository root, '/' separators, no leading './'. */
export type RepoPath = string

/** 1-based, both ends included. */
export interface Lines {
  readonly first: number
  readonly last: number
}

export type SymbolKind = 'class' | 'function' | 'method' | 'type' | 'value' | 'test'

/** A named definition in one source text. It has no path: several files may have the same content. */
export interface CodeSymbol {
  /** Qualified within the file: 'Cart.total'. Unique in the file: a second one of the same name ends in '~2'. */
  readonly qualified: string
  readonly name: string
  readonly kind: SymbolKind
  readonly lines: Lines
  /** Declaration without its body, on one line, at most 200 characters. */
  readonly signature: string
  /** The author's comment, without comment marks; null: none. */
  readonly doc: string | null
  /** sha-256 (first 16 hex digits) of the symbol's text with whitespace runs collapsed. */
  readonly hash: string
}

export type ReferenceKind = 'call' | 'import' | 'extend' | 'use'

/** A use of a name in one file. `name` is not resolved yet; for an import it is the specifier as written. */
export interface Reference {
  readonly name: string
  readonly kind: ReferenceKind
  /** Line of the first such use. */
  readonly line: number
}

/** Result of parsing one source text. */
export interface ParsedSource {
  /** The author's comment on the whole file, without comment marks; null: none. */
  readonly doc: string | null
  readonly symbols: readonly CodeSymbol[]
  /** One per name and kind. */
  readonly references: readonly Reference[]
  /** Places the parser could not read; the rest of the file is still valid. */
  readonly gaps: readonly Lines[]
}

/**
 * Terms of one source for full-text search, by field and number of uses. The first string holds terms used once, the last those used eight
 * times or more. Terms are separated by spaces.
 */
export interface TextFields {
  readonly names: readonly string[]
  readonly docs: readonly string[]
  readonly body: readonly string[]
}

/** 'by-name': same name, import not proven. Show it as a guess. */
export type Certainty = 'resolved' | 'by-name'

export type Edit =
  /** Replace text that occurs exactly once in the file or in one definition; with `every`, each occurrence. */
  | {
      readonly kind: 'replace'
      readonly path: RepoPath
      readonly find: string
      readonly replacement: string
      /** Qualified name of a definition: only its text is searched. */
      readonly within?: string
      readonly every?: true
    }
  /** Replace or delete a whole definition, or put text before or after it. `symbol` is qualified: 'Cart.total'. */
  | {
      readonly kind: 'symbol'
      readonly path: RepoPath
      readonly symbol: string
      readonly where: 'replace' | 'before' | 'after' | 'delete'
      /** '' when the definition is deleted. */
      readonly text: string
    }
  | { readonly kind: 'create'; readonly path: RepoPath; readonly text: string }
  | { readonly kind: 'delete'; readonly path: RepoPath }
  /** Keeps content, mode and byte order mark. Nothing may exist at `to`. */
  | { readonly kind: 'rename'; readonly path: RepoPath; readonly to: RepoPath }
  /** Add import statements after the existing ones, or at the top of the file. */
  | { readonly kind: 'import'; readonly path: RepoPath; readonly text: string }

/** Files that a run, or the step from one tree to another, modified, created and deleted. */
export interface Changes {
  readonly modified: readonly RepoPath[]
  readonly created: readonly RepoPath[]
  readonly deleted: readonly RepoPath[]
}

export interface CheckResult {
  readonly check: string
  /** 'interrupted': the user ended the run during the check. 'refused': the check is not allowed in this situation. */
  readonly status: 'passed' | 'failed' | 'skipped' | 'interrupted' | 'refused'
  readonly output: string
  readonly ms: number
  /** Whether it ran in a cage. Absent: it did not run. */
  readonly caged?: boolean
  /** It also failed before any edit. */
  readonly failedBefore?: true
}

export interface Usage {
  readonly calls: number
  readonly inputTokens: number
  /** Part of inputTokens served from the provider's cache. */
  readonly cachedTokens: number
  readonly outputTokens: number
  /** null: price unknown. Never 0 for unknown. */
  readonly usd: number | null
}

/** Why a run ended. All are results; none is thrown. */
export type StopReason =
  | 'done'
  | 'nothing-changed'
  /** The model says, with its reason, that the request asks for nothing that is not there already. */
  | 'nothing-to-change'
  | 'out-of-budget'
  | 'out-of-turns'
  | 'interrupted'
  | 'model-failed'
  | 'checks-failed'

export interface Message {
  readonly role: 'system' | 'user' | 'assistant' | 'tool'
  readonly content: string
  readonly toolCalls?: readonly ToolCall[]
  /** On role 'tool': the call that this answers. */
  readonly toolCallId?: string
}

export interface ToolCall {
  readonly id: string
  readonly name: string
  /** JSON as the model wrote it; may be malformed. */
  readonly arguments: string
}

export interface ToolSpec {
  readonly name: string
  readonly description: string
  /** JSON schema of the arguments. */
  readonly parameters: Readonly<Record<string, unknown>>
}

export interface LlmRequest {
  readonly messages: readonly Message[]
  readonly tools?: readonly ToolSpec[]
  /** The reply must be one JSON document that fits this schema. For endpoints without schema support, the schema goes into the prompt. */
  readonly json?: { readonly name: string; readonly schema: Readonly<Record<string, unknown>> }
  readonly maxOutputTokens?: number | undefined
  /** Why the call is made: a column of the ledger ('summary', 'open', 'edit', 'ask', ...). */
  readonly purpose: string
  /** Makes the request for a retry. `billed`: what the earlier attempts may have cost. null: no retry. Default: the same request. */
  readonly again?: (billed: Usage) => LlmRequest | null
}

export interface LlmReply {
  /** 'length': cut off by a limit. 'failed': `message` says why, and `failure` what it means for the run. */
  readonly stop: 'done' | 'tools' | 'length' | 'aborted' | 'failed'
  readonly content: string
  readonly toolCalls: readonly ToolCall[]
  readonly usage: Usage
  /** Human-readable reason, on 'failed' and 'aborted'. */
  readonly message?: string
  /** What the user can do about it, on 'failed'. */
  readonly fix?: string
  /**
   * 'fatal': authentication, quota, unknown model; a retry cannot help. 'transient': a retry may help. 'refused': the endpoint does not
   * take this prompt, but may take another. 'budget': the user's limit left no room, so the call was not made or its reply was cut off.
   * 'deferred': it was left with the Batch API, and a later pass has the reply.
   */
  readonly failure?: 'fatal' | 'transient' | 'refused' | 'budget' | 'deferred'
  /** Only of a kept reply (of a batch): drops it, so that the next such call is made. */
  readonly forget?: () => void
}

export interface Llm {
  /** The model's name, as stored in the ledger and in summaries. */
  readonly model: string
  /**
   * One request, one reply. Provider and network failures are not thrown: the reply has `stop: 'failed'` and `message`. An abort gives
   * `stop: 'aborted'`.
   */
  complete(request: LlmRequest, signal?: AbortSignal): Promise<LlmReply>
}
