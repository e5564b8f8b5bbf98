import type { CheckKind } from '../check-kind.ts'
import { isNamed, sectionOf } from '../project.ts'

/** Cargo. If the top folder is both a package and a workspace, `cargo test` skips the members by default. */
export const rust: CheckKind = {
  id: 'rust',
  find(project) {
    if (!project.has('Cargo.toml')) return null
    const { package: own, workspace } = project.toml('Cargo.toml')
    const isBoth = own !== undefined && workspace !== undefined && project.find(/.\/Cargo\.toml$/) !== undefined
    // the usual name for a project's own commands: https://github.com/matklad/cargo-xtask
    const isOwn = sectionOf(project.toml('.cargo/config.toml'), 'alias').xtask !== undefined
    return {
      checks: [
        [
          isOwn && isNamed('cargo xtask test', project)
            ? { command: 'cargo xtask test', from: '.cargo/config.toml, alias.xtask' }
            : {
                command: isBoth ? 'cargo test --workspace' : 'cargo test',
                from: `Cargo.toml${isBoth ? ', workspace' : ''}`,
              },
        ],
      ],
      also: isNamed('cargo clippy', project) ? [[{ command: 'cargo clippy', from: 'Cargo.toml' }]] : [],
    }
  },
}
