/** The service's clock as the page knows it: the browser's own may be wrong. */
import { signal } from '@preact/signals'

let skewMs = 0
/** A slow answer says little of the time. */
const usableMs = 2_000

/** Epoch milliseconds by the service's clock, to the second. */
export const serviceNow = (): number => Date.now() + skewMs

/** Learns from an answer: its `Date`, and how long it took. */
export const learnTime = (date: string | null, tookMs: number): void => {
  const told = date === null ? Number.NaN : Date.parse(date)
  if (Number.isNaN(told) || tookMs > usableMs) return
  // the header has whole seconds, so half a second is the middle of what it may mean
  const skew = told + 500 - Date.now() + tookMs / 2
  if (Math.abs(skew - skewMs) < 1_500) return
  skewMs = skew
  now.value = serviceNow()
}

/** Moves on every few seconds: what shows a time left reads it. */
export const now = signal(serviceNow())

const tickMs = 5_000
setInterval(() => {
  now.value = serviceNow()
}, tickMs)
