// What runners take for a command: GitHub '::name' at the start of a line and '##[name' anywhere, Azure Pipelines '##vso[', TeamCity
// '##teamcity['.
const COMMAND = /^([^\S\n\r\u2028\u2029]*):(?=:)|#(?=#(?:\[|vso\[|teamcity\[))/gim

/** Whether a runner reads what is printed: it obeys commands in any line of any program. */
export function isReadByRunner(env: NodeJS.ProcessEnv): boolean {
  return Boolean(env.CI || env.GITHUB_ACTIONS || env.TF_BUILD || env.TEAMCITY_VERSION)
}

/** A text that no runner takes for a command, in the escapes of printable(): '\u003a:add-path::x'. Texts of JSON keep their meaning. */
export function withoutCommands(text: string): string {
  return text.replace(COMMAND, (_, blanks?: string) => (blanks === undefined ? '\\u0023' : `${blanks}\\u003a`))
}
