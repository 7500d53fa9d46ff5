/** How far the server's clock is from ours: appends carry a deadline by our clock, and locks rest on both. */
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { EsdbAddress } from './address.ts'

/** A server that takes longer to say the time says nothing. */
const timeoutMs = 2_000

/** Behind by so much, every append reaches the server after its deadline of five seconds, or nearly. */
export const mostBehindMs = 4_000
/** Apart by more, locks hold by luck: said in the log. */
export const mostApartMs = 2_000

type Answer = { date: string | undefined; asked: number; answered: number }

const ask = (
  { tls, caFile }: EsdbAddress,
  { address, port }: EsdbAddress['endpoints'][number],
): Promise<Answer | null> =>
  new Promise((resolve) => {
    const asked = Date.now()
    const options = { host: address, port, path: '/health/live', timeout: timeoutMs, agent: false as const }
    const request = tls
      ? httpsRequest({ ...options, ...(caFile !== undefined && { ca: caFile }) })
      : httpRequest(options)
    const timer = setTimeout(() => request.destroy(new Error('no answer')), timeoutMs)
    const end = (answer: Answer | null): void => {
      clearTimeout(timer)
      resolve(answer)
    }
    request.on('error', () => end(null))
    request.on('response', (response) => {
      response.resume()
      end({ date: response.headers.date, asked, answered: Date.now() })
    })
    request.end()
  })

/**
 * Milliseconds the server's clock is ahead of ours, negative where behind, good to about half a second: a `Date` header
 * has whole seconds. `null` where no server of the address says.
 */
export const measureClock = async (address: EsdbAddress): Promise<number | null> => {
  for (const endpoint of address.endpoints) {
    const answer = await ask(address, endpoint)
    const time = answer?.date === undefined ? Number.NaN : Date.parse(answer.date)
    if (answer !== null && !Number.isNaN(time)) return time + 500 - (answer.asked + answer.answered) / 2
  }
  return null
}

const seconds = (ms: number): string => (Math.abs(ms) / 1_000).toFixed(1)

/** What to say of a clock that is `aheadMs` behind the server's; `null` where it will do. */
export const clockSentence = (aheadMs: number | null): string | null =>
  aheadMs === null || aheadMs < mostBehindMs
    ? null
    : `The clock of this machine is ${seconds(aheadMs)} s behind that of EventStoreDB, which therefore refuses what is written as too late. Set both clocks by NTP, then start again.`

/** Whether the clocks are far enough apart to say so, and how far, in seconds. */
export const clocksApart = (aheadMs: number | null): string | null =>
  aheadMs === null || Math.abs(aheadMs) < mostApartMs ? null : seconds(aheadMs)
