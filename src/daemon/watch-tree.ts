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
  /** In words, for the log and `status`. */
  readonly why: string
  readonly files: number
}

export interface TreeOptions {
  readonly how: How | 'auto'
  /** From here on folders are watched, not files. */
  readonly maxFiles: number
  /** Which paths the configurations name. */
  readonly paths?: PathSettings
}

/**
 * Watches a working tree: its files by chokidar, or its folders when there are many or on Windows, or asks git now and then when the
 * system has no watches left. `onRules` is called when a file with ignore rules changed: then close it and watch anew.
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
  // chokidar holds every folder open: Windows then lets nobody rename or remove it
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
  throw new Error('a poll needs no watches') // the loop ends with it
}

/** The system refuses more watches or more open files. */
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

/** Where it really is, in its long name on Windows: git tells the real path of a repository, too. */
function homeFolder(): string {
  try {
    return realpathSync.native(homedir())
  } catch {
    return homedir() // a service's user may have none
  }
}
