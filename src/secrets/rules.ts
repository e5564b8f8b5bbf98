import type { ValueCheck } from './checks.ts'
import { bare, KEY_BLOCK, KEY_END, marked, named, quoted, UUID, variable } from './rule-patterns.ts'

/** One kind of secret and how to recognise it. */
export interface Rule {
  readonly id: string
  /** Its name in the replacement text: '[GitHub token left out]'. */
  readonly kind: string
  /** Lower case. The pattern is tried only where one of them begins; without any, where base64 of a text begins. */
  readonly keywords: readonly string[]
  /** Its groups are the secret; without groups, the whole match is. Every repetition is limited, so that each try takes bounded time. */
  readonly pattern: RegExp
  /** A made-up secret in its usual context: '{an:36}' means 36 letters and digits (test/secrets/make-up.ts). */
  readonly example: string
  /** The additional test of the value. */
  readonly check: ValueCheck
  /** Its form alone is proof, so it is also searched for in base64 and in concatenated strings. */
  readonly tellsItself: boolean
}

type Row = readonly [
  id: string,
  kind: string,
  keywords: string | readonly string[],
  pattern: RegExp,
  example: string,
  check?: ValueCheck,
]

// A token must not continue a word: 'task-...' contains 'sk-'. The part after it is at the place of the keyword.
const AT = '(?<![A-Za-z0-9])'
const at = (pattern: RegExp) => new RegExp(AT + pattern.source, pattern.flags)

// biome-ignore format: a row a line
const TOKENS: readonly Row[] = [
  // private keys
  ['private-key', 'private key', '-----begin|---- begin', KEY_BLOCK, '-----BEGIN RSA PRIVATE KEY-----\n{b64:64}\n{b64:64}\n{b64:64}\n{b64:20}==\n-----END RSA PRIVATE KEY-----', 'key block'],
  ['private-key-end', 'private key', '-----end|---- end', KEY_END, '{b64:64}\n{b64:64}\n{b64:20}==\n-----END RSA PRIVATE KEY-----'],
  ['private-key-base64', 'private key', 'ls0tls1crudjti|0tls0tqkvhsu4|tls0tlujfr0lo', /(?<![A-Za-z0-9+/_-]{100})(?:LS0tLS1CRUdJTi|0tLS0tQkVHSU4|tLS0tLUJFR0lO)[A-Za-z0-9+/_-]{1,20000}(?:(?:\\?\r?\n[ \t]{0,40}|\\n)[A-Za-z0-9+/_-]{16,200}){0,500}(?:(?:\\?\r?\n[ \t]{0,40}|\\n)[A-Za-z0-9+/]{1,80}(?==))?={0,2}/, 'client-key-data: {pem64}', 'key block in base64'],
  ['putty-key', 'private key', 'private-lines:', /Private-Lines: \d{1,3}\r?\n((?:[ \t]{0,20}[A-Za-z0-9+/=]{4,100}\r?\n){1,100})/, 'PuTTY-User-Key-File-3: ssh-ed25519\nPrivate-Lines: 1\n{b64:48}\nPrivate-MAC: {hex:64}\n'],
  ['jwk', 'private key', '"d"|\'d\'', /["']d["']\s{0,4}:\s{0,4}["']([\w-]{40,700})["']/, '{"kty":"EC","crv":"P-256","d":"{b64u:43}"}', 'random'],
  ['xml-key', 'private key', '<d>', /<D>\s{0,20}([A-Za-z0-9+/=\s]{40,1000})<\/D>/, '<RSAKeyValue><D>{b64:86}==</D></RSAKeyValue>'],
  ['age', 'age secret key', 'age-secret-key-|age-plugin-', /AGE-(?:SECRET-KEY|PLUGIN-[A-Z0-9]{1,30})-1[A-Z0-9]{38,200}/i, 'AGE-SECRET-KEY-1{up:58}'],
  ['minisign', 'minisign secret key', 'rwrty0iy', /RWRTY0Iy[A-Za-z0-9+/=]{100,300}/, 'RWRTY0Iy{b64:204}'],
  ['bip32', 'wallet key', 'xprv|tprv|zprv', at(/[xtz]prv[1-9A-HJ-NP-Za-km-z]{100,112}(?![A-Za-z0-9])/), 'xprv{an58:107}'],
  // models
  ['anthropic', 'Anthropic API key', 'sk-ant-', at(/sk-ant-[\w-]{16,300}/), 'sk-ant-api03-{b64u:93}AA'],
  ['openai-project', 'OpenAI API key', 'sk-proj-|sk-svcacct-|sk-admin-|sk-none-|sk-service-', at(/sk-(?:proj|svcacct|admin|None|service)-[\w-]{20,300}/), 'sk-proj-{b64u:74}T3BlbkFJ{b64u:74}'],
  ['openai', 'OpenAI API key', 'sk-', at(/sk-[A-Za-z0-9]{32,120}(?![\w-])/), 'sk-{an:20}T3BlbkFJ{an:20}', 'random'],
  ['openai-session', 'OpenAI session', 'sess-', at(/sess-[A-Za-z0-9]{36,60}(?![\w-])/), 'sess-{an:40}'],
  ['openrouter', 'OpenRouter API key', 'sk-or-', at(/sk-or-(?:v1-)?[A-Za-z0-9]{32,100}/), 'sk-or-v1-{hex:64}'],
  ['langfuse', 'Langfuse key', 'sk-lf-', at(new RegExp(`sk-lf-${UUID}`)), 'sk-lf-{uuid}'],
  ['langsmith', 'LangSmith key', 'lsv2_', at(/lsv2_(?:pt|sk)_[a-f0-9]{32}_[a-f0-9]{10}/), 'lsv2_pt_{hex:32}_{hex:10}'],
  ['groq', 'Groq API key', 'gsk_', at(/gsk_[A-Za-z0-9]{20,100}/), 'gsk_{an:52}'],
  ['xai', 'xAI API key', 'xai-', at(/xai-[A-Za-z0-9]{40,120}/), 'xai-{an:80}'],
  ['perplexity', 'Perplexity API key', 'pplx-', at(/pplx-[A-Za-z0-9]{32,80}/), 'pplx-{an:48}'],
  ['replicate', 'Replicate token', 'r8_', at(/r8_[A-Za-z0-9]{30,60}/), 'r8_{an:37}'],
  ['hugging-face', 'Hugging Face token', 'hf_|api_org_', at(/(?:hf|api_org)_[A-Za-z0-9]{30,60}(?![\w])/), 'hf_{let:34}'],
  ['mistral', 'Mistral API key', 'mistral', named('mistral', '[A-Za-z0-9]{32}'), 'MISTRAL_API_KEY={an:32}', 'random'],
  ['cohere', 'Cohere API key', 'cohere|co_api_key', named('cohere|co_api_key', '[A-Za-z0-9]{40}'), 'cohere_key = "{an:40}"', 'random'],
  ['together', 'Together API key', 'together', named('together', '[a-f0-9]{64}'), 'together_key = "{hex:64}"', 'random'],
  ['deepgram', 'Deepgram API key', 'deepgram', named('deepgram', '[a-f0-9]{40}'), 'deepgram: "{hex:40}"', 'random'],
  ['assemblyai', 'AssemblyAI API key', 'assemblyai|assembly_ai', named('assembly_?ai', '[a-f0-9]{32}'), 'assemblyai = "{hex:32}"', 'random'],
  ['wandb', 'Weights & Biases key', 'wandb', named('wandb', '[a-f0-9]{40}'), 'WANDB: {hex:40}', 'random'],
  ['elevenlabs', 'ElevenLabs API key', 'sk_', at(/sk_[a-f0-9]{48}(?![\w-])/), 'sk_{hex:48}'],
  ['pinecone', 'Pinecone API key', 'pcsk_', at(/pcsk_[A-Za-z0-9]{4,10}_[A-Za-z0-9]{40,80}/), 'pcsk_{an:5}_{an:63}'],
  ['cerebras', 'Cerebras API key', 'csk-', at(/csk-[a-z0-9]{40,60}(?![\w-])/), 'csk-{lo:48}'],
  ['nvidia', 'NVIDIA API key', 'nvapi-', at(/nvapi-[\w-]{50,90}/), 'nvapi-{b64u:64}'],
  ['tavily', 'Tavily API key', 'tvly-', at(/tvly-(?:dev-|prod-)?[A-Za-z0-9]{24,60}/), 'tvly-{an:32}'],
  ['firecrawl', 'Firecrawl API key', 'fc-', at(/fc-[a-f0-9]{32}(?![\w-])/), 'fc-{hex:32}'],
  ['jina', 'Jina API key', 'jina_', at(/jina_[A-Za-z0-9]{50,80}/), 'jina_{an:60}'],
  ['voyage', 'Voyage API key', 'pa-', at(/pa-[A-Za-z0-9_-]{40,50}(?![\w-])/), 'pa-{b64u:43}', 'random'],
  ['fireworks', 'Fireworks API key', 'fw_', at(/fw_[A-Za-z0-9]{22,30}(?![\w-])/), 'fw_{an:24}', 'random'],
  // code hosts, packages, builds
  ['github', 'GitHub token', 'ghp_|gho_|ghu_|ghs_|ghr_', at(/gh[pousr]_[A-Za-z0-9_]{30,255}/), 'ghp_{an:36}'],
  ['github-fine-grained', 'GitHub token', 'github_pat_', at(/github_pat_\w{30,255}/), 'github_pat_{an:22}_{an:59}'],
  ['gitlab', 'GitLab token', 'glpat-|gldt-|glrt-|glrtr-|glcbt-|glptt-|glft-|glimt-|glagent-|gloas-|glsoat-|glffct-|glwt-', at(/gl(?:pat|dt|rtr?|cbt|ptt|ft|imt|agent|oas|soat|ffct|wt)-[\w-]{16,320}(?:\.[0-9a-z]{2}\.?[0-9a-z]{7})?/), 'glpat-{b64u:20}'],
  ['gitlab-runner', 'GitLab token', 'gr1348941', at(/GR1348941[\w-]{20,50}/), 'GR1348941{b64u:20}'],
  ['gitlab-session', 'GitLab session', '_gitlab_session=', /_gitlab_session=([0-9a-z]{32})/, '_gitlab_session={hex:32}'],
  ['atlassian', 'Atlassian token', 'atatt3|atctt3|atstt3|atbb', at(/(?:AT[ACS]TT3[\w=-]{40,300}|ATBB[A-Za-z0-9]{24,60})/), 'ATATT3{b64u:180}={hex:8}'],
  ['atlassian-named', 'Atlassian token', 'atlassian|jira|confluence', named('atlassian|jira|confluence', '[A-Za-z0-9]{24}'), 'jira_token: "{an:24}"', 'random'],
  ['bitbucket-named', 'Bitbucket secret', 'bitbucket', named('bitbucket', '[\\w=-]{64}|[A-Za-z0-9]{32}'), 'bitbucket_oauth = "{an:32}"', 'random'],
  ['npm', 'npm access token', 'npm_', at(/npm_[A-Za-z0-9]{30,60}(?!\w)/), 'npm_{an:36}'],
  ['npmrc', 'npmrc authToken', '_authtoken|_auth|_password', /(?<=(?:^|[:\n])[ \t]{0,8})_(?:authToken|auth|password)[ \t]{0,8}=[ \t]{0,8}["']?([A-Za-z0-9+/=_-]{16,1000})/, '//registry.npmjs.org/:_authToken={uuid}', 'random or UUID'],
  ['pypi', 'PyPI token', 'pypi-', at(/pypi-(?:AgE[\w-]{40,1000}|[A-Za-z0-9_]{60,1000})/), 'pypi-AgEIcHlwaS5vcmc{b64u:120}'],
  ['rubygems', 'RubyGems key', 'rubygems_', at(/rubygems_[a-f0-9]{40,64}/), 'rubygems_{hex:48}'],
  ['crates', 'crates.io token', 'cio', at(/cio[A-Za-z0-9]{32}(?![\w-])/), 'cio{an:32}', 'random'],
  ['nuget', 'NuGet key', 'oy2', at(/oy2[a-z0-9]{43}(?![\w-])/), 'oy2{lo:43}'],
  ['clojars', 'Clojars token', 'clojars_', at(/CLOJARS_[a-z0-9]{60}/), 'CLOJARS_{lo:60}'],
  ['artifactory', 'Artifactory key', 'akcp|cmvmd', at(/(?:AKCp[A-Za-z0-9]{50,80}|cmVmd[A-Za-z0-9]{59})(?![\w-])/), 'AKCp{an:69}'],
  ['docker-hub', 'Docker Hub token', 'dckr_pat_|dckr_oat_', at(/dckr_[po]at_[\w-]{20,60}/), 'dckr_pat_{b64u:27}'],
  ['docker-auth', 'Docker login', '"auth"', /"auth"\s{0,8}:\s{0,8}"([A-Za-z0-9+/_-]{8,400}={0,2})"/, '{"auths":{"https://index.docker.io/v1/":{"auth":"{login64}"}}}', 'base64 user:password'],
  ['buildkite', 'Buildkite token', 'bkua_|bkct_|bkaj_', at(/bk(?:ua|ct|aj)_[a-f0-9]{40}/), 'bkua_{hex:40}'],
  ['circleci', 'CircleCI token', 'ccipat_|ccipr', at(/CCIPR?AT_[A-Za-z0-9]{10,40}_[a-f0-9]{40}|CCIPRJ_[A-Za-z0-9]{10,40}_[a-f0-9]{40}/), 'CCIPAT_{an:22}_{hex:40}'],
  ['travis', 'Travis CI token', 'travis', named('travis', '[A-Za-z0-9]{22}'), 'travis_token: "{an:22}"', 'random'],
  ['codecov', 'Codecov token', 'codecov', named('codecov', `[a-f0-9]{32}|${UUID}`), 'codecov_token: "{hex:32}"'],
  ['sonar', 'Sonar token', 'squ_|sqp_|sqa_', at(/sq[upa]_[a-f0-9]{40}/), 'squ_{hex:40}'],
  ['sonar-named', 'Sonar token', 'sonar', named('sonar[_.-]?(?:login|token)', '[a-f0-9]{40}'), 'sonar.login={hex:40}', 'random'],
  ['snyk', 'Snyk token', 'snyk', named('snyk', UUID), 'SNYK_TOKEN={uuid}'],
  ['snyk-token', 'Snyk token', 'snyk_uat|snyk_sat', at(/snyk_[us]at\.[\w.-]{30,200}/), 'snyk_uat.{hex:8}.{b64u:60}'],
  ['sourcegraph', 'Sourcegraph token', 'sgp_', at(/sgp_(?:(?:[a-fA-F0-9]{16}|local)_)?[a-fA-F0-9]{40}/), 'sgp_{hex:16}_{hex:40}'],
  ['postman', 'Postman key', 'pmak-', at(/PMAK-[A-Za-z0-9]{20,30}-[A-Za-z0-9]{30,40}/), 'PMAK-{hex:24}-{hex:34}'],
  ['pulumi', 'Pulumi token', 'pul-', at(/pul-[a-f0-9]{40}/), 'pul-{hex:40}'],
  ['terraform', 'Terraform Cloud token', '.atlasv1.', /(?<=(?<![A-Za-z0-9])([A-Za-z0-9]{14}))(\.atlasv1\.[\w=-]{50,80})/, '{an:14}.atlasv1.{b64u:67}'],
  ['vault', 'Vault token', 'hvs.|hvb.|hvr.', at(/hv[sbr]\.[\w-]{20,300}/), 'hvs.{b64u:95}'],
  ['vault-named', 'Vault token', 'vault', named('vault', 's\\.[A-Za-z0-9]{24}'), 'VAULT_TOKEN=s.{an:24}'],
  ['doppler', 'Doppler token', 'dp.pt.|dp.st.|dp.ct.|dp.sa.|dp.scim.|dp.audit.', at(/dp\.(?:pt|st|ct|sa|scim|audit)\.(?:[\w-]{1,40}\.)?[A-Za-z0-9]{40,50}/), 'dp.pt.{an:43}'],
  ['infracost', 'Infracost key', 'ico-', at(/ico-[A-Za-z0-9]{32}(?![\w-])/), 'ico-{an:32}', 'random'],
  ['launchdarkly', 'LaunchDarkly key', 'sdk-|api-|mob-', at(new RegExp(`(?:sdk|api|mob)-${UUID}`)), 'sdk-{uuid}'],
  ['octopus', 'Octopus Deploy key', 'api-', at(/API-[A-Z0-9]{25,30}(?![\w-])/), 'API-{up:26}', 'random'],
  ['linear', 'Linear API token', 'lin_api_|lin_oauth_', at(/lin_(?:api|oauth)_[A-Za-z0-9]{32,128}/), 'lin_api_{an:40}'],
  ['notion', 'Notion token', 'ntn_|secret_', at(/(?:ntn_[A-Za-z0-9]{40,60}|secret_[A-Za-z0-9]{43})(?![\w-])/), 'ntn_{dig:11}{an:35}'],
  ['figma', 'Figma token', 'figd_|figo_|figu_|figr_', at(/fig[dour]_[\w-]{38,60}/), 'figd_{b64u:40}'],
  ['airtable', 'Airtable token', 'pat', at(/pat[A-Za-z0-9]{14}\.[a-f0-9]{64}/), 'pat{an:14}.{hex:64}'],
  ['asana', 'Asana token', 'asana', named('asana', '(?:\\d/\\d{16}:)?[a-f0-9]{32}'), 'asana = "1/{dig:16}:{hex:32}"'],
  ['typeform', 'Typeform token', 'tfp_', at(/tfp_[\w.=-]{44,70}/), 'tfp_{b64u:59}'],
  ['readme', 'ReadMe key', 'rdme_', at(/rdme_[a-z0-9]{70}/), 'rdme_{lo:70}'],
  ['hubspot', 'HubSpot token', 'pat-na|pat-eu', at(new RegExp(`pat-(?:na|eu)\\d-${UUID}`)), 'pat-na1-{uuid}'],
  ['intercom', 'Intercom token', 'dg9ro', at(/dG9rO[A-Za-z0-9+/]{50,80}={0,2}/), 'dG9rOj{b64:54}=='],
  ['contentful', 'Contentful token', 'cfpat-', at(/CFPAT-[\w-]{40,60}/), 'CFPAT-{b64u:43}'],
  ['1password', '1Password token', 'ops_ey', at(/ops_ey[A-Za-z0-9+/_-]{90,2000}={0,3}/), 'ops_eyJ{b64:260}'],
  ['1password-secret', '1Password secret key', 'a3-', at(/A3-[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})(?:-[A-Z0-9]{5}){3}/), 'A3-{up:6}-{up:6}-{up:5}-{up:5}-{up:5}-{up:5}'],
  // clouds
  ['aws-key-id', 'AWS access key ID', 'akia|asia|abia|acca|a3t|aroa|aida', at(/(?:A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA|AROA|AIDA)[A-Z0-9]{16}(?![A-Za-z0-9])/), 'AKIA{up:16}'],
  ['aws-secret', 'AWS secret access key', 'secret', named('secret[_-]?(?:access)?[_-]?key', '[A-Za-z0-9/+]{40}'), 'aws_secret_access_key = {b64:40}', 'random'],
  ['aws-session', 'AWS session token', 'session', named('session[_-]?token', '[A-Za-z0-9/+=]{80,2000}'), 'aws_session_token={b64:240}=='],
  ['aws-bedrock', 'AWS Bedrock key', 'absk|bedrock-api-key-', at(/(?:ABSK[A-Za-z0-9+/]{100,280}={0,2}|bedrock-api-key-[A-Za-z0-9+/=]{40,2000})/), 'ABSK{b64:128}=='],
  ['aws-mws', 'AWS MWS key', 'amzn.mws.', new RegExp(`amzn\\.mws\\.${UUID}`), 'amzn.mws.{uuid}'],
  ['google-api', 'Google API key', 'aiza', at(/AIza[\w-]{32,45}/), 'AIza{b64u:35}'],
  ['google-oauth', 'Google OAuth token', 'ya29.', at(/ya29\.[\w-]{20,400}/), 'ya29.{b64u:120}'],
  ['google-client', 'Google client secret', 'gocspx-', at(/GOCSPX-[\w-]{20,60}/), 'GOCSPX-{b64u:28}'],
  ['google-refresh', 'Google refresh token', '1//0', at(/1\/\/0[\w-]{40,200}/), '1//0{b64u:60}'],
  ['google-hmac', 'Google HMAC key', 'goog1e', at(/GOOG1E[A-Z0-9]{50,60}/), 'GOOG1E{up:55}'],
  ['google-key-id', 'GCP service account key', 'private_key_id', /private_key_id\\?["']\s{0,8}:\s{0,8}\\?["']([a-f0-9]{40})/, '"private_key_id": "{hex:40}"'],
  ['firebase', 'Firebase server key', ':apa91b', /(?<=(?<![A-Za-z0-9])([\w-]{11}))(:APA91b[\w-]{100,200})/, 'AAAA{b64u:7}:APA91b{b64u:134}'],
  ['azure-account', 'Azure storage key', 'accountkey', /AccountKey["']?[ \t]{0,8}[=:][ \t]{0,8}["']?([A-Za-z0-9+/]{40,100}={0,2})/i, 'DefaultEndpointsProtocol=https;AccountName=shop;AccountKey={b64:86}==;EndpointSuffix=core.windows.net'],
  ['azure-shared', 'Azure shared access key', 'sharedaccesskey', /SharedAccessKey["']?[ \t]{0,8}[=:][ \t]{0,8}["']?([A-Za-z0-9+/]{40,100}={0,2})/i, 'Endpoint=sb://shop.servicebus.windows.net/;SharedAccessKeyName=all;SharedAccessKey={b64:43}='],
  ['azure-sas', 'Azure SAS signature', 'sig=', /(?<=[?&;])sig=([A-Za-z0-9%+/]{40,100}={0,2})/, 'https://shop.blob.core.windows.net/a?sv=2022-11-02&se=2030-01-01&sig={b64:43}%3D'],
  ['azure-client', 'Azure client secret', 'q~', /(?<=(?<![\w~.-])([\w~.]{3}\d))(Q~[\w~.-]{31,34})(?![\w~-])/, '{an:3}8Q~{b64u:34}'],
  ['azure-devops', 'Azure DevOps token', 'jqqj99', at(/[A-Za-z0-9]{0,60}JQQJ99[A-Za-z0-9]{20,80}/), 'JQQJ99{an:40}AZDO{an:4}'],
  ['azure-named', 'Azure key', 'azure', named('azure', '[A-Za-z0-9+/]{86}==|[A-Za-z0-9+/]{43}=|[a-f0-9]{32}|[a-z2-7]{52}'), 'AZURE_SEARCH = "{hex:32}"', 'random'],
  ['digitalocean', 'DigitalOcean token', 'dop_v1_|doo_v1_|dor_v1_', at(/do[opr]_v1_[a-f0-9]{40,64}/), 'dop_v1_{hex:64}'],
  ['alibaba', 'Alibaba Cloud key ID', 'ltai', at(/LTAI[A-Za-z0-9]{12,24}(?![\w-])/), 'LTAI{an:20}'],
  ['alibaba-named', 'Alibaba Cloud secret', 'alibaba|aliyun', named('alibaba|aliyun', '[A-Za-z0-9]{30}'), 'aliyun_secret = "{an:30}"', 'random'],
  ['tencent', 'Tencent Cloud key ID', 'akid', at(/AKID[A-Za-z0-9]{32}(?![\w-])/), 'AKID{an:32}', 'random'],
  ['yandex', 'Yandex Cloud key', 'aqvn|y0_a|t1.9', at(/(?:AQVN[\w-]{35,38}|y0_A[\w-]{50,70}|t1\.9[\w-]{20,400}\.[\w-]{80,90})={0,2}(?![\w-])/), 'AQVN{b64u:36}'],
  ['ibm-named', 'IBM Cloud key', 'ibm', named('ibm', '[\\w-]{44}'), 'ibm_cloud = "{b64u:44}"', 'random'],
  ['heroku', 'Heroku API key', 'hrku-', at(/HRKU-[\w-]{30,80}/), 'HRKU-AA{b64u:58}'],
  ['heroku-named', 'Heroku API key', 'heroku', named('heroku', UUID), 'HEROKU_API_KEY={uuid}'],
  ['netlify', 'Netlify token', 'nfp_|nfo_|nfc_|nfu_|nfb_', at(/nf[pocub]_[A-Za-z0-9]{30,60}/), 'nfp_{an:36}'],
  ['netlify-named', 'Netlify token', 'netlify', named('netlify', '[\\w-]{40,46}'), 'NETLIFY_AUTH_TOKEN={an:43}', 'random'],
  ['vercel', 'Vercel token', 'vcp_|vci_|vca_|vcr_|vck_', at(/vc[piark]_[A-Za-z0-9]{24,80}/), 'vcp_{an:56}'],
  ['vercel-named', 'Vercel token', 'vercel', named('vercel', '[A-Za-z0-9]{24}'), 'VERCEL_TOKEN={an:24}', 'random'],
  ['supabase', 'Supabase key', 'sbp_|sb_secret_', at(/(?:sbp_[a-f0-9]{40}|sb_secret_[\w-]{20,80})/), 'sbp_{hex:40}'],
  ['cloudflare-origin', 'Cloudflare key', 'v1.0-', at(/v1\.0-[a-f0-9]{24}-[a-f0-9]{140,150}/), 'v1.0-{hex:24}-{hex:146}'],
  ['cloudflare', 'Cloudflare key', 'cfut_|cfat_|cfk_', at(/cf(?:ut|at|k)_[A-Za-z0-9]{40,60}/), 'cfut_{an:48}'],
  ['cloudflare-named', 'Cloudflare key', 'cloudflare|cf_api', named('cloudflare|cf_api', '[\\w-]{40}|[a-f0-9]{37}'), 'CLOUDFLARE_API_TOKEN={b64u:40}', 'random'],
  ['fly', 'Fly.io token', 'fo1_|fm1r_|fm1a_|fm2_', at(/(?:fo1_[\w-]{43}|fm(?:1[ar]|2)_[A-Za-z0-9+/]{100,1000}={0,3})/), 'fo1_{b64u:43}'],
  ['render', 'Render key', 'rnd_', at(/rnd_[A-Za-z0-9]{28,40}(?![\w-])/), 'rnd_{an:28}'],
  ['planetscale', 'PlanetScale secret', 'pscale_', at(/pscale_(?:tkn|pw|oauth)_[\w.=-]{30,80}/), 'pscale_tkn_{b64u:43}'],
  ['neon', 'Neon secret', 'napi_|npg_', at(/(?:napi_[a-z0-9]{50,70}|npg_[A-Za-z0-9]{12,24})(?![\w-])/), 'napi_{lo:64}'],
  ['databricks', 'Databricks token', 'dapi|dose|dkea', at(/d(?:api|ose|kea)[a-f0-9]{32}(?:-\d)?(?![A-Za-z0-9])/), 'dapi{hex:32}'],
  ['openshift', 'OpenShift token', 'sha256~', /sha256~[\w-]{43}(?![\w-])/, 'sha256~{b64u:43}'],
  ['clickhouse', 'ClickHouse key', '4b1d', at(/4b1d[A-Za-z0-9]{38}(?![\w-])/), '4b1d{an:38}', 'random'],
  ['fastly', 'Fastly token', 'fastly', named('fastly', '[\\w-]{32}'), 'FASTLY_API_TOKEN={b64u:32}', 'random'],
  // monitoring
  ['datadog', 'Datadog key', 'datadog|dd_api|dd_app', named('datadog|dd_api|dd_app', '[a-f0-9]{32}|[a-f0-9]{40}'), 'DD_API_KEY={hex:32}', 'random'],
  ['newrelic', 'New Relic key', 'nrak-|nrii-|nrjs-|nrra-|nrsp-', at(/NR(?:AK|II|JS|RA|SP)-[A-Za-z0-9_-]{19,50}/), 'NRAK-{up:27}'],
  ['newrelic-license', 'New Relic key', 'newrelic|new_relic|new-relic', named('new[_-]?relic', '[a-f0-9]{32,40}(?:nral)?'), 'NEW_RELIC_LICENSE_KEY={hex:36}NRAL'],
  ['sentry', 'Sentry token', 'sntrys_|sntryu_|sntrya_', at(/sntry[sua]_[A-Za-z0-9+/=_]{40,500}/), 'sntryu_{hex:64}'],
  ['sentry-named', 'Sentry token', 'sentry', named('sentry', '[a-f0-9]{64}'), 'SENTRY_AUTH_TOKEN={hex:64}', 'random'],
  ['grafana', 'Grafana token', 'glsa_|glc_|eyjrijoi', at(/(?:glsa_[A-Za-z0-9]{32}_[a-fA-F0-9]{8}|glc_[A-Za-z0-9+/]{32,400}={0,3}|eyJrIjoi[A-Za-z0-9]{60,400}={0,3})/), 'glsa_{an:32}_{hex:8}'],
  ['dynatrace', 'Dynatrace token', 'dt0', at(/dt0[a-z]\d{2}\.[A-Z0-9]{24}\.[A-Z0-9]{64}/i), 'dt0c01.{up:24}.{up:64}'],
  ['sumologic', 'Sumo Logic key', 'sumo', named('sumo', '[A-Za-z0-9]{64}'), 'sumologic = "{an:64}"', 'random'],
  ['okta', 'Okta token', 'okta|ssws', named('okta|ssws', '00[\\w-]{40}'), 'OKTA_TOKEN=00{b64u:40}'],
  ['okta-header', 'Okta token', 'ssws 00', /SSWS (00[\w-]{40})/, 'Authorization: SSWS 00{b64u:40}'],
  // messages and mail
  ['slack', 'slack token', 'xoxa-|xoxb-|xoxe-|xoxo-|xoxp-|xoxr-|xoxs-|xoxe.xox|xoxc-|xoxd-', at(/xox[abcdeoprs](?:\.xox[bp])?-[A-Za-z0-9%-]{10,400}/), 'xoxb-{dig:12}-{dig:13}-{an:24}'],
  ['slack-app', 'slack token', 'xapp-', at(/xapp-\d-[A-Z0-9]{6,20}-\d{8,20}-[a-z0-9]{20,100}/i), 'xapp-1-A{up:10}-{dig:13}-{hex:64}'],
  ['slack-webhook', 'Slack webhook', 'hooks.slack.com/', /hooks\.slack\.com\/((?:services|workflows|triggers)\/[A-Za-z0-9+/]{30,100})/, 'https://hooks.slack.com/services/T{up:8}/B{up:8}/{an:24}'],
  ['discord-bot', 'Discord token', '', /(?<![\w.-])[MNO][A-Za-z0-9_-]{22,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,42}(?![\w-])/, '{snowflake64}.{b64u:6}.{b64u:38}', 'random'],
  ['discord-mfa', 'Discord token', 'mfa.', at(/mfa\.[\w-]{80,100}/), 'mfa.{b64u:84}'],
  ['discord-webhook', 'Discord webhook', '/api/webhooks/', /\/api\/webhooks\/(\d{15,22}\/[\w-]{50,90})/, 'https://discord.com/api/webhooks/{dig:18}/{b64u:68}'],
  ['discord-named', 'Discord secret', 'discord', named('discord', '[a-f0-9]{64}|[\\w-]{32}'), 'discord_client = "{b64u:32}"', 'random'],
  ['telegram', 'Telegram bot token', ':aa', /(?<=(?<![\w])(\d{7,12}))(:AA[\w-]{30,36})(?![\w-])/, '{dig:10}:AA{b64u:33}'],
  ['teams-webhook', 'Teams webhook', '/webhookb2/|office.com/webhook/', /\/(?:webhookb2|office\.com\/webhook|webhook)\/([\w@-]{20,100}\/IncomingWebhook\/[a-f0-9]{32}\/[\w-]{36}[\w-]{0,60})/i, 'https://shop.webhook.office.com/webhookb2/{uuid}@{uuid}/IncomingWebhook/{hex:32}/{uuid}'],
  ['zapier', 'Zapier hook', 'hooks.zapier.com/', /hooks\.zapier\.com\/(hooks\/catch\/\d{4,12}\/[a-z0-9]{5,20})/, 'https://hooks.zapier.com/hooks/catch/{dig:7}/{lo:7}'],
  ['twilio', 'Twilio key', 'sk', at(/SK[0-9a-fA-F]{32}(?![\w-])/), 'SK{hex:32}'],
  ['twilio-named', 'Twilio secret', 'twilio', named('twilio', '[a-f0-9]{32}'), 'TWILIO_AUTH = "{hex:32}"', 'random'],
  ['sendgrid', 'SendGrid key', 'sg.', at(/SG\.[\w-]{16,64}\.[\w-]{16,64}/), 'SG.{b64u:22}.{b64u:43}'],
  ['mailgun', 'Mailgun key', 'key-', at(/key-[a-f0-9]{32}(?![\w-])/), 'key-{hex:32}'],
  ['mailgun-named', 'Mailgun key', 'mailgun', named('mailgun', '[a-f0-9]{32}-[a-f0-9]{8}-[a-f0-9]{8}|(?:pub)?key-[a-f0-9]{32}'), 'MAILGUN_API_KEY={hex:32}-{hex:8}-{hex:8}'],
  ['mailchimp', 'Mailchimp key', '-us', /(?<=(?<![A-Za-z0-9])([0-9a-f]{32}))(-us\d{1,2})(?![\w-])/, '{hex:32}-us14'],
  ['mandrill', 'Mandrill key', 'md-', at(/md-[\w-]{22}(?![\w-])/), 'md-{b64u:22}', 'random'],
  ['brevo', 'Brevo key', 'xkeysib-|xsmtpsib-', at(/x(?:key|smtp)sib-[a-f0-9]{64}-[A-Za-z0-9]{16}/), 'xkeysib-{hex:64}-{an:16}'],
  ['resend', 'Resend key', 're_', at(/re_[A-Za-z0-9]{8}_[A-Za-z0-9]{20,40}(?![\w-])/), 're_{an:8}_{an:24}'],
  ['postmark', 'Postmark token', 'postmark', named('postmark', UUID), 'POSTMARK_TOKEN={uuid}'],
  ['mattermost', 'Mattermost token', 'mattermost', named('mattermost', '[a-z0-9]{26}'), 'mattermost_token = "{lo:26}"', 'short random'],
  // payment and trade
  ['stripe', 'Stripe key', 'sk_live_|sk_test_|sk_prod_|rk_live_|rk_test_|rk_prod_', at(/[sr]k_(?:live|test|prod)_[A-Za-z0-9_]{10,250}/), 'sk_live_{an:24}'],
  ['stripe-webhook', 'Stripe webhook secret', 'whsec_', at(/whsec_[A-Za-z0-9+/]{20,100}={0,2}/), 'whsec_{an:32}'],
  ['shopify', 'Shopify token', 'shpat_|shpca_|shppa_|shpss_|shpua_|shptka_|shprka_', at(/shp(?:at|ca|pa|ss|ua|tka|rka)_[A-Za-z0-9]{24,64}/), 'shpat_{hex:32}'],
  ['square', 'Square token', 'sq0atp-|sq0csp-|sq0idp-|sq0idb-|eaaa', at(/(?:sq0(?:atp|csp|id[pb])-[\w-]{22,60}|EAAA[\w-]{58,62}(?![\w-]))/), 'sq0atp-{b64u:22}'],
  ['paypal', 'Braintree token', 'access_token$', /access_token\$(?:production|sandbox)\$[0-9a-z]{16}\$[0-9a-f]{32}/, 'access_token$production{usd}{lo:16}{usd}{hex:32}'],
  ['plaid', 'Plaid token', 'access-sandbox-|access-development-|access-production-', at(new RegExp(`access-(?:sandbox|development|production)-${UUID}`)), 'access-production-{uuid}'],
  ['plaid-named', 'Plaid secret', 'plaid', named('plaid', '[a-f0-9]{30}'), 'PLAID_SECRET={hex:30}', 'random'],
  ['flutterwave', 'Flutterwave key', 'flwseck', at(/FLWSECK(?:_TEST)?-[A-Za-z0-9]{12,40}(?:-X)?/), 'FLWSECK_TEST-{hex:32}-X'],
  ['shippo', 'Shippo token', 'shippo_', at(/shippo_(?:live|test)_[a-fA-F0-9]{40}/), 'shippo_live_{hex:40}'],
  ['easypost', 'EasyPost key', 'ezak|eztk', at(/EZ[AT]K[A-Za-z0-9]{54}/), 'EZAK{an:54}'],
  ['duffel', 'Duffel token', 'duffel_', at(/duffel_(?:test|live)_[\w=-]{43}/), 'duffel_live_{b64u:43}'],
  ['gocardless', 'GoCardless token', 'gocardless', named('gocardless', '(?:live|sandbox)_[\\w-]{40}'), 'gocardless = "live_{b64u:40}"'],
  ['coinbase', 'Coinbase key', 'coinbase', named('coinbase', '[\\w-]{64}'), 'coinbase = "{an:64}"', 'random'],
  ['algolia', 'Algolia key', 'algolia', named('algolia', '[a-f0-9]{32}'), 'ALGOLIA_ADMIN = "{hex:32}"', 'random'],
  // social networks
  ['facebook', 'Facebook token', 'eaa', at(/EAA[A-Za-z0-9]{80,300}(?![\w+/-])/), 'EAA{an:180}', 'random'],
  ['facebook-app', 'Facebook token', ['|'], /(?<=(?<![\w])(\d{14,17}))(\|[\w-]{27,40})(?![\w-])/, '{dig:16}|{b64u:27}', 'random'],
  ['facebook-named', 'Facebook secret', 'facebook|fb_app', named('facebook|fb_app', '[a-f0-9]{32}'), 'FACEBOOK_APP = "{hex:32}"', 'random'],
  ['instagram', 'Instagram token', 'igq|igaa', at(/(?:IGQ|IGAA)[\w-]{80,250}(?![\w-])/), 'IGQ{b64u:150}', 'random'],
  ['twitter-bearer', 'Twitter token', 'aaaaaaaaaaaaaaaaaaaa', at(/A{20,22}[A-Za-z0-9%]{40,120}/), 'AAAAAAAAAAAAAAAAAAAAAA{an:80}', 'long token'],
  ['twitter-named', 'Twitter secret', 'twitter', named('twitter', '\\d{15,25}-[A-Za-z0-9]{20,40}|[A-Za-z0-9]{25}|[A-Za-z0-9]{45}|[A-Za-z0-9]{50}'), 'TWITTER_API = "{an:25}"', 'random'],
  ['twitch-named', 'Twitch secret', 'twitch', named('twitch', '[a-z0-9]{30}'), 'twitch = "{lo:30}"', 'random'],
  ['dropbox', 'Dropbox token', 'sl.', at(/sl\.(?:u\.)?[\w-]{100,1500}={0,2}/), 'sl.{b64u:135}'],
  ['dropbox-named', 'Dropbox secret', 'dropbox', named('dropbox', '[a-z0-9]{15}|[A-Za-z0-9]{11}A{10}[\\w-]{43}'), 'DROPBOX_APP_SECRET={lo:15}', 'short random'],
  ['mapbox', 'Mapbox token', 'sk.eyj|pk.eyj|tk.eyj', at(/[spt]k\.eyJ[\w-]{40,200}\.[\w-]{20,40}/), 'sk.eyJ1Ijoi{b64u:50}.{b64u:22}'],
  ['salesforce', 'Salesforce token', '00d', at(/00D[A-Za-z0-9]{12,15}![\w.]{80,200}/), '00D{an:12}!{an:96}'],
  ['jwt', 'JSON web token', 'eyj', /(?<![\w-])eyJ[\w-]{8,4000}\.eyJ[\w-]{4,8000}\.[\w-]{16,2000}/, '{jwt}', 'web token'],
  ['jwe', 'JSON web token', 'eyj', /(?<![\w-])eyJ[\w-]{8,4000}\.[\w-]{0,1000}\.[\w-]{16,64}\.[\w-]{8,8000}\.[\w-]{16,64}/, 'eyJhbGciOiJSU0EtT0FFUCJ9.{b64u:342}.{b64u:16}.{b64u:80}.{b64u:22}'],
  ['maxmind', 'MaxMind key', '_mmk', /(?<=(?<![A-Za-z0-9])([A-Za-z0-9]{6}_[A-Za-z0-9]{29}))(_mmk)(?![\w-])/, '{an:6}_{an:29}_mmk'],
  ['prefect', 'Prefect key', 'pnu_|pnb_', at(/pn[ub]_[A-Za-z0-9]{36}(?![\w-])/), 'pnu_{an:36}'],
  ['harness', 'Harness key', 'pat.|sat.', at(/[ps]at\.[\w-]{22}\.[A-Za-z0-9]{24}\.[A-Za-z0-9]{20}/), 'pat.{b64u:22}.{an:24}.{an:20}'],
  ['adobe', 'Adobe client secret', 'p8e-', at(/p8e-[A-Za-z0-9]{32}(?![\w-])/), 'p8e-{an:32}'],
  ['frameio', 'Frame.io token', 'fio-u-', at(/fio-u-[\w=-]{64}/), 'fio-u-{b64u:64}'],
  ['ngrok', 'ngrok token', 'ngrok', named('ngrok', '[A-Za-z0-9]{27}_[A-Za-z0-9]{16,24}'), 'NGROK_AUTHTOKEN={an:27}_{an:20}'],
]

const PASSWORDS = 'pass(?:w(?:or[dt]|d)|phrase|code)|(?<![A-Za-z])pass|pwd|secret'
const KEYS =
  'token|api[_-]?key|access[_-]?key|auth[_-]?key|app[_-]?key|account[_-]?key|encryption[_-]?key|signing[_-]?key|master[_-]?key|private[_-]?key|shared[_-]?key|session[_-]?key|deploy[_-]?key|service[_-]?key|storage[_-]?key|subscription[_-]?key|license[_-]?key|admin[_-]?key|(?<!public|site|publishable|client|primary|foreign|sort|cache|partition|tracking|websocket)[_-]key|credentials?|bearer|hmac'
const KEY_WORDS = [
  ...['token', 'credential', 'bearer', 'hmac', '_key', '-key'],
  ...'api access auth app account encryption signing master private shared session deploy service storage subscription license admin'
    .split(' ')
    .flatMap((word) => [`${word}key`, `${word}_key`, `${word}-key`]),
].join('|')

// biome-ignore format: a row a line
const VALUES: readonly Row[] = [
  ['url-password', 'password', '://', /:\/\/[^\s:@/?#"'`<>{}|\\]{0,100}:([^\s@"'`<>/\\]{3,200})@(?=[\w.[%{$-])/, 'postgres://shop:{pw:14}@db.internal:5432/shop', 'url password'],
  ['oracle-url', 'password', ':thin:', /:thin:\w{1,60}\/([^\s@"'/]{4,100})@/, 'jdbc:oracle:thin:shop/{pw:12}@//db:1521/x', 'url password'],
  ['bearer', 'bearer token', 'bearer ', /Bearer[ \t]{1,4}([\w.~+/-]{16,2000}={0,2})/i, 'Authorization: Bearer {an:40}', 'random'],
  ['basic', 'basic login', 'basic ', /Basic[ \t]{1,4}([A-Za-z0-9+/_-]{8,400}={0,2})(?![\w])/i, 'Authorization: Basic {login64}', 'base64 user:password'],
  ['session-cookie', 'cookie', 'cookie', /(?<![\w-])(?:Set-)?Cookie["']?[ \t]{0,4}[:=,][ \t]{0,4}["'`]?(?:[\w.-]{1,60}=[^;\s"'`]{0,200};[ \t]{0,4}){0,20}[\w.-]{0,60}(?:sess|sid|auth|jwt)[\w.-]{0,60}=([\w.%~+/-]{20,2000}={0,2})/i, 'Cookie: session={an:40}', 'random'],
  ['token-header', 'token', 'authorization', /Authorization["']?[ \t]{0,4}[:=,][ \t]{0,4}["'`]?(?:token|apikey|api-key|key|gateway)[ \t=]{1,4}["']?([\w.~+/-]{16,2000}={0,2})/i, 'Authorization: token {hex:40}', 'random'],
  ['curl-user', 'password', '-u |--user ', /(?:-u|--user)[ \t]{1,4}["']?[\w.@-]{1,60}:([^\s"']{6,100})/, 'curl -u shop:{pw:12} https://api.internal/', 'url password'],
  ['netrc', 'netrc password', 'machine ', /machine\s{1,8}\S{1,200}\s{1,8}(?:login\s{1,8}\S{1,200}\s{1,8})?(?:account\s{1,8}\S{1,200}\s{1,8})?password\s{1,8}(\S{4,200})/, 'machine api.internal\n  login shop\n  password {pw:12}', 'url password'],
  ['pgpass', 'pgpass password', ':5432:|:5433:|:6432:|:*:', /(?<=^[\w.*-]{1,100})(?::\d{2,5}|:\*):[\w*.-]{1,60}:[\w*.-]{1,60}:([^\s:]{4,200})$/m, 'db.internal:5432:shop:shop:{pw:12}', 'url password'],
  ['htpasswd', 'password hash', ':$apr1$|:$2y$|:$2a$|:$2b$|:{sha}|:$1$|:$5$|:$6$|:$y$', /(?<=^[\w.@+-]{1,60}):(\$(?:apr1|1|5|6|y)\$[\w./$=,]{8,200}|\$2[aby]\$\d\d\$[\w./]{53}|\{SHA\}[\w+/=]{28})/im, 'shop:$apr1{usd}{an:8}{usd}{an:22}', 'any'],
  ['password', 'password', 'pass|pwd|secret', quoted(PASSWORDS, '[^\\s"\'`\\\\<>]{8,128}'), 'db_password = "{pw:14}"', 'password'],
  ['password-bare', 'password', 'pass|pwd|secret', bare(PASSWORDS, '[^\\s"\'`\\\\]{8,128}', '[^\\s"\'`;&,()<>|\\\\]{8,128}'), 'DB_PASSWORD={pw:14}', 'bare password'],
  ['password-marked', 'password', 'pass|pwd|secret', marked('passw(?:or)?d|passphrase|pwd|secret', '[^\\s"\'`<>]{8,128}'), '<password>{pw:12}</password>', 'password'],
  ['password-variable', 'password', 'pass|pwd|secret', variable('PASS(?:WORD|WD|PHRASE)?|PWD|SECRET', '[^\\s"\'`\\\\]{8,128}'), 'PGPASSWORD={pw:12} psql shop', 'bare password'],
  ['sshpass', 'password', 'sshpass', /sshpass[ \t]{1,8}-p[ \t]{0,8}["']?([^\s"']{6,100})/, 'sshpass -p {pw:12} ssh shop', 'url password'],
  ['token', 'token', KEY_WORDS, quoted(KEYS, '[\\w+/=.:~-]{16,400}'), 'apiKey: "{an:32}"', 'random'],
  ['token-bare', 'token', KEY_WORDS, bare(KEYS, '[\\w+/=.:~-]{16,400}', '[\\w+/=.:~-]{16,400}'), 'API_TOKEN={an:32}', 'random'],
  ['token-variable', 'token', 'token|key', variable('TOKEN|(?:API|ACCESS|AUTH|ADMIN|SERVICE|MASTER)_?KEY', '[\\w+/=.:~-]{16,400}'), 'docker run -e SHOP_TOKEN={an:32} shop', 'random'],
  ['token-marked', 'token', 'token|api-key|apikey|api_key', marked('token|api[-_]?key', '[\\w+/=.:~-]{16,400}'), 'deploy --token {an:32}', 'random'],
]

/**
 * Secrets that we detect beside secretlint's rules, after the formats that gitleaks and detect-secrets publish. If you change it, raise
 * FACTS_VERSION in src/store/open-store.ts, because the index holds texts that were filtered by the old rules.
 */
export const RULES: readonly Rule[] = [
  ...TOKENS.map((row) => ruleOf(row, true)),
  ...VALUES.map((row) => ruleOf(row, false)),
]

function ruleOf([id, kind, keywords, pattern, example, check = 'token']: Row, tellsItself: boolean): Rule {
  return {
    id,
    kind,
    keywords: typeof keywords === 'string' ? keywords.split('|').filter(Boolean) : keywords,
    pattern,
    example,
    check,
    tellsItself,
  }
}
