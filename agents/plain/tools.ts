import { DEFAULTS } from '../../src/config/defaults.ts'
import { editPermission } from '../../src/edit/permission.ts'
import type { Tool } from '../../src/loop/tool.ts'
import { secretKeeper } from '../../src/secrets/secret-keeper.ts'
import { createFile, type EditLimits, replaceText } from './edit-files.ts'
import { listFolder } from './list-folder.ts'
import { READ_LINES, readLines } from './read-lines.ts'
import { SEARCH_LINES, searchFiles } from './search-files.ts'

const text = (description: string) => ({ type: 'string', description })
const number = (description: string) => ({ type: 'integer', description })

/**
 * The usual tools of a coding agent, in the folder `root` (symbolic links resolved). They reach nothing outside it, nothing in .git, no
 * protected path that nobody named, and no file larger than `maxFileBytes`. Secrets in files are not shown.
 */
export function plainTools(
  root: string,
  {
    secrets = secretKeeper(),
    permission = editPermission({ request: null, allowed: [] }),
    maxFileBytes = DEFAULTS.maxFileBytes,
  }: Partial<EditLimits> = {},
): readonly Tool[] {
  return [
    tool(
      'list_dir',
      'List what a folder holds, one name a line; folders end in "/". Files that git ignores are left out.',
      { path: text('The folder, relative to the repository; "." is its top.') },
      async ({ path }) => listFolder(root, String(path)),
    ),
    tool(
      'grep',
      `Search the files of the repository with an extended regular expression, as git grep -E does (case matters). Gives path:line:text, at most ${SEARCH_LINES} lines.`,
      {
        pattern: text('An extended regular expression: "\\." is a dot, "a|b" either.'),
        path: text('Only in this folder or file; may hold wildcards, such as "*.ts" for all such files.'),
      },
      async ({ pattern, path }) =>
        searchFiles(root, String(pattern), path === undefined ? '.' : String(path), secrets, maxFileBytes),
      ['pattern'],
    ),
    tool(
      'read_file',
      `Read lines of a file, at most ${READ_LINES} at once. Each is shown behind its number and a tab, which are not part of the file.`,
      {
        path: text('The file, relative to the repository.'),
        start: number('The first line, from 1 (default: 1).'),
        end: number(`The last line (default: ${READ_LINES} lines in all).`),
      },
      async ({ path, start, end }) => readLines(root, String(path), start, end, secrets, maxFileBytes),
      ['path'],
    ),
    tool(
      'replace',
      'Replace a stretch of text in a file. `find` must occur exactly once there: include enough of the lines around it.',
      {
        path: text('The file, relative to the repository.'),
        find: text('The text that stands there now, without line numbers.'),
        replacement: text('The text that is to stand there.'),
      },
      async ({ path, find, replacement }) =>
        replaceText(root, String(path), String(find), String(replacement), { secrets, permission, maxFileBytes }),
    ),
    tool(
      'create_file',
      'Create a new file, with the folders that it needs. A file that exists is not overwritten: use replace.',
      { path: text('The file, relative to the repository.'), text: text('Its whole content.') },
      async ({ path, text }) => createFile(root, String(path), String(text), { secrets, permission, maxFileBytes }),
    ),
    {
      ...tool(
        'done',
        'Finish: every change is made.',
        { summary: text('What was done, in a line.') },
        async () => 'ok',
      ),
      run: async () => ({ text: 'ok', ends: true }),
    },
  ]
}

type Input = Readonly<Record<string, unknown>>

/** A tool that runs only with its required arguments. `required`: default all. */
function tool(
  name: string,
  description: string,
  properties: Readonly<Record<string, object>>,
  run: (input: Input) => Promise<string>,
  required: readonly string[] = Object.keys(properties),
): Tool {
  return {
    name,
    description,
    parameters: { type: 'object', properties, required, additionalProperties: false },
    async run(input) {
      const missing = required.filter((key) => input[key] === undefined || input[key] === null)
      return { text: missing.length > 0 ? `error: ${name} needs ${missing.join(' and ')}` : await run(input) }
    },
  }
}
