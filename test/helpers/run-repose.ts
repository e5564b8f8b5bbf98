import { runInProcess } from './run-in-process.ts'
import { type Run, type RunOptions, startRepose } from './start-repose.ts'

export type { Run, RunOptions } from './start-repose.ts'

/** EACH_A_PROCESS=1: every run is a process of its own. */
const IS_EACH_A_PROCESS = process.env.EACH_A_PROCESS === '1'

/**
 * Runs the built program as a user would, without the settings of whoever runs the tests: within this process, since starting one takes
 * longer than most commands. `during` and an open standard input need a process. Where the test is about processes, use startRepose().
 */
export function runRepose(args: readonly string[], options: RunOptions): Promise<Run> {
  const { input, during, ...others } = options
  if (IS_EACH_A_PROCESS || during !== undefined || input === null) return startRepose(args, options)
  return runInProcess(args, { ...others, input })
}
