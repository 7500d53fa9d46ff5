/** What must not be done twice at once, on whichever node: see `docs/adr/0015-eventstoredb.md` and 0020. */
import { CommandDone } from './commandDone.ts'
import { Conflict } from './conflict.ts'
import type { CommandDeps } from './deps.ts'

/**
 * A customer's place among 65,536: what is said in the log outlives erasure, and must tell nobody apart. Who shares a
 * place only waits for the other.
 */
const bucketOf = (hash: Uint8Array): string => Buffer.from(hash.subarray(0, 2)).toString('hex')

const neverTaken = (): never => {
  throw new Error('a lock that was waited for came back as taken')
}

/** A complaint as far as it concerns locks; `commandId` where its caller or its import may send it again. */
type ToLock = {
  hashes: readonly Uint8Array[]
  externalNo: string | null
  command: { commandId: string; wait: boolean } | null
}

/**
 * Runs `work` for one customer at a time, of all nodes; one external number is one customer more, and so is a command
 * that may come to two nodes: one round of locks for all of them.
 * @throws CommandDone; Conflict `request_in_progress` where another node is at the same command
 */
export const withCustomerLocks = async <T>(
  { locks, sealing, views }: Pick<CommandDeps, 'locks' | 'sealing' | 'views'>,
  { hashes, externalNo, command }: ToLock,
  work: () => Promise<T>,
): Promise<T> => {
  if (locks === undefined) return work()
  const keys = hashes.map((hash) => `customer ${bucketOf(hash)}`)
  if (externalNo !== null)
    keys.push(`external ${(sealing.requestDigest(null, externalNo) as string).slice(0, 3)}`)
  if (command === null)
    return keys.length === 0
      ? work()
      : locks.take([...new Set(keys)], work, { wait: true, taken: neverTaken })
  const commandKey = `command ${command.commandId}`
  // under its lock the view has what other nodes did
  const once = (): Promise<T> => {
    const done = views.commands.find(command.commandId).at(-1)
    if (done !== undefined) throw new CommandDone(done.position)
    return work()
  }
  return locks.take([...new Set([commandKey, ...keys])], async () => once(), {
    wait: true,
    ...(!command.wait && { waitBrieflyFor: commandKey }),
    taken: (seconds) => Promise.reject(new Conflict('request_in_progress', seconds)),
  })
}

/** Runs an act on several tickets when no other node runs one on any of them. `ticketNos` come sorted. */
export const withTicketLocks = <T>(
  { locks }: Pick<CommandDeps, 'locks'>,
  ticketNos: readonly string[],
  work: () => Promise<T>,
): Promise<T> =>
  locks === undefined
    ? work()
    : locks.take(
        ticketNos.map((ticketNo) => `ticket ${ticketNo}`),
        work,
        { wait: true, taken: neverTaken },
      )

/**
 * Runs what must not be done while a quarter is frozen, and freezing it: one at a time, here and on other nodes. Whoever
 * takes the locks of tickets too takes this one first.
 */
export const withQuarterLock = <T>(
  { mutex, locks }: Pick<CommandDeps, 'mutex' | 'locks'>,
  quarter: string,
  work: () => Promise<T>,
): Promise<T> => {
  const key = `quarter ${quarter}`
  return mutex.run([key], () =>
    locks === undefined ? work() : locks.take([key], work, { wait: true, taken: neverTaken }),
  )
}

/** Runs the definition of a calendar when no other runs, here or on another node. */
export const withCalendars = <T>(
  { mutex, locks }: Pick<CommandDeps, 'mutex' | 'locks'>,
  work: () => Promise<T>,
): Promise<T> =>
  mutex.run(['calendars'], () =>
    locks === undefined ? work() : locks.take(['calendars'], work, { wait: true, taken: neverTaken }),
  )
