import { openWorkspace } from '../../agents/feature/workspace.ts'
import type { EditTools } from '../../src/edit/apply-edits.ts'
import { editPermission } from '../../src/edit/permission.ts'

/** The real parsers, as the feature agent gives them to edits. */
export function realTools(root: string): EditTools {
  const workspace = openWorkspace(root)
  return {
    permission: editPermission({ request: null, allowed: [] }),
    symbolsOf: async (path, text) => workspace.symbols(path, text),
    syntaxErrors: async (path, text) => workspace.syntaxErrors(path, text),
    importsOf: async (path, text) => workspace.imports(path, text),
  }
}
