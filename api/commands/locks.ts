/** What must not be done twice at once, on whichever node: see `docs/adr/0015-eventstoredb.md`. */
import type { CustomerHashes } from '../../domain/customerKeys.ts'
import { givenHashes } from '../../domain/customerKeys.ts'
import { Conflict } from './conflict.ts'
import type { CommandDeps } from './deps.ts'

/**
 * A customer's place among 65,536: what is said in the log outlives erasure, and must tell nobody apart. Who shares a
 * place only waits for the other.
 */
const bucketOf = (hash: Uint8Array): string => Buffer.from(hash.subarray(0, 2)).toString('hex')

const neverTaken = (): never => {
  throw new Error('a turn that is waited for came back as taken')
}

/** Runs `work` for one customer at a time, of all nodes; one external number is one customer more. */
export const inCustomersTurn = <T>(
  { turns, sealing }: Pick<CommandDeps, 'turns' | 'sealing'>,
  { hashes, externalNo }: { hashes: CustomerHashes; externalNo: string | null },
  work: () => Promise<T>,
): Promise<T> => {
  if (turns === undefined) return work()
  const keys = givenHashes(hashes).map((hash) => `customer ${bucketOf(hash)}`)
  if (externalNo !== null)
    keys.push(`external ${(sealing.requestDigest(null, externalNo) as string).slice(0, 3)}`)
  return keys.length === 0 ? work() : turns.take([...new Set(keys)], work, { wait: true, taken: neverTaken })
}

/** Runs an act on several tickets when no other node runs one on any of them. `ticketNos` come sorted. */
export const inTicketsTurn = <T>(
  { turns }: Pick<CommandDeps, 'turns'>,
  ticketNos: readonly string[],
  work: () => Promise<T>,
): Promise<T> =>
  turns === undefined
    ? work()
    : turns.take(
        ticketNos.map((ticketNo) => `ticket ${ticketNo}`),
        work,
        { wait: true, taken: neverTaken },
      )

/**
 * Runs a command that may come to several nodes at once.
 * @throws Conflict `request_in_progress` where another node is at it and `wait` is false.
 */
export const inCommandsTurn = <T>(
  { turns }: Pick<CommandDeps, 'turns'>,
  commandId: string,
  wait: boolean,
  work: () => Promise<T>,
): Promise<T> =>
  turns === undefined
    ? work()
    : turns.take([`command ${commandId}`], work, {
        wait,
        taken: () => Promise.reject(new Conflict('request_in_progress', 1)),
      })
