/** Commands while another caller reads every ticket through the lists. */
import { withAgents } from './agents.ts'
import { bodyOf, openConnection, requestOf } from './connection.ts'
import type { Dataset } from './dataset/dataset.ts'
import { quantile } from './load.ts'
import { withServer } from './processes.ts'
import { atMost, type Row, said } from './table.ts'
import type { Page } from './ticketReads.ts'
import { tokenFor } from './tokens.ts'

/** The reader is given up after this. */
const mostSeconds = 45

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
  withServer({ kind: 'service', folder, flushMs: 0 }, ({ url }) =>
    withAgents({ url, folder }, async (agents) => {
      const idle = await agents.idle()
      const end = performance.now() + mostSeconds * 1000
      const reader = await tokenFor(folder, 'sa')
      const started = performance.now()
      const [beside, read] = await agents.during(() => readAll(url, reader, () => performance.now() > end))
      const took = (performance.now() - started) / 1000
      const [alone, together] = [quantile(idle, 0.99), quantile(beside, 0.99)]
      return [
        said('tickets another caller reads through the lists', read / took, '1/s'),
        said('command p99, idle', alone, 'ms'),
        said('command p99 beside the reader', together, 'ms'),
        atMost('command p99 while another caller reads every ticket ÷ idle', together / alone, 2, 'ratio'),
      ]
    }),
  )
