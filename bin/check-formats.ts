import type { Finding } from '../src/review/finding.ts'

const RULES: Readonly<Record<Finding['rule'], string>> = {
  'usual-companion': 'A file that usually changes with the changed ones is not among them',
  'unfinished-recipe': 'A recipe of the repository is begun and not finished',
  'stale-document': 'A document names what the change removes',
}

/** SARIF 2.1.0, also if there is nothing to say. A result is at the changed file that shows it; the missing file is related. */
export function sarif(findings: readonly Finding[], version: string): unknown {
  const rules = Object.entries(RULES).map(([id, text]) => ({ id, shortDescription: { text } }))
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'repose', semanticVersion: version, rules } },
        columnKind: 'utf16CodeUnits',
        results: findings.map(({ rule, path, isPattern, line, at, message }) => ({
          ruleId: rule,
          ruleIndex: rules.findIndex(({ id }) => id === rule),
          level: 'warning',
          message: { text: message },
          locations: [locationOf(at)],
          ...(isPattern ? {} : { relatedLocations: [locationOf(path, line)] }),
          partialFingerprints: { 'repose/v1': `${rule} ${at} ${path}` },
        })),
      },
    ],
  }
}

function locationOf(path: string, line = 1) {
  const uri = path.split('/').map(encodeURIComponent).join('/')
  return { physicalLocation: { artifactLocation: { uri, uriBaseId: '%SRCROOT%' }, region: { startLine: line } } }
}

/** Commands of a GitHub workflow, one a line: annotations at the changed files. */
export function githubLines(findings: readonly Finding[]): string[] {
  return findings.map(({ at, message }) => `::warning file=${inProperty(at)},title=repose check::${inMessage(message)}`)
}

/** As in GitHub's own @actions/core: a text cannot end the command or begin another. */
function inMessage(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function inProperty(text: string): string {
  return inMessage(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
