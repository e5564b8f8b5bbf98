import { readRegularText } from '../../files/read-regular.ts'
import { withoutSecrets } from '../../secrets/without-secrets.ts'
import type { Mount } from './mount.ts'

/** Names of settings with passwords, headers, credential helpers. */
const TELLING = String.raw`(?:extraheader|pass|phrase|pwd|token|secret|key|helper|cookiefile|proxy|cred|auth(?!ors?(?!\w))|pw(?![\w-])|(?<![a-z])pat(?![\w-]))[\w-]{0,100}["']?`
// Limited: in an archive of others, a name of a setting may have a million letters.
const NAME = String.raw`["']?[\w.-]{0,100}${TELLING}`
/** A text or a list of several lines (TOML). */
const OF_LINES = new RegExp(
  String.raw`^[ \t]*${NAME}[ \t]*=[ \t]*(?:"""[^]{0,1000}?"""|'''[^]{0,1000}?'''|\[[^\]]{0,1000}\])`,
  'gim',
)
/** In a table on one line: { index = "...", token = "..." } */
const IN_TABLE = new RegExp(String.raw`([{,][ \t]*${NAME}[ \t]*=[ \t]*)(?:"(?:[^"\\\n]|\\.)*"|'[^'\n]*')`, 'gi')
const LINE = new RegExp(String.raw`^([ \t]*(?:\[.*\][ \t]*)?)${NAME}[ \t]{0,100}(?:[=:]|[ \t]\S).*`, 'i')
/** An option in the value of another setting: -Dhttp.proxyPassword=... */
const OPTION = new RegExp(String.raw`(?<![^\s,{])[^\s,{]{0,100}?${TELLING}(?:=(?!["'\s])\S*|:.*)`, 'gi')
const ADDRESS = /(:\/\/)(?:[^\s"<]{0,200}@)?([^\s"?<]*)(?:\?[^\s"<]*)?/g

/** Settings of git, or of a build, without credentials: passwords, also in addresses, headers, credential helpers. */
export function withoutCredentials(settings: string): string {
  const lines = settings
    .replace(/\\\r?\n[ \t]*/g, '')
    .replace(OF_LINES, '')
    .replace(IN_TABLE, '$1""')
    .split(/\r\n?|\n/)
  return withoutSecrets(
    lines.map((line) => withoutOptions(line.replace(LINE, '$1').replace(ADDRESS, '$1$2'))).join('\n'),
  )
}

/** Drops the whole line if half a quotation is left: git would then read no setting of the file. */
function withoutOptions(line: string): string {
  const cut = line.replace(OPTION, '')
  return cut === line || cut.split('"').length % 2 === 1 ? cut : ''
}

const OF_MAVEN = /<(servers|proxies)>[\s\S]*?<\/\1>/g
const ELEMENT = new RegExp(String.raw`<([\w.-]{0,100}${TELLING})>[^<]*<`, 'gi')

/** A file of settings, without passwords. [] if it is missing. */
export function settingsFile(path: string): readonly Mount[] {
  try {
    const text = readRegularText(path)
    if (text === null) return []
    const shown = path.endsWith('.xml')
      ? withoutSecrets(text.replace(OF_MAVEN, '').replace(ELEMENT, '<$1><').replace(ADDRESS, '$1$2'))
      : withoutCredentials(text)
    return [{ kind: 'text', path, text: shown }]
  } catch {
    return [] // the disk fails
  }
}
