// Parts of the patterns in rules.ts. All repetitions are limited.

const QUOTE = '["\'`]'
const SPACE = '[ \\t]{0,20}'

/** From the end of a name to the value: quote, bracket, type, operator. The value may be on the next line. */
const ASSIGN = assignment(`${QUOTE}?[)\\]]?`, [])

const TYPE = '(?:string|str|text|char|n?varchar2?(?:\\(\\w{1,5}\\))?|\\[\\]byte)'

/** ASSIGN, also with the index of a list, a type before the operator, or a default. It takes longer to compile, so only few rules have it. */
const DECLARE = assignment(
  `${QUOTE}?[)\\]]{0,2}(?:\\[["':]?[\\w.@-]{0,40}["']?\\])?`,
  [
    `[ \\t]{1,4}\\*?${TYPE}${SPACE}=`, // var password string = "..."
    `${SPACE}(?:\\?:|\\{(?=${SPACE}${QUOTE}))`, // getenv("PASSWORD") ?: "...", ENV.fetch("PASSWORD") { "..." }
    `\\.(?:unwrap_or|get_?or|or)(?:_?else)?\\((?:\\|_?\\||\\(\\)${SPACE}[-=]>)?`,
  ],
  '(?:new[ \\t]{1,4})?(?:std::)?String(?:::from)?\\(|\\[\\]byte\\(',
)

function assignment(end: string, operators: readonly string[], call = '(?!)'): string {
  const all = [
    `${SPACE}(?::${SPACE}[&'A-Za-z<>?| ]{1,24}=|As String =|=>|<-|:=|[?|]{0,2}={1,3}|!={1,2}|:|[|]{2}|[?]{2}| or )`,
    `${SPACE}[,(](?=${SPACE}\\\\?${QUOTE})`,
    `[ \\t]{1,4}value${SPACE}=`,
    `[ \\t]{1,8}(?=@?${QUOTE})`, // #define NAME "..."
    ...operators,
  ]
  return `\\\\?${end}(?:${all.join('|')})${SPACE}(?:(?:Field|SecretStr)\\((?:default${SPACE}=${SPACE})?|${call})?(?:\\(?\\r?\\n[ \\t]{1,40})?`
}

/** Allowed between the keyword and the end of the name: 'password_1', 'SECRET_KEY_BASE', 'tokens', but not 'passwordHash', 'token_type'. */
const NAME_END =
  '(?:[_-]?(?:key|value|val|string|str|raw|plain|text|base|base64|b64|hex|prod|production|live|dev|staging|old|new|confirmation|confirm|repeat|primary|secondary|db|v?\\d{1,3}))?(?:_base)?s?'

/** A value of this form after a name that contains one of these: 'DATADOG_APP = "..."'. */
export function named(name: string, value: string): RegExp {
  return new RegExp(`(?:${name})[\\w.-]{0,30}${ASSIGN}${QUOTE}?(${value})(?![\\w/+=-])`, 'i')
}

/** A quoted value that is assigned to a name ending with one of these. */
export function quoted(name: string, value: string): RegExp {
  const ends = ['"', "'", '`'].map((sign) => `${sign}(${value})\\\\?${sign}`)
  return new RegExp(`(?:${name})${NAME_END}${DECLARE}[A-Za-z$@]{0,2}\\\\?(?:""|'')?(?:${ends.join('|')})`, 'i')
}

/**
 * An unquoted value: the rest of a line, as in .env, YAML and ini files, or a part of an address or a connection string. inPart: its form
 * in such a part.
 */
export function bare(name: string, value: string, inPart: string): RegExp {
  const sign = `["']?${SPACE}(?:[:?+]?=|:(?![:=]))`
  // tested last: most names are not followed by an operator
  const start = `(?<=(?:^|\\n|\\\\n|[?&;"'])${SPACE}(?:[-+*#]|//|\\d{1,7}[:|]?[ \\t])?[ \\t]{0,4}(?:export|set|ENV|ARG|define|[A-Z]{4,7})?[ \\t]{0,4}[\\w.-]{0,120}["']?${SPACE}[:?+]?[=:])`
  const part = `(${inPart})(?=[;&](?:[\\w %.-]{1,40}=|["'\\s]|$)|["'])`
  const line = `(${value})(?=${SPACE}(?:#|$|\\r|\\n|\\\\n))`
  return new RegExp(`(?:${name})${NAME_END}${sign}${start}${SPACE}(?:${part}|${line})`, 'i')
}

/**
 * An environment variable that is set anywhere in a command: 'PGPASSWORD=... psql', 'docker run -e API_TOKEN=...', 'ENV API_TOKEN ...',
 * 'setenv API_TOKEN ...', or has a default there: '${API_TOKEN:-...}'.
 */
export function variable(name: string, value: string): RegExp {
  return new RegExp(
    `(?<![a-z])(?:${name})[A-Z0-9_]{0,24}(?:=|:[-=]|(?<=(?:^[ \\t]{0,20}ENV|setenv|set[ \\t]{1,4}-\\w{1,3})[ \\t]{1,8}\\w{1,60})[ \\t]{1,8})["']?(${value})(?=[\\s"'}]|$)`,
    'm',
  )
}

/** A value between two tags, or after an option of a command. */
export function marked(name: string, value: string): RegExp {
  const option = '(?:[ \\t]{1,4}|=)(?<=--[\\w-]{0,60}(?:[ \\t]{1,4}|=))'
  return new RegExp(`(?:${name})(?:${option}|>${SPACE})["']?(${value})(?=["'\\s<]|$)`, 'i')
}

/** A value whose name is not right before it: in markup, a manifest, YAML, a table, a log, or an argument of a command. */
export function apart(name: string, value: string): RegExp {
  const between = [
    // name: API_KEY, value: ... (Kubernetes, task definitions, YAML, JSON)
    `["']?[:,]?\\s{0,40}\\{?\\s{0,40}(?:description:[^\\n]{0,120}\\n[ \\t]{1,40})?["']?(?:Parameter)?Value["']?${SPACE}[:=]${SPACE}`,
    `"${SPACE}\\{[^}\\0]{0,300}?default${SPACE}=${SPACE}`, // variable "api_key" { default = ... } (Terraform)
    `["']?>\\s{0,40}(?:<value>)?(?:<!\\[CDATA\\[)?`,
    '</key>\\s{0,40}<string>',
    `:[-=]?(?<=[$#]\\{[\\w.-]{1,100}:[-=]?)(?![+?])`, // ${db.password:...} (Spring), ${db_password:-...}
    `["']?:${SPACE}(?:[&!][\\w!]{1,30}[ \\t]{1,4}|(?:[|>][-+]?${SPACE})?\\r?\\n[ \\t]{1,40})`, // YAML: an anchor, a tag, a block, the next line
    `[ \\t]{0,4}\\{${SPACE}get;[^}\\n]{0,40}\\}${SPACE}=${SPACE}`,
    `[\`*]{0,2}${SPACE}\\|${SPACE}`,
    '\\*\\*:[ \\t]{1,4}',
    '=\\\\\\r?\\n[ \\t]{1,40}',
    '=(?<=(?:^|[\\s"\'=])[-\\w.]{1,100}=)', // --set auth.apiKey=..., --from-literal=api_key=..., 'using api_key=... for'
  ]
  return new RegExp(`(?:${name})${NAME_END}(?:${between.join('|')})["'\`]?(${value})(?=["'\`\\s<|\\]}]|$)`, 'i')
}

/** The inside of a list or a map that is assigned to a name: 'passwords = { admin: "..." }', or of one in YAML. */
export function listed(name: string): RegExp {
  const inside = `[[{(]((?:[\\s\\w,:=>.$@/#*-]{1,80}|${['"', "'", '`'].map((sign) => `${sign}[^${sign}\\n]{0,128}${sign}`).join('|')}){1,100})`
  const lines = `\\r?\\n((?:[ \\t]{0,40}(?:-|(?!secure:)["']?[\\w.@-]{1,60}["']?:)[ \\t]{1,8}[^\\s]{8,130}[ \\t]{0,8}(?:\\r?\\n|$)){1,50})`
  return new RegExp(
    `(?:${name})s?["']?${SPACE}(?:(?:=>|:=|[:=])${SPACE}(?:[\\w<>,[\\]]{1,30})?${inside}|:${SPACE}${lines})`,
    'i',
  )
}

/** A value in such a list: in quotes and not the key of another value, or the rest of a line. */
export const EACH_LISTED =
  /["'`]([^\s"'`\\<>]{8,400})["'`](?!\s{0,8}(?::|=>))|(?<=^[ \t]{0,40}(?:-|[\w.@"'-]{1,62}:)[ \t]{1,8})([^\s"'`\\<>]{8,400})(?=[ \t]{0,8}$)/gm

/** The value of a short option of a command. The command may go on in the next line after '\\'. */
export function option(commands: string, sign: string, space = '[ \\t]{1,8}'): RegExp {
  return new RegExp(
    `(?:${commands})[ \\t](?:[^\\n|;&\\\\]|\\\\[\\s\\S]){0,200}?(?<=[ \\t])${sign}${space}["']?([^\\s"'=-][^\\s"']{5,100})`,
  )
}

const HEX = '[0-9a-fA-F]'
export const UUID = `${HEX}{8}-(?:${HEX}{4}-){3}${HEX}{12}`

// Separators between the lines of a key: line ends, also as '\n', quotes and concatenation operators, comment and diff marks, line numbers.
const SEAM = '(?:[\\s"\'`+.,;:|#>*&~<)(\\[\\]=\\\\]|\\\\[nrt]|\\d{1,6}[-:\\t|]){0,80}'
const EDGE = '-{4,5}'

/** A private key to its last line, or as far as it is present. */
export const KEY_BLOCK = new RegExp(
  [
    `${EDGE} ?BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)? ?${EDGE}`,
    `(?:${SEAM}[A-Z][\\w-]{2,30}: [^\\r\\n"'\\\\]{1,120}){0,6}`,
    `(?:${SEAM}[A-Za-z0-9+/=]{16,}){0,2000}(?:${SEAM}[A-Za-z0-9+/=]{1,200}){0,3}`,
    `(?:${SEAM}${EDGE} ?END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)? ?${EDGE})?`,
  ].join(''),
)

/** The lines of a private key whose beginning was cut off, by its last line. */
export const KEY_END = new RegExp(
  `(?<=((?:[A-Za-z0-9+/=]{16,100}${SEAM}){1,200}))${EDGE} ?END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)? ?${EDGE}`,
)
