/** Commands while four callers take the heaviest reads back to back, and how many of those reads there are. */
import { request } from 'undici'
import { withAgents } from './agents.ts'
import type { Dataset } from './dataset/dataset.ts'
import { quantile } from './load.ts'
import { withServer } from './processes.ts'
import { atMost, type Row, said } from './table.ts'
import { tokenFor } from './tokens.ts'

/** The readers are told to stop after this; a file that is under way is left. */
const seconds = 20

type HeavyRead = { name: string; method: 'GET' | 'POST'; path: string; body?: string }

/** Of the last whole month, its year and its quarter. */
const readsAt = (until: string): HeavyRead[] => {
  const end = new Date(until)
  const [year, month] = [end.getUTCFullYear(), end.getUTCMonth()]
  const at = (months: number): string =>
    new Date(Date.UTC(year, month + months, 1)).toISOString().slice(0, 10)
  const before = new Date(Date.UTC(year, month - 3, 1))
  const quarter = `${before.getUTCFullYear()}Q${Math.floor(before.getUTCMonth() / 3) + 1}`
  return [
    {
      name: 'statistics of a year',
      method: 'GET',
      path: `/v1/reports/statistics?from=${at(-12)}&to=${at(0)}&groupBy=dealer`,
    },
    { name: 'monthly report', method: 'GET', path: `/v1/reports/monthly?month=${at(-1).slice(0, 7)}` },
    {
      name: 'what-if',
      method: 'POST',
      path: `/v1/assessments/${quarter}/what-if`,
      body: JSON.stringify({ policy: { responseMinutes: { dealer: 60, rbo: 120, se: 120, se_media: 120 } } }),
    },
    { name: 'file of all tickets', method: 'GET', path: '/v1/tickets?format=csv' },
  ]
}

/** Takes one read after the other until it is time; how many were whole. */
const takeOver = async (
  url: string,
  token: string,
  { name, method, path, body }: HeavyRead,
  end: number,
): Promise<number> => {
  let whole = 0
  while (performance.now() < end) {
    const answer = await request(url + path, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body }),
      bodyTimeout: 0,
      headersTimeout: 0,
    })
    if (answer.statusCode !== 200) throw new Error(`${name} was answered ${answer.statusCode}`)
    let isWhole = true
    for await (const _ of answer.body)
      if (performance.now() > end) {
        isWhole = false
        break
      }
    if (isWhole) whole += 1
  }
  return whole
}

export const heavyReadRows = ({ folder, until }: Dataset): Promise<Row[]> =>
  withServer({ kind: 'service', folder, flushMs: 0 }, ({ url }) =>
    withAgents({ url, folder }, async (agents) => {
      const token = await tokenFor(folder, 'sa')
      const reads = readsAt(until)
      // the thread is there, and has its columns
      for (const read of reads.slice(0, 3)) await takeOver(url, token, read, performance.now() + 1)
      const idle = await agents.idle()
      const end = performance.now() + seconds * 1000
      const [beside, counts] = await agents.during(() =>
        Promise.all(reads.map((read) => takeOver(url, token, read, end))),
      )
      const [alone, together] = [quantile(idle, 0.99), quantile(beside, 0.99)]
      return [
        ...reads.flatMap(({ name }, index) => said(`heavy reads: ${name}`, counts[index]! / seconds, '1/s')),
        said('command p99, idle', alone, 'ms'),
        said('command p99 beside heavy reads', together, 'ms'),
        atMost('command p99 beside the heaviest reads ÷ idle', together / alone, 1.5, 'ratio'),
      ]
    }),
  )
