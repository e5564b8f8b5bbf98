import { createHash } from 'node:crypto'
import { homedir } from 'node:os'
import { RECIPES_VERSION } from '../indexing/learn-recipes.ts'
import { GitError, git, splitNul } from '../repo/git.ts'
import type { Repo } from '../repo/open-repo.ts'
import { findSecrets } from '../secrets/find-secrets.ts'
import { areClean } from '../secrets/without-secrets.ts'
import type { BacklogItem } from '../store/backlog.ts'
import type { Store } from '../store/open-store.ts'
import { SUMMARY_KINDS, type SummaryKindId } from '../summary/kinds/index.ts'
import { type NamedRow, nameRow, Refused } from './row.ts'
import { type Personal, withoutPersonal } from './without-personal.ts'

export interface OwnRows {
  readonly rows: readonly NamedRow[]
  /** Reasons why rows are left out, with their numbers. */
  readonly leftOut: ReadonlyMap<string, number>
}

export interface RowsOptions {
  readonly repo: Pick<Repo, 'root' | 'commonDir'>
  readonly store: Store
  readonly worktree: number
  readonly now: number
  readonly signal: AbortSignal
  /** Only what was written here: what was pulled is not pushed as ours. */
  readonly onlyOwn: boolean
}

const TOGETHER = 500 // rows whose characters are looked through at once

/**
 * What this repository knows and others can use: summaries that a model wrote, recipes, and plans of requests, without texts of requests.
 * Nothing personal is in them, and a row that seems to hold a secret is left out, as it is from a prompt.
 */
export async function rowsOfStore(options: RowsOptions): Promise<OwnRows> {
  const { repo, now, signal } = options
  const personal = await personalOf(repo)
  const leftOut = new Map<string, number>()
  const leave = (why: string) => void leftOut.set(why, (leftOut.get(why) ?? 0) + 1)
  const rows: NamedRow[] = []
  for (const given of [...summaries(options), ...recipes(options), ...plans(options)]) {
    try {
      rows.push(nameRow(withoutPersonal(given, personal), now))
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      leave(error.message)
    }
  }
  const clean: NamedRow[] = []
  for (let at = 0; at < rows.length; at += TOGETHER) {
    signal.throwIfAborted()
    const some = rows.slice(at, at + TOGETHER)
    const mayHold = !areClean(some.map(({ line }) => line))
    for (const row of some) {
      const text = withoutHashes(row)
      if ((mayHold && !areClean([text])) || (await findSecrets(text, 'row.json')).length > 0)
        leave('it looks like it holds a secret')
      else clean.push(row)
    }
  }
  return { rows: clean, leftOut }
}

/** A scanner for secrets takes hashes for keys. */
function withoutHashes({ row }: NamedRow): string {
  return JSON.stringify(row.kind === 'summary' ? row.body : row.kind === 'recipe' ? row.recipe : [row.plan, row.files])
}

function* summaries({ store, onlyOwn }: RowsOptions): Generator<object> {
  for (const { kind, sourceHash, promptVersion, model, body, writtenAt } of store.summaries.written(onlyOwn)) {
    if (promptVersion !== SUMMARY_KINDS[kind as SummaryKindId]?.promptVersion) continue // nobody asks for it any more
    yield { kind: 'summary', of: kind, source: sourceHash, prompt: promptVersion, model, at: writtenAt, body }
  }
}

function* recipes({ store, worktree, onlyOwn }: RowsOptions): Generator<object> {
  const mining = store.recipes.mining(worktree)
  // of a part of the history they would be other recipes
  if (!mining || mining.version !== RECIPES_VERSION || mining.shallow || mining.missing) return
  if (onlyOwn && mining.origin) return
  const { head, version, additions, minedAt } = mining
  let position = 0
  for (const recipe of store.recipes.all(worktree)) {
    const commits = recipe.commits.slice(0, MOST_COMMITS)
    yield {
      kind: 'recipe',
      head,
      version,
      additions,
      position: position++,
      at: minedAt,
      recipe: { ...recipe, commits },
    }
  }
}

const MOST_COMMITS = 30 // that show a recipe; habits have hundreds

function* plans({ store, onlyOwn }: RowsOptions): Generator<object> {
  for (const item of store.backlog.list(['waiting', 'planned', 'drafted', 'applied'])) {
    const draft = store.backlog.draft(item.id)
    if (!draft || draft.plan.length === 0 || (onlyOwn && draft.origin)) continue
    const { base, plan, seen, files, madeAt, checks } = draft
    const count = (status: string) => checks.filter((one) => one.status === status).length
    yield {
      ...{ kind: 'plan', request: requestHash(item), base, at: madeAt },
      ...{ plan: plan.slice(0, 100), seen: seen.slice(0, 400), files: files.slice(0, 400) },
      checks: draft.commit ? { passed: count('passed'), failed: count('failed') } : null,
    }
  }
}

/** Identifies a request without its text. */
export function requestHash({ request }: Pick<BacklogItem, 'request'>): string {
  return createHash('sha256')
    .update(`request: ${request.trim().replace(/\s+/g, ' ')}`)
    .digest('hex')
}

async function personalOf({ root, commonDir }: Pick<Repo, 'root' | 'commonDir'>): Promise<Personal> {
  const listed = await git(root, ['config', '--null', '--get-regexp', '^user\\.(name|email)$']).catch(
    (error: unknown) => {
      if (error instanceof GitError) return '' // none is set
      throw error
    },
  )
  const settings = splitNul(listed)
  const last = (key: string) =>
    settings
      .findLast((one) => one.startsWith(`${key}\n`))
      ?.slice(key.length)
      .trim() ?? ''
  const [name, email] = [last('user.name'), last('user.email')]
  return { paths: [root, commonDir, homedir()], names: [...(name.includes(' ') ? [name] : []), email] }
}
