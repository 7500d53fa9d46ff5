/** Quarters to choose from: pure functions on Shanghai's calendar. */

const shanghaiMs = 8 * 3_600_000

/** The quarter of an instant, `2026Q1`. */
export const quarterOf = (epochMs: number): string => {
  const day = new Date(epochMs + shanghaiMs)
  return `${day.getUTCFullYear()}Q${Math.floor(day.getUTCMonth() / 3) + 1}`
}

/** This quarter and those before it, the newest first; assessments begin with 2014Q4. */
export const quartersUpTo = (epochMs: number, count = 8): string[] => {
  const [year, quarter] = quarterOf(epochMs).split('Q').map(Number) as [number, number]
  return Array.from({ length: count }, (_, back) => {
    const index = year * 4 + quarter - 1 - back
    return `${Math.floor(index / 4)}Q${(index % 4) + 1}`
  }).filter((each) => each >= '2014Q4')
}

/** The first day of a quarter, and the first after it. */
export const boundsOf = (quarter: string): { from: string; to: string } => {
  const [year, number] = quarter.split('Q').map(Number) as [number, number]
  const first = (index: number): string => new Date(Date.UTC(year, index * 3)).toISOString().slice(0, 10)
  return { from: first(number - 1), to: first(number) }
}

/** The week of a Monday as reports name it, `2026-W37`: ISO's, whose year is that of its Thursday. */
const weekOf = (monday: string): string => {
  const thursday = new Date(Date.parse(monday) + 3 * 86_400_000)
  const dayOfYear = (thursday.getTime() - Date.UTC(thursday.getUTCFullYear(), 0)) / 86_400_000
  return `${thursday.getUTCFullYear()}-W${String(Math.floor(dayOfYear / 7) + 1).padStart(2, '0')}`
}

/** The weeks up to now, the oldest first: a report leaves out those in which nothing was. */
export const weeksUpTo = (epochMs: number, count = 12): string[] =>
  Array.from({ length: count }, (_, index) => weekOf(mondayBefore(epochMs, count - 1 - index)))

/** The beginning of the Monday so many weeks ago in Shanghai, as a day. */
export const mondayBefore = (epochMs: number, weeks: number): string => {
  const day = Math.floor((epochMs + shanghaiMs) / 86_400_000)
  const monday = day - ((day + 3) % 7) - weeks * 7
  return new Date(monday * 86_400_000).toISOString().slice(0, 10)
}
