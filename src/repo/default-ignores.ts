/** Why a path is left out of the facts without being read. */
export type PathReason =
  | 'excluded'
  | 'ignored'
  | 'lock file'
  | 'vendored'
  | 'generated'
  | 'binary'
  | 'oversized'
  | 'symbolic link'
  | 'submodule'
  | 'nested repository'
  | 'not checked out'
  | 'name not in UTF-8'
  | 'may not be read'
  | 'secret in its name'

/** rule: which one it is, in words. */
export interface PathRule {
  readonly reason: PathReason
  readonly rule: string
}

const LOCK: ReadonlySet<string> = new Set(
  'package-lock.json npm-shrinkwrap.json pnpm-lock.yaml bun.lockb go.sum go.work.sum'.split(' '),
)
const GENERATED =
  /\.(snap|pb\.go|generated\.[a-z]+|tsbuildinfo|([cm]?[jt]sx?|css)\.map|min\.(js|css))$|_pb2(_grpc)?\.pyi?$/
const WRITTEN: ReadonlySet<string> = new Set('snap go tsbuildinfo map js css py pyi'.split(' ')) // ends of these
// Of ends that texts have as well ('.doc' fragments of a changelog, '.pkl' sources, '.dat'), the content decides.
const BINARY: ReadonlySet<string> = new Set(
  [
    'png jpg jpeg gif webp avif ico icns bmp tif tiff psd svgz pdf woff woff2 ttf otf eot',
    'mp3 mp4 m4a mov avi webm ogg wav flac zip gz tgz bz2 xz zst 7z rar jar war',
    'exe dll so dylib pyc wasm sqlite sqlite3 parquet npy onnx safetensors sketch xls xlsx docx ppt pptx',
  ].flatMap((some) => some.split(' ')),
)
// What nobody calls so who writes it.
const OF_TOOLS = /(^|\/)(\.yarn\/(cache|plugins|releases|sdks|unplugged)|__pycache__|__snapshots__)\//

/** Built-in rules by what a file is called: what hardly any feature request is about. null: none applies. Asked of every file: sets, and few expressions. */
export function ruleByName(path: string): PathRule | null {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const end = name.slice(name.lastIndexOf('.') + 1).toLowerCase()
  if (end === 'lock' || LOCK.has(name.toLowerCase()))
    return { reason: 'lock file', rule: `${name} is the name of a lock file` }
  if (BINARY.has(end) && end.length < name.length)
    return { reason: 'binary', rule: `files called *${name.slice(-1 - end.length)} are no text` }
  const written = WRITTEN.has(end) || name.includes('.generated.') ? GENERATED.exec(name) : null
  if (written) return { reason: 'generated', rule: `a tool writes files called *${written[0]}` }
  const ofTool = path.includes('__') || path.includes('.yarn') ? OF_TOOLS.exec(path)?.[2] : undefined
  if (ofTool === undefined) return null
  return ofTool === '__snapshots__'
    ? { reason: 'generated', rule: 'a tool writes what is in __snapshots__/' }
    : { reason: 'vendored', rule: `a tool keeps its own in ${ofTool}/` }
}

const VENDORED = /(^|\/)(node_modules|bower_components|vendor|third_party|\.yarn|\.venv|venv)\//
const BUILT = /(^|\/)dist\//

/** Built-in rules for a file that git does not track, by where it stands. null: none applies. */
export function ruleForUntracked(path: string): PathRule | null {
  const folder = VENDORED.exec(path)
  if (folder) return { reason: 'vendored', rule: `git does not track it, and it is in ${folder[2]}/` }
  return BUILT.test(path) ? { reason: 'generated', rule: 'git does not track it, and it is in dist/' } : null
}
