import * as z from 'zod'
import { IMPLEMENT_CHANGE } from '../../agents/mcp/implement-change.ts'
import type { Tool } from '../../agents/mcp/tool.ts'
import { TOOLS } from '../../agents/mcp/tools.ts'

const START = '<!-- tools: written by npm run docs -->\n'
const END = '<!-- end of tools -->'

/** docs/mcp.md with the table of tools, from the same table as the server. */
export function withTools(page: string): string {
  const [before, rest = ''] = page.split(START)
  return `${before}${START}${[...TOOLS, IMPLEMENT_CHANGE].map(section).join('\n')}${END}${rest.split(END)[1] ?? ''}`
}

interface Property {
  readonly type?: string
  readonly description?: string
  readonly minimum?: number
  readonly maximum?: number
}

function section({
  name,
  description,
  input,
  output,
}: Pick<Tool, 'name' | 'description' | 'input' | 'output'>): string {
  const { properties = {}, required = [] } = z.toJSONSchema(input) as {
    properties?: Readonly<Record<string, Property>>
    required?: readonly string[]
  }
  const rows = Object.entries(properties).map(
    ([argument, property]) =>
      `| \`${argument}\` | ${typeOf(property)}${required.includes(argument) ? '' : ', optional'} | ${property.description ?? ''} |\n`,
  )
  const fields = Object.keys(output.shape).map((field) => `\`${field}\``)
  return `### ${name}

${description}

| argument | type | |
|---|---|---|
${rows.join('')}
Structured content: ${fields.join(', ')}.
`
}

function typeOf({ type, minimum, maximum }: Property): string {
  return minimum !== undefined && maximum !== undefined ? `${type}, ${minimum} to ${maximum}` : (type ?? 'any')
}
