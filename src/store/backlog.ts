import type { CheckResult, LlmReply, RepoPath, Usage } from '../types.ts'
import { cleanParameters } from './clean-parameters.ts'
import type { Db } from './db.ts'
import { areTexts, readJson } from './json-column.ts'
import { damage } from './row-check.ts'

/**
 * 'planned': only a plan was made. 'needs-you': a question has to be answered first. 'same': another item asks for the same and is worked
 * on. 'forecast': nobody has asked for it yet. Whether a draft is stale depends on HEAD and is not stored.
 */
export type BacklogState = 'waiting' | 'planned' | 'drafted' | 'needs-you' | 'same' | 'forecast' | 'applied' | 'dropped'

/** The reason of an item that was dropped because it is no longer open in its list. With any other reason, the user dropped it. */
export const CLOSED = 'closed'

/** A request that waits in the backlog. */
export interface BacklogItem {
  readonly id: number
  readonly source: string
  readonly key: string
  readonly url: string | null
  /** null: the user, or not known. */
  readonly author: string | null
  /** Title, empty line, body. */
  readonly request: string
  /** What the user said to its questions. */
  readonly answers: readonly string[]
  readonly priority: number
  /** Whether it may be drafted. */
  readonly isApproved: boolean
  readonly state: BacklogState
  readonly questions: readonly string[]
  readonly reason: string | null
  /** The item that is worked on in its place; of one that needs the user: the item that it may be the same as. null: none. */
  readonly sameAs: number | null
  /** The user said that it is a request of its own: it is not compared with others. */
  readonly isApart: boolean
  /** Milliseconds since 1970. */
  readonly addedAt: number
  readonly changedAt: number
}

export type NewItem = Pick<BacklogItem, 'source' | 'key' | 'url' | 'author' | 'request' | 'isApproved'> & {
  readonly priority?: number
}

/** What a sleep pass made of an item. */
export interface Draft {
  readonly item: number
  /** Milliseconds since 1970. */
  readonly madeAt: number
  /** Commit that it starts from. */
  readonly base: string
  /** Commit with the result; null: only a plan. */
  readonly commit: string | null
  readonly files: readonly RepoPath[]
  /** What the agent asked to see: 'src/a.ts#f', 'search x in src'. */
  readonly plan: readonly string[]
  /** The places of `plan`, as lines of `base`: 'src/a.ts:1-9', or a path for a whole file. */
  readonly seen: readonly string[]
  readonly checks: readonly CheckResult[]
  /** Where the checks ran, in words; null: none ran. */
  readonly cage: string | null
  readonly notes: readonly string[]
  /** 'remote NAME' or 'import', of a plan; null or left out: it was made here. */
  readonly origin?: string | null
}

export interface ItemCost {
  readonly calls: number
  readonly tokens: number
  /** null: the price of a call is unknown. */
  readonly usd: number | null
}

export type Backlog = ReturnType<typeof backlogOf>

type Row = Omit<BacklogItem, 'isApproved' | 'isApart' | 'answers' | 'questions'> & {
  readonly approved: number
  readonly apart: number
  readonly answers: string
  readonly questions: string
}

const ITEM = `id, source, key, url, author, request, answers, priority, approved, state, questions, reason, same_as AS sameAs, apart,
  added_at AS addedAt, changed_at AS changedAt FROM backlog_item`

/** The requests that are waiting in a repository, for all its working trees. */
export function backlogOf(db: Db) {
  const setState = (
    id: number,
    state: BacklogState,
    at: number,
    reason: string | null,
    questions: readonly string[],
  ) => {
    db.run(
      'UPDATE backlog_item SET state = ?, changed_at = ?, reason = ?, questions = ?, same_as = NULL, failing = 0 WHERE id = ?',
      ...[state, at, reason, JSON.stringify(questions), id],
    )
    if (state === 'applied')
      db.run(
        "UPDATE backlog_item SET state = 'applied', reason = ? WHERE same_as = ? AND state = 'same'",
        `the same as ${id}`,
        id,
      )
    else if (state === 'dropped') unlink(id)
    else db.run("UPDATE backlog_item SET state = 'same', reason = NULL WHERE same_as = ? AND state = 'applied'", id)
  }
  /** Items that were the same as this one, or may have been, wait on their own; but nobody has asked for a forecast. */
  const unlink = (id: number) =>
    db.run(
      `UPDATE backlog_item SET state = CASE source WHEN 'forecast' THEN 'dropped' ELSE 'waiting' END, reason = NULL, questions = '[]',
         same_as = NULL, failing = 0 WHERE same_as = ?`,
      id,
    )
  const approve = (id: number, at: number) =>
    void db.run('UPDATE backlog_item SET approved = 1, changed_at = ? WHERE id = ?', at, id)
  const dropDraft = (id: number) => {
    db.run('DELETE FROM draft WHERE item = ?', id)
    db.run('DELETE FROM kept_draft WHERE item = ?', id)
    db.run('DELETE FROM night_reply WHERE item = ?', id)
  }

  return {
    /**
     * Adds an item, or updates the one with the same key in its source. A changed request waits again, and needs approval again. An
     * unchanged item becomes approved if `item` is. What the user dropped stays dropped, unless the user adds it again by hand.
     */
    add: (item: NewItem, at: number): { readonly id: number; readonly change: 'new' | 'changed' | 'same' } =>
      db.transaction(() => {
        const { source, key, url, author, priority = 0 } = item
        const [request] = cleanParameters([item.request]) // as it is stored, for the comparison
        const approved = item.isApproved ? 1 : 0
        const known = db.get<{
          id: number
          request: string
          state: BacklogState
          reason: string | null
          approved: number
        }>('SELECT id, request, state, reason, approved FROM backlog_item WHERE source = ? AND key = ?', source, key)
        if (!known) {
          const { id } = db.run(
            `INSERT INTO backlog_item (source, key, url, author, request, priority, approved, state, added_at, changed_at)
             VALUES (?, ?, ?, ?, ?, ?, ?, 'waiting', ?, ?)`,
            ...[source, key, url, author, request, priority, approved, at, at],
          )
          return { id, change: 'new' }
        }
        const isSame = known.request === request
        const isUnwanted = known.state === 'dropped' && known.reason !== CLOSED && !['hand', 'piped'].includes(source)
        if (isUnwanted) return { id: known.id, change: 'same' }
        if (isSame && known.state !== 'dropped') {
          if (approved > known.approved) approve(known.id, at)
          return { id: known.id, change: 'same' }
        }
        db.run(
          `UPDATE backlog_item SET url = ?, author = ?, request = ?, answers = '[]', approved = ?, state = 'waiting', reason = NULL,
             questions = '[]', same_as = NULL, apart = 0, failing = 0, changed_at = ? WHERE id = ?`,
          ...[url, author, request, isSame ? Math.max(approved, known.approved) : approved, at, known.id],
        )
        unlink(known.id)
        if (!isSame) dropDraft(known.id)
        return { id: known.id, change: 'changed' }
      }),

    get(id: number): BacklogItem | null {
      const row = db.get<Row>(`SELECT ${ITEM} WHERE id = ?`, id)
      return row ? itemOf(row) : null
    },

    /** Items with these ids and all between them. */
    between: (first: number, last: number): BacklogItem[] =>
      db.all<Row>(`SELECT ${ITEM} WHERE id BETWEEN ? AND ? ORDER BY id`, first, last).map(itemOf),

    /** Items in these states, the highest priority first. */
    list: (states: readonly BacklogState[]): BacklogItem[] =>
      db
        .all<Row>(
          `SELECT ${ITEM} WHERE state IN (${states.map(() => '?').join(', ')}) ORDER BY priority DESC, id`,
          ...states,
        )
        .map(itemOf),

    /** The first line of every request, newest first; also of what is done or dropped. */
    everyTitle: () =>
      db
        .column<string>('SELECT request FROM backlog_item ORDER BY id DESC')
        .map((request) => request.split('\n', 1)[0]!),

    /** Number of items by state. */
    counts: () =>
      new Map(
        db.lists<[BacklogState, number]>('SELECT state, count(*) FROM backlog_item GROUP BY state ORDER BY state'),
      ),

    /** Items of a source that are still open here and have none of these keys. */
    absent: (source: string, keys: ReadonlySet<string>): number[] =>
      db
        .lists<[number, string]>(
          "SELECT id, key FROM backlog_item WHERE source = ? AND state NOT IN ('applied', 'dropped') ORDER BY id",
          source,
        )
        .filter(([, key]) => !keys.has(key))
        .map(([id]) => id),

    setState: (
      id: number,
      state: BacklogState,
      at: number,
      reason: string | null = null,
      questions: readonly string[] = [],
    ) => db.transaction(() => setState(id, state, at, reason, questions)),

    /** From now on `lead` is worked on in place of these items. */
    link: (ids: readonly number[], lead: number) =>
      db.transaction(() => {
        const isDone = db.value<string>('SELECT state FROM backlog_item WHERE id = ?', lead) === 'applied'
        for (const id of ids) {
          db.run(
            "UPDATE backlog_item SET state = ?, same_as = ?, reason = ?, questions = '[]' WHERE id = ?",
            ...[isDone ? 'applied' : 'same', lead, isDone ? `the same as ${lead}` : null, id],
          )
          db.run('UPDATE backlog_item SET same_as = ? WHERE same_as = ?', lead, id)
        }
      }),

    /** The user is asked whether an item is the same as `lead`. */
    askIfSame: (id: number, lead: number, at: number, reason: string, question: string) =>
      db.transaction(() => {
        setState(id, 'needs-you', at, reason, [question])
        db.run('UPDATE backlog_item SET same_as = ? WHERE id = ?', lead, id)
      }),

    /** Work on an item begins. Returns how many passes have begun it, with this one, since a pass last ended its work on it. */
    begin: (id: number) =>
      db.value<number>('UPDATE backlog_item SET begun = begun + 1 WHERE id = ? RETURNING begun', id) ?? 0,

    end: (id: number) => void db.run('UPDATE backlog_item SET begun = 0 WHERE id = ?', id),

    /** Notes that calls of an item failed when it was worked on. The note goes when its state is set, or its request changes. */
    setFailing: (id: number) => void db.run('UPDATE backlog_item SET failing = 1 WHERE id = ?', id),

    failing: (): ReadonlySet<number> => new Set(db.column<number>('SELECT id FROM backlog_item WHERE failing = 1')),

    /** The user says that an item is a request of its own. */
    setApart: (id: number) => void db.run('UPDATE backlog_item SET apart = 1 WHERE id = ?', id),

    approve,

    prioritise: (id: number, priority: number, at: number) =>
      void db.run('UPDATE backlog_item SET priority = ?, changed_at = ? WHERE id = ?', priority, at, id),

    /** Adds an answer of the user. The item waits again. */
    answer: (id: number, answers: readonly string[], at: number) =>
      db.transaction(() => {
        db.run('UPDATE backlog_item SET answers = ? WHERE id = ?', JSON.stringify(answers), id)
        setState(id, 'waiting', at, null, [])
        dropDraft(id)
      }),

    draft(id: number): Draft | null {
      const row = db.get<DraftRow>(`SELECT ${DRAFT}, origin FROM draft WHERE item = ?`, id)
      return row ? draftOf(row) : null
    },

    /** The draft of an item, and after it those that were made for other commits, the newest first. */
    drafts: (id: number): Draft[] =>
      ['draft', 'kept_draft']
        .flatMap((table) =>
          db.all<DraftRow>(`SELECT ${DRAFT} FROM ${table} WHERE item = ? ORDER BY made_at DESC, base`, id),
        )
        .map(draftOf),

    /**
     * Saves the result of a run with the item's new state. Its replies need not be kept any longer. The draft that it had for another
     * commit is kept beside it, since HEAD may come back.
     */
    saveDraft: (
      draft: Draft,
      state: BacklogState,
      at: number,
      reason: string | null = null,
      questions: readonly string[] = [],
    ) =>
      db.transaction(() => {
        const lists = [draft.files, draft.plan, draft.seen, draft.checks].map((list) => JSON.stringify(list))
        db.run(
          `INSERT OR REPLACE INTO kept_draft (${COLUMNS}) SELECT ${COLUMNS} FROM draft
           WHERE item = ? AND base <> ? AND commit_id IS NOT NULL`,
          ...[draft.item, draft.base],
        )
        db.run('DELETE FROM kept_draft WHERE item = ? AND base = ?', draft.item, draft.base)
        db.run(
          `DELETE FROM kept_draft WHERE item = ? AND base NOT IN
             (SELECT base FROM kept_draft WHERE item = ? ORDER BY made_at DESC, base LIMIT ${MOST_KEPT})`,
          ...[draft.item, draft.item],
        )
        db.run(
          `INSERT OR REPLACE INTO draft (${COLUMNS}, origin) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
          ...[draft.item, draft.madeAt, draft.base, draft.commit, ...lists, draft.cage, JSON.stringify(draft.notes)],
          draft.origin ?? null,
        )
        db.run('DELETE FROM night_reply WHERE item = ?', draft.item)
        setState(draft.item, state, at, reason, questions)
      }),

    dropDraft: (id: number) => db.transaction(() => dropDraft(id)),

    /** Drafts with a commit, by item. */
    commits() {
      const rows = db.lists<[number, string]>(
        'SELECT item, commit_id FROM draft WHERE commit_id IS NOT NULL ORDER BY item',
      )
      requireIds(rows.map(([, commit]) => commit))
      return new Map(rows)
    },

    /** Drafts that are kept for other commits: name of the ref -> commit. */
    keptCommits() {
      const rows = db.lists<[number, string]>('SELECT item, commit_id FROM kept_draft ORDER BY item, base')
      requireIds(rows.map(([, commit]) => commit))
      return new Map(rows.map(([item, commit]) => [`${item}.${commit}`, commit]))
    },

    noteRun: (item: number, run: number) => void db.run('INSERT INTO backlog_run (run, item) VALUES (?, ?)', run, item),

    /** The item that a run was for; null: none. */
    itemOfRun: (run: number) => db.value<number>('SELECT item FROM backlog_run WHERE run = ?', run) ?? null,

    /** The newest run that worked on an item asleep; null: none did. */
    lastRun: (item: number) =>
      db.value<number>(
        `SELECT run FROM backlog_run JOIN request ON request.id = run WHERE item = ? AND command <> 'implement' ORDER BY run DESC`,
        item,
      ) ?? null,

    /** What an item has cost asleep, without replayed recordings. */
    cost(item: number): ItemCost {
      return db.get<ItemCost>(
        `SELECT count(*) AS calls, total(max(input_tokens, 0) + max(output_tokens, 0)) AS tokens,
           CASE WHEN count(*) = count(usd) THEN total(max(usd, 0)) END AS usd
         FROM backlog_run JOIN call ON call.request = run WHERE item = ? AND recorded = 0 AND phase = 'sleep'`,
        item,
      )!
    },

    /** Tokens that the first draft of an item took, without judging it and without later drafts; null: none was made. */
    firstDraft: (item: number) =>
      db.get<Pick<Usage, 'inputTokens' | 'cachedTokens' | 'outputTokens'>>(
        `WITH ${DRAFTING} SELECT total(max(input_tokens, 0)) AS inputTokens, total(max(cached_tokens, 0)) AS cachedTokens,
           total(max(output_tokens, 0)) AS outputTokens
         FROM drafting JOIN call ON call.request = run
         WHERE recorded = 0 AND call.stop <> 'aborted' AND whole = (SELECT min(whole) FROM drafting WHERE item = ?)
         HAVING count(*) > 0`,
        item,
      ) ?? null,

    /** What each of the newest drafts has cost, the newest first; without replayed recordings. most: how many. */
    lastDrafts: (most: number) =>
      db.all<Pick<ItemCost, 'tokens' | 'usd'>>(
        `WITH ${DRAFTING} SELECT total(max(input_tokens, 0) + max(output_tokens, 0)) AS tokens,
           CASE WHEN count(*) = count(usd) THEN total(max(usd, 0)) END AS usd
         FROM drafting JOIN call ON call.request = run WHERE recorded = 0
         GROUP BY whole ORDER BY whole DESC LIMIT ?`,
        most,
      ),

    /** A stored reply that was paid for, whose draft is not saved yet; null: none. */
    reply(item: number, digest: string): LlmReply | null {
      const text = db.value<string>('SELECT reply FROM night_reply WHERE item = ? AND digest = ?', item, digest)
      return text === undefined ? null : readJson(text, isReply)
    },

    keepReply: (item: number, digest: string, reply: LlmReply) =>
      void db.run(
        'INSERT OR REPLACE INTO night_reply (item, digest, reply) VALUES (?, ?, ?)',
        item,
        digest,
        JSON.stringify(reply),
      ),
  }
}

/** Runs that drafted. whole: the run that finished the draft; those before it were ended early, and their replies were used again. */
const DRAFTING = `drafting AS (
  SELECT item, request.id AS run, coalesce((
    SELECT min(later.id) FROM backlog_run AS other JOIN request AS later ON later.id = other.run
    WHERE other.item = backlog_run.item AND later.id >= request.id AND later.command = 'draft' AND later.stop <> 'interrupted'
  ), request.id) AS whole
  FROM request LEFT JOIN backlog_run ON run = request.id WHERE command = 'draft'
)`

const COLUMNS = 'item, made_at, base, commit_id, files, plan, seen, checks, cage, notes'
const DRAFT = 'item, made_at AS madeAt, base, commit_id AS "commit", files, plan, seen, checks, cage, notes'
const MOST_KEPT = 4 // drafts of an item for other commits: branches between which somebody switches

type DraftRow = Omit<Draft, 'files' | 'plan' | 'seen' | 'checks' | 'notes'> &
  Readonly<Record<'files' | 'plan' | 'seen' | 'checks' | 'notes', string>>

function itemOf({ approved, apart, answers, questions, ...row }: Row): BacklogItem {
  return {
    ...row,
    isApproved: approved === 1,
    isApart: apart === 1,
    answers: readJson(answers, areTexts),
    questions: readJson(questions, areTexts),
  }
}

function draftOf(row: DraftRow): Draft {
  requireIds([row.base, row.commit ?? row.base])
  return {
    ...row,
    files: readJson(row.files, areTexts),
    plan: readJson(row.plan, areTexts),
    seen: readJson(row.seen, areTexts),
    notes: readJson(row.notes, areTexts),
    checks: readJson(row.checks, areChecks),
  }
}

/** Throws SQLite's error for a damaged file if one is no id of a commit: git would take another value for a name, or for an option. */
function requireIds(ids: Iterable<string>): void {
  for (const id of ids) if (!/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(id)) throw damage('a draft names no commit')
}

function areChecks(value: unknown): value is CheckResult[] {
  return Array.isArray(value) && value.every((one) => typeof one?.check === 'string' && typeof one?.status === 'string')
}

/** As rememberingLlm() keeps them: whole replies. */
function isReply(value: unknown): value is LlmReply {
  const { stop, content, toolCalls } = (value ?? {}) as Partial<Record<keyof LlmReply, unknown>>
  const isWhole = (stop === 'done' || stop === 'tools') && typeof content === 'string'
  return isWhole && Array.isArray(toolCalls) && toolCalls.every(isToolCall)
}

function isToolCall(value: unknown): boolean {
  const call = value as Partial<Record<keyof LlmReply['toolCalls'][number], unknown>> | null
  return [call?.id, call?.name, call?.arguments].every((one) => typeof one === 'string')
}
