import { countEach } from '../../src/groups.ts'
import { USUAL_OUTPUT } from '../../src/llm/budget.ts'
import { isSource } from '../../src/paths.ts'
import { fetchedBy } from '../../src/retrieve/needed-before.ts'
import type { Store } from '../../src/store/open-store.ts'
import { NO_MODEL } from '../../src/summary/from-facts.ts'
import { SUMMARY_KINDS } from '../../src/summary/kinds/index.ts'
import { FILE_TOKENS } from '../../src/summary/show-file.ts'
import { fileSourceHash } from '../../src/summary/source-hash.ts'
import type { RepoPath } from '../../src/types.ts'

/** What is known of a file before any call or read. */
export interface PlanFile {
  readonly path: RepoPath
  readonly source: number
  readonly blob: string
  readonly language: string
  readonly bytes: number
  readonly symbols: number
  /** As in the table `summary`. */
  readonly sourceHash: string
  /** How many files import it. */
  readonly importers: number
  /** How much the newest commits changed it, from 0. */
  readonly churn: number
  /** How many of the newest requests changed it or had to fetch it. */
  readonly needed: number
  /** 'stale': a model summarised an earlier state. 'rejected': the model's answer on this state was. */
  readonly state: 'fresh' | 'rejected' | 'stale' | 'none'
}

/** One content to summarise. */
export interface PlannedFile extends PlanFile {
  /** Every path with this content. */
  readonly paths: readonly RepoPath[]
  readonly value: number
  readonly inputTokens: number
  readonly outputTokens: number
}

/** Approximate tokens of instructions and schema, by kind. */
export const PROMPT_TOKENS = { file: 740, module: 480, repository: 480 } as const
const BYTES_PER_TOKEN = 4 // 4.25 in TypeScript, less in others
const READ_TOKENS = 60 // a file's summary in a pack
const STALE = 0.6 // value of an update against a first summary: most of the old note is still right

/**
 * Which files to summarise, best first, each content once: by (probability that a coming request needs it) x (tokens that the summary
 * saves a reader) x (staleness), divided by the tokens of the call. The probability comes from how often the newest commits changed the
 * file, how many files import it, and how many requests needed it. Fresh, rejected and almost empty files are left out. Pure; O(n log n).
 */
export function planPass(files: readonly PlanFile[]): PlannedFile[] {
  const mostChurn = files.reduce((most, { churn }) => Math.max(most, churn), 1e-9)
  const mostImporters = files.reduce((most, { importers }) => Math.max(most, importers), 1)
  const byHash = new Map<string, PlannedFile & { readonly paths: RepoPath[] }>()
  for (const file of files) {
    if (file.state === 'fresh' || file.state === 'rejected' || (file.symbols === 0 && file.bytes < 100)) continue
    const tokens = file.bytes / BYTES_PER_TOKEN
    const shown = Math.min(tokens, FILE_TOKENS)
    const chance =
      1 -
      (1 - 0.8 * (file.churn / mostChurn)) *
        (1 - 0.5 * (Math.log1p(file.importers) / Math.log1p(mostImporters))) *
        (1 - 0.6 * (file.needed / (file.needed + 2))) *
        0.95
    const inputTokens = Math.round(PROMPT_TOKENS.file + shown)
    const outputTokens = Math.round(USUAL_OUTPUT * (0.4 + 0.6 * Math.min(1, file.symbols / 15)))
    const saved = Math.max(1, shown - READ_TOKENS) * (file.state === 'stale' ? STALE : 1)
    const value = (chance * saved) / (inputTokens + outputTokens)
    const same = byHash.get(file.sourceHash)
    byHash.set(file.sourceHash, {
      ...(same ?? file),
      paths: same?.paths ?? [],
      value: (same?.value ?? 0) + value, // one call serves them all
      inputTokens,
      outputTokens,
    })
    byHash.get(file.sourceHash)!.paths.push(file.path)
  }
  return [...byHash.values()].sort((a, b) => b.value - a.value || (a.path < b.path ? -1 : 1))
}

const NEWEST = 300 // commits, and requests
const HALF_LIFE = 60 // commits

/**
 * The source files of a working tree, without tests, docs, configuration and generated files. model: whose summaries count as fresh.
 */
export function readPlanFiles(store: Store, worktree: number, model: string): PlanFile[] {
  const churn = new Map<RepoPath, number>()
  // a sweeping change carries no information about one file
  const commits = store.history.newest(worktree, NEWEST).filter(({ width }) => width <= 50)
  const paths = store.history.pathsOf(worktree, commits)
  for (const { id, width, position } of commits) {
    const weight = 2 ** (-position / HALF_LIFE) / Math.sqrt(width)
    for (const path of paths.get(id)!) churn.set(path, (churn.get(path) ?? 0) + weight)
  }
  const importers = store.facts.importerCounts(worktree)
  const requests = store.ledger.implemented(NEWEST)
  const needed = countEach(requests.flatMap((request) => [...new Set([...request.changed, ...fetchedBy(request)])]))
  const { promptVersion } = SUMMARY_KINDS.file
  return store.facts
    .readableFiles(worktree)
    .filter(({ path }) => isSource(path))
    .map(({ id, path, source, blob, language, bytes, symbols }) => {
      const sourceHash = fileSourceHash(blob, language)
      const key = { kind: 'file', sourceHash, promptVersion, model }
      const stateOf = () => {
        if (store.summaries.find(key)) return 'fresh'
        if (store.summaries.isRejected(key)) return 'rejected'
        const newest = store.summaries.pointer(path, 'file')
        return newest && newest.model !== NO_MODEL ? 'stale' : 'none'
      }
      return {
        path,
        source,
        blob,
        language,
        bytes,
        symbols,
        sourceHash,
        importers: importers.get(id) ?? 0,
        churn: churn.get(path) ?? 0,
        needed: needed.get(path) ?? 0,
        state: stateOf(),
      }
    })
}
