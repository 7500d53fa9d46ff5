/** Deadlines of one second, made facts: on the embedded engine, and where `ESDB_URL` names a server on EventStoreDB. */
import { randomUUID } from 'node:crypto'
import type { Size } from './live/parties.ts'
import { measured } from './processes.ts'
import { atMost, type Row, said } from './table.ts'

export type DuesFigures = { seconds: number; streamedSeconds: number; facts: number; longestPauseMs: number }

const counts: Record<Size, number> = { small: 5_000, full: 100_000 }

const rowsOn = async (engine: string, eventStore: string, dues: number): Promise<Row[]> => {
  const { seconds, streamedSeconds, facts, longestPauseMs } = await measured<DuesFigures>('./duesInside.ts', [
    eventStore,
    String(dues),
  ])
  if (facts !== dues) throw new Error(`${facts} facts came of ${dues} dues`)
  const what = `dues: ${dues.toLocaleString('en')} at one second`
  return [
    atMost(`${what}, recorded (${engine})`, seconds, 10, 's'),
    atMost(`${what}, recorded and read from a stream (${engine})`, streamedSeconds, 10, 's'),
    said(`dues: longest pause of the event loop meanwhile (${engine})`, longestPauseMs, 'ms'),
  ]
}

export const duesRows = async (size: Size): Promise<Row[]> => {
  const { ESDB_URL: server = '' } = process.env
  const embedded = await rowsOn('embedded', 'sqlite', counts[size])
  if (server === '') {
    process.stderr.write('dues: EventStoreDB is skipped, for ESDB_URL names no server\n')
    return embedded
  }
  const prefix = `${server.includes('?') ? '&' : '?'}streamPrefix=bench-${randomUUID()}.`
  return [...embedded, ...(await rowsOn('EventStoreDB', `${server}${prefix}`, counts[size]))]
}
