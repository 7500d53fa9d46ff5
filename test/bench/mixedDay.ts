/**
 * A mixed day: 5 % register, 25 % other writes, 70 % reads: at 64 clients without a pause, and offered at a steady rate; and the memory it
 * leaves.
 */
import { openConnection } from './connection.ts'
import type { Dataset } from './dataset/dataset.ts'
import { beginDay, type DayRequest } from './day.ts'
import { drive, offer, quantile } from './load.ts'
import { withServer } from './processes.ts'
import { atLeast, atMost, type Row, said } from './table.ts'

const clients = 64
const warmUpSeconds = 5
const seconds = 20
/** What is offered, requests a second. */
const perSecond = 300

const timesOf = (asked: readonly DayRequest[]): number[] => asked.map(({ ms }) => ms)

const timesByKind = (asked: readonly DayRequest[]) => ({
  all: timesOf(asked),
  commands: timesOf(asked.filter(({ command }) => command)),
  reads: timesOf(asked.filter(({ command }) => !command)),
})

const tell = (asked: readonly DayRequest[]): void => {
  for (const [kind, each] of Map.groupBy(asked, ({ kind }) => kind)) {
    const [half, most] = [quantile(timesOf(each), 0.5), quantile(timesOf(each), 0.99)]
    process.stderr.write(`  ${kind}: ${each.length}, p50 ${half.toFixed(1)} ms, p99 ${most.toFixed(1)} ms\n`)
  }
}

export const mixedDayRows = (dataset: Dataset): Promise<Row[]> =>
  withServer({ kind: 'service', folder: dataset.folder, flushMs: 0 }, async ({ url, usage }) => {
    const connection = await openConnection(url)
    const day = await beginDay(dataset, connection)
    connection.close()
    await drive(url, { clients, seconds: warmUpSeconds }, day.turn)
    day.asked.length = 0
    const [before, at] = [await usage(), process.cpuUsage()]
    const took = await drive(url, { clients, seconds }, day.turn)
    const { user, system } = process.cpuUsage(at)
    const after = await usage()
    const own = (user + system) / 1e6
    const servers = after.cpuSeconds - before.cpuSeconds
    tell(day.asked)
    const { all, commands } = timesByKind(day.asked)
    day.asked.length = 0
    await offer(url, { perSecond, seconds }, day.turn)
    const offered = timesByKind(day.asked)
    const megabyte = 2 ** 20
    return [
      atLeast('mixed day: requests', all.length / took, 1_800, '1/s'),
      said('mixed day: processor time a request', (servers * 1000) / all.length, 'ms'),
      said("mixed day: clients' share of the processor time", (100 * own) / (own + servers), '%'),
      said('mixed day: p50', quantile(all, 0.5), 'ms'),
      atMost('mixed day: p99', quantile(all, 0.99), 90, 'ms'),
      atMost('mixed day: p99 of commands', quantile(commands, 0.99), 90, 'ms'),
      said(`mixed day, ${perSecond}/s offered: answered`, offered.all.length / seconds, '1/s'),
      atMost(`mixed day, ${perSecond}/s offered: p99 of reads`, quantile(offered.reads, 0.99), 15, 'ms'),
      atMost(
        `mixed day, ${perSecond}/s offered: p99 of commands`,
        quantile(offered.commands, 0.99),
        20,
        'ms',
      ),
      atMost(
        `resident memory after it, ${dataset.tickets.toLocaleString('en')} tickets`,
        after.bytes / megabyte,
        560,
        'MB',
      ),
      said('resident memory, the most there was', after.mostBytes / megabyte, 'MB'),
    ]
  })
