/** Erases a customer: first the event, then the key, and by what the customer is found (rulebook §17). */
import { givenHashes } from '../../../domain/customerKeys.ts'
import type { EraseSubject } from '../../../domain/subject.ts'
import type { SubjectId } from '../../../domain/subjectKeys.ts'
import type { CommandDeps } from '../deps.ts'
import { describeError } from '../describeError.ts'
import { lookAgain } from '../lookAgain.ts'
import { hashesOfPerson } from '../tickets/customer.ts'
import { subjectLock, withCustomerHashes } from '../tickets/customerQueue.ts'
import { readerOf } from '../tickets/personal.ts'
import { withTickets } from '../tickets/twoTickets.ts'
import { kept } from './kept.ts'

/** All by which a new complaint or inquiry of this customer is known for one. */
const hashesOfSubject = async (deps: CommandDeps, subjectId: SubjectId): Promise<Uint8Array[]> => {
  const reader = readerOf(deps.sealing, true, true)
  const hashes: Uint8Array[] = [subjectLock(deps, subjectId)]
  for (const { recordsOf, customerOf } of kept)
    for (const { id } of recordsOf(deps.views, subjectId)) {
      const customer = await customerOf(deps, id)
      if (customer !== null) hashes.push(...givenHashes(hashesOfPerson(deps, reader.person(customer))))
    }
  return hashes
}

/** Nobody can open them any more; where their store is away they are removed later, as the log says they are gone. */
const removeFiles = ({ attachments, log }: CommandDeps, subjectId: SubjectId): Promise<void> =>
  attachments.removeSubject(subjectId).catch((error: unknown) => {
    log.warn({ error: describeError(error) }, 'the attachments of an erased customer are removed later')
  })

const keyOf = (hash: Uint8Array): string => Buffer.from(hash).toString('base64')

/**
 * Runs `append` while no complaint or inquiry of the subject is taken in and no act on its tickets is done, on whichever
 * node; where the subject is erased then, its key is gone afterwards, here and wherever the log is followed.
 * @throws what `append` throws; Conflict `write_conflict`; StoreUnavailable: the event may be there, and the service goes
 * on with it by itself.
 */
export const erasing = <T extends { state: unknown }>(
  deps: CommandDeps,
  subjectId: SubjectId,
  append: () => Promise<T>,
): Promise<T> => {
  const find = async () => deps.views.customers.ticketNosOfSubject(subjectId)
  return lookAgain(async () => {
    const hashes = await hashesOfSubject(deps, subjectId)
    const locked = new Set(hashes.map(keyOf))
    const work = async (): Promise<{ value: T } | null> => {
      const concerned = await hashesOfSubject(deps, subjectId)
      if (!concerned.every((hash) => locked.has(keyOf(hash)))) return null
      const appended = await append()
      if (appended.state !== null) {
        await deps.subjects.destroy(subjectId)
        await removeFiles(deps, subjectId)
      }
      return { value: appended }
    }
    return withCustomerHashes(deps, hashes, () => withTickets(deps, find, work))
  })
}

/**
 * The command, for what is kept as it is; to be made within `erasing`. An inquiry that is over stays over, so that it
 * needs no lock.
 */
export const erasureOf = async (
  deps: CommandDeps,
  subjectId: SubjectId,
  reason: string,
): Promise<EraseSubject> => {
  for (const { recordsOf, openOf } of kept)
    for (const { id } of recordsOf(deps.views, subjectId)) {
      const open = await openOf(deps, id)
      if (open !== null) return { type: 'EraseSubject', subjectId, reason, open }
    }
  return { type: 'EraseSubject', subjectId, reason, open: null }
}

/** Erased subjects looked at in one go. */
const pageSize = 500

/**
 * Destroys the keys of subjects whose erasure is in the log and whose key is there all the same: a crash came between,
 * or `keys.db` was put back from a backup. Each call goes on where the one before ended.
 */
export const createErasureCompleter = (
  deps: Pick<CommandDeps, 'views' | 'subjects'>,
): (() => Promise<number>) => {
  let last = 0
  return async () => {
    let completed = 0
    for (;;) {
      const erased = deps.views.subjects.erasedAfter(last, pageSize)
      for (const { id, subjectId } of erased) {
        if (deps.subjects.get(subjectId, true) !== null) {
          await deps.subjects.destroy(subjectId)
          completed += 1
        }
        last = id
      }
      if (erased.length < pageSize) return completed
    }
  }
}
