import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { takenKeys } from '../config/keys.ts'
import { removeTree } from '../files/remove-tree.ts'
import { CHECK_PREFIX, folderForUncaged, temporaryFolder, tidyCache } from '../files/temporary-folder.ts'
import type { Secret } from '../secrets/secret.ts'
import type { CheckResult } from '../types.ts'
import type { Cage } from './cage/cage.ts'
import { checkEnvironment, withLibraries } from './check-environment.ts'
import { type CommandEnd, inShell, runCommand, StillAlive } from './run-command.ts'

export interface Check {
  readonly name: string
  /** For the system's shell. */
  readonly command: string
  /** Default: 300,000. */
  readonly timeoutMs?: number
}

export interface CheckOptions {
  readonly signal?: AbortSignal
  /** The cage they run in. Without one, they have this process's rights. */
  readonly cage?: Cage | null
  /** Names of further environment variables that they get. */
  readonly env?: readonly string[]
  /** Characters of output kept: one fifth from the start and the rest from the end. Default: 10,000. */
  readonly outputLimit?: number
  /** Finds the secrets in an output. Default: those that a rule finds. */
  readonly secretsIn?: (text: string) => Promise<readonly Secret[]>
}

const TIMEOUT_MS = 300_000
const OUTPUT_LIMIT = 10_000

/**
 * Runs the configured checks in `root` one after the other and returns one result each. Never throws for what a command does, except
 * StillAlive if its processes cannot be ended: then `root` must be left as it is.
 *
 * After the first failure the rest is skipped. A command that exceeds its time limit, or runs when the signal aborts, is ended with all
 * processes it started. Standard input is empty. Output is in the order of writing, without terminal codes and secrets, and takes bounded
 * memory. Each check has an empty temporary folder.
 */
export async function runChecks(
  root: string,
  checks: readonly Check[],
  options: CheckOptions = {},
): Promise<CheckResult[]> {
  const results: CheckResult[] = []
  for (const { name, command, timeoutMs = TIMEOUT_MS } of checks) {
    const reason = reasonToSkip(results, options.signal)
    if (reason) {
      results.push({ check: name, status: 'skipped', output: reason, ms: 0 })
      continue
    }
    const end = await run(root, command, timeoutMs, options)
    const passed = end.exitCode === 0 && end.stopped === null
    const output = [end.output, ...(passed ? [] : [howItEnded(end, timeoutMs)])].filter(Boolean).join('\n')
    const status = passed ? 'passed' : end.stopped === 'abort' ? 'interrupted' : 'failed'
    results.push({ check: name, status, output, ms: end.ms, caged: Boolean(options.cage) })
  }
  return results
}

async function run(root: string, command: string, timeoutMs: number, options: CheckOptions): Promise<CommandEnd> {
  const { cage, signal, outputLimit = OUTPUT_LIMIT, secretsIn } = options
  const place = cage ? temporaryFolder : folderForUncaged
  const make = () => mkdtemp(join(place(), CHECK_PREFIX))
  const temporary = cage?.hasTemporary ? null : await make().catch(make) // another run may just have removed the empty folder
  let isInUse = false
  try {
    const base = { ...process.env, ...takenKeys() }
    const own = checkEnvironment(base, options.env)
    const env = { ...own, ...cage?.env, ...(temporary ? { TMPDIR: temporary, TEMP: temporary, TMP: temporary } : {}) }
    const whole = withLibraries(command, base, options.env)
    const wrapped = cage?.wrap(whole, temporary) ?? inShell(whole)
    return await runCommand(wrapped, { cwd: root, env, timeoutMs, outputLimit, signal, secretsIn })
  } catch (error) {
    isInUse = error instanceof StillAlive
    throw error
  } finally {
    if (temporary && !isInUse) await removeTree(temporary).catch(() => {}) // no program needs its content any more
    tidyCache()
  }
}

function reasonToSkip(results: readonly CheckResult[], signal: AbortSignal | undefined): string | null {
  if (signal?.aborted) return 'not run: interrupted'
  if (results.some((one) => one.status === 'failed')) return 'not run: an earlier check failed'
  return null
}

function howItEnded({ stopped, excess, exitCode, endedBy }: CommandEnd, timeoutMs: number): string {
  if (stopped === 'timeout') return `no result after ${timeoutMs / 1000} s: stopped`
  if (stopped === 'abort') return 'interrupted: stopped'
  if (stopped === 'limit') return `${excess}: stopped`
  return exitCode === null ? `ended by ${endedBy}` : `exit code ${exitCode}`
}
