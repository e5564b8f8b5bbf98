import { lstatSync } from 'node:fs'
import { mountPoints } from '../../processes/mount-points.ts'
import { inOrder, isWithin, type Mount, realPath } from './mount.ts'
import { seccompFilter } from './seccomp.ts'

/** Options that not every version of bubblewrap has. */
export interface BubblewrapFeatures {
  /** --tmp-overlay (0.11, and a kernel that lets users make overlays). Without it, layers are read-only. */
  readonly layers: boolean
  /** --size (0.7): maximum bytes of each in-memory folder. */
  readonly size: number | null
  /** --disable-userns (0.8) */
  readonly noUserns: boolean
  /** False for root if the kernel has no user namespaces. Root still drops all capabilities. */
  readonly userns: boolean
}

export interface BubblewrapArgs {
  readonly args: readonly string[]
  /** Written to the file descriptors from 3 on. */
  readonly texts: readonly (string | Buffer)[]
}

/** Arguments with which bubblewrap shows nothing but `mounts` and runs the following command in `folder`. */
export function bubblewrapArgs(
  mounts: readonly Mount[],
  folder: string,
  network: boolean,
  { layers, size, noUserns, userns }: BubblewrapFeatures,
): BubblewrapArgs {
  const points = layers ? mountPoints() : [] // an overlay does not show those below its folder
  const texts: (string | Buffer)[] = []
  const text = (what: string | Buffer) => String(2 + texts.push(what))
  const closed = ['/']
  const bare = (path: string) => {
    closed.push(path)
    return memory(path)
  }
  const memory = (path: string) => [...(size === null ? [] : ['--size', String(size)]), '--tmpfs', path]
  const put = (mount: Mount): readonly string[] => {
    const { kind, path } = mount
    switch (kind) {
      case 'read':
        return ['--ro-bind-try', path, path]
      case 'write':
        return ['--bind', path, path]
      case 'layer':
        return layers && !points.some((point) => point !== path && isWithin(point, path))
          ? ['--overlay-src', path, '--tmp-overlay', path]
          : ['--ro-bind', path, path]
      case 'empty':
        return memory(path)
      case 'bare':
        return bare(path)
      case 'link':
        return ['--symlink', mount.to, path]
      case 'text':
        return ['--ro-bind-data', text(mount.text), path]
      case 'copy':
        // a check may have replaced it by a link
        return realPath(mount.from) === mount.from ? ['--ro-bind', mount.from, path] : []
      case 'hidden':
        return hide(path)
    }
  }
  const hide = (path: string): readonly string[] => {
    const stats = lstatSync(path, { throwIfNoEntry: false })
    if (!stats) return []
    if (stats.isDirectory()) return bare(path)
    // an empty file takes a descriptor each, and of the system many may be hidden; /dev/null cannot be opened there
    const isEmpty = stats.isFile() && !/^\/(etc|opt|usr)\//.test(path)
    return isEmpty ? ['--ro-bind-data', text(''), path] : ['--ro-bind', '/dev/null', path]
  }
  const filter = seccompFilter()
  const args = [
    ...['--unshare-ipc', '--unshare-pid', '--unshare-uts', '--unshare-cgroup-try'],
    ...(userns ? ['--unshare-user'] : []),
    ...(userns && noUserns ? ['--disable-userns'] : []),
    ...(network ? [] : ['--unshare-net']),
    // no --new-session: the caller starts it in its own session and ends the whole process group at once
    ...['--cap-drop', 'ALL', '--die-with-parent'],
    // for root, the kernel's settings are root's own files in any namespace
    ...['--dev', '/dev', '--proc', '/proc', '--remount-ro', '/proc'],
    ...(filter ? ['--seccomp', text(filter)] : []),
    ...inOrder(mounts).flatMap(put),
    ...closed.flatMap((path) => ['--remount-ro', path]),
    ...['--chdir', folder],
  ]
  return { args, texts }
}
