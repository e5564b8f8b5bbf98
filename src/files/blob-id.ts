import { createHash } from 'node:crypto'

/** git's id of a content: sha-1, or sha-256 in a repository whose ids have 64 digits. */
export function blobId(content: Buffer, digits: number): string {
  return createHash(digits === 64 ? 'sha256' : 'sha1')
    .update(`blob ${content.length}\0`)
    .update(content)
    .digest('hex')
}
