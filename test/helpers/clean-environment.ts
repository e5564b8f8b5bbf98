/** The environment of whoever runs the tests, without what would change what the program does. */
export function cleanEnvironment(): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) =>
        !/^(OPENAI_|REPOSE_|FORCE_COLOR$|(GITHUB|GITLAB|BITBUCKET|CI|TRIGGER)_|GIT_(?!CONFIG_GLOBAL$|CONFIG_NOSYSTEM$))/.test(
          name,
        ),
    ),
  )
}
