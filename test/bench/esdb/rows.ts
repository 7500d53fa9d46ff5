/** The EventStoreDB engine, against the server that `ESDB_URL` names. */
import { exec } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { runToEnd, type ServiceProcess, startProcess } from '../../endToEnd/serviceProcess.ts'
import type { Who } from '../../support/service.ts'
import { bodyOf, openConnection, requestOf } from '../connection.ts'
import { makeDataset } from '../dataset/dataset.ts'
import { complaint, freshNumbers } from '../intake.ts'
import { drive, median } from '../load.ts'
import { measured } from '../processes.ts'
import { atLeast, atMost, type Row, said } from '../table.ts'
import { tokenFor } from '../tokens.ts'
import type { WireFigures } from './wire.ts'

const admin: Who = { roles: ['admin'] }

/** Tickets of the log that is moved and caught up with. */
const tickets = 5_000
const catchUps = 5
const intakeClients = 64
const intakeSeconds = 10

const onItsOwn = (address: string): string =>
  `${address}${address.includes('?') ? '&' : '?'}streamPrefix=bench-${randomUUID()}.`

const inFolder = async <T>(work: (folder: string) => Promise<T>): Promise<T> => {
  const folder = mkdtempSync(join(tmpdir(), 'complaints-bench-'))
  try {
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const wireRows = async (server: string): Promise<Row[]> => {
  const found = await measured<WireFigures[]>('./esdb/wire.ts', [onItsOwn(server)])
  return found.flatMap(({ what, inFlight, adapter, bare, ratio }) => [
    said(`esdb: ${what}s, ${inFlight} in flight`, adapter, '1/s'),
    said(`esdb: the bare client's`, bare, '1/s'),
    atLeast(`esdb: ${what}s ÷ the bare client's, ${inFlight} in flight`, ratio, 0.9, 'ratio'),
  ])
}

const viewsRows = (server: string): Promise<Row[]> =>
  inFolder(async (folder) => {
    const { events } = await makeDataset(folder, tickets)
    const address = onItsOwn(server)
    const moved = await runToEnd('src/cli/migrate.ts', { DATA_DIR: folder }, [
      '--from',
      'sqlite',
      '--to',
      address,
    ])
    if (moved.code !== 0) throw new Error(moved.output)
    const rate = /events +100 %, [\d,]+ of [\d,]+ events, ([\d,]+)\/s/.exec(moved.output)?.[1] ?? ''
    const ratios: number[] = []
    const rates: number[] = []
    for (let round = 0; round < catchUps; round += 1) {
      const bare = await measured<number>('./esdb/views.ts', ['bare', address, folder, String(events)])
      const views = await measured<number>('./esdb/views.ts', ['views', address, folder])
      ratios.push(bare / views)
      rates.push(events / views)
    }
    const [perSecond, p50, p99] = await measured<[number, number, number]>('./esdb/views.ts', [
      'lag',
      onItsOwn(server),
      folder,
    ])
    return [
      said('esdb: migrate', Number(rate.replaceAll(',', '')), 'events/s'),
      said('esdb: views from zero', median(rates), 'events/s'),
      atLeast('esdb: views from zero ÷ the bare subscription', median(ratios), 0.8, 'ratio'),
      said('esdb: appends a second while the lag is measured', perSecond, '1/s'),
      said('esdb: lag from append to view, p50', p50, 'ms'),
      atMost('esdb: lag from append to view at 1,000 writes/s, p99', p99, 50, 'ms'),
    ]
  })

type Node = { service: ServiceProcess; folder: string }

const startNodes = async (server: string, folder: string, names: string[]): Promise<Node[]> => {
  const MASTER_KEY = randomBytes(32).toString('base64')
  const variables = { EVENT_STORE: onItsOwn(server), MASTER_KEY }
  const nodes: Node[] = []
  for (const name of names) {
    const service = await startProcess(join(folder, name), variables)
    await service.ready()
    nodes.push({ service, folder: join(folder, name) })
  }
  const [{ service }] = nodes as [Node]
  await service.call(admin, 'PUT', '/v1/rbos/EAST', { body: { name: 'EAST' } })
  const { headers } = await service.call(admin, 'PUT', '/v1/dealers/D001', {
    body: { name: 'D001', rbo: 'EAST' },
  })
  const minPosition = headers.get('x-position') as string
  for (const node of nodes) await node.service.call(admin, 'GET', '/v1/dealers/D001', { minPosition })
  return nodes
}

const perSecond = async (nodes: Node[], seconds: number): Promise<number> => {
  const number = freshNumbers()
  let taken = 0
  await Promise.all(
    nodes.map(async ({ service, folder }) => {
      const token = await tokenFor(folder, 'csr')
      const load = { clients: intakeClients / nodes.length, seconds }
      await drive(service.url, load, async (connection) => {
        bodyOf(await connection.send(requestOf('POST', '/v1/complaints', token, complaint(number()))), 201)
        taken += 1
      })
    }),
  )
  return taken / seconds
}

const intakeRows = (server: string): Promise<Row[]> =>
  inFolder(async (folder) => {
    const nodes = await startNodes(server, folder, ['a', 'b'])
    await perSecond(nodes, 3)
    const one = await perSecond(nodes.slice(0, 1), intakeSeconds)
    const two = await perSecond(nodes, intakeSeconds)
    for (const { service } of nodes) await service.kill('SIGTERM')
    return [
      said('esdb: complaints with one node', one, '1/s'),
      said('esdb: complaints with two nodes', two, '1/s'),
    ]
  })

/** Needs a command that kills the leader: the bench knows nobody's cluster. */
const leaderRows = (server: string, kill: string): Promise<Row[]> =>
  inFolder(async (folder) => {
    const [node] = (await startNodes(server, folder, ['a'])) as [Node]
    const token = await tokenFor(node.folder, 'csr')
    const number = freshNumbers()
    const acknowledged: number[] = []
    let killedAt = Number.POSITIVE_INFINITY
    const end = (): boolean => acknowledged.some((at) => at > killedAt + 15_000)
    const post = async (): Promise<void> => {
      while (!end()) {
        const connection = await openConnection(node.service.url)
        const { status } = await connection.send(
          requestOf('POST', '/v1/complaints', token, complaint(number())),
        )
        if (status === 201) acknowledged.push(Date.now())
        connection.close()
      }
    }
    const posting = Promise.all(Array.from({ length: 16 }, post))
    await new Promise((resolve) => setTimeout(resolve, 3_000))
    killedAt = Date.now()
    await promisify(exec)(kill)
    const died = Date.now()
    await posting
    await node.service.kill('SIGTERM')
    const after = acknowledged.filter((at) => at > died).sort((a, b) => a - b)
    const gaps = [died, ...after].slice(0, -1).map((at, index) => (after[index] as number) - at)
    return [said('esdb: from the leader’s death to the next acknowledged command', Math.max(...gaps), 'ms')]
  })

/** Rows where `ESDB_URL` names a server, else none, and a word about it. */
export const esdbRows = async (): Promise<Row[]> => {
  const { ESDB_URL: server = '', ESDB_KILL_LEADER: kill = '' } = process.env
  if (server === '') {
    process.stderr.write('esdb: skipped, for ESDB_URL names no EventStoreDB\n')
    return []
  }
  if (kill === '')
    process.stderr.write('esdb: the leader lives on, for ESDB_KILL_LEADER names no command to kill it\n')
  return [
    ...(await wireRows(server)),
    ...(await viewsRows(server)),
    ...(await intakeRows(server)),
    ...(kill === '' ? [] : await leaderRows(server, kill)),
  ]
}
