/** Who read whose personal data (rulebook §17): the lines, and the port of where they are kept. No line holds any. */
import type { Instant } from './instant.ts'
import type { SubjectId } from './subjectKeys.ts'
import type { TicketNo } from './ticket/events.ts'

/** One answer that held personal data. */
export type AccessLine = {
  at: Instant
  /** Who is named as the reader, and the token's own subject, which may read on somebody's behalf. */
  actor: string
  sub: string
  roles: string[]
  method: string
  /** The route's pattern. */
  route: string
  requestId: string
  /** Whose data it was, and of which tickets: the first twenty of each. */
  subjectIds: SubjectId[]
  ticketNos: TicketNo[]
  /** What a list or file was asked for; of a search by person the names of the fields alone. */
  filters: Record<string, unknown> | null
  /** Tickets, inquiries or contacts whose data was shown; `null`: a stream, or a file that is still being read, or whose end nobody saw. */
  count: number | null
}

/** The place of a line, in the order in which they were written. */
export type AccessPlace = { segment: number; offset: number }

export type AccessQuery = {
  subjectId?: SubjectId | undefined
  ticketNo?: TicketNo | undefined
  /** The actor, or the token's subject. */
  actor?: string | undefined
  from?: Instant | undefined
  to?: Instant | undefined
}

/** How long lines are kept, days: three years. */
export const accessLogDays = 1_096

export type AccessLog = {
  /**
   * Writes a line; when it returns, or where it returns a promise when that settles, the line outlives the process.
   * `file`: names a file whose rows are counted later. @throws StoreUnavailable, or rejects with it
   */
  write(line: AccessLine, file?: string): Promise<void> | undefined
  /** Waits until `find` knows the lines written before, or cannot know them now. Never throws. */
  settle(): Promise<void>
  /** Tells how many tickets a file held in the end; of none there is no line. Never throws: the line itself is there. */
  complete(file: string, count: number): void
  /**
   * Lines, the newest first. A page looks at a bounded number of lines, so it may hold fewer than `limit` although there
   * are more; `next` is `null` at the end only.
   */
  find(
    query: AccessQuery,
    page: { after: AccessPlace | null; limit: number },
  ): Promise<{ items: AccessLine[]; next: AccessPlace | null }>
  /** Why the last line could not be written, a moment ago; `null`: nothing is wrong. */
  reason(): string | null
}
