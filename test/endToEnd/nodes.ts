/** Two nodes of the service, real processes with data folders of their own, over one log on a real EventStoreDB. */
import { randomBytes } from 'node:crypto'
import { temporaryFolder } from '../store/folder.ts'
import { admin } from '../support/scenario.ts'
import type { Json } from '../support/service.ts'
import { type ServiceProcess, startProcess } from './serviceProcess.ts'

const network: [string, Json][] = [
  ['rbos/EAST', { name: '华东' }],
  ['dealers/D001', { name: '上海一店', rbo: 'EAST' }],
  ['dealers/D002', { name: '上海二店', rbo: 'EAST' }],
]

export type Nodes = {
  a: ServiceProcess
  b: ServiceProcess
  /** The variables every node of this log is started with. */
  variables: Record<string, string>
  /** One more, or one again in the folder of before. */
  start(name: string): Promise<ServiceProcess>
  stop(): Promise<void>
}

/** Starts nodes `a` and `b` on the log at `address`, with the network in it. */
export const startNodes = async (address: string): Promise<Nodes> => {
  const { dir, remove } = await temporaryFolder()
  const variables = {
    EVENT_STORE: address,
    MASTER_KEY: randomBytes(32).toString('base64'),
    LOG_LEVEL: 'warn',
    // receivers of webhooks are on this machine
    WEBHOOK_ALLOW: '127.0.0.0/8',
  }
  const running: ServiceProcess[] = []
  const start = async (name: string): Promise<ServiceProcess> => {
    const node = await startProcess(`${dir}/${name}`, { ...variables, LOG_LEVEL: 'info' })
    running.push(node)
    await node.ready()
    return node
  }
  const [a, b] = await Promise.all([start('a'), start('b')])
  for (const [path, body] of network) {
    const { status, headers } = await a.call(admin, 'PUT', `/v1/${path}`, { body })
    if (status !== 201) throw new Error(`${path} answered ${status}`)
    const minPosition = headers.get('x-position') as string
    await b.call(admin, 'GET', `/v1/${path}`, { minPosition })
  }
  return {
    a,
    b,
    variables,
    start,
    stop: async () => {
      await Promise.all(running.map((node) => node.kill('SIGTERM')))
      await remove()
    },
  }
}

let customers = 0
/** A complaint of somebody new, unless it says who. */
export const complaintBody = (more: Json = {}): Json => {
  customers += 1
  return {
    channel: 'phone',
    category: 'A4a',
    dealerCode: 'D001',
    content: '销售顾问态度恶劣',
    ...more,
    customer: { name: '王小明', phone: `1390000${String(customers).padStart(4, '0')}`, ...more.customer },
  }
}
