/** A folder as a model writes it ('.', '/', './src/', '/src') -> path in the repository, '' for its top. null: outside. */
export function folderMeant(path: string): string | null {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.')
  return parts.includes('..') ? null : parts.join('/')
}
