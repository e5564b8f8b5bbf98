import { parseJson } from '../text/parse-json.ts'
import type { RepoPath } from '../types.ts'

/** Facts from a project's manifest and README. */
export interface ProjectFacts {
  readonly name: string
  readonly description: string
  /** Start of the README, without badges and HTML; null: there is none. */
  readonly readme: string | null
  /** Commands that the manifest defines, as a line each: 'npm run test: vitest run'. */
  readonly commands: readonly string[]
}

const README = /^readme(\.(md|markdown|mdx|rst|txt|adoc))?$/i
const COMMANDS = ['build', 'test', 'check', 'lint', 'typecheck', 'format', 'dev']

/**
 * Reads package.json, pyproject.toml, Cargo.toml, composer.json, go.mod and the README of the root folder.
 *
 * names: the files there. read: text of one of them; null: it cannot be read. A broken manifest gives no facts.
 */
export function projectFacts(names: readonly RepoPath[], read: (path: RepoPath) => string | null): ProjectFacts {
  const text = (name: string) => (names.includes(name) ? (read(name) ?? '') : '')
  const npm = json(text('package.json'))
  const composer = json(text('composer.json'))
  const python = text('pyproject.toml')
  const manifests = [
    npm,
    tomlProject(python, 'project'),
    tomlProject(python, 'tool.poetry'),
    tomlProject(text('Cargo.toml'), 'package'),
    composer,
  ]
  const first = (key: string) =>
    manifests.map((one) => one[key]).find((value): value is string => typeof value === 'string' && value !== '') ?? ''
  const scripts = npm.scripts && typeof npm.scripts === 'object' ? (npm.scripts as Record<string, unknown>) : {}
  const readme = names.find((name) => README.test(name))
  return {
    name: first('name') || (/^module\s+(\S+)/m.exec(text('go.mod'))?.[1] ?? ''),
    description: oneLine(first('description')),
    readme: readme === undefined ? null : plainReadme(read(readme) ?? ''),
    commands: COMMANDS.flatMap((name) =>
      typeof scripts[name] === 'string' ? [`npm run ${name}: ${oneLine(scripts[name])}`] : [],
    ),
  }
}

// Lines that hold only a link definition, a directive of reStructuredText, a rule, or a mark of GitHub's notes.
const NO_PROSE = /^(\[[^\]]+\]:.*|\.\. \S.*|[=~^*_-]{3,}|(>\s*)?\[!\w+\])$/
const MOST_README = 30_000 // characters: the description stands at the top

/** A README's prose: no badges, pictures, HTML, comments, link definitions or rules; headings and paragraphs stay. */
function plainReadme(whole: string): string {
  return whole
    .slice(0, MOST_README)
    .replace(/^---\n[\s\S]*?\n---\n/, '')
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/\[?!\[[^[\]]*\]\([^)]{0,999}\)(\]\([^)]{0,999}\))?/g, '')
    .replace(/<\/?[a-z][^<>]*>/gi, '')
    .replace(/\[([^[\]]+)\]\([^)]{0,999}\)/g, '$1')
    .split('\n')
    .map((line) => (NO_PROSE.test(line.trim()) ? '' : line.trimEnd()))
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}

function json(text: string): Record<string, unknown> {
  try {
    const value = parseJson(text)
    return value && typeof value === 'object' ? (value as Record<string, unknown>) : {}
  } catch {
    return {} // absent or broken: no facts
  }
}

/** Texts of name and description in one table of a TOML file. */
function tomlProject(text: string, table: string): Record<string, unknown> {
  const lines = text.split(/\r?\n/)
  const start = lines.findIndex((line) => line.trim() === `[${table}]`)
  if (start < 0) return {}
  const rest = lines.slice(start + 1)
  const end = rest.findIndex((line) => /^\s*\[/.test(line))
  const own = (end < 0 ? rest : rest.slice(0, end)).join('\n')
  const value = (key: string) => new RegExp(`^[ \\t]*${key}[ \\t]*=[ \\t]*(?:"([^"\\n]*)"|'([^'\\n]*)')`, 'm').exec(own)
  return Object.fromEntries(['name', 'description'].map((key) => [key, value(key)?.[1] ?? value(key)?.[2]]))
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}
