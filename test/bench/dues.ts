/** Deadlines of one second, made facts: on the embedded engine, and where `ESDB_URL` names a server on EventStoreDB. */
import { randomUUID } from 'node:crypto'
import { measured } from './processes.ts'
import { atMost, type Row, said } from './table.ts'

export type DuesFound = { seconds: number; facts: number; longestPauseMs: number }

const dues = 100_000

const rowsOn = async (engine: string, eventStore: string): Promise<Row[]> => {
  const { seconds, facts, longestPauseMs } = await measured<DuesFound>('./duesInside.ts', [
    eventStore,
    String(dues),
  ])
  if (facts !== dues) throw new Error(`${facts} facts came of ${dues} dues`)
  return [
    atMost(`dues: 100,000 at one second, recorded (${engine})`, seconds, 10, 's'),
    said(`dues: longest pause of the event loop meanwhile (${engine})`, longestPauseMs, 'ms'),
  ]
}

export const duesRows = async (): Promise<Row[]> => {
  const { ESDB_URL: server = '' } = process.env
  const embedded = await rowsOn('embedded', 'sqlite')
  if (server === '') {
    process.stderr.write('dues: EventStoreDB is skipped, for ESDB_URL names no server\n')
    return embedded
  }
  const prefix = `${server.includes('?') ? '&' : '?'}streamPrefix=bench-${randomUUID()}.`
  return [...embedded, ...(await rowsOn('EventStoreDB', `${server}${prefix}`))]
}
