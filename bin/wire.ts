import { join } from 'node:path'
import type { Config } from '../src/config/read-config.ts'
import { configuredLlm, halfSet, hasEndpoint, noModel, type Phase } from '../src/llm/configured-llm.ts'
import type { Repo } from '../src/repo/open-repo.ts'
import type { Store } from '../src/store/open-store.ts'
import { printableJson } from '../src/text/printable.ts'
import { traced } from '../src/trace.ts'
import type { Llm } from '../src/types.ts'
import { count, plural, table } from './format.ts'
import type { Output } from './output.ts'
import { paintTable } from './paint/states.ts'
import type { Paint } from './paint/style.ts'
import { Progress } from './progress.ts'

const MANY = 50 // contents; fewer are read before anybody wonders

export interface GlobalFlags {
  readonly repo: string
  readonly json: boolean
  readonly verbose?: boolean
  readonly db?: string
  readonly model?: string
  /** Nothing is to be changed: the store is a temporary copy. */
  readonly isDry?: boolean
}

/** The resources of a command, each opened on first use and kept. Close it when the command ends. */
export class Wire {
  readonly flags: GlobalFlags
  readonly output: Output
  readonly signal: AbortSignal
  #repo: Promise<Repo> | undefined
  #config: Promise<Config> | undefined
  #store: Promise<Store> | undefined

  constructor(flags: GlobalFlags, output: Output, signal: AbortSignal) {
    this.flags = flags
    this.output = output
    this.signal = signal
  }

  repo(): Promise<Repo> {
    this.#repo ??= import('../src/repo/open-repo.ts').then(({ openRepo }) => openRepo(this.flags.repo))
    return this.#repo
  }

  config(): Promise<Config> {
    this.#config ??= Promise.all([this.repo(), import('../src/config/read-config.ts')]).then(
      ([{ root }, { readConfig }]) => readConfig(root, this.flags),
    )
    return this.#config
  }

  async databasePath(): Promise<string> {
    const [{ db }, { root, commonDir }] = await Promise.all([this.config(), this.repo()])
    if (db === undefined) return join(commonDir, 'repose', 'repose.db')
    const { requireNoLink } = await import('../src/files/require-no-link.ts')
    requireNoLink(root, db)
    return db
  }

  /** The path of the database, after a check that it may be opened. Throws what opening it would throw. */
  async soundDatabase(): Promise<string> {
    const [path, { requireSound }] = await Promise.all([this.databasePath(), import('../src/store/sound-database.ts')])
    await requireSound(path, { signal: this.signal })
    return path
  }

  store(): Promise<Store> {
    this.#store ??= this.flags.isDry ? this.#dryStore() : this.#realStore()
    return this.#store
  }

  async #realStore(): Promise<Store> {
    const [path, { openStore }] = await Promise.all([this.soundDatabase(), import('../src/store/open-store.ts')])
    return traced(
      () => `database ${path} opened`,
      async () => openStore(path),
    )
  }

  async #dryStore(): Promise<Store> {
    const [path, { openDryStore }] = await Promise.all([this.databasePath(), import('../src/store/dry-store.ts')])
    return traced(
      () => `database ${path} copied`,
      () => openDryStore(path, this.signal),
    )
  }

  /** Updates the facts: the first step of every command that reads them. Without onProgress, a terminal shows that many files are read. */
  async facts(onProgress?: (done: number, total: number) => void) {
    this.signal.throwIfAborted()
    const progress = this.progress()
    const show = (done: number, total: number) => {
      if (total >= MANY) progress.showOnTerminal(() => `reading ${count(done)} of ${plural(total, 'file')}`)
    }
    const [repo, store, config, { refreshFacts }] = await Promise.all([
      this.repo(),
      this.store(),
      this.config(),
      import('../src/indexing/refresh-facts.ts'),
    ])
    const refresh = { ...config, signal: this.signal, onProgress: onProgress ?? show }
    const report = await traced(
      () => `facts of ${repo.root} brought up to date`,
      () => refreshFacts(repo, store, refresh),
    ).finally(() => progress.end())
    return { repo, store, config, report, worktree: report.worktree }
  }

  /** The configured model. Throws UserError if there is none, with what works without one. */
  async llm(phase: Phase): Promise<Llm> {
    const llm = await this.llmIfAny(phase)
    if (llm) return llm
    throw noModel(await this.config())
  }

  /** The configured model, or null. */
  async llmIfAny(phase: Phase): Promise<Llm | null> {
    return configuredLlm(await this.config(), phase)
  }

  /**
   * For commands that work without a model: reports an incomplete setting. Throws UserError if --model names one that cannot be
   * reached.
   */
  async sayIfHalfSet(phase: Phase): Promise<void> {
    const half = await this.halfSet(phase)
    const config = await this.config()
    if (this.flags.model && !hasEndpoint(config)) throw noModel(config)
    if (half !== null) this.say(`note: ${half}`)
  }

  /** Why no model is asked although one is named, or has an endpoint; null: neither is, or both are. */
  async halfSet(phase: Phase): Promise<string | null> {
    return halfSet(await this.config(), phase)
  }

  /** Reports that there is more history elsewhere, if so. */
  async sayIfShallow(): Promise<void> {
    if ((await this.repo()).shallow !== null)
      this.say('note: this clone is shallow, and history tells much: git fetch --unshallow brings the rest')
  }

  /** A result, for standard output; on a terminal, lines are broken between words, unless isWhole. paint: its colours, if any. */
  print(text: string, paint?: Paint, isWhole?: (line: string) => boolean): void {
    this.output.print(text, paint, isWhole)
  }

  /** A result whose lines must not be broken, however narrow the terminal is. */
  printWhole(text: string, paint?: Paint): void {
    this.output.printWhole(text, paint)
  }

  /** A result that programs read exactly: a diff. On a terminal like printWhole(). */
  printExact(text: string, paint?: Paint): void {
    this.output.printExact(text, paint)
  }

  /** Rows; the first is the head. */
  printTable(rows: readonly (readonly string[])[]): void {
    this.output.printWhole(table(rows, this.output.columns), paintTable)
  }

  printJson(value: unknown): void {
    this.printWhole(printableJson(value, 2))
  }

  /** A remark, for standard error. */
  say(text: string): void {
    this.output.say(text)
  }

  /** What happened and what to do about it, each on its own line: the form of every failure. */
  sayFailure(what: string, fix: string): void {
    this.output.fail(what, fix)
  }

  progress(): Progress {
    if (this.flags.verbose)
      return new Progress(process.stderr, { every: (text) => this.output.trace(`          ${text}`) })
    return new Progress(process.stderr, { isSilent: this.output.isQuiet })
  }

  async close(): Promise<void> {
    const store = await this.#store?.catch(() => undefined)
    store?.close()
  }
}
