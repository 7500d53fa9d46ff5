/** The stream: how soon events arrive, what readers cost the intake, the memory, and what a resume costs commands. */
import { setTimeout as sleep } from 'node:timers/promises'
import { withAgents } from '../agents.ts'
import { inFolder } from '../intake.ts'
import { quantile } from '../load.ts'
import type { Server } from '../processes.ts'
import { atLeast, atMost, type Row, said } from '../table.ts'
import { tokenFor } from '../tokens.ts'
import {
  type ComplaintTarget,
  everybody,
  fullSpeed,
  offer,
  register,
  type Size,
  startNetwork,
  startReaders,
  startReceivers,
} from './parties.ts'
import { createHooks } from './webhookRows.ts'

const sizes = {
  small: { seconds: 3, resumed: 1_000, resuming: 5, hooks: 4 },
  full: { seconds: 10, resumed: 10_000, resuming: 20, hooks: 20 },
}
const offered = 200
/** Each complaint is two events, one in ten three. */
const complaintsPerSecond = 24
const settleMs = 3_000

type Readers = Awaited<ReturnType<typeof startReaders>>

const resumeRows = async (on: ComplaintTarget, readers: Readers): Promise<Row[]> => {
  const { resumed, resuming } = sizes[on.size]
  const token = await tokenFor(on.folder, 'sa')
  await register(on, resumed / 2)
  await readers.open(on.url, [{ token }])
  await register(on, 1)
  await sleep(settleMs / 10)
  const { lastId } = await readers.figures()
  await readers.close()
  const lastOnes = Array.from({ length: resuming }, () => ({ token, lastId: String(lastId - resumed) }))
  return withAgents(on, async (agents) => {
    const idle = await agents.idle()
    const began = Date.now()
    const [beside, end] = await agents.during(async () => {
      await readers.open(on.url, lastOnes)
      return readers.reach(lastId)
    })
    await readers.close()
    const [alone, together] = [quantile(idle, 0.99), quantile(beside, 0.99)]
    const what = `stream: ${resuming} readers resume ${resumed.toLocaleString('en')} events`
    return [
      said(what, (end - began) / 1_000, 's'),
      said(`${what}: command p99, idle`, alone, 'ms'),
      said(`${what}: command p99 meanwhile`, together, 'ms'),
      atMost(`${what}: command p99 meanwhile ÷ idle`, together / alone, 2, 'ratio'),
    ]
  })
}

/** Complaints without and with everybody who listens, on one server. */
const intakeRows = async (on: ComplaintTarget, server: Server, readers: Readers): Promise<Row[]> => {
  const { seconds, hooks } = sizes[on.size]
  const without = {
    offered: await offer(on, { perSecond: offered, seconds }),
    full: await fullSpeed(on, seconds),
  }
  const before = await server.usage()
  const people = await everybody(on.folder, on.size)
  const count = await readers.open(on.url, people)
  await sleep(settleMs)
  const after = await server.usage()
  await readers.figures()
  await offer(on, { perSecond: complaintsPerSecond, seconds: 2 * seconds })
  await sleep(settleMs / 10)
  const { messages, p50Ms, p99Ms } = await readers.figures()
  const receivers = await startReceivers()
  try {
    await createHooks(on, `${receivers.url}/`, hooks)
    const steady = await offer(on, { perSecond: offered, seconds })
    await sleep(settleMs)
    const full = await fullSpeed(on, seconds)
    const [p99Without, p99With] = [quantile(without.offered.times, 0.99), quantile(steady.times, 0.99)]
    const listeners = `${count} readers`
    const all = `${listeners} and ${hooks} webhooks`
    return [
      said(`stream: ${listeners}, 50 events/s: messages`, messages, ''),
      said(`stream: ${listeners}, 50 events/s: commit to byte, median`, p50Ms, 'ms'),
      atMost(`stream: ${listeners}, 50 events/s: commit to byte, p99`, p99Ms, 150, 'ms'),
      atMost(`stream: memory of ${listeners}`, (after.bytes - before.bytes) / 1e6, 60, 'MB'),
      atLeast(
        `intake at ${offered}/s with ${all} ÷ without: answered`,
        steady.answered / without.offered.answered,
        0.99,
        'ratio',
      ),
      said(`intake at ${offered}/s without: p99`, p99Without, 'ms'),
      said(`intake at ${offered}/s with ${all}: p99`, p99With, 'ms'),
      atMost(`intake at ${offered}/s with ${all} ÷ without: p99`, p99With / p99Without, 1.5, 'ratio'),
      said('intake at full speed without', without.full, '1/s'),
      said(`intake at full speed with ${all}`, full, '1/s'),
      atLeast(`intake at full speed with ${all} ÷ without`, full / without.full, 0.7, 'ratio'),
    ]
  } finally {
    receivers.end()
  }
}

export const liveRows = (size: Size): Promise<Row[]> =>
  inFolder(async (folder) => {
    const server = await startNetwork(folder, size)
    const readers = await startReaders()
    try {
      const on = { url: server.url, folder, size }
      await fullSpeed(on, 3)
      const resumed = await resumeRows(on, readers)
      return [...(await intakeRows(on, server, readers)), ...resumed]
    } finally {
      readers.end()
      await server.stop()
    }
  })
