/** Commands while another caller reads every ticket through the lists. */
import { setTimeout as sleep } from 'node:timers/promises'
import { bodyOf, type Connection, openConnection, requestOf } from './connection.ts'
import type { Dataset } from './dataset/dataset.ts'
import { complaint, freshNumbers } from './intake.ts'
import { quantile } from './load.ts'
import { withServer } from './processes.ts'
import { atMost, type Row, said } from './table.ts'
import type { Page } from './ticketReads.ts'
import { tokenFor } from './tokens.ts'

const agents = 4
/** Each agent sends a complaint so often: together 160 a second, far from what the service can take. */
const everyMs = 25
const idleSeconds = 10
/** The reader is given up after this. */
const mostSeconds = 45

/** Sends complaints until told to stop; milliseconds of each. */
const register = async (on: Connection, { token, number, isOver }: Agent): Promise<number[]> => {
  const times: number[] = []
  for (let due = performance.now(); !isOver(); due += everyMs) {
    await sleep(Math.max(0, due - performance.now()))
    const started = performance.now()
    const answer = await on.send(requestOf('POST', '/v1/complaints', token, complaint(number())))
    times.push(performance.now() - started)
    bodyOf(answer, 201)
  }
  return times
}
type Agent = { token: string; number: () => number; isOver: () => boolean }

/** Reads list after list to the end, or until told to stop; the tickets that were in them. */
const readAll = async (url: string, token: string, isOver: () => boolean): Promise<number> => {
  const connection = await openConnection(url)
  let read = 0
  for (let cursor: string | null = ''; cursor !== null && !isOver(); ) {
    const after: string = cursor === '' ? '' : `&cursor=${cursor}`
    const path = `/v1/tickets?sort=-registeredAt&limit=200${after}`
    const page = bodyOf<Page>(await connection.send(requestOf('GET', path, token)))
    read += page.items.length
    cursor = page.nextCursor
  }
  connection.close()
  return read
}

export const besideReaderRows = ({ folder }: Dataset): Promise<Row[]> =>
  withServer({ kind: 'service', folder, flushMs: 0 }, async ({ url }) => {
    const [token, number] = [await tokenFor(folder, 'csr'), freshNumbers()]
    const connections = await Promise.all(Array.from({ length: agents }, () => openConnection(url)))
    const during = async <T>(work: () => Promise<T>): Promise<[times: number[], T]> => {
      let over = false
      const isOver = (): boolean => over
      const registering = Promise.all(connections.map((each) => register(each, { token, number, isOver })))
      const result = await work()
      over = true
      return [(await registering).flat(), result]
    }
    await during(() => sleep(2_000))
    const [idle] = await during(() => sleep(idleSeconds * 1000))
    const end = performance.now() + mostSeconds * 1000
    const reader = await tokenFor(folder, 'sa')
    const started = performance.now()
    const [beside, read] = await during(() => readAll(url, reader, () => performance.now() > end))
    const took = (performance.now() - started) / 1000
    for (const each of connections) each.close()
    const [alone, together] = [quantile(idle, 0.99), quantile(beside, 0.99)]
    return [
      said('tickets another caller reads through the lists', read / took, '1/s'),
      said('command p99, idle', alone, 'ms'),
      said('command p99 beside the reader', together, 'ms'),
      atMost('command p99 while another caller reads every ticket ÷ idle', together / alone, 2, 'ratio'),
    ]
  })
