/** Why a path is left out of the facts without being read. */
export type PathReason =
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

const LOCK =
  /(^|\/)(package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|bun\.lockb|go\.(work\.)?sum|cargo\.lock|flake\.lock|gemfile\.lock|composer\.lock|[^/]+\.lock)$/i
const VENDORED = /(^|\/)(node_modules|bower_components|vendor|third_party|\.yarn|\.venv|venv|__pycache__)\//
const GENERATED =
  /(^|\/)(dist|__snapshots__)\/|(\.snap|\.min\.(js|css)|\.map|\.pb\.go|_pb2(_grpc)?\.pyi?|\.generated\.[a-z]+|\.tsbuildinfo)$/
const BINARY =
  /\.(png|jpe?g|gif|webp|avif|ico|icns|bmp|tiff?|psd|svgz|pdf|woff2?|ttf|otf|eot|mp[34]|m4a|mov|avi|webm|ogg|wav|flac|zip|gz|tgz|bz2|xz|zst|7z|rar|jar|class|war|exe|dll|so|dylib|a|o|obj|lib|pyc|wasm|node|bin|dat|db|sqlite3?|parquet|npy|pkl|onnx|pt|safetensors|sketch|fig|xlsx?|docx?|pptx?)$/i

/** Built-in rules: what hardly any feature request is about. A '!' rule in `.reposeignore` brings a path back. */
export function defaultReason(path: string): PathReason | null {
  if (LOCK.test(path)) return 'lock file'
  if (VENDORED.test(path)) return 'vendored'
  if (GENERATED.test(path)) return 'generated'
  if (BINARY.test(path)) return 'binary'
  return null
}
