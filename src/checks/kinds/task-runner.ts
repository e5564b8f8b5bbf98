import type { CheckCommand, CheckKind } from '../check-kind.ts'
import { type Project, sectionOf } from '../project.ts'

const SCRIPTS = [
  'script/test',
  'scripts/test',
  'bin/test',
  'scripts/test.sh',
  'run-tests.sh',
  'run_tests.sh',
  'test.sh',
]
const NAMES = ['test', 'tests', 'check', 'unit', 'test-unit', 'unit-test']

/** Targets of make, just, task and mise, or a script, in any language, that the project's authors named as the test. */
export const taskRunner: CheckKind = {
  id: 'task-runner',
  find(project) {
    const found = [makeWay, justWay, taskWay, miseWay, scriptWay].flatMap((way) => way(project))
    return found.length > 0 ? { checks: [found], also: found.map((way) => [way]) } : null
  },
}

function makeWay(project: Project): readonly CheckCommand[] {
  const file = ['GNUmakefile', 'makefile', 'Makefile'].find(project.has)
  if (!file) return []
  const targets = [
    ...outsideDefines(project.text(file) ?? '').matchAll(/^([\w. -]{1,500}?)[ \t]{0,20}::?(?!=)(?=\s|$)/gm),
  ].flatMap(([, names]) => names!.split(/\s+/))
  return wayOf(targets, 'make', file)
}

/** Without the lines from `define` to `endef`: they are the value of a variable. */
function outsideDefines(makefile: string): string {
  let depth = 0
  const lines = makefile.split('\n').filter((line) => {
    if (/^ *(?:(?:override|export|private) +)*define[ \t]+[^\s:=]/.test(line)) depth++
    const isOutside = depth === 0
    if (/^ *endef\b/.test(line)) depth = Math.max(0, depth - 1)
    return isOutside
  })
  return lines.join('\n')
}

function justWay(project: Project): readonly CheckCommand[] {
  const file = project.find(/^\.?justfile$/i)
  if (!file) return []
  // a parameter without a default and without a star is required
  const recipes = [...(project.text(file) ?? '').matchAll(/^@?([\w-]+)((?:[ \t]+[^\s:]+)*)[ \t]*:(?!=)/gm)]
  const free = recipes.filter(([, , parameters]) =>
    parameters!
      .trim()
      .split(/\s+/)
      .every((one) => one === '' || /=|^\*/.test(one)),
  )
  return wayOf(
    free.map(([, name]) => name!),
    'just',
    file,
  )
}

function taskWay(project: Project): readonly CheckCommand[] {
  const file = project.find(/^[Tt]askfile(\.dist)?\.ya?ml$/)
  return file ? wayOf(tasksIn(project.text(file) ?? ''), 'task', file) : []
}

/**
 * The names below 'tasks:', by their indentation. A YAML parser takes hours for some megabytes that a repository may bring, and nothing can
 * interrupt it.
 */
function tasksIn(text: string): readonly string[] {
  const lines = text.split('\n')
  const start = lines.findIndex((line) => /^tasks:[ \t\r]*(#|$)/.test(line))
  const names: string[] = []
  let least: number | undefined
  for (const line of start < 0 ? [] : lines.slice(start + 1)) {
    if (/^[^\s#]/.test(line)) break
    const [, indent, name] = /^( +)["']?([\w-]+)["']?:/.exec(line) ?? []
    if (indent === undefined) continue
    least ??= indent.length
    if (indent.length === least) names.push(name!)
  }
  return names
}

function miseWay(project: Project): readonly CheckCommand[] {
  const file = ['mise.toml', '.mise.toml'].find(project.has)
  return file ? wayOf(Object.keys(sectionOf(project.toml(file), 'tasks')), 'mise run', file) : []
}

function scriptWay(project: Project): readonly CheckCommand[] {
  const file = SCRIPTS.find(project.has)
  return file ? [{ command: `./${file}`, from: file }] : []
}

function wayOf(targets: readonly string[], program: string, from: string): readonly CheckCommand[] {
  const name = NAMES.find((one) => targets.includes(one))
  return name ? [{ command: `${program} ${name}`, from }] : []
}
