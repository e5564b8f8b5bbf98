import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { cliDocs } from '../bin/cli-docs.ts'
import { COMMANDS } from '../bin/commands/index.ts'
import { withTools } from '../bin/mcp/tool-docs.ts'
import { PACKAGE_ROOT } from '../src/assets.ts'
import { configSchema } from '../src/config/schema.ts'
import { openDb } from '../src/store/db.ts'

const read = (path: string) => readFileSync(join(PACKAGE_ROOT, path), 'utf8')
const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  'AGENTS.md',
  'CHANGELOG.md',
  ...readdirSync(join(PACKAGE_ROOT, 'docs')).map((name) => `docs/${name}`),
].filter((path) => path.endsWith('.md'))

test('docs/cli.md, docs/mcp.md and repose.schema.json are as `npm run docs` writes them', () => {
  expect(read('docs/cli.md')).toBe(cliDocs(COMMANDS))
  expect(read('docs/mcp.md')).toBe(withTools(read('docs/mcp.md')))
  expect(JSON.parse(read('repose.schema.json'))).toEqual(JSON.parse(JSON.stringify(configSchema())))
})

test('every link between pages leads somewhere', () => {
  const broken = PAGES.flatMap((page) =>
    [...read(page).matchAll(/\]\((?!https?:|mailto:)([^)#\s]+)(#[^)]*)?\)/g)]
      .map((match) => match[1]!)
      .filter((target) => !existsSync(join(PACKAGE_ROOT, dirname(page), target)))
      .map((target) => `${page} -> ${target}`),
  )
  expect(broken).toEqual([])
})

test('docs/storage.md names every table and column', () => {
  const db = openDb(':memory:')
  const tables = db
    .all<{ name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    .map((row) => row.name)
  const page = read('docs/storage.md')
  const missing = tables
    .flatMap((table) => [
      table,
      ...db.all<{ name: string }>(`SELECT name FROM pragma_table_info('${table}')`).map((column) => column.name),
    ])
    .filter((word) => !page.includes(`\`${word}\``))
  expect(missing).toEqual([])
  db.close()
})

test('every file or folder that the tour, the architecture page and the page of security name exists', () => {
  const named = ['docs/tour.md', 'docs/architecture.md', 'docs/security.md'].flatMap((page) =>
    [...read(page).matchAll(/`((?:src|agents|bin|bench|test|fixtures|docs)\/[\w./-]*)`/g)].map((match) => match[1]!),
  )
  expect(named.length).toBeGreaterThan(20)
  expect(named.filter((path) => !existsSync(join(PACKAGE_ROOT, path)))).toEqual([])
})
