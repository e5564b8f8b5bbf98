/** Milliseconds of processor time that some work takes: unlike a clock, it does not count how long others keep this process waiting. */
export function processorMs(work: () => unknown): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}
