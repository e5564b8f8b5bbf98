import { termsOf } from '../../request/words.ts'

// Users ask in other words than code is written in. Each line has a word of users, then what code says for it: general
// terms of the field, not of one repository. Their gain: run bench/ask.ts without them.
const TABLE = `
address: url uri ip host endpoint
allow: permit
answer: response reply
application: app program
argument: option flag param parameter
attach: append
background: thread worker async daemon task
balancer: proxy forwarded
begin: start init
behind: proxy forwarded
big: size limit max length
border: frame edge box
bracket: markup escape tag
change: update modify edit set
check: validate verify assert
choose: select pick resolve
command: cli subcommand
compress: gzip deflate zip encode
computer: machine host
connection: socket conn
copy: clone duplicate
count: number total
crash: panic exception abort fatal recover
cursor: pointer caret
customer: user client
decide: select choose resolve determine
default: fallback
delete: remove drop clear erase
different: diff
directory: folder dir
divide: split partition chunk
duration: timeout elapsed
encrypt: cipher tls ssl https secure
erase: clear delete remove
error: failure exception err
estimate: eta remaining
event: hook callback listener signal
extension: plugin addon
failure: error exception err
fetch: get load download retrieve request
folder: directory dir
forget: evict expire invalidate clear
guess: detect infer heuristic
hide: suppress mask redact
high: height
image: picture img photo icon
incoming: request input
install: setup dependency package
interrupt: abort cancel signal
job: task progress
join: merge combine concat
keyboard: key shortcut binding
language: locale lexer syntax
large: size limit max length
letter: char character
link: url href uri
list: array collection
log: logger trace
login: auth authentication authorization credential session
long: duration timeout elapsed remaining length
look: search lookup resolve find
machine: host
memory: cache buffer
message: notification
missing: absent null none nil undefined empty
mistake: error typo
narrow: width shrink collapse
number: count int digit
option: setting flag config configuration parameter
order: sort priority
output: stdout stream write
page: document view
parallel: concurrent thread pool worker
password: credential secret auth authorization
permission: access role authorize privilege
picture: image img photo icon
pipe: stream stdout redirect
print: write output render
problem: error issue warning
program: app application
proxy: forwarded
queue: buffer
real: actual remote
refuse: reject deny forbid
remember: cache store memo save
remove: delete drop clear
repeat: retry loop
reply: response
report: dump log trace
same: equal identical
save: write store persist
screen: terminal console display viewport
search: find match lookup query
secret: credential token password
secure: tls ssl https
send: write emit post dispatch respond
setting: option config configuration preference
shorten: truncate clip crop ellipsis
shortcut: key binding
show: display render print
shrink: collapse reduce compress
small: size min
smaller: compress minify shrink
speed: rate throughput
split: divide partition chunk
start: init launch boot
stop: abort cancel terminate shutdown close limit
style: theme css
tall: height
text: string str
translate: locale i18n
twice: duplicate
type: kind
upgrade: migration migrate
upload: multipart form body
version: release
visitor: user client
wait: delay timeout sleep await
web: http
wide: width
window: terminal viewport
word: token term
wrong: invalid incorrect bad
`

let table: ReadonlyMap<string, readonly string[]> | undefined

/** Terms of code that a term of a question may stand for, and its other spelling: 'color' for 'colour'. */
export function likeWords(term: string): readonly string[] {
  table ??= new Map(
    TABLE.trim()
      .split('\n')
      .map((line) => line.split(': ') as [string, string])
      .map(([said, meant]) => [termsOf(said)[0]!, termsOf(meant)]),
  )
  return [...(table.get(term) ?? []), ...otherSpelling(term)]
}

// British and American endings of stems: colour, initialise, analyse, catalogue, licence
const SPELLINGS = [
  ['our', 'or'],
  ['is', 'iz'],
  ['lys', 'lyz'],
  ['ogu', 'og'],
  ['enc', 'ens'],
] as const
const SHORTEST = 3 // letters before the ending

function otherSpelling(term: string): string[] {
  return SPELLINGS.flatMap(([british, american]) => {
    const [from, to] = term.endsWith(british) ? [british, american] : [american, british]
    return term.endsWith(from) && term.length >= from.length + SHORTEST ? [term.slice(0, -from.length) + to] : []
  })
}
