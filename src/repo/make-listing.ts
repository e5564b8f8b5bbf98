import { createHash } from 'node:crypto'
import type { LeftOut, Listing } from './listing.ts'
import { type Paths, withoutSecretPaths } from './secret-paths.ts'

/**
 * The listing of these files, without those whose paths contain a secret. files, leftOut: sorted by path. The paths are searched for secrets
 * when they are first read: nobody reads them if the digest is known.
 */
export function makeListing({ files, leftOut }: Paths): Listing {
  let clean: Paths | null = null
  const searched = () => {
    clean ??= withoutSecretPaths({ files, leftOut })
    return clean
  }
  return {
    get files() {
      return searched().files
    },
    get leftOut() {
      return searched().leftOut
    },
    digest: digestOf({ files, leftOut }),
  }
}

/** Equal digests mean equal listings. */
function digestOf({ files, leftOut }: Paths): string {
  const hash = createHash('sha1')
  for (const { path, blob, unread, isWanted } of files) {
    const how = unread ? `${reasonOf(unread)}\0` : isWanted ? 'wanted\0' : ''
    hash.update(`${blob} ${path}\0${how}`)
  }
  for (const { path, ...why } of leftOut) hash.update(`${reasonOf(why)} ${path}\0`)
  return hash.digest('hex')
}

function reasonOf({ reason, rule = '' }: LeftOut): string {
  return rule === '' ? reason : `${reason}: ${rule}`
}
