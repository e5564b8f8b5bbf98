import { passes } from './checks.ts'
import type { Run } from './long-runs.ts'

const LEAST = 32 // characters: 190 bits
const LONGEST = 128 // longer runs are pictures, fonts and other data
// Names of random strings that are no secrets: checksums and signatures of files, ids, encrypted or encoded data, expected values of tests.
const KNOWN_BY =
  /integrity|sha\d|md5|hash|sum\b|digest|fingerprint|sig(?:n|\b)|public|pub_?key|certificate|etag|nonce|websocket|commit|revision|version|uuid|guid|\bid\b|[a-z]Id\b|_id\b|encr|encod|cipher|compress|base64|b64|data:|expect|assert|equal|snapshot|vector|url|href|src|path|https?:|salt|\biv\b|timestamp|proof|cursor|opaque/i
const ASSIGNED = /[\w$\])"']\s{0,8}(?:=>|[=:(])\s{0,8}$|key[^\n]{0,60}$/i
const BEFORE = 80 // characters
// First characters of public keys, signatures, pictures, fonts and archives in base64.
const DATA =
  /^(?:M[CFGHI][A-Za-z0-9]{2}|iVBOR|\/9j\/|R0lG|H4sI|d09G|UEsD|AAEAA|PHN2|Qk[0-3]|UklG|iQI[zV]|SUkq|LS0t|AGFzb)/

/**
 * True if a run is a whole quoted string of random letters of both cases and digits, and is assigned to a name that does not explain it as
 * something else.
 */
export function isUnnamedKey(text: string, { from, to }: Run): boolean {
  const size = to - from
  if (size < LEAST || size > LONGEST) return false
  let end = to
  while (text[end] === '=' && end < to + 2) end++
  const quote = text[from - 1]
  if ((quote !== '"' && quote !== "'" && quote !== '`') || text[end] !== quote) return false
  const run = text.slice(from, to)
  if (/[-_]/.test(run) || !/[a-z]/.test(run) || !/[A-Z]/.test(run) || (run.match(/\d/g)?.length ?? 0) < 3) return false
  if (DATA.test(run) || !passes('very random', run)) return false
  const line = text.slice(Math.max(0, from - BEFORE), from - 1)
  const before = line.slice(line.lastIndexOf('\n') + 1)
  return ASSIGNED.test(before) && !KNOWN_BY.test(before)
}
