import { NO_USAGE } from '../../src/llm/meter.ts'
import { costUsd } from '../../src/llm/prices.ts'
import { folderTree } from '../../src/summary/folder-tree.ts'
import { NO_MODEL } from '../../src/summary/from-facts.ts'
import type { SleepOptions } from './agent.ts'
import { planFolders } from './folder-plan.ts'
import { planPass, readPlanFiles } from './plan.ts'
import { projectForModel } from './project.ts'
import type { SleepEstimate, SleepReport } from './sleep-report.ts'

/** What a pass would write and cost, best first, whatever the budget. Sends nothing and writes nothing. */
export async function estimatePass({ repo, store, worktree, llm, price = null }: SleepOptions): Promise<SleepReport> {
  const model = llm?.model ?? NO_MODEL
  const notes: string[] = []
  const files = readPlanFiles(store, worktree, model)
  const planned = planPass(files)
  const folders = folderTree(files.map(({ path }) => path))
  const project = await projectForModel(repo.root, store, worktree, (line) => notes.push(line))
  const subjects = [
    ...planned.map(({ path, inputTokens, outputTokens }) => ({
      subject: path,
      kind: 'file',
      inputTokens,
      outputTokens,
    })),
    ...planFolders(store, model, folders, files, planned, project),
  ].map((one) => (llm ? one : { ...one, inputTokens: 0, outputTokens: 0 }))
  const tokens = totals(subjects)
  const usd = llm ? costUsd({ ...tokens, cachedTokens: 0 }, price) : 0
  const estimate: SleepEstimate = { subjects, ...tokens, usd }
  const reused = files.filter((file) => file.state === 'fresh').length
  return {
    pass: null,
    model,
    stop: 'done',
    reason: null,
    written: 0,
    reused,
    rejected: 0,
    notes,
    usage: NO_USAGE,
    estimate,
  }
}

function totals(subjects: readonly { inputTokens: number; outputTokens: number }[]): {
  inputTokens: number
  outputTokens: number
} {
  return {
    inputTokens: subjects.reduce((sum, one) => sum + one.inputTokens, 0),
    outputTokens: subjects.reduce((sum, one) => sum + one.outputTokens, 0),
  }
}
