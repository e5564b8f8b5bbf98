import type { CheckKind } from '../check-kind.ts'

const TEST_SDK = /Microsoft\.NET\.Test\.Sdk|<IsTestProject>\s*true|TUnit|MSTest\.Sdk/i

/** A solution or a project in the top folder. If there are several, the choice would be a guess, so none is used. */
export const dotnet: CheckKind = {
  id: 'dotnet',
  find(project) {
    const tops = (pattern: RegExp) => project.paths.filter((path) => pattern.test(path))
    const solutions = tops(/^[^/]+\.slnx?$/)
    const [top, another] = solutions.length > 0 ? solutions : tops(/^[^/]+\.(cs|fs|vb)proj$/)
    if (top === undefined || another !== undefined) return null
    const isTested = tops(/\.(cs|fs|vb)proj$|(^|\/)Directory\.(Build|Packages)\.props$/).some((path) =>
      TEST_SDK.test(project.text(path) ?? ''),
    )
    return {
      checks: [
        [isTested ? { command: 'dotnet test', from: top } : { command: 'dotnet build', from: `${top}, without tests` }],
      ],
    }
  },
}
