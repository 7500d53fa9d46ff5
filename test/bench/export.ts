/** A file of all tickets while agents register: what it costs them, how fast it is, and how much memory it takes. */
import { request } from 'undici'
import { withAgents } from './agents.ts'
import type { Dataset } from './dataset/dataset.ts'
import { quantile } from './load.ts'
import { type Server, withServer } from './processes.ts'
import { atMost, type Row, said } from './table.ts'
import { tokenFor } from './tokens.ts'

type IntakeResult = { rows: number; seconds: number }

const lineFeed = 10
const megabyte = 2 ** 20

/** The file, or so many of its rows before the client goes away: its rows and its seconds. */
const takeFile = async (url: string, token: string, most = Infinity): Promise<IntakeResult> => {
  const started = performance.now()
  const headers = { authorization: `Bearer ${token}` }
  const { statusCode, body } = await request(`${url}/v1/tickets?format=csv`, { headers, bodyTimeout: 0 })
  if (statusCode !== 200) throw new Error(`the file was answered ${statusCode}`)
  let rows = -1
  // no text of the dataset has a line break
  for await (const chunk of body as AsyncIterable<Buffer>) {
    for (let at = chunk.indexOf(lineFeed); at >= 0; at = chunk.indexOf(lineFeed, at + 1)) rows += 1
    if (rows >= most) break
  }
  return { rows, seconds: (performance.now() - started) / 1000 }
}

const sampleMs = 250

/** The most resident memory there is while `work` goes on, in MB, and what it comes to. */
const mostMemory = async <T>({ usage }: Server, work: () => Promise<T>): Promise<[number, T]> => {
  let most = 0
  let asked = Promise.resolve()
  const sample = async () => {
    most = Math.max(most, (await usage()).bytes / megabyte)
  }
  const timer = setInterval(() => {
    asked = asked.then(sample)
  }, sampleMs)
  const result = await work().finally(() => clearInterval(timer))
  await asked
  return [most, result]
}

/** Rows after which the first client goes away: they fill what has a limit of its own, as the cache of the views' pages. */
const partRows = 100_000

export const exportRows = ({ folder }: Dataset): Promise<Row[]> =>
  withServer({ kind: 'service', folder, flushMs: 0 }, (server) =>
    withAgents({ url: server.url, folder }, async (agents) => {
      const head = await tokenFor(folder, 'sa')
      const processorSeconds = async () => (await server.usage()).cpuSeconds
      const fresh = (await server.usage()).bytes / megabyte
      await agents.during(() => takeFile(server.url, head, partRows))
      const started = [performance.now(), await processorSeconds()] as const
      const [memoryIdle, idleBefore] = await mostMemory(server, agents.idle)
      const before = await processorSeconds()
      const idleShare = (before - started[1]) / ((performance.now() - started[0]) / 1000)
      const [memory, [beside, { rows, seconds }]] = await mostMemory(server, () =>
        agents.during(() => takeFile(server.url, head)),
      )
      const own = (await processorSeconds()) - before - idleShare * seconds
      // before and after, for a machine is not as quiet at one time as at another
      const idle = [...idleBefore, ...(await agents.idle())]
      const [alone, together] = [quantile(idle, 0.99), quantile(beside, 0.99)]
      return [
        said('export: rows', rows, 'rows'),
        said('export: rows a second', rows / seconds, '1/s'),
        said('export: processor time a row', (own / rows) * 1e6, 'µs'),
        said('command p99, idle', alone, 'ms'),
        said('command p99 while an export runs', together, 'ms'),
        atMost('command p99 while an export runs ÷ idle', together / alone, 2, 'ratio'),
        said('memory a part of an export takes, of a service just started', memoryIdle - fresh, 'MB'),
        atMost('memory a whole export takes beyond that', memory - memoryIdle, 100, 'MB'),
      ]
    }),
  )
