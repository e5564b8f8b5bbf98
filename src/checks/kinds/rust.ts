import type { CheckKind } from '../check-kind.ts'

/** Cargo. Where the top is a package and a workspace, the members are not tested unasked. */
export const rust: CheckKind = {
  id: 'rust',
  find(project) {
    if (!project.has('Cargo.toml')) return null
    const { package: own, workspace } = project.toml('Cargo.toml')
    const isBoth = own !== undefined && workspace !== undefined && project.find(/.\/Cargo\.toml$/) !== undefined
    return {
      checks: [
        [
          {
            command: isBoth ? 'cargo test --workspace' : 'cargo test',
            from: `Cargo.toml${isBoth ? ', workspace' : ''}`,
          },
        ],
      ],
      also: ['cargo clippy'],
    }
  },
}
