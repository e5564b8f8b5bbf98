import * as z from 'zod'
import { shownPath } from '../../src/paths.ts'
import { changesWith } from '../served/changes-with.ts'
import { defineTool } from './tool.ts'

const MOST_SAID = 20 // unknown paths

/** Files that usually change with these and are not among them. */
export const whatChangesWith = defineTool({
  name: 'what_changes_with',
  title: 'What changes with these files',
  description:
    'Call this once you know what you will edit, together with show: files that past commits usually changed together with those and that are not among them (tests, documents, registries, the changelog), each with its evidence. With the request, also the usual steps of such a change.',
  input: z.object({
    paths: z.array(z.string()).min(1).describe('all files that you change or make'),
    request: z.string().optional(),
  }),
  output: z.object({
    compared: z.literal('files'),
    changed: z.array(z.string()),
    findings: z.array(
      z.object({
        rule: z.string(),
        path: z.string(),
        isPattern: z.boolean(),
        at: z.string(),
        evidence: z.string(),
        message: z.string(),
        probability: z.number().nullable(),
      }),
    ),
  }),
  async answer({ paths, request }, index) {
    const { compared, changed, findings, unknown, left } = await changesWith(paths, request, index)
    const said = unknown.slice(0, MOST_SAID).map(shownPath).join(', ')
    const more = unknown.length > MOST_SAID ? `, and ${unknown.length - MOST_SAID} more` : ''
    const text = [
      ...(findings.length > 0
        ? findings.map(({ message }) => message)
        : ['Nothing else usually changes with these files.']),
      ...(unknown.length > 0 ? [`(not known to git, taken as new: ${said}${more})`] : []),
      ...(left > 0 ? [`(the first ${paths.length - left} of ${paths.length} paths are looked at)`] : []),
    ]
    return { text: text.join('\n'), data: { compared, changed, findings } }
  },
})
