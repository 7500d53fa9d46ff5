/** What operators watch of the stream. */
import { Counter, Gauge, type Registry } from 'prom-client'

export type StreamState = {
  readers(): number
  classes(): number
  /** For how long the oldest event that was not written to the streams has waited; 0: there is none. */
  behindSeconds(): number
}

/** Streams that are further behind are reported by `/readyz`. */
const mostBehindSeconds = 5

export type LiveMetrics = {
  /** Reads the numbers of open streams and of their classes, and how far they are behind, at every scrape from now on. */
  watch(now: StreamState): void
  /** Why an operator should look; `null`: nothing is wrong. */
  reason(): string | null
  /** Bytes written to readers. */
  bytes: Counter
  /** Readers that were slow, left their class and read the log by themselves. */
  left: Counter
  /** Readers that were ended because nothing drained. */
  dropped: Counter
  /** Streams that began with `Last-Event-ID`. */
  resumed: Counter
}

export const createLiveMetrics = (registry: Registry): LiveMetrics => {
  const registers = [registry]
  let now: StreamState = { readers: () => 0, classes: () => 0, behindSeconds: () => 0 }
  const gauge = (name: string, help: string, read: () => number): void => {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read())
      },
    })
  }
  gauge('stream_readers', 'Open streams', () => now.readers())
  gauge('stream_classes', 'Groups of streams at the head of the log that are sent the same bytes', () =>
    now.classes(),
  )
  gauge(
    'stream_behind_seconds',
    'How long the oldest event that is not written to the streams has waited',
    () => now.behindSeconds(),
  )
  const counter = (name: string, help: string): Counter => new Counter({ name, help, registers })
  return {
    watch: (watched) => {
      now = watched
    },
    reason: () =>
      now.behindSeconds() <= mostBehindSeconds
        ? null
        : `the streams are ${Math.round(now.behindSeconds())} seconds behind the log, because the views are; readers stay connected and lose nothing`,
    bytes: counter('stream_bytes_total', 'Bytes written to streams'),
    left: counter('stream_slow_total', 'Times a slow stream left its class to read the log by itself'),
    dropped: counter(
      'stream_dropped_total',
      'Streams ended because their reader took nothing for 30 seconds',
    ),
    resumed: counter('stream_resumed_total', 'Streams that began with Last-Event-ID'),
  }
}
