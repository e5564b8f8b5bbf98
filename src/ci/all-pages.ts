const MOST_PAGES = 100
/** Entries of a page: the most that all three hosts give. */
export const PAGE = 100

/** The entries of all pages, in order. page: reads one, from 1; a page that is not full is the last. */
export async function allPages<Entry>(page: (number: number) => Promise<readonly Entry[]>): Promise<Entry[]> {
  const all: Entry[] = []
  for (let number = 1; number <= MOST_PAGES; number++) {
    const entries = await page(number)
    all.push(...entries)
    if (entries.length < PAGE) break
  }
  return all
}
