/** One client after another: `renew` puts a new one in the place of one that may be poisoned. */
import { applyWorkarounds } from './clientWorkarounds.ts'
import { within } from './within.ts'

/** How long the end of what a client had in flight is waited for when it is thrown away. */
const disposalMs = 1_000

/** What a client that is thrown away would leave hanging. */
type Failable = { fail(error: Error): void }

/** @param connect makes a client, without asking it for anything */
export const createCurrentClient = <Client extends { dispose(): Promise<void> }>(connect: () => Client) => {
  let generation = 0
  let client = connect()
  let workarounds = applyWorkarounds(client)
  let renewing: Promise<void> | undefined
  let isClosed = false
  /** Told when the client is thrown away. */
  const inFlight = new Set<(thrownAway: Error) => void>()
  const feeds = new Set<Failable>()

  /**
   * The call's answer, unless the client is thrown away first: then a read that it cancels ends like one that is whole,
   * and an append whose stream had failed before gets no answer.
   */
  const unlessThrownAway = <T>(call: Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      inFlight.add(reject)
      const over = (): void => {
        inFlight.delete(reject)
      }
      call.then(resolve, reject).finally(over)
    })

  /** A client that is disposed of tells its feeds nothing, so they are closed here. */
  const dispose = async (): Promise<void> => {
    const thrownAway = new Error('the client was thrown away')
    for (const feed of feeds) feed.fail(thrownAway)
    for (const reject of [...inFlight]) reject(thrownAway)
    inFlight.clear()
    // cancels what is in flight, and would wait for ever for a subscription that nobody reads
    client.dispose().catch(() => {})
    // its appends must be over before the next client has any, see `guardAppends`
    await within(disposalMs, 'appends hang', workarounds.appendsOver()).catch(() => {})
    workarounds.closeChannel()
  }

  const replace = async (): Promise<void> => {
    await dispose()
    if (isClosed) return
    client = connect()
    workarounds = applyWorkarounds(client)
    generation += 1
  }

  return {
    /**
     * Calls the client, after a renewal that is under way. @throws where the client is thrown away before it answers, or
     * does not answer within `longestMs`
     */
    call: async <T>(work: (client: Client) => Promise<T>, longestMs?: number): Promise<T> => {
      await renewing
      const answer = unlessThrownAway(work(client))
      return longestMs === undefined ? answer : within(longestMs, `no answer within ${longestMs} ms`, answer)
    },
    /** Opens a feed of the client, which fails when that is thrown away. `onClosed`: it is over by itself. */
    open: <F extends Failable>(feedOf: (client: Client, onClosed: () => void) => F): F => {
      const feed = feedOf(client, () => feeds.delete(feed))
      feeds.add(feed)
      return feed
    },
    generation: (): number => generation,
    /** Throws the client away for a new one, unless that was done since `failed`. Everything in flight fails. */
    renew: async (failed: number): Promise<void> => {
      if (failed !== generation) return renewing
      renewing ??= replace().finally(() => {
        renewing = undefined
      })
      return renewing
    },
    close: async (): Promise<void> => {
      isClosed = true
      await renewing
      await dispose()
    },
  }
}
