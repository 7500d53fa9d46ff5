/** Who the customer is, and the queue in which one customer's complaints are taken one after the other (rulebook §6). */
import { type CustomerHashes, givenHashes, type IdentifyingFields } from '../../../domain/customerKeys.ts'
import type { SubjectId } from '../../../domain/subjectKeys.ts'
import type { Act } from '../act.ts'
import type { CommandDeps } from '../deps.ts'
import { withCustomerLocks } from '../locks.ts'
import { hashesOfPerson } from './customer.ts'
import type { IncomingComplaint } from './matchComplaint.ts'

/** The customer's subject by customer number, else by phone, else a new one: a VIN alone never joins two people. */
export const subjectFor = (
  deps: CommandDeps,
  complaint: Pick<IncomingComplaint, 'subjectId'>,
  hashes: CustomerHashes,
): SubjectId | Promise<SubjectId> =>
  complaint.subjectId ??
  deps.views.customers.subjectOf(hashes.customerId, hashes.phone) ??
  deps.views.inquiries.subjectOf(hashes.customerId, hashes.phone) ??
  deps.views.care.subjectOf(hashes.customerId, hashes.phone) ??
  deps.subjects.create()

/** What must not happen twice at once: the same customer's complaints, and the same external number's. */
const lockKeys = (hashes: readonly Uint8Array[], externalNo: string | null): string[] => [
  ...hashes.map((hash) => Buffer.from(hash).toString('base64')),
  ...(externalNo === null ? [] : [`external ${externalNo}`]),
]

/** The command, where the same one may come to another node; what follows from another act is judged by itself. */
export const commandOf = ({ commandId, digestOf, requestDigest, causationId, imported }: Act) =>
  causationId !== undefined || (digestOf === undefined && requestDigest === undefined)
    ? null
    : { commandId, wait: imported === true }

/** `command`: where the same one may come to another node, see `withCustomerLocks`. */
type ToLock = Pick<IncomingComplaint, 'person' | 'externalNo'> & { command?: ReturnType<typeof commandOf> }

/**
 * Runs `work`, which is given the customer's hashes, when no other complaint of the same customer or external number is
 * taken in, on whichever node.
 */
export const withCustomers = <T>(
  deps: CommandDeps,
  { person, externalNo, command = null }: ToLock,
  work: (hashes: CustomerHashes) => Promise<T>,
): Promise<T> => {
  const hashes = hashesOfPerson(deps, person)
  const given = givenHashes(hashes)
  return deps.mutex.run(lockKeys(given, externalNo), () =>
    withCustomerLocks(deps, { hashes: given, externalNo, command }, () => work(hashes)),
  )
}

/** The same of all customers that any of the hashes finds. */
export const withCustomerHashes = <T>(
  deps: CommandDeps,
  hashes: readonly Uint8Array[],
  work: () => Promise<T>,
): Promise<T> =>
  deps.mutex.run(lockKeys(hashes, null), () =>
    withCustomerLocks(deps, { hashes, externalNo: null, command: null }, work),
  )

/** The lock of a subject, as one hash more. Erasing takes it, and so does what must not be done meanwhile. */
export const subjectLock = ({ sealing }: Pick<CommandDeps, 'sealing'>, subjectId: SubjectId): Uint8Array =>
  sealing.lookupHash('customerId', `subject ${subjectId}`)

/**
 * Runs `work` while the subject is not being erased, also one whom nothing finds, and no complaint of any of the persons
 * is taken in, on whichever node.
 */
export const withSubject = <T>(
  deps: CommandDeps,
  subjectId: SubjectId,
  persons: readonly IdentifyingFields[],
  work: () => Promise<T>,
): Promise<T> => {
  const hashes = persons.flatMap((person) => givenHashes(hashesOfPerson(deps, person)))
  return withCustomerHashes(deps, [subjectLock(deps, subjectId), ...hashes], work)
}
