import { type Dirent, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Mount } from './mount.ts'
import { settingsFile } from './without-credentials.ts'

/** Files of keys and passwords, beside the files of a package or a tool. */
const KEYS = new RegExp(
  `^(${[
    String.raw`\.env(\..*)?|\.envrc|\.flaskenv|\.dev\.vars(\..*)?|\.Renviron|\.secrets?|\.credentials|\.vault-token|\.htpasswd`,
    String.raw`[._]netrc|\.npmrc|\.yarnrc(\.yml)?|\.?bunfig\.toml|\.pypirc|pip\.(conf|ini)|\.?condarc|\.git-credentials|\.terraformrc`,
    String.raw`\.dockercfg|\.dockerconfigjson|kubeconfig|\.pgpass|\.my(login)?\.cnf|\.s3cfg|\.boto|\.databrickscfg|\.sentryclirc|\.ftpconfig`,
    String.raw`credentials(\.(json|toml|ya?ml|ini|db|xml|properties|csv|txt|enc))?|secrets?\.(json|ya?ml|toml|properties)|auth\.(json|toml)`,
    String.raw`(token|local\.settings|sftp-config|\.clasprc|application_default_credentials|.*service[-_]?account.*|client_secret.*|.*firebase-adminsdk.*|.*-key)\.json`,
    String.raw`ccache\.conf|(local|keystore)\.properties|cookies\.txt|\..*_history|access[-_]token|.*_api_token`,
    String.raw`id_(rsa|dsa|ecdsa|ed25519)(_sk)?|.*\.(pem|key|p8|pk8|p12|pfx|ppk|jks|keystore|kdbx|ovpn|tfstate(\.backup)?|tfvars(\.json)?)`,
  ].join('|')})$`,
  'i',
)
/** Folders of keys, and what scripts of Deno store. */
const FOLDERS = /^(\.aws|\.azure|\.docker|\.gnupg|\.kube|\.ssh|\.secrets?|\.snowsql|\.vercel|\.wrangler|location_data)$/
/** Settings of a tool that are shown without their passwords. */
const SETTINGS = ['.git/config', 'conf/settings.xml']
const OF_TOOL: readonly (readonly [folder: RegExp, entries: RegExp])[] = [
  [/\/\.dotnet$/, /^corefx$/], // certificates with their private keys
  [/\/\.opam$/, /^plugins$/], // opam-publish keeps tokens there
  [/\/ms-playwright$/, /^(?!\.links$|(chromium|firefox|webkit|ffmpeg|winldd))/], // profiles of browsers, with cookies
  [/\/etc$/, /^npmrc$/],
]

/** Hides files and folders of keys in a folder that is shown. Of its subfolders, only 'etc' and those of `SETTINGS` are searched. */
export function keysIn(folder: string): readonly Mount[] {
  const isOfTool = (name: string) => OF_TOOL.some(([at, entries]) => at.test(folder) && entries.test(name))
  const hidden = entriesOf(folder).flatMap((one): readonly Mount[] => {
    const path = join(folder, one.name)
    const isKey = one.isDirectory() ? FOLDERS.test(one.name) : KEYS.test(one.name)
    if (isKey || isOfTool(one.name)) return [{ kind: 'hidden', path }]
    return one.name === 'etc' && one.isDirectory() ? keysIn(path) : []
  })
  const settings = basename(folder) === 'conf' ? ['settings.xml'] : SETTINGS
  return [...hidden, ...settings.flatMap((name) => settingsFile(join(folder, name)))]
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch {
    return [] // it is a file
  }
}
