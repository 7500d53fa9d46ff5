import { Writable } from 'node:stream'
import { type Logger, pino } from 'pino'

/** A logger that keeps its lines. */
export const collectLines = (): { log: Logger; text(): string } => {
  const chunks: string[] = []
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      chunks.push(String(chunk))
      done()
    },
  })
  return { log: pino({ level: 'info' }, stream), text: () => chunks.join('') }
}
