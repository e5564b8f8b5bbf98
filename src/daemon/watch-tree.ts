import { realpathSync } from 'node:fs'
import { homedir } from 'node:os'
import { isAbsolute, relative, sep } from 'node:path'
import type { PathSettings } from '../config/path-settings.ts'
import { UserError } from '../errors.ts'
import type { OpenWatch, WatchEvents } from './watch.ts'
import { watchFiles } from './watch-files.ts'
import { watchFolders } from './watch-folders.ts'
import { watchPoll } from './watch-poll.ts'
import { isRuleFile, readWatchRules } from './watch-rules.ts'
import { some } from './words.ts'

export type How = 'files' | 'folders' | 'poll'

export interface TreeWatch extends OpenWatch {
  readonly how: How
  /** Text for the log and `status`. */
  readonly why: string
  readonly files: number
}

export interface TreeOptions {
  readonly how: How | 'auto'
  /** Above this number, folders are watched instead of files. */
  readonly maxFiles: number
  /** Paths that the configurations include or exclude. */
  readonly paths?: PathSettings
}

/**
 * Watches a working tree: its files by chokidar; its folders, if there are many or on Windows; or by polling git, if the system has no
 * watches left. `onRules` is called when a file with ignore rules changed: then close this watch and open a new one.
 */
export async function watchTree(
  root: string,
  options: TreeOptions,
  events: WatchEvents & { onRules(): void },
  platform: NodeJS.Platform = process.platform,
): Promise<TreeWatch> {
  refuseHome(root)
  const rules = await readWatchRules(root, options.paths)
  const heard: WatchEvents = {
    ...events,
    onChange(path) {
      events.onChange(path)
      if (isRuleFile(path)) events.onRules()
    },
  }
  const files = some(rules.files, 'file')
  // chokidar holds every folder open, and Windows then refuses to rename or remove it
  const byFolders = rules.files > options.maxFiles || platform === 'win32'
  const wanted = options.how === 'auto' ? (byFolders ? 'folders' : 'files') : options.how
  const reason = options.how === 'auto' ? files : `${files}, as configured`
  const failed: string[] = []
  for (const how of (['files', 'folders', 'poll'] as const).slice(['files', 'folders', 'poll'].indexOf(wanted))) {
    try {
      const open =
        how === 'files'
          ? await watchFiles(root, rules, heard)
          : how === 'folders'
            ? await watchFolders(root, rules, heard, platform)
            : await watchPoll(root, heard)
      const why = [reason, ...failed].join('; ')
      return {
        how,
        why,
        files: rules.files,
        get watches() {
          return open.watches
        },
        close: open.close,
      }
    } catch (error) {
      if (!isExhausted(error)) throw error
      failed.push(`the system has no watches left for ${how} (raise fs.inotify.max_user_watches)`)
    }
  }
  throw new Error('a poll needs no watches') // it ends the loop
}

/** The system refuses more watches or open files. */
export function isExhausted(error: unknown): boolean {
  return ['ENOSPC', 'EMFILE', 'ENFILE'].includes((error as NodeJS.ErrnoException).code ?? '')
}

function refuseHome(root: string): void {
  const home = relative(realpathSync.native(root), homeFolder())
  if (isAbsolute(home) || home.split(sep)[0] === '..') return
  throw new UserError(
    `${root} holds your whole home folder`,
    'watch a project: repose watch --repo DIR (or make the project a repository of its own)',
  )
}

/** The real path, in its long form on Windows: git also reports the real path of a repository. */
function homeFolder(): string {
  try {
    return realpathSync.native(homedir())
  } catch {
    return homedir() // a service's user may have none
  }
}
