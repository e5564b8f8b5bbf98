import './bare-clones.ts'
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type Config, readConfig } from '../src/config/read-config.ts'
import { openLlm } from '../src/llm/open-llm.ts'
import { openRepo, type Repo } from '../src/repo/open-repo.ts'
import type { Llm } from '../src/types.ts'

/** A past feature of a public repository: the commit before it, the request, and the files it changed. */
export interface PastTask {
  readonly task_id: string
  /** owner/name */
  readonly repo: string
  readonly base_commit: string
  readonly title: string
  readonly body: string
  readonly modified_files: readonly string[]
  readonly modified_source_files: readonly string[]
}

export function readTasks(file: string): PastTask[] {
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as PastTask)
}

/** The clone of owner/name in a folder, as owner+name, owner+name/repo, owner/name or name. */
export function cloneOf(folder: string, repo: string): string {
  const plus = repo.replace('/', '+')
  const places = [plus, join(plus, 'repo'), repo, repo.split('/')[1]!].map((name) => resolve(folder, name))
  const found = places.find((path) => existsSync(join(path, '.git')) || existsSync(join(path, 'HEAD')))
  if (!found) throw new Error(`no clone of ${repo} in ${folder}`)
  return found
}

/** A clone that shares the objects of the first, without a checkout. */
export function cloneTo(from: string, to: string): void {
  git('.', 'clone', '--quiet', '--shared', '--no-checkout', from, to)
}

/** Like git checkout, but continues if the clone lacks a blob (partial and size-limited clones). */
export function checkOut(clone: string, commit: string): void {
  git(clone, 'update-ref', '--no-deref', 'HEAD', commit)
  git(clone, 'read-tree', '--reset', commit)
  git(clone, 'clean', '-fdqx')
  try {
    git(clone, 'checkout-index', '--all', '--force', '--quiet')
  } catch {
    process.stderr.write('(some files cannot be had) ')
  }
}

export function quantile(values: readonly number[], q: number): number {
  return [...values].sort((a, b) => a - b)[Math.floor(q * (values.length - 1))]!
}

function git(folder: string, ...args: string[]): string {
  return execFileSync('git', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
}

/** A clone of a task's repository in `scratch`, checked out at the commit before it, and the model that is configured. Throws without one. */
export async function openTask(
  task: Pick<PastTask, 'task_id' | 'repo' | 'base_commit'>,
  reposFolder: string,
  scratch: string,
): Promise<{ readonly repo: Repo; readonly config: Config; readonly llm: Llm }> {
  const clone = join(scratch, task.task_id)
  cloneTo(cloneOf(reposFolder, task.repo), clone)
  checkOut(clone, task.base_commit)
  const [repo, config] = await Promise.all([openRepo(clone), readConfig(clone)])
  const { model, baseUrl, apiKey } = config
  if (!model) throw new Error('name a model with REPOSE_MODEL, and its endpoint with OPENAI_BASE_URL')
  return { repo, config, llm: openLlm({ model, timeoutMs: 3_600_000, stream: true, baseUrl, apiKey }) }
}
