/** Milliseconds of processor time that some work takes: unlike a clock, it does not count how long others keep this process waiting. */
export async function processorMs(work: () => unknown): Promise<number> {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}
