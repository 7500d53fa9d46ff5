/** Views that find customers by hashes forget those of an erased subject. */
import type { SubjectId } from '../domain/subjectKeys.ts'

type SubjectCache = { forget(subjectId: SubjectId): void }

/** Whether a view's queries can forget a subject. */
export const forgets = (queries: unknown): queries is SubjectCache =>
  typeof (queries as Partial<SubjectCache> | undefined)?.forget === 'function'

/** The queries of a view, any; `before` is called with each subject that it is to forget. */
export const beforeForgetting = (queries: unknown, before: (subjectId: SubjectId) => void): unknown =>
  forgets(queries)
    ? {
        ...queries,
        forget: (subjectId: SubjectId): void => {
          before(subjectId)
          queries.forget(subjectId)
        },
      }
    : queries
