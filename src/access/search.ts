/** Searches the segments of the access log from the newest line on, a bounded number of lines a page. */
import { readFile } from 'node:fs/promises'
import type { AccessLine, AccessPlace, AccessQuery } from '../../domain/accessLog.ts'
import { toEpoch } from '../../domain/instant.ts'
import { lineIn, placesIn } from './lineForm.ts'
import type { Segment, Segments } from './segments.ts'

/** After so many lines of whole segments a page ends. */
const mostLooked = 50_000

/** `null`: it was removed meanwhile, because its lines are older than they are kept. */
const contentOf = async (segment: Segment): Promise<Buffer | null> => {
  const { path } = segment
  return readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
    // it was full meanwhile, and got its last name
    return segment.path === path ? null : contentOf(segment)
  })
}

/** What must stand in a line, as it stands there. */
const needlesOf = ({ subjectId, ticketNo }: AccessQuery): Buffer[] =>
  [subjectId, ticketNo].flatMap((each) => (each === undefined ? [] : [Buffer.from(JSON.stringify(each))]))

const matcherOf = ({ actor, from, to }: AccessQuery) => {
  const [after, before] = [from, to].map((each) => (each === undefined ? null : toEpoch(each)))
  return (line: AccessLine): boolean =>
    (actor === undefined || line.actor === actor || line.sub === actor) &&
    (after == null || toEpoch(line.at) >= after) &&
    (before == null || toEpoch(line.at) < before)
}

const overlaps = ({ span }: Segment, { from, to }: AccessQuery): boolean =>
  span === null ||
  ((from === undefined || span.to >= toEpoch(from)) && (to === undefined || span.from < toEpoch(to)))

type FoundLines = { items: AccessLine[]; next: AccessPlace | null }

/** The lines of a query before a place, the newest first. */
export const findIn = async (
  segments: Pick<Segments, 'newestFirst'>,
  query: AccessQuery,
  { after, limit }: { after: AccessPlace | null; limit: number },
): Promise<FoundLines> => {
  const needles = needlesOf(query)
  const matches = matcherOf(query)
  const items: AccessLine[] = []
  let last: AccessPlace | null = null
  let looked = 0
  const isWanted = (segment: Segment): boolean =>
    (after === null || segment.number <= after.segment) && overlaps(segment, query)
  for (const segment of segments.newestFirst().filter(isWanted)) {
    if (looked >= mostLooked) return { items, next: { segment: segment.number + 1, offset: 0 } }
    const end = after?.segment === segment.number ? after.offset : segment.bytes
    const content = await contentOf(segment)
    if (content === null) continue
    const places = placesIn(content.subarray(0, end))
    looked += places.length
    for (const { from, to } of places.reverse()) {
      const bytes = content.subarray(from, to)
      if (!needles.every((needle) => bytes.includes(needle))) continue
      const line = lineIn(bytes.toString('utf8'))?.line
      if (line === undefined || !matches(line)) continue
      if (items.length === limit) return { items, next: last }
      items.push(line)
      last = { segment: segment.number, offset: from }
    }
  }
  return { items, next: null }
}
