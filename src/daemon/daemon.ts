import { MOST_MS } from '../processes/deadline.ts'
import { Activity } from './activity.ts'
import { backlogChangedAt } from './backlog-changed.ts'
import { gitOperation, leftBehindLock } from './git-operation.ts'
import { type Decision, decide, type IdleSettings, type Signs } from './idle.ts'
import { Jobs } from './jobs.ts'
import { Keeper } from './keeper.ts'
import { KeptLock, takeWatchLock } from './lock.ts'
import type { Log } from './log.ts'
import { Machine, type MachineOptions } from './machine.ts'
import { refuseOwnOutput } from './own-output.ts'
import { settingsChangedAt } from './settings-changed.ts'
import type { WatchState } from './state.ts'
import { StateWriter } from './state-writer.ts'
import type { TreeOptions } from './watch-tree.ts'
import { clockOf } from './words.ts'
import type { Work } from './work.ts'

export interface DaemonOptions extends MachineOptions {
  /** Top folder of the working tree. */
  readonly root: string
  /** Folder that all working trees of the repository share. */
  readonly commonDir: string
  readonly db: string
  readonly settings: IdleSettings & TreeOptions
  readonly work: Work
  /** Other working trees that this process watches, for `status` and `stop`. */
  readonly alongside?: readonly string[]
  readonly log: Log
  readonly signal: AbortSignal
  /** Called whenever the state may have changed. */
  readonly onState?: (state: WatchState) => void
  /** Milliseconds since 1970. */
  readonly clock?: () => number
  /** Longest time between two looks at what causes no event, such as a folder that is gone. */
  readonly lookAtMostMs?: number
}

/** 'taken': another daemon has the repository; pid is its id. 'gone': the repository was missing for an hour. */
export type DaemonEnd = { readonly end: 'stopped' | 'gone' } | { readonly end: 'taken'; readonly pid: number }

const LOOK_AT_MOST_MS = 10_000
const LOCK_EVERY_MS = 30_000
const GONE_MS = 3_600_000

/**
 * The daemon of one working tree. It watches the tree, decides (idle.ts), lets `work` refresh facts and run passes, and ends a pass at
 * once when the developer is back. Crash-only: it holds nothing that a kill -9 could lose, and restarts from git and the database.
 *
 * Resolves when the signal fires, when another daemon has the repository, or when the repository is gone. Throws UserError for a folder
 * that must not be watched, and for a database that cannot be written at the start or is among the watched files.
 */
export async function watchRepository(options: DaemonOptions): Promise<DaemonEnd> {
  await refuseOwnOutput(options.root, options.db)
  const taken = takeWatchLock(options.db)
  if ('holder' in taken) return { end: 'taken', pid: taken.holder.pid }
  const daemon = new Daemon(options, new KeptLock(options.db, taken.release))
  try {
    return await daemon.run()
  } finally {
    await daemon.close()
  }
}

class Daemon {
  readonly #options: DaemonOptions
  readonly #clock: () => number
  readonly #machine: Machine
  readonly #lock: KeptLock
  readonly #startedAt: number
  readonly #keeper: Keeper
  readonly #jobs: Jobs
  readonly #writer: StateWriter
  #activity = new Activity()
  #watchingSince: number
  #isAfterWaking = false
  #trouble: { readonly text: string; readonly until: number } | null = null
  #failures = 0
  #lockSeenAt: number
  #backlogSeenAt: number
  #settingsSeenAt: string
  #decision: Decision | null = null
  #logged = ''
  #timer: NodeJS.Timeout | undefined
  #lookAt = Infinity
  #end: ((end: DaemonEnd) => void) | null = null

  constructor(options: DaemonOptions, lock: KeptLock) {
    const { work, log, clock = Date.now } = options
    this.#options = options
    this.#lock = lock
    this.#clock = clock
    this.#machine = new Machine(options, log, clock)
    this.#startedAt = clock()
    this.#watchingSince = this.#startedAt
    this.#lockSeenAt = this.#startedAt
    this.#backlogSeenAt = backlogChangedAt(options.db)
    this.#settingsSeenAt = settingsChangedAt()
    this.#keeper = new Keeper({
      ...options,
      onChange: (path) => this.#changed(path),
      onReopened: (problem) => {
        if (problem) this.#fail(problem)
        this.#jobs.dueSince ??= clock()
        this.#lookSoon()
      },
    })
    this.#jobs = new Jobs({
      work,
      log,
      clock,
      onProgress: () => this.#show(),
      onEnd: (problem) => {
        if (problem && this.#keeper.goneSince === null) this.#fail(`facts cannot be refreshed: ${problem}`)
        else if (!problem) this.#failures = 0
        this.#lookSoon()
      },
    })
    this.#writer = new StateWriter(options.db, log, () => (this.#keeper.goneSince === null ? this.#state() : null))
  }

  async run(): Promise<DaemonEnd> {
    const { signal, log, root } = this.#options
    const ended = new Promise<DaemonEnd>((resolve) => {
      this.#end = resolve
    })
    const stop = () => this.#end?.({ end: 'stopped' })
    signal.addEventListener('abort', stop, { once: true })
    if (signal.aborted) stop()
    log.write(`started, pid ${process.pid}: ${root}`)
    await this.#keeper.open()
    this.#look()
    const end = await ended
    signal.removeEventListener('abort', stop)
    return end
  }

  async close(): Promise<void> {
    this.#end = null
    clearTimeout(this.#timer)
    this.#writer.close()
    await Promise.all([this.#keeper.close(), this.#jobs.close()])
    this.#lock.release()
    this.#options.log.write('stopped')
  }

  #changed(path: string): void {
    const at = this.#clock()
    if (!this.#end || !this.#activity.note({ at, path })) return
    this.#isAfterWaking = false
    this.#jobs.dueSince ??= at
    this.#jobs.wake(path || 'a change')
    this.#lookSoon()
  }

  #lookSoon(): void {
    this.#schedule(10)
  }

  /** The earlier time stays: endless events must not delay it. */
  #schedule(ms: number): void {
    const at = performance.now() + ms
    if (!this.#end || at >= this.#lookAt) return
    this.#lookAt = at
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#look(), Math.min(ms, MOST_MS))
  }

  #look(): void {
    this.#lookAt = Infinity
    const now = this.#clock()
    this.#noteClock(now)
    this.#notePlace(now)
    this.#noteLock(now)
    this.#noteBacklog()
    this.#noteSettings(now)
    this.#machine.refreshPower()
    if (!this.#end) return
    const decision = decide(this.#signs(now), now, this.#options.settings)
    this.#decision = decision
    this.#tell(decision, now)
    this.#act(decision)
    this.#jobs.restIfIdle(decision.state, now)
    this.#show()
    const { lookAtMostMs = LOOK_AT_MOST_MS } = this.#options
    this.#schedule(Math.min(lookAtMostMs, Math.max(10, decision.nextLookAt - now)))
  }

  #signs(now: number): Signs {
    const { isRefreshing, isThinking, lastPass, money, dueSince } = this.#jobs
    const budget = money?.budget
    const isOver = !budget || (budget.kind === 'reached' && now >= budget.until)
    return {
      activity: this.#activity.last,
      watchingSince: this.#watchingSince,
      isAfterWaking: this.#isAfterWaking,
      operation: gitOperation(this.#options.root, now),
      load: this.#machine.load,
      power: this.#machine.power,
      factsDueSince: isRefreshing || this.#keeper.isOpening ? null : dueSince,
      // unknown, or of an earlier day: the pass itself checks before it spends
      budget: isOver ? { kind: 'left', tokens: null, usd: null } : budget,
      lastPass,
      isThinking,
      trouble: this.#trouble?.text ?? null,
    }
  }

  #act({ state, grade, reason }: Decision): void {
    if (this.#jobs.isThinking) {
      if (grade === 'none' || grade === 'facts') this.#jobs.wake(reason)
    } else if (this.#jobs.isRefreshing || this.#keeper.isOpening || state === 'stopped') return
    else if (grade === 'facts') void this.#jobs.refresh()
    else if (grade !== 'none') void this.#jobs.think(grade)
  }

  #noteClock(now: number): void {
    const what = this.#machine.whatTheClockDid()
    if (what === 'nothing') return
    const words = what === 'slept' ? 'the machine slept' : 'the clock was set back'
    this.#options.log.write(words)
    this.#watchingSince = now
    this.#isAfterWaking = what === 'slept'
    if (what === 'set back') this.#activity = new Activity()
    this.#jobs.dueSince ??= now
    this.#jobs.wake(words)
  }

  #notePlace(now: number): void {
    const { goneSince } = this.#keeper
    const what = this.#keeper.checkPlace(now)
    if (what === 'same') {
      if (goneSince !== null && now - goneSince > GONE_MS) this.#end?.({ end: 'gone' })
      if (this.#trouble && now >= this.#trouble.until) {
        this.#trouble = null
        if (!this.#keeper.watching) this.#keeper.reopen('the last try failed')
      }
      return
    }
    const text = 'the repository is not there any more: deleted, moved or unmounted'
    this.#trouble = what === 'gone' ? { text, until: Infinity } : null
    this.#jobs.wake(what === 'gone' ? 'the repository is gone' : 'the repository is another one')
    if (what === 'back') this.#watchingSince = now
    this.#options.work.rest() // its database is gone too
    this.#lockSeenAt = -Infinity
  }

  #noteLock(now: number): void {
    if (this.#keeper.goneSince !== null || Math.abs(now - this.#lockSeenAt) < LOCK_EVERY_MS) return
    this.#lockSeenAt = now
    try {
      const lock = this.#lock.check()
      if (lock === 'kept') return
      if (lock !== 'retaken') {
        this.#end?.({ end: 'taken', pid: lock.pid })
        return
      }
      this.#options.log.write('the lock was deleted, with the database perhaps; it is taken again')
      this.#jobs.wake('the database may be another one')
      this.#options.work.rest() // its worker has the deleted one open
      this.#jobs.dueSince ??= now
    } catch (error) {
      this.#fail((error as Error).message)
    }
  }

  #noteBacklog(): void {
    const at = backlogChangedAt(this.#options.db)
    if (at === this.#backlogSeenAt) return
    this.#backlogSeenAt = at
    this.#jobs.noteRequests()
  }

  /** What a pass may spend and run may have changed: the refresh of the facts reads it again, and a pass follows. */
  #noteSettings(now: number): void {
    const at = settingsChangedAt()
    if (at === this.#settingsSeenAt) return
    this.#settingsSeenAt = at
    this.#options.log.write('your configuration or what you trust has changed')
    this.#jobs.dueSince ??= now
    this.#jobs.noteSettings()
  }

  /** Waits a minute, then longer, before the next attempt. */
  #fail(text: string): void {
    const minutes = Math.min(60, 2 ** this.#failures++)
    this.#trouble = { text, until: this.#clock() + minutes * 60_000 }
  }

  #tell({ state, grade, cause, reason }: Decision, now: number): void {
    // editing and git alternate while somebody works: one line for both
    const word = cause === 'git' || cause === 'developer' ? 'at work' : cause
    const key = `${state} ${word} ${grade === 'short' || grade === 'long' ? grade : ''}`
    if (key === this.#logged || grade === 'facts') return
    this.#logged = key
    const { log, root } = this.#options
    log.write(`${grade === 'none' ? state : `${state}, ${grade} pass`}: ${reason}`)
    const lock = leftBehindLock(root, now)
    if (lock !== null) log.write(`git's index.lock has been there since ${clockOf(lock, now)}: was a command killed?`)
  }

  #show(): void {
    const state = this.#state()
    if (!state) return
    this.#options.onState?.(state)
    this.#writer.changed()
  }

  #state(): WatchState | null {
    if (!this.#decision) return null
    return {
      pid: process.pid,
      root: this.#options.root,
      alongside: this.#options.alongside ?? [],
      startedAt: this.#startedAt,
      writtenAt: this.#clock(),
      ...this.#decision,
      watching: this.#keeper.watching,
      heartbeats: this.#activity.heartbeats,
      ...this.#jobs.state,
      memoryMb: Math.round(process.memoryUsage.rss() / 1e6),
    }
  }
}
