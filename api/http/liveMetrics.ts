/** What operators watch of the stream. */
import { Counter, Gauge, type Registry } from 'prom-client'

export type LiveMetrics = {
  /** Reads the numbers of open streams and of their classes at every scrape from now on. */
  watch(now: { readers(): number; classes(): number }): void
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
  let now = { readers: () => 0, classes: () => 0 }
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
  const counter = (name: string, help: string): Counter => new Counter({ name, help, registers })
  return {
    watch: (watched) => {
      now = watched
    },
    bytes: counter('stream_bytes_total', 'Bytes written to streams'),
    left: counter('stream_slow_total', 'Times a slow stream left its class to read the log by itself'),
    dropped: counter(
      'stream_dropped_total',
      'Streams ended because their reader took nothing for 30 seconds',
    ),
    resumed: counter('stream_resumed_total', 'Streams that began with Last-Event-ID'),
  }
}
