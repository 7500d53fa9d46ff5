/** Who takes part in the measurements of stream and webhooks: the network, readers, receivers and those who complain. */
import { setTimeout as sleep } from 'node:timers/promises'
import { bodyOf, type Connection, openConnection, requestOf } from '../connection.ts'
import { complaint, freshNumbers } from '../intake.ts'
import { drive } from '../load.ts'
import { hear, type Server, start as startProcess, startServer, talkTo } from '../processes.ts'
import { tokenFor } from '../tokens.ts'
import type { Ask, Figures, ReaderKind } from './readersProcess.ts'
import type { DeliveryCounts, ReceiverAsk } from './receiverProcess.ts'

/** How much is measured; `small` is for trying out. */
export type Size = 'small' | 'full'

const network = { small: { rbos: 3, dealers: 60 }, full: { rbos: 30, dealers: 600 } }
const warnings = '?topics=warnings'
const desksOf = { small: 2, full: 20 }
const agentsOf = { small: 35, full: 350 }

const numbered = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}${String(index + 1).padStart(3, '0')}`)
export const dealersOf = (size: Size): string[] => numbered('D', network[size].dealers)
const rbosOf = (size: Size): string[] => numbered('R', network[size].rbos)

/** A server on a folder that has the network. */
export const startNetwork = async (folder: string, size: Size): Promise<Server> => {
  const server = await startServer({ kind: 'service', folder, flushMs: 0 })
  const token = await tokenFor(folder, 'admin')
  const on = await openConnection(server.url)
  const rbos = rbosOf(size)
  for (const rbo of rbos)
    bodyOf(await on.send(requestOf('PUT', `/v1/rbos/${rbo}`, token, { name: rbo })), 201)
  for (const [index, dealer] of dealersOf(size).entries()) {
    const body = { name: dealer, rbo: rbos[index % rbos.length] }
    bodyOf(await on.send(requestOf('PUT', `/v1/dealers/${dealer}`, token, body)), 201)
  }
  on.close()
  return server
}

/** Every dealer and RBO, desks on everything, and agents who watch warnings. */
export const everybody = async (folder: string, size: Size): Promise<ReaderKind[]> => {
  const desk = await tokenFor(folder, 'sa')
  const agent = await tokenFor(folder, 'csr')
  return [
    ...(await Promise.all(
      dealersOf(size).map(async (dealer) => ({ token: await tokenFor(folder, 'dealer', { dealer }) })),
    )),
    ...(await Promise.all(
      rbosOf(size).map(async (rbo) => ({ token: await tokenFor(folder, 'rbo', { rbo }) })),
    )),
    ...Array.from({ length: desksOf[size] }, () => ({ token: desk })),
    ...Array.from({ length: agentsOf[size] }, () => ({ token: agent, query: warnings })),
  ]
}

export const startReaders = async () => {
  const child = startProcess('./live/readersProcess.ts', [])
  await hear(child)
  const { ask, end } = talkTo<Ask>(child)
  return {
    open: (url: string, readers: ReaderKind[]) => ask<number>({ what: 'open', url, readers }),
    figures: () => ask<Figures>({ what: 'figures' }),
    reach: (id: number) => ask<number>({ what: 'reach', id }),
    count: (messages: number) => ask<number>({ what: 'count', messages }),
    close: () => ask<number>({ what: 'close' }),
    end,
  }
}

export const startReceivers = async () => {
  const child = startProcess('./live/receiverProcess.ts', [])
  const url = await hear<string>(child)
  const { ask, end } = talkTo<ReceiverAsk>(child)
  return {
    url,
    count: (deliveries: number) => ask<DeliveryCounts>({ what: 'count', deliveries }),
    reset: () => ask<DeliveryCounts>({ what: 'reset' }),
    end,
  }
}

export type ComplaintTarget = { url: string; folder: string; size: Size }

const clients = 64
const number = freshNumbers()
let spread = 0
const someComplaint = (dealers: string[], withWarnings: boolean) => {
  spread += 1
  return {
    ...complaint(number()),
    dealerCode: dealers[spread % dealers.length],
    flags: withWarnings && spread % 10 === 0 ? ['agitated'] : [],
  }
}

const post = async (on: Connection, token: string, body: object): Promise<void> => {
  bodyOf(await on.send(requestOf('POST', '/v1/complaints', token, body)), 201)
}

/** Complaints a second that are answered at full speed. */
export const fullSpeed = async ({ url, folder, size }: ComplaintTarget, seconds: number): Promise<number> => {
  const token = await tokenFor(folder, 'csr')
  const dealers = dealersOf(size)
  let answered = 0
  const took = await drive(url, { clients, seconds }, async (on) => {
    await post(on, token, someComplaint(dealers, false))
    answered += 1
  })
  return answered / took
}

/** Sends so many complaints as fast as they are taken. */
export const register = async ({ url, folder, size }: ComplaintTarget, count: number): Promise<void> => {
  const token = await tokenFor(folder, 'csr')
  const dealers = dealersOf(size)
  const connections = await Promise.all(Array.from({ length: clients }, () => openConnection(url)))
  let left = count
  await Promise.all(
    connections.map(async (on) => {
      while (left-- > 0) await post(on, token, someComplaint(dealers, false))
      on.close()
    }),
  )
}

/** Milliseconds of each complaint from the instant at which it was to be sent, and how many were answered in the time. */
export type LoadResult = { answered: number; times: number[] }

/** Offers complaints at a steady pace, whatever the service does. */
export const offer = async (
  { url, folder, size }: ComplaintTarget,
  { perSecond, seconds }: { perSecond: number; seconds: number },
): Promise<LoadResult> => {
  const token = await tokenFor(folder, 'csr')
  const dealers = dealersOf(size)
  const connections = await Promise.all(Array.from({ length: clients }, () => openConnection(url)))
  const everyMs = (1_000 * clients) / perSecond
  const began = performance.now()
  const end = began + seconds * 1_000
  const times: number[] = []
  let answered = 0
  await Promise.all(
    connections.map(async (on, index) => {
      for (let due = began + (index * everyMs) / clients; due < end; due += everyMs) {
        await sleep(Math.max(0, due - performance.now()))
        await post(on, token, someComplaint(dealers, true))
        const now = performance.now()
        times.push(now - due)
        if (now <= end) answered += 1
      }
      on.close()
    }),
  )
  return { answered, times }
}
