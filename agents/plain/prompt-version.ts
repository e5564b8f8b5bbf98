import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { PACKAGE_ROOT, readAsset } from '../../src/assets.ts'
import { plainTools } from './tools.ts'

const FEATURE_PROMPTS = 'agents/feature/prompts'

/** Hash (first 12 hex digits) of the prompts that an arm sends and of the program's version: it identifies what was measured. */
export function promptVersion(arm: string): string {
  const texts = [
    ...(arm.startsWith('agent-') ? [] : plainTexts()),
    ...(arm === 'served-agent' ? [readAsset('agents/mcp/instructions.md')] : []),
    ...(arm === 'delegating-agent' ? [readAsset('agents/mcp/instructions-implement.md')] : []),
    ...(arm === 'plain-agent' || arm === 'served-agent' ? [] : featureTexts()),
  ]
  const { version } = JSON.parse(readAsset('package.json')) as { version: string }
  return createHash('sha256')
    .update([version, ...texts].join('\0'))
    .digest('hex')
    .slice(0, 12)
}

function plainTexts(): readonly string[] {
  const tools = plainTools('').map(({ name, description, parameters }) => [name, description, parameters])
  return [readAsset('agents/plain/prompt.md'), JSON.stringify(tools)]
}

function featureTexts(): readonly string[] {
  const names = readdirSync(join(PACKAGE_ROOT, FEATURE_PROMPTS)).sort()
  return names.map((name) => readAsset(`${FEATURE_PROMPTS}/${name}`))
}
