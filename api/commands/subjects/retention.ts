/** Customers whose last ticket or inquiry ended too long ago: found, and erased (rulebook §17). */
import { type Instant, toEpoch, toInstant } from '../../../domain/instant.ts'
import { subjectAggregate } from '../../../domain/subject.ts'
import type { SubjectId } from '../../../domain/subjectKeys.ts'
import type { Act } from '../act.ts'
import type { CommandDeps, CommandViews } from '../deps.ts'
import { handle } from '../handle.ts'
import type { InFlight } from '../inFlight.ts'
import { erasing, erasureOf } from './erase.ts'
import { kept, recordsOf } from './kept.ts'

/** A customer nothing of whom is open, and when the last of it ended. */
export type IdleSubject = { subjectId: SubjectId; records: number; lastEndedAt: Instant }

/** Subjects looked at between two pauses: some milliseconds. */
const pageSize = 50
/** Subjects looked at in one go, whether they are idle or not. */
const mostLooked = 20_000

/** The same day and time so many years ago; of 29 February 1 March, where that year has none. */
export const idleBefore = (now: Instant, years: number): Instant => {
  const date = new Date(toEpoch(now))
  date.setUTCFullYear(date.getUTCFullYear() - years)
  return toInstant(date.getTime())
}

/** The subject, if all that is kept of it ended before then and it is not erased yet; else `null`. */
export const idleSubject = (
  views: CommandViews,
  subjectId: SubjectId,
  before: Instant,
): IdleSubject | null => {
  if (views.subjects.isErased(subjectId)) return null
  const ends = recordsOf(views, subjectId).map(({ endedAt }) => endedAt)
  let lastEndedAt: Instant | null = null
  for (const endedAt of ends) {
    if (endedAt === null || endedAt >= before) return null
    if (lastEndedAt === null || lastEndedAt < endedAt) lastEndedAt = endedAt
  }
  return lastEndedAt === null ? null : { subjectId, records: ends.length, lastEndedAt }
}

/** The next subjects after one, in the order of their ids, of whatever is kept of them. */
const subjectsAfter = (views: CommandViews, after: SubjectId): SubjectId[] => {
  const found = kept.flatMap((kind) => kind.subjectsAfter(views, after, pageSize))
  return [...new Set(found)].sort().slice(0, pageSize)
}

type IdleQuery = { after: SubjectId; before: Instant; most: number }

/**
 * Idle subjects in the order of their ids, those after one, `most` of them at most.
 * `next`: where to go on; `null`: every subject was looked at.
 */
export const idleSubjects = async (
  { views, inFlight }: Pick<CommandDeps, 'views'> & { inFlight: InFlight },
  { after, before, most }: IdleQuery,
): Promise<{ idle: IdleSubject[]; next: SubjectId | null }> => {
  const idle: IdleSubject[] = []
  let last = after
  for (let looked = 0; looked < mostLooked; looked += pageSize) {
    await inFlight.pause()
    const page = subjectsAfter(views, last)
    for (const subjectId of page) {
      last = subjectId
      const found = idleSubject(views, subjectId, before)
      if (found !== null) idle.push(found)
      if (idle.length === most) return { idle, next: last }
    }
    if (page.length < pageSize) return { idle, next: null }
  }
  return { idle, next: last }
}

/**
 * Erases one subject if it is idle still; says whether it did.
 * @throws StoreUnavailable; Conflict `write_conflict`
 */
export const eraseIdle = async (
  deps: CommandDeps,
  subjectId: SubjectId,
  { before, reason, act }: { before: Instant; reason: string; act: Act },
): Promise<boolean> => {
  const { events } = await erasing(deps, subjectId, () =>
    handle(deps, subjectAggregate, subjectId, {
      act,
      command: async () => {
        if (idleSubject(deps.views, subjectId, before) === null) return null
        const command = await erasureOf(deps, subjectId, reason)
        return command.open === null ? command : null
      },
    }),
  )
  return events.length > 0
}
