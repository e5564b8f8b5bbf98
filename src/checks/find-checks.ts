import { existsSync } from 'node:fs'
import { join, posix } from 'node:path'
import type { RepoPath } from '../types.ts'
import type { CheckCommand, CheckWays } from './check-kind.ts'
import { isInstalled } from './find-program.ts'
import { CHECK_KINDS } from './kinds/index.ts'
import { taskRunner } from './kinds/task-runner.ts'
import { openProject } from './project.ts'

export interface FoundChecks {
  /** Checks that the project has and that can run here, in running order. */
  readonly checks: readonly FoundCheck[]
  /** Checks that the project has but whose program is not installed. */
  readonly missing: readonly MissingCheck[]
  /** Other commands that check something and can run here. */
  readonly also: readonly string[]
}

export interface FoundCheck {
  readonly command: string
  /** Where it was found: 'package.json, scripts.test'. */
  readonly from: string
}

/** why: 'just is not installed here'. */
type MissingCheck = FoundCheck & { readonly program: string; readonly why: string }

const MOST_FOLDERS = 3
const MOST_SEARCHED = 30 // folders
const MOST_ALSO = 5

/**
 * Finds the checks of a repository in its own files: for each kind of project in the top folder, one type check and one test command. If no
 * kind has tests, targets of make and similar tools count. If the top folder has no checks, its largest subfolders are searched.
 *
 * paths: every path that git tracks or would track. Reads some small files and runs nothing.
 */
export function findChecks(root: string, paths: readonly RepoPath[], isHere = isInstalled): FoundChecks {
  const top = findIn(root, paths, isHere)
  if (top.checks.length + top.missing.length > 0) return top
  const folders = new Map<string, RepoPath[]>()
  for (const path of paths) {
    const [folder, ...rest] = path.split('/')
    // never write a folder name that a shell would interpret
    if (rest.length === 0 || !/^\w[\w.-]*$/.test(folder!)) continue
    const known = folders.get(folder!)
    if (known) known.push(rest.join('/'))
    else folders.set(folder!, [rest.join('/')])
  }
  const found = [...folders]
    .sort(([, a], [, b]) => b.length - a.length)
    .slice(0, MOST_SEARCHED)
    .map(([folder, within]) => inFolder(folder, findIn(join(root, folder), within, isHere)))
    .filter(({ checks, missing }) => checks.length + missing.length > 0)
    .slice(0, MOST_FOLDERS)
  return {
    checks: found.flatMap(({ checks }) => checks),
    missing: found.flatMap(({ missing }) => missing),
    also: top.also,
  }
}

function findIn(root: string, paths: readonly RepoPath[], isHere: typeof isInstalled): FoundChecks {
  const project = openProject(root, paths)
  const kinds = CHECK_KINDS.map((kind) => kind.find(project)).filter((one) => one !== null)
  const runner = taskRunner.find(project)
  const ways = kinds.flatMap(({ checks }) => checks)
  const chosen = (ways.length > 0 ? ways : (runner?.checks ?? [])).map((one) => choose(one, root, isHere))
  const checks = chosen.flatMap(({ way, program }) => (program === null ? [foundCheck(way)] : []))
  const also = [...kinds.flatMap((kind) => kind.also ?? []), ...(runner?.also ?? [])]
  return {
    checks,
    missing: chosen.flatMap(({ way, program }) =>
      program === null ? [] : [{ ...foundCheck(way), program, why: whyNot(program, root) }],
    ),
    also: [...new Set(also.map((one) => choose(one, root, isHere)).flatMap(commandHere))]
      .filter((command) => !chosen.some(({ way }) => way.command === command))
      .slice(0, MOST_ALSO),
  }
}

/** The first way whose programs are all installed; otherwise the best way, with one missing program. */
function choose(
  ways: CheckWays,
  root: string,
  isHere: typeof isInstalled,
): { way: CheckCommand; program: string | null } {
  const lacking = ({ command, needs = [command.split(' ')[0]!] }: CheckCommand) =>
    needs.find((program) => !isHere(program, root))
  const way = ways.find((one) => lacking(one) === undefined)
  return way ? { way, program: null } : { way: ways[0]!, program: lacking(ways[0]!)! }
}

function commandHere({ way, program }: ReturnType<typeof choose>): string[] {
  return program === null ? [way.command] : []
}

function whyNot(program: string, root: string): string {
  const isThere = /[/\\]/.test(program) && existsSync(join(root, program))
  return isThere ? `${program} is not executable (chmod +x)` : `${program} is not installed here`
}

function foundCheck({ command, from }: CheckCommand): FoundCheck {
  return { command, from }
}

function inFolder(folder: string, found: FoundChecks): FoundChecks {
  const moved = <T extends FoundCheck>(one: T): T => ({
    ...one,
    command: `cd ${folder} && ${one.command}`,
    from: posix.join(folder, one.from),
  })
  return { ...found, checks: found.checks.map(moved), missing: found.missing.map(moved) }
}
