import type { CheckKind } from '../check-kind.ts'
import { isNamed } from '../project.ts'

/** A Go module. For a workspace without a module in its top folder: the modules of the workspace. */
export const go: CheckKind = {
  id: 'go',
  find(project) {
    const isTested = project.find(/_test\.go$/) !== undefined
    if (project.has('go.mod'))
      return isTested
        ? {
            checks: [[{ command: 'go test ./...', from: 'go.mod' }]],
            also: isNamed('go vet', project) ? [[{ command: 'go vet ./...', from: 'go.mod' }]] : [],
          }
        : { checks: [[{ command: 'go vet ./...', from: 'go.mod, without tests' }]] }
    const used = [...(project.text('go.work') ?? '').matchAll(/^[ \t]*(?:use[ \t]+)?\.\/([\w./-]+)[ \t\r]*$/gm)].map(
      ([, folder]) => folder!,
    )
    const modules = used.filter((folder) => project.has(`${folder}/go.mod`))
    if (modules.length === 0) return null
    return {
      checks: [[{ command: `go test ${modules.map((folder) => `./${folder}/...`).join(' ')}`, from: 'go.work' }]],
    }
  },
}
