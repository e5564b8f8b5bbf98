/** `npm run docs`: writes the documents that are generated from the code. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PACKAGE_ROOT } from '../src/assets.ts'
import { configSchema } from '../src/config/schema.ts'
import { cliDocs } from './cli-docs.ts'
import { COMMANDS } from './commands/index.ts'
import { withTools } from './mcp/tool-docs.ts'

writeFileSync(join(PACKAGE_ROOT, 'docs/cli.md'), cliDocs(COMMANDS))
writeFileSync(join(PACKAGE_ROOT, 'repose.schema.json'), `${JSON.stringify(configSchema(), null, 2)}\n`)
const page = join(PACKAGE_ROOT, 'docs/mcp.md')
writeFileSync(page, withTools(readFileSync(page, 'utf8')))
