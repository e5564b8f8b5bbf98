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

/** rule: which one it is, in words. */
export interface PathRule {
  readonly reason: PathReason
  readonly rule: string
}

const LOCK =
  /(^|\/)(package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|bun\.lockb|go\.(work\.)?sum|cargo\.lock|flake\.lock|gemfile\.lock|composer\.lock|[^/]+\.lock)$/i
const GENERATED = [
  /\.(snap|pb\.go|generated\.[a-z]+|tsbuildinfo|([cm]?[jt]sx?|css)\.map|min\.(js|css))$/,
  /(_pb2(_grpc)?\.pyi?)$/,
]
// Of names that texts have as well ('.doc' fragments of a changelog, '.pkl' sources, '.dat'), the content decides.
const BINARY =
  /\.(png|jpe?g|gif|webp|avif|ico|icns|bmp|tiff?|psd|svgz|pdf|woff2?|ttf|otf|eot|mp[34]|m4a|mov|avi|webm|ogg|wav|flac|zip|gz|tgz|bz2|xz|zst|7z|rar|jar|war|exe|dll|so|dylib|pyc|wasm|sqlite3?|parquet|npy|onnx|safetensors|sketch|xlsx?|docx|pptx?)$/i
const SNAPSHOTS = /(^|\/)__snapshots__\//
// What nobody calls so who writes it.
const OF_TOOLS = /(^|\/)(\.yarn\/(cache|plugins|releases|sdks|unplugged)|__pycache__)\//

/** Built-in rules by what a file is called: what hardly any feature request is about. null: none applies. */
export function ruleByName(path: string): PathRule | null {
  const name = path.slice(path.lastIndexOf('/') + 1)
  if (LOCK.test(path)) return { reason: 'lock file', rule: `${name} is the name of a lock file` }
  const ofTools = OF_TOOLS.exec(path)
  if (ofTools) return { reason: 'vendored', rule: `a tool keeps its own in ${ofTools[2]}/` }
  for (const one of GENERATED) {
    const end = one.exec(name)
    if (end) return { reason: 'generated', rule: `a tool writes files called *${end[0]}` }
  }
  if (SNAPSHOTS.test(path)) return { reason: 'generated', rule: 'a tool writes what is in __snapshots__/' }
  const binary = BINARY.exec(name)
  return binary && { reason: 'binary', rule: `files called *${binary[0]} are no text` }
}

const VENDORED = /(^|\/)(node_modules|bower_components|vendor|third_party|\.yarn|\.venv|venv)\//
const BUILT = /(^|\/)dist\//

/** Built-in rules for a file that git does not track, by where it stands. null: none applies. */
export function ruleForUntracked(path: string): PathRule | null {
  const folder = VENDORED.exec(path)
  if (folder) return { reason: 'vendored', rule: `git does not track it, and it is in ${folder[2]}/` }
  return BUILT.test(path) ? { reason: 'generated', rule: 'git does not track it, and it is in dist/' } : null
}
