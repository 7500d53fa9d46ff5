/** Intake: complaints per second at 64 clients, against the same Fastify doing auth, validation and one append. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bodyOf, openConnection, requestOf } from './connection.ts'
import { type Dataset, makeDataset } from './dataset/dataset.ts'
import { dealers } from './dataset/network.ts'
import { drive, median } from './load.ts'
import { type ServerKind, startServer } from './processes.ts'
import { atLeast, type Row, said } from './table.ts'
import { tokenFor } from './tokens.ts'

const clients = 64
const warmUpSeconds = 3
const seconds = 2
const rounds = 6

/** Every one another customer, so that every one is a ticket. */
export const complaint = (nth: number) => ({
  channel: 'phone',
  category: nth % 3 === 0 ? 'A4d' : 'A4a',
  dealerCode: 'D001',
  customer: {
    name: `客户${nth}`,
    phone: `139${String(nth).padStart(8, '0')}`,
    address: '上海市嘉定区安亭镇于田路',
  },
  vehicle: { vin: `LSVBENCH${String(nth).padStart(9, '0')}`, model: '明锐', plateNo: '沪A12345' },
  content: '客户反映交车时间一再推迟，销售顾问未给出合理解释，要求尽快交车并说明原因。',
  flags: [],
})

/** Numbers no other run on the same folder has used. */
export const freshNumbers = (): (() => number) => {
  let next = Date.now() * 1000
  return () => next++
}

/** The one dealer of a folder that has none yet. */
export const enterDealer = async (url: string, folder: string): Promise<void> => {
  const token = await tokenFor(folder, 'admin')
  const connection = await openConnection(url)
  const put = async (path: string, body: object): Promise<void> => {
    bodyOf(await connection.send(requestOf('PUT', path, token, body)), 201)
  }
  const [{ code, rbo }] = dealers as [(typeof dealers)[number]]
  await put(`/v1/rbos/${rbo.code}`, { name: rbo.name })
  await put(`/v1/dealers/${code}`, { name: code, rbo: rbo.code })
  connection.close()
}

/** Processor time of the server for one complaint, in microseconds, and the clients' share of all there was. */
type CpuCost = { serverUs: number; clientShare: number }

type Contender = {
  /** Complaints a second, measured now. */
  perSecond(): Promise<number>
  /** What the server and the clients spent in the rounds so far. */
  spent(): CpuCost
  stop(): Promise<void>
}

/** A server that is warm. */
const contender = async (kind: ServerKind): Promise<Contender> => {
  const { url, usage, stop } = await startServer(kind)
  const token = await tokenFor(kind.folder, 'csr')
  const number = freshNumbers()
  const post = async (seconds: number): Promise<number> => {
    let taken = 0
    const took = await drive(url, { clients, seconds }, async (connection) => {
      const request = requestOf('POST', '/v1/complaints', token, complaint(number()))
      const { status, body } = await connection.send(request)
      if (status !== 201) throw new Error(`${status}: ${body.toString()}`)
      taken += 1
    })
    return taken / took
  }
  await post(warmUpSeconds)
  let [own, servers, complaints] = [0, 0, 0]
  return {
    perSecond: async () => {
      const [before, at] = [(await usage()).cpuSeconds, process.cpuUsage()]
      const perSecond = await post(seconds)
      const { user, system } = process.cpuUsage(at)
      own += (user + system) / 1e6
      servers += (await usage()).cpuSeconds - before
      complaints += perSecond * seconds
      return perSecond
    },
    spent: () => ({ serverUs: (servers * 1e6) / complaints, clientShare: own / (own + servers) }),
    stop,
  }
}

/** Complaints a second, and what of the last contender's that is. */
type Result = { perSecond: number; ratio: number; spent: CpuCost }

/** All are up and take turns, so that a machine that is slow for a while is slow to all; the medians of the rounds. */
const inTurns = async (contenders: readonly Contender[]): Promise<Result[]> => {
  const found = contenders.map((): number[] => [])
  for (let round = 0; round < rounds; round++)
    for (let turn = 0; turn < contenders.length; turn++) {
      // each as often first as last
      const place = (round + turn) % contenders.length
      found[place]!.push(await contenders[place]!.perSecond())
    }
  const last = found.at(-1)!
  return contenders.map(({ spent }, place) => ({
    perSecond: median(found[place]!),
    ratio: median(found[place]!.map((perSecond, round) => perSecond / last[round]!)),
    spent: spent(),
  }))
}

/** Runs `work` on a folder of its own, which is removed then. */
export const inFolder = async <T>(work: (folder: string) => Promise<T>): Promise<T> => {
  const folder = mkdtempSync(join(tmpdir(), 'complaints-bench-'))
  try {
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Lets servers compete. */
const compete = async <K extends readonly ServerKind[]>(...kinds: K): Promise<{ [P in keyof K]: Result }> => {
  const contenders: Contender[] = []
  try {
    for (const kind of kinds) contenders.push(await contender(kind))
    return (await inTurns(contenders)) as { [P in keyof K]: Result }
  } finally {
    for (const { stop } of contenders) await stop()
  }
}

/** @param flushMs added to every flush of all */
export const intakeRows = (flushMs: number): Promise<Row[]> =>
  inFolder((folder) =>
    inFolder((storingFolder) =>
      inFolder(async (baselineFolder) => {
        for (const each of [folder, storingFolder]) {
          const server = await startServer({ kind: 'service', folder: each, flushMs: 0 })
          await enterDealer(server.url, each)
          await server.stop()
        }
        const [service, storing, baseline] = await compete(
          { kind: 'service', folder, flushMs },
          { kind: 'storing', folder: storingFolder, flushMs },
          { kind: 'baseline', folder: baselineFolder, flushMs },
        )
        const disk = flushMs === 0 ? '' : `, +${flushMs} ms a flush`
        const target = flushMs === 0 ? 0.35 : 0.45
        return [
          said(`intake${disk}: complaints`, service.perSecond, '1/s'),
          said(`intake${disk}: key, boxes, log and views without a rule`, storing.perSecond, '1/s'),
          said(`intake${disk}: baseline`, baseline.perSecond, '1/s'),
          said(`intake${disk}: processor time a complaint`, service.spent.serverUs, 'µs'),
          said(`intake${disk}: without a rule, processor time`, storing.spent.serverUs, 'µs'),
          said(`intake${disk}: baseline, processor time`, baseline.spent.serverUs, 'µs'),
          said(`intake${disk}: clients' share of the processor time`, 100 * service.spent.clientShare, '%'),
          said(`intake${disk}: without a rule ÷ the baseline`, storing.ratio, 'ratio'),
          atLeast(`intake${disk} ÷ without a rule`, service.perSecond / storing.perSecond, 0.85, 'ratio'),
          atLeast(`intake${disk} ÷ auth, validation and one durable append`, service.ratio, target, 'ratio'),
        ]
      }),
    ),
  )

const few = 10_000

/** On many tickets against on few. */
export const intakeAtSizeRows = (dataset: Dataset): Promise<Row[]> =>
  inFolder(async (folder) => {
    await makeDataset(folder, few)
    const [many, some] = await compete(
      { kind: 'service', folder: dataset.folder, flushMs: 0 },
      { kind: 'service', folder, flushMs: 0 },
    )
    const count = (tickets: number): string => `intake at ${tickets.toLocaleString('en')} tickets`
    return [
      said(count(dataset.tickets), many.perSecond, '1/s'),
      said(count(few), some.perSecond, '1/s'),
      said(`${count(dataset.tickets)}: processor time a complaint`, many.spent.serverUs, 'µs'),
      said(`${count(few)}: processor time a complaint`, some.spent.serverUs, 'µs'),
      atLeast(`${count(dataset.tickets)} ÷ at ${few.toLocaleString('en')}`, many.ratio, 0.9, 'ratio'),
    ]
  })
