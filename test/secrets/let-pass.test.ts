import { expect, test } from 'vitest'
import { redactSecrets } from '../../src/secrets/find-secrets.ts'
import { tableSecrets } from '../../src/secrets/table-secrets.ts'
import { makeUp } from './make-up.ts'

test.each([
  ['documented example keys', 'AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'],
  [
    'what is to be filled in',
    'token: ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\nkey = "sk-ant-your-key-goes-here"\nAPI_KEY=<your api key>',
  ],
  [
    'references',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a shell's variable
    'password = os.environ["DB_PASSWORD"]\nconst secret = process.env.SECRET1\nkey: ${API_KEY}\ntoken = token2',
  ],
  [
    'types and names',
    'password: string\nfunction f(token: Token1, secret = newSecret1()) {}\npasswordHash = hash256(password1)',
  ],
  ['messages', 'password: "Password must have 8 characters"\n"token": "The token 1234 is invalid"'],
  ['addresses of examples', 'postgres://user:password@localhost/db\nhttps://user:pass@example.com'],
  [
    'sums',
    '"integrity": "sha512-yq6OkJ4p82CAfPl0u9mQebQHKPJkY7WrIuk205cTYnYe+k2Z8YBh11FrbRG/H6ihirqcacOgl2BIO8oyMQLeXw=="',
  ],
  ['ids', `commit ${'3f2a9c'.repeat(7).slice(0, 40)}\nid: '123e4567-e89b-42d3-a456-426614174000'`],
  ['pictures', `src="data:image/png;base64,${makeUp('iVBORw0KGgo{b64:90}')}"`],
  ['public keys', `key: "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE${makeUp('{b64:86}')}"`],
  [
    'first and last lines of keys',
    "if (text.startsWith('-----BEGIN RSA PRIVATE KEY-----') && text.endsWith('-----END RSA PRIVATE KEY-----'))",
  ],
  ['a nonce', '"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="'],
  [
    'rules and labels of a password',
    '\'password\' => [\'required\', \'min:8\', \'regex:/[A-Z]/\']\npasswords: { required: true, minLength: 8 }\n"password": { "label": "Passwort1", "type": "Password2Field" }',
  ],
  [
    'declarations',
    'password: string\ntype Password Argon2Hash\n\tsecret *corev1.Secret\n\ttoken S3ExpressToken1Value\n<input type=password name="login1">\nString password = new String()',
  ],
  ['texts of an interface', '"password": "Passwort"\n"contraseña": "Introduce tu contraseña1"\ntype: "password"'],
  [
    'commands without a password',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a shell's variable
    'docker run -p 8080:80 shop1\ndocker login -u $USER -p $PASSWORD1\ndocker login --password-stdin\nsqlcmd -U sa -P ${SA_PASSWORD1}\nmysql -p shop1\nredis-cli -a "$PASS1"\nopenssl rsa -in key1.pem\nzip -r a1.zip b',
  ],
  [
    'settings without a password',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a shell's variable
    'requirepass ${REDIS_PASSWORD1}\n# requirepass foobared\nmasterauth <master-password>\nCREATE USER shop IDENTIFIED BY :password1\nparts, each identified by "prefix+index"\n${db.password:}\n${PASSWORD:+has-password}',
  ],
  ['names of .NET assemblies', '"System.Design, Version=4.0.0.0, Culture=neutral, PublicKeyToken=b03f5f7f11d50a3a"'],
])('%s are no secrets', (_, text) => {
  expect(tableSecrets(text).map(({ from, to }) => text.slice(from, to))).toEqual([])
})

test('a key whose end was cut off is left out as far as it goes', async () => {
  const key = makeUp('-----BEGIN RSA PRIVATE KEY-----\n{b64:64}\n{b64:64}\n{b64:64}\n-----END RSA PRIVATE KEY-----')
  for (const end of [110, 140, 190]) {
    const text = await redactSecrets(`key = """${key.slice(0, end)}`)
    expect(text, String(end)).toBe('key = """[private key left out]')
  }
  expect(await redactSecrets(`12-${key.replaceAll('\n', '\n12-')}\n13-next line`)).toBe(
    '12-[private key left out]\n13-next line',
  )
})

test('a value is found whatever language assigns it', () => {
  const value = makeUp('{pw:14}')
  for (const text of [
    `password := "${value}"`,
    `'password' => '${value}',`,
    `let password: &str = "${value}";`,
    `private static final String PASSWORD = "${value}";`,
    `os.environ["DB_PASSWORD"] = "${value}"`,
    `os.getenv("DB_PASSWORD", "${value}")`,
    `process.env.DB_PASSWORD || '${value}'`,
    `  password: ${value}  # of the shop`,
    `spring.datasource.password=${value}`,
    `export DB_PASSWORD=${value}`,
    `ENV DB_PASSWORD ${value}`,
    `mysql --password=${value} shop`,
    `Server=db;User Id=sa;Password=${value};Timeout=3`,
    `jdbc:mysql://db/shop?user=a&password=${value}`,
    `<add key="Password" value="${value}"/>`,
    `"{\\"password\\": \\"${value}\\"}"`,
    `#define DB_PASSWORD "${value}"`,
    `password = """${value}"""`,
    `password = (\n    "${value}"\n)`,
    `password: str = Field(default="${value}")`,
    `password <- "${value}"`,
    `public string Password { get; set; } = "${value}";`,
    `Dim password As String = "${value}"`,
    `var password string = "${value}"`,
    `char password[32] = "${value}";`,
    `DECLARE @password nvarchar(50) = '${value}'`,
    `passwords["admin"] = "${value}"`,
    `final String password = new String("${value}");`,
    `let password = String::from("${value}");`,
    `getenv("DB_PASSWORD") ?: "${value}"`,
    `ENV.fetch("DB_PASSWORD") { "${value}" }`,
    `env::var("DB_PASSWORD").unwrap_or("${value}".into())`,
    `@Value("\${db.password:${value}}")`,
    `\${db_password:-${value}}`,
    `password_confirmation: ${value}`,
    `contraseña = "${value}"`,
    `wifi_psk="${value}"`,
    `username shop password ${value}`,
  ])
    expect(
      tableSecrets(text).map(({ from, to }) => text.slice(from, to)),
      text,
    ).toEqual([value])
})

test('each value is found of a list or a map below a name', () => {
  const [one, two] = [makeUp('{pw:14}', 'a'), makeUp('{pw:14}', 'b')]
  for (const text of [
    `const passwords = { admin: "${one}", shop: '${two}' }`,
    `"password": [\n  "${one}",\n  "${two}"\n]`,
    `passwords := map[string]string{"admin": "${one}", "shop": "${two}"}`,
    `'passwords' => ['admin' => '${one}', 'shop' => '${two}'],`,
    `passwords:\n  - ${one}\n  - "${two}"\n`,
    `passwords:\n  admin: ${one}\n  shop: ${two}\nname: Shop2Main9X\n`,
  ])
    expect(
      tableSecrets(text).map(({ from, to }) => text.slice(from, to)),
      text,
    ).toEqual([one, two])
})

test('a value is found in settings of servers and arguments of commands', () => {
  const value = makeUp('{pw:12}')
  for (const text of [
    `CREATE USER 'shop'@'%' IDENTIFIED BY '${value}';`,
    `CREATE USER shop IDENTIFIED BY ${value};`,
    `GRANT ALL ON shop.* TO shop IDENTIFIED BY "${value}"`,
    `ALTER USER shop IDENTIFIED WITH mysql_native_password BY '${value}'`,
    `ALTER ROLE shop WITH ENCRYPTED PASSWORD '${value}'`,
    `SET PASSWORD FOR 'shop'@'%' = PASSWORD('${value}');`,
    `requirepass ${value}`,
    `command: ["redis-server", "--requirepass", "${value}"]`,
    `masterauth "${value}"`,
    `sentinel auth-pass mymaster ${value}`,
    `user shop on >${value} ~* +@all`,
    `bindpw ${value}`,
    `login shop\npassword ${value}`,
    `echo ${value} | sudo -S reboot`,
    `net use x: \\\\files\\shop ${value} /user:shop`,
    `docker login -u shop -p ${value} registry.internal`,
    `docker login \\\n  -u shop \\\n  -p '${value}'`,
    `helm registry login -u shop -p ${value} registry.internal`,
    `sqlcmd -U sa -P ${value}`,
    `mongosh -u shop -p ${value}`,
    `mysql -u shop -p${value} shop`,
    `curl -u shop:${value} https://api.internal`,
    `sshpass -p ${value} ssh shop`,
    `redis-cli -a ${value} ping`,
    `ldapsearch -D cn=shop -w ${value}`,
    `openssl enc -aes-256-cbc -k ${value}`,
    `openssl enc -aes-256-cbc -pass pass:${value}`,
    `unzip -P ${value} shop.zip`,
    `7z x -p${value} shop.7z`,
  ])
    expect(
      tableSecrets(text).map(({ from, to }) => text.slice(from, to)),
      text,
    ).toEqual([value])
})

test('a value is found in manifests, markup, commands and logs', () => {
  const [value, key] = [makeUp('{pw:14}'), makeUp('{lo:9}{dig:4}{lo:9}{dig:4}')]
  for (const write of [
    (name: string, text: string) => `- name: ${name}\n  value: ${text}\n`,
    (name: string, text: string) => `- name: ${name}\n  value: "${text}"\n`,
    (name: string, text: string) => `{"name": "${name}", "value": "${text}"}`,
    (name: string, text: string) => `variable "${name}" {\n  type = string\n  default = "${text}"\n}\n`,
    (name: string, text: string) => `${name}: |\n  ${text}\n`,
    (name: string, text: string) => `${name}:\n  ${text}\n`,
    (name: string, text: string) => `${name}:\n  description: of the shop\n  value: ${text}\n`,
    (name: string, text: string) => `${name}: &default ${text}\n`,
    (name: string, text: string) => `${name}: !!str ${text}\n`,
    (name: string, text: string) => `<string name="${name}">${text}</string>`,
    (name: string, text: string) => `<key>${name}</key>\n<string>${text}</string>`,
    (name: string, text: string) => `<property name="${name}"><value>${text}</value></property>`,
    (name: string, text: string) => `<${name}><![CDATA[${text}]]></${name}>`,
    (name: string, text: string) => `helm install shop --set auth.${name}=${text}`,
    (name: string, text: string) => `kubectl create secret generic shop --from-literal=${name}=${text}`,
    (name: string, text: string) => `java -Dshop.${name.replaceAll('_', '.')}=${text} -jar shop.jar`,
    (name: string, text: string) => `docker run -e ${name.toUpperCase()}=${text} shop`,
    (name: string, text: string) => `ENV ${name.toUpperCase()} ${text}\n`,
    (name: string, text: string) => `setenv ${name.toUpperCase()} ${text}\n`,
    (name: string, text: string) => `set -gx ${name.toUpperCase()} ${text}\n`,
    (name: string, text: string) => `echo "\${${name.toUpperCase()}:-${text}}"`,
    (name: string, text: string) => `${name.toUpperCase()} := ${text}\n`,
    (name: string, text: string) => `${name.toUpperCase()} ?= ${text}\n`,
    (name: string, text: string) => `shop.${name}=\\\n    ${text}\n`,
    (name: string, text: string) => `INFO ${name}: ${text}\n`,
    (name: string, text: string) => `using ${name}=${text} for the shop\n`,
    (name: string, text: string) => `// ${name}: ${text}\n`,
    (name: string, text: string) => `12 ${name}: ${text}\n`,
    (name: string, text: string) => `| ${name} | ${text} |\n`,
    (name: string, text: string) => `**${name}**: ${text}\n`,
  ])
    for (const text of [write('db_password', value), write('shop_api_key', key)])
      expect(
        tableSecrets(text)
          .map(({ from, to }) => text.slice(from, to))
          .join(),
        text,
      ).toMatch(/^.{14}$|^.{26}$/)
})
