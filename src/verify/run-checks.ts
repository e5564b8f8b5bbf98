import type { CheckResult } from '../types.ts'
import { checkEnvironment } from './check-environment.ts'
import { type CommandEnd, runCommand } from './run-command.ts'

export interface Check {
  readonly name: string
  /** For the system's shell. */
  readonly command: string
  /** Default: 300,000. */
  readonly timeoutMs?: number
}

export interface CheckOptions {
  readonly signal?: AbortSignal
  /** Added to the environment of this process; secrets are taken out of both. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Characters of output kept: the first fifth and the last four. Default: 10,000. */
  readonly outputLimit?: number
}

const TIMEOUT_MS = 300_000
const OUTPUT_LIMIT = 10_000

/**
 * Runs the configured checks in `root`, one after the other, and returns one result each. Never throws for what a command does.
 *
 * After the first failure the rest is skipped. A command that takes longer than its time, or is running when the signal
 * aborts, is ended with all processes it has started. Standard input is empty; output is in the order it was written,
 * without terminal codes. Memory does not grow with the output.
 */
export async function runChecks(
  root: string,
  checks: readonly Check[],
  options: CheckOptions = {},
): Promise<CheckResult[]> {
  const env = checkEnvironment({ ...process.env, ...options.env })
  const results: CheckResult[] = []
  for (const { name, command, timeoutMs = TIMEOUT_MS } of checks) {
    const reason = reasonToSkip(results, options.signal)
    if (reason) {
      results.push({ check: name, status: 'skipped', output: reason, ms: 0 })
      continue
    }
    const outputLimit = options.outputLimit ?? OUTPUT_LIMIT
    const end = await runCommand(command, { cwd: root, env, timeoutMs, outputLimit, signal: options.signal })
    const passed = end.exitCode === 0 && end.stopped === null
    const output = [end.output, ...(passed ? [] : [howItEnded(end, timeoutMs)])].filter(Boolean).join('\n')
    const status = passed ? 'passed' : end.stopped === 'abort' ? 'interrupted' : 'failed'
    results.push({ check: name, status, output, ms: end.ms })
  }
  return results
}

function reasonToSkip(results: readonly CheckResult[], signal: AbortSignal | undefined): string | null {
  if (signal?.aborted) return 'not run: interrupted'
  if (results.some((one) => one.status === 'failed')) return 'not run: an earlier check failed'
  return null
}

function howItEnded({ stopped, exitCode, endedBy }: CommandEnd, timeoutMs: number): string {
  if (stopped === 'timeout') return `no result after ${timeoutMs / 1000} s: stopped`
  if (stopped === 'abort') return 'interrupted: stopped'
  return exitCode === null ? `ended by ${endedBy}` : `exit code ${exitCode}`
}
