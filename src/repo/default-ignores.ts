/** Why a path is left out of the facts unread. */
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

/** rule: its name in words. */
export interface PathRule {
  readonly reason: PathReason
  readonly rule: string
}

const LOCK: ReadonlySet<string> = new Set(
  'package-lock.json npm-shrinkwrap.json pnpm-lock.yaml bun.lockb go.sum go.work.sum'.split(' '),
)
const GENERATED =
  /\.(snap|pb\.go|generated\.[a-z]+|tsbuildinfo|([cm]?[jt]sx?|css)\.map|min\.(js|css))$|_pb2(_grpc)?\.pyi?$/
const WRITTEN: ReadonlySet<string> = new Set('snap go tsbuildinfo map js css py pyi'.split(' ')) // extensions of these
// Extensions that text files use too ('.doc' changelog fragments, '.pkl' sources, '.dat') are not listed; their content decides.
const BINARY: ReadonlySet<string> = new Set(
  [
    'png jpg jpeg gif webp avif ico icns bmp tif tiff psd svgz pdf woff woff2 ttf otf eot',
    'mp3 mp4 m4a mov avi webm ogg wav flac zip gz tgz bz2 xz zst 7z rar jar war',
    'exe dll so dylib pyc wasm sqlite sqlite3 parquet npy onnx safetensors sketch xls xlsx docx ppt pptx',
  ].flatMap((some) => some.split(' ')),
)
// Names that tools give and authors do not.
const OF_TOOLS = /(^|\/)(\.yarn\/(cache|plugins|releases|sdks|unplugged)|__pycache__|__snapshots__)\//

/**
 * Built-in rules by file name, for files that feature requests hardly ever concern. null: no rule applies. It runs for every file, so it
 * uses sets and few expressions.
 */
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

/** Built-in rules by location, for a file that git does not track. null: no rule applies. */
export function ruleForUntracked(path: string): PathRule | null {
  const folder = VENDORED.exec(path)
  if (folder) return { reason: 'vendored', rule: `git does not track it, and it is in ${folder[2]}/` }
  return BUILT.test(path) ? { reason: 'generated', rule: 'git does not track it, and it is in dist/' } : null
}
