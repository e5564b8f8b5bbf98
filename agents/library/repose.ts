import { UserError } from '../../src/errors.ts'
import { believedLlm } from '../../src/llm/believed-llm.ts'
import { configuredLlm, noModel, type Phase } from '../../src/llm/configured-llm.ts'
import { priceOf } from '../../src/llm/prices.ts'
import { readRequest } from '../../src/request/read-request.ts'
import { asUserError } from '../../src/store/db-errors.ts'
import type { Store } from '../../src/store/open-store.ts'
import type { Llm } from '../../src/types.ts'
import { capsOf, limitsOfPass, nightOf } from '../night/night-settings.ts'
import { type ChangesWith, changesWith } from '../served/changes-with.ts'
import { type ContextPack, contextAsJson } from '../served/context-json.ts'
import { type ExplainedAbout, explainAbout } from '../served/explain-about.ts'
import { type FoundText, findText } from '../served/find-text.ts'
import { givenText } from '../served/limits.ts'
import { preparedPack } from '../served/prepared-pack.ts'
import type { ServedIndex } from '../served/served-index.ts'
import type { Fresh, ServedRepo } from '../served/served-repo.ts'
import { runSleepPass } from '../sleep/agent.ts'
import type { SleepReport } from '../sleep/sleep-report.ts'
import { implement } from './implement.ts'
import type {
  AskOptions,
  CallOptions,
  CheckOptions,
  FindOptions,
  ImplementOptions,
  ImplementProgress,
  ImplementResult,
  PackOptions,
  PassOptions,
  PassProgress,
  ReadingProgress,
  ReadOptions,
  Refreshed,
} from './options.ts'
import { type Running, running } from './running.ts'

/** The repository was closed, and is used again. */
export class ClosedError extends UserError {
  constructor(root: string) {
    super(`the repository ${root} is closed`, 'open it again with openRepose()')
  }
}

/**
 * A repository, open until close(). Every answer is made from files as they are at the call: what has changed is read first. While sleep() or
 * implement() runs on the same database, answers are made from the facts as they were when it began. Failures that a user can act on are
 * UserErrors; nothing is printed, and no process is ended.
 */
export class Repose {
  /** The top folder of the working tree. */
  readonly root: string
  readonly #served: ServedRepo
  readonly #llm: Llm | undefined
  #isClosed = false

  constructor(served: ServedRepo, llm: Llm | undefined) {
    this.root = served.root
    this.#served = served
    this.#llm = llm && believedLlm(llm)
  }

  /** Brings the facts up to date, as `repose index` does. Waits until sleep() and implement() have ended. */
  refresh({ signal }: CallOptions = {}): Running<ReadingProgress, Refreshed> {
    return running((tell) =>
      this.#guarded(async () => {
        for (;;) {
          await this.#served.idle()
          const { report } = await this.#fresh(signal, tell)
          if (report) return report
          if (!this.#served.isWorking)
            throw new UserError('another process is writing the database', 'try again when it has finished')
        }
      }),
    )
  }

  /** The pack for a request: the same as `repose context --json`. */
  pack(request: string, { budgetTokens, ...options }: PackOptions = {}): Promise<ContextPack> {
    return this.#answer(options, async (index) => {
      const text = givenText(request, 'request')
      const budget = budgetTokens ?? index.packTokens
      const made = await preparedPack(readRequest(text), index, { budgetTokens: budget })
      return contextAsJson(text, index.repo.head, budget, made)
    })
  }

  /** Definitions, files and lines of a name or a text: the same as `repose find --json`. */
  find(text: string, { in: within, ...options }: FindOptions = {}): Promise<Omit<FoundText, 'isNothing'>> {
    return this.#answer(options, async (index) => {
      const { isNothing: _, ...found } = await findText(text, within, index)
      return found
    })
  }

  /** What is known of a file, a folder, a definition or a question: the same as `repose ask --json`. */
  ask(about: string, { useModel = false, ...options }: AskOptions = {}): Promise<ExplainedAbout> {
    return this.#answer(options, async (index, { config }) =>
      explainAbout(about, index, useModel ? (this.#llm ?? (await configuredLlm(config, 'awake'))) : null),
    )
  }

  /** What a change of these files lacks: the same as `repose check --json --files`. */
  check(paths: readonly string[], { request, ...options }: CheckOptions = {}): Promise<ChangesWith> {
    return this.#answer(options, (index) => changesWith(paths, request, index))
  }

  /** One pass, as `repose sleep` makes it. Its end is a value. */
  sleep(options: PassOptions = {}): Running<PassProgress, SleepReport> {
    return running((tell) =>
      this.#work(options, tell, async ({ repo, config, worktree }, store, signal) => {
        const llm = this.#llm ?? (await configuredLlm(config, 'sleep'))
        const now = Date.now()
        const { settings } = nightOf(config, repo, store, llm, now)
        const { budgetTokens = config.sleep.budgetTokens, maxUsd = config.sleep.maxUsd, dryRun = false } = options
        return runSleepPass({
          ...{ repo, store, worktree, llm, signal, dryRun },
          price: llm ? priceOf(llm.model, config.prices, config.baseUrl) : null,
          ...limitsOfPass({ tokens: budgetTokens, usd: maxUsd }, capsOf(config, store, llm, now)),
          reservesDraft: config.backlog.draft,
          backlog: settings ?? undefined,
          onBacklog: (text) => tell({ step: 'backlog', text }),
          concurrency: options.concurrency ?? config.sleep.concurrency,
          onProgress: (progress) => tell({ step: 'summaries', ...progress }),
        })
      }),
    )
  }

  /** Implements a request in a worktree of its own, as `repose implement` does. Changes your files only with `apply`. Its end is a value. */
  implement(request: string, options: ImplementOptions = {}): Running<ImplementProgress, ImplementResult> {
    return running((tell) =>
      this.#work(options, tell, async ({ repo, config, worktree }, store, signal) => {
        const text = givenText(request, 'request')
        const llm = await this.#model(config, 'awake')
        return implement(text, options, { repo, store, worktree, config, llm, signal }, (said) =>
          tell({ step: 'agent', text: said }),
        )
      }),
    )
  }

  /** Waits until everything has ended, and closes the database. Calls after it throw a ClosedError. */
  async close(): Promise<void> {
    this.#isClosed = true
    await this.#served.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async #model(config: Fresh['config'], phase: Phase): Promise<Llm> {
    const llm = this.#llm ?? (await configuredLlm(config, phase))
    if (!llm) throw noModel(config)
    return llm
  }

  #answer<T>({ signal, onProgress }: ReadOptions, work: (index: ServedIndex, fresh: Fresh) => Promise<T>): Promise<T> {
    return this.#guarded(async () => {
      const on = onProgress && ((done: number, total: number) => onProgress({ step: 'reading', done, total }))
      const { result } = await this.#served.answer(work, signal ?? NEVER, { onProgress: on })
      return result
    })
  }

  /** Long work, with a connection of its own and facts that were just brought up to date. */
  #work<T>(
    { signal = NEVER, budgetTokens, maxUsd }: CallOptions & Pick<PassOptions, 'budgetTokens' | 'maxUsd'>,
    tell: (progress: ReadingProgress) => void,
    work: (fresh: Fresh, store: Store, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const on = (done: number, total: number) => tell({ step: 'reading', done, total })
    return this.#guarded(async () => {
      requireNumbers({ budgetTokens, maxUsd })
      return this.#served.work((fresh, store) => work(fresh, store, signal), signal, on)
    })
  }

  #fresh(signal: AbortSignal = NEVER, tell?: (progress: ReadingProgress) => void): Promise<Fresh> {
    return this.#served.fresh(signal, (done, total) => tell?.({ step: 'reading', done, total }))
  }

  /** Errors of SQLite become such that a user can act on. */
  async #guarded<T>(work: () => Promise<T>): Promise<T> {
    if (this.#isClosed) throw new ClosedError(this.root)
    try {
      return await work()
    } catch (error) {
      throw asUserError(error, null)
    }
  }
}

const NEVER = new AbortController().signal

/** A limit that is no number would hold nothing: every comparison with NaN fails. */
function requireNumbers(limits: Readonly<Record<string, number | undefined>>): void {
  for (const [name, limit] of Object.entries(limits))
    if (limit !== undefined && !(typeof limit === 'number' && limit >= 0))
      throw new UserError(`${name} is no number from 0 up`, 'give a number, or leave it out')
}
