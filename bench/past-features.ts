import './bare-clones.ts'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DEFAULTS } from '../src/config/defaults.ts'
import { mineFeatures } from '../src/history/mine-features.ts'
import { openPastFacts } from '../src/indexing/past-facts.ts'
import type { WorkingTree } from '../src/retrieve/signal.ts'
import { cloneOf, type PastTask, readTasks } from './past-tasks.ts'

/**
 * Calls `visit` with each task and the facts at the commit before it, which include only the history of its ancestors.
 *
 * reposFolder: has a clone of each repository, which is not changed. cache: a folder for the facts of past commits, so a second run
 * parses nothing. Tasks of one repository are visited in the given order, best by time.
 */
export async function visitPast(
  tasks: readonly PastTask[],
  reposFolder: string,
  cache: string,
  visit: (task: PastTask, state: WorkingTree) => void | Promise<void>,
): Promise<void> {
  for (const repo of new Set(tasks.map((task) => task.repo))) {
    const own = tasks.filter((task) => task.repo === repo)
    const past = openPastFacts(cloneOf(reposFolder, repo), join(cache, `${repo.replace('/', '+')}.db`), DEFAULTS)
    try {
      await past.prepare(own.map((task) => task.base_commit))
      for (const task of own) {
        await visit(task, { store: past.store, worktree: await past.at(task.base_commit) })
        process.stderr.write('.')
      }
    } finally {
      past.close()
    }
  }
  process.stderr.write('\n')
}

/** Lines `owner/name<TAB>commit`. */
export function readFeatureList(file: string): { repo: string; commit: string }[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line && !line.startsWith('#'))
    .map((line) => line.split('\t') as [string, string])
    .map(([repo, commit]) => ({ repo, commit }))
}

/**
 * The tasks in a file: a feature list (.tsv), whose commits are read by repository and time, or JSON lines as in past-tasks.ts.
 * reposFolder: has a clone of each repository.
 */
export async function tasksOf(file: string, reposFolder: string): Promise<PastTask[]> {
  if (!file.endsWith('.tsv')) return readTasks(file)
  const tasks: PastTask[] = []
  const list = readFeatureList(file)
  for (const repo of new Set(list.map((one) => one.repo))) {
    const wanted = new Set(list.filter((one) => one.repo === repo).map((one) => one.commit))
    const { features } = await mineFeatures(cloneOf(reposFolder, repo), 'HEAD')
    for (const feature of features.toReversed().filter(({ commit }) => wanted.has(commit)))
      tasks.push({
        task_id: `${repo.split('/')[1]}-${feature.commit.slice(0, 7)}`,
        repo,
        base_commit: feature.base,
        title: feature.title,
        body: feature.body,
        modified_files: feature.modified,
        modified_source_files: feature.modifiedSource,
      })
  }
  return tasks
}
