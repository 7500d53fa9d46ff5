/** What the access log costs a read: the same reads with their lines and without, in turns. */
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { bodyOf, openConnection, requestOf } from './connection.ts'
import { complaint, enterDealer, freshNumbers, inFolder } from './intake.ts'
import { drive, median } from './load.ts'
import { hear, start } from './processes.ts'
import { atMost, type Row, said } from './table.ts'
import { tokenFor } from './tokens.ts'

const tickets = 1_000
const warmUpSeconds = 2
const rounds = 16
const seconds = 0.6
/** The line makes a read at most so much more expensive. */
const most = 1.05

const registerSome = async (url: string, folder: string): Promise<string[]> => {
  await enterDealer(url, folder)
  const [token, number] = [await tokenFor(folder, 'csr'), freshNumbers()]
  const connection = await openConnection(url)
  const numbers: string[] = []
  while (numbers.length < tickets) {
    const answer = await connection.send(requestOf('POST', '/v1/complaints', token, complaint(number())))
    numbers.push(bodyOf<{ ticketNo: string }>(answer, 201).ticketNo)
  }
  connection.close()
  return numbers
}

/** Microseconds a read: of the server's processor, and from one answer to the next. */
type Cost = { processor: number; between: number }

/** Some clients read for a while, one read after the other. */
const readFor = async ({ child, requests }: ReadLoad, url: string, clients: number): Promise<Cost> => {
  const usage = (): Promise<number> => {
    child.send('usage')
    return hear<number>(child)
  }
  let [reads, next] = [0, 0]
  const before = await usage()
  const took = await drive(url, { clients, seconds }, async (connection) => {
    const { status } = await connection.send(requests[next++ % requests.length]!)
    if (status !== 200) throw new Error(`a read was answered ${status}`)
    reads += 1
  })
  return { processor: ((await usage()) - before) / reads, between: (took * 1e6) / reads }
}

type ReadLoad = { child: ChildProcess; urls: [string, string]; requests: readonly string[] }

/** Both take turns, each as often first as last, so that a machine that is slow for a while is slow to both. */
const compare = async (reading: ReadLoad, clients: number) => {
  const costs: [Cost[], Cost[]] = [[], []]
  for (let round = 0; round < rounds; round++)
    for (const place of round % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const))
      costs[place].push(await readFor(reading, reading.urls[place], clients))
  const of = (place: 0 | 1, what: keyof Cost): number => median(costs[place].map((cost) => cost[what]))
  const ratio = median(costs[0].map(({ processor }, round) => processor / costs[1][round]!.processor))
  return { of, ratio }
}

export const accessLogRows = (): Promise<Row[]> =>
  inFolder(async (folder) => {
    const child = start('./accessServer.ts', [folder])
    const urls = await hear<[string, string]>(child)
    const numbers = await registerSome(urls[0], folder)
    const token = await tokenFor(folder, 'sa')
    const requests = numbers.map((ticketNo) => requestOf('GET', `/v1/tickets/${ticketNo}`, token))
    const reading = { child, urls, requests }
    for (const url of urls)
      for (let spent = 0; spent < warmUpSeconds; spent += seconds) await readFor(reading, url, 4)
    const rows: Row[] = []
    for (const clients of [1, 16]) {
      const { of, ratio } = await compare(reading, clients)
      const name = `access log: a read, ${clients === 1 ? 'one client' : `${clients} clients`}`
      for (const [place, how] of [
        [1, 'without its line'],
        [0, 'with it'],
      ] as const) {
        rows.push(said(`${name}, ${how}: from answer to answer`, of(place, 'between'), 'µs'))
        rows.push(said(`${name}, ${how}: processor time`, of(place, 'processor'), 'µs'))
      }
      rows.push(atMost(`${name}, with its line ÷ without, processor time`, ratio, most, 'ratio'))
    }
    child.send('stop')
    await once(child, 'exit')
    return rows
  })
