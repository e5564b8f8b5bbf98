/**
 * Lists what would be taken for a secret in repositories, for a person to judge, and measures the scan.
 *
 *   node dist/bench/secrets.js REPOSITORY... [--prompt FILE]
 *
 * Scans every tracked text file of at most 1 MB as for an agent (our table and secretlint). Prints each finding with its place, its
 * kind, its first two characters and its length; then findings by kind and by 1,000 files, and times. --prompt: a text; every 100 kB of
 * it are timed too.
 */
import './bare-clones.ts'
import { execFileSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { table } from '../bin/format.ts'
import { countEach } from '../src/groups.ts'
import { redactSecrets, secretsIn } from '../src/secrets/find-secrets.ts'
import { quantile } from './past-tasks.ts'

const MOST_BYTES = 1_000_000
const PROMPT = 100_000 // characters

const { values, positionals } = parseArgs({ allowPositionals: true, options: { prompt: { type: 'string' } } })
if (positionals.length === 0) {
  console.error('usage: node dist/bench/secrets.js REPOSITORY... [--prompt FILE]')
  process.exit(2)
}

const kinds: string[] = []
const times: number[] = []
let characters = 0
for (const root of positionals.map((path) => resolve(path))) {
  let found = 0
  let files = 0
  for (const path of trackedFiles(root)) {
    const text = readText(join(root, path))
    if (text === null) continue
    files++
    characters += text.length
    const started = performance.now()
    const secrets = await secretsIn(text, path)
    times.push(performance.now() - started)
    for (const { kind, from, to } of secrets) {
      found++
      kinds.push(kind)
      console.log(
        `${path}:${text.slice(0, from).split('\n').length}: ${kind}, ${text.slice(from, from + 2)}… of ${to - from} characters`,
      )
    }
  }
  console.log(`= ${root}: ${found} in ${files} files\n`)
}
if (times.length === 0) {
  console.error('no tracked text file was found: name clones with a working tree, not bare ones')
  process.exit(1)
}
const byKind = [...countEach(kinds)].sort((a, b) => b[1] - a[1])
console.log(table([['kind', 'findings'], ...byKind.map(([kind, count]) => [kind, String(count)])]))
const total = times.reduce((sum, ms) => sum + ms, 0)
console.log(
  `\n${times.length} files, ${((1000 * kinds.length) / Math.max(1, times.length)).toFixed(2)} findings in 1,000 files`,
)
console.log(
  `ms a file: mean ${(total / times.length).toFixed(3)}, median ${quantile(times, 0.5).toFixed(3)}, p95 ${quantile(times, 0.95).toFixed(3)}; ${(characters / 1000 / total).toFixed(0)} MB/s`,
)
if (values.prompt) {
  const text = readFileSync(values.prompt, 'utf8')
  const parts = Array.from({ length: Math.ceil(text.length / PROMPT) }, (_, i) =>
    text.slice(i * PROMPT, (i + 1) * PROMPT),
  )
  const each: number[] = []
  for (const part of parts) {
    const started = performance.now()
    await redactSecrets(part)
    each.push(performance.now() - started)
  }
  console.log(
    `ms for ${PROMPT / 1000} kB of a prompt: median ${quantile(each, 0.5).toFixed(1)}, most ${Math.max(...each).toFixed(1)}`,
  )
}

function trackedFiles(root: string): string[] {
  return execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8', maxBuffer: 1e9 })
    .split('\0')
    .filter(Boolean)
}

/** null: not text, or too long. */
function readText(path: string): string | null {
  try {
    if (statSync(path).size > MOST_BYTES) return null
    const bytes = readFileSync(path)
    return bytes.subarray(0, 8000).includes(0) ? null : bytes.toString('utf8')
  } catch {
    return null // a folder, or a link to nowhere
  }
}
