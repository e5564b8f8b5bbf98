/** The nouns that every stage speaks of. No behaviour here. */

/** 'src/cart/total.ts': relative to the repository root, '/' separators, no leading './'. */
export type RepoPath = string

/** 1-based, both ends included. */
export interface Lines {
  readonly first: number
  readonly last: number
}

export type SymbolKind = 'class' | 'function' | 'method' | 'type' | 'value' | 'test'

/** A named definition in one source text. It knows no path: the same content may stand at several. */
export interface CodeSymbol {
  /** Qualified within the file: 'Cart.total'. Unique in the file: a second one of the same name ends in '~2'. */
  readonly qualified: string
  readonly name: string
  readonly kind: SymbolKind
  readonly lines: Lines
  /** Declaration without its body, on one line, at most 200 characters. */
  readonly signature: string
  /** The author's own comment, without its comment marks, if any. */
  readonly doc: string | null
  /** sha-256 (first 16 hex digits) of the symbol's text with whitespace runs collapsed. */
  readonly hash: string
}

export type ReferenceKind = 'call' | 'import' | 'extend' | 'use'

/** A use, as one file states it. `name` is not resolved yet; for an import it is the specifier as written. */
export interface Reference {
  readonly name: string
  readonly kind: ReferenceKind
  /** Line of the first such use. */
  readonly line: number
}

/** What parsing one source text gives. */
export interface ParsedSource {
  /** The author's comment on the whole file, without its comment marks, if any. */
  readonly doc: string | null
  readonly symbols: readonly CodeSymbol[]
  /** One per name and kind. */
  readonly references: readonly Reference[]
  /** Places the parser could not read; the rest of the file is still valid. */
  readonly gaps: readonly Lines[]
}

/**
 * Terms of one source for full text, by field and by how often they are used: first those of one use, last those of eight or more, each a
 * string of terms between spaces.
 */
export interface TextFields {
  readonly names: readonly string[]
  readonly docs: readonly string[]
  readonly body: readonly string[]
}

/** 'by-name': same name, import not proven. Show it as a guess. */
export type Certainty = 'resolved' | 'by-name'

export type Edit =
  /** Replace text that occurs exactly once in the file; or once within a definition; or wherever it occurs. */
  | {
      readonly kind: 'replace'
      readonly path: RepoPath
      readonly find: string
      readonly replacement: string
      /** Qualified name of a definition: only what stands in it is looked at. */
      readonly within?: string
      readonly every?: true
    }
  /** Replace or delete a whole definition, or put text before or after it. `symbol` is qualified: 'Cart.total'. */
  | {
      readonly kind: 'symbol'
      readonly path: RepoPath
      readonly symbol: string
      readonly where: 'replace' | 'before' | 'after' | 'delete'
      /** '' where the definition is deleted. */
      readonly text: string
    }
  | { readonly kind: 'create'; readonly path: RepoPath; readonly text: string }
  | { readonly kind: 'delete'; readonly path: RepoPath }
  /** Content, mode and byte order mark go along; there must be nothing at `to`. */
  | { readonly kind: 'rename'; readonly path: RepoPath; readonly to: RepoPath }
  /** Put import statements after those at the top of the file, or where they would stand. */
  | { readonly kind: 'import'; readonly path: RepoPath; readonly text: string }

/** Existing files that were changed, new ones, and those that went: by a run, between two trees. */
export interface Changes {
  readonly modified: readonly RepoPath[]
  readonly created: readonly RepoPath[]
  readonly deleted: readonly RepoPath[]
}

export interface CheckResult {
  readonly check: string
  /** 'interrupted': the user ended the run while it ran. 'refused': it may not run as things are. */
  readonly status: 'passed' | 'failed' | 'skipped' | 'interrupted' | 'refused'
  readonly output: string
  readonly ms: number
  /** It ran in a cage. Absent: it did not run. */
  readonly caged?: boolean
  /** It failed, and did so before any edit. */
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
  /** The reply must be one JSON document of this schema. Endpoints without schema support get it in words. */
  readonly json?: { readonly name: string; readonly schema: Readonly<Record<string, unknown>> }
  readonly maxOutputTokens?: number | undefined
  /** Why the call is made: a column of the ledger ('summary', 'open', 'edit', 'ask', ...). */
  readonly purpose: string
  /** What a further attempt sends, asked with what the earlier ones may have cost; null: none is made. Default: the same again. */
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
   * 'fatal': authentication, quota, unknown model; asking again will not help. 'transient': it may. 'budget': the call was not made, or its
   * reply was cut off, since a limit of the user's had no room for it.
   */
  readonly failure?: 'fatal' | 'transient' | 'budget'
}

export interface Llm {
  /** The model's name, as the ledger and summaries keep it. */
  readonly model: string
  /**
   * One request, one reply. Never throws for what the provider or the network does: such a reply has
   * `stop: 'failed'` and `message`. Aborting gives `stop: 'aborted'`.
   */
  complete(request: LlmRequest, signal?: AbortSignal): Promise<LlmReply>
}
