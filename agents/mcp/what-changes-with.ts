import * as z from 'zod'
import { shownPath } from '../../src/paths.ts'
import { readRequest } from '../../src/request/read-request.ts'
import { usualCompanions } from '../feature/usual-companions.ts'
import { givenText } from './limits.ts'
import { defineTool } from './tool.ts'

const MOST_PATHS = 200
const OFTEN = 0.3 // share of the commits; less than an agent of repose is offered, since this one decides for itself
const MOST = 10

/** Files that usually change with these and are not among them. */
export const whatChangesWith = defineTool({
  name: 'what_changes_with',
  title: 'What changes with these files',
  description:
    'Call this before you finish: files that past commits usually changed together with the ones you edit and that you have not touched (tests, documents, registries, the changelog), each with its evidence. With the request, also the usual steps of such a change.',
  input: z.object({
    paths: z.array(z.string()).min(1).describe('all files that you changed or made'),
    request: z.string().optional(),
  }),
  output: z.object({
    companions: z.array(z.object({ path: z.string(), why: z.string() })),
    unknown: z.array(z.string()),
  }),
  async answer({ paths: given, request }, { store, worktree }) {
    const paths = [...new Set(given.slice(0, MOST_PATHS).map((path) => path.replace(/^\.\//, '')))]
    const unknown = paths.filter((path) => !store.facts.file(worktree, path))
    const known = paths.filter((path) => !unknown.includes(path))
    const asked = readRequest(request === undefined ? '' : givenText(request, 'request'))
    const companions = usualCompanions({ store, worktree }, asked, known, unknown, { often: OFTEN, most: MOST })
    const lines = companions.map(({ path, why }) => `${shownPath(path)}  (${why})`)
    const none = 'Nothing else changed in three of ten past commits of these files.'
    const left = given.length > MOST_PATHS ? [`(the first ${MOST_PATHS} of ${given.length} paths are looked at)`] : []
    const strange =
      unknown.length > 0 ? [`(not in the repository, taken as new: ${unknown.map(shownPath).join(', ')})`] : []
    const head = lines.length > 0 ? ['Usually changed too:', ...lines] : [none]
    return { text: [...head, ...strange, ...left].join('\n'), data: { companions, unknown } }
  },
})
