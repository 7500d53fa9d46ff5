/**
 * A real EventStoreDB for tests: the one `ESDB_URL` names, else one in a container where an engine for containers
 * answers. Where neither is there, what needs one is skipped, and said.
 */
import { randomUUID } from 'node:crypto'
import { connect } from 'node:net'
import { describe, test } from '@jest/globals'

const image = 'eventstore/eventstore:24.10'
const port = 2113
const startTimeoutMs = 120_000
/** An engine that takes longer to be there is none to wait for. */
const probeTimeoutMs = 1_000

const answers = (target: { path: string } | { host: string; port: number }): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(target as { path: string })
    const end = (there: boolean): void => {
      socket.destroy()
      resolve(there)
    }
    socket.setTimeout(probeTimeoutMs, () => end(false))
    socket.once('connect', () => end(true)).once('error', () => end(false))
  })

/** Looked for by hand, for the library looks in many places and takes its time. */
const isEngineThere = (): Promise<boolean> => {
  const { DOCKER_HOST } = process.env
  if (DOCKER_HOST === undefined || DOCKER_HOST === '') return answers({ path: '/var/run/docker.sock' })
  const url = new URL(DOCKER_HOST)
  return url.protocol === 'unix:'
    ? answers({ path: url.pathname })
    : answers({ host: url.hostname, port: Number(url.port) || 2375 })
}

export type RealServer = { address: string; stop(): Promise<void> }

const startContainer = async (): Promise<RealServer> => {
  const { GenericContainer, Wait } = await import('testcontainers')
  const container = await new GenericContainer(image)
    .withEnvironment({
      EVENTSTORE_CLUSTER_SIZE: '1',
      EVENTSTORE_INSECURE: 'true',
      EVENTSTORE_RUN_PROJECTIONS: 'None',
    })
    .withExposedPorts(port)
    .withWaitStrategy(Wait.forHttp('/health/live', port).forStatusCode(204))
    .withStartupTimeout(startTimeoutMs)
    .start()
  return {
    address: `esdb://${container.getHost()}:${container.getMappedPort(port)}?tls=false`,
    stop: async () => {
      await container.stop()
    },
  }
}

const given = process.env.ESDB_URL ?? ''
const canStart = given === '' && (await isEngineThere())

/** Why there is none; `null` where there is one. */
export const noServer: string | null =
  given !== '' || canStart
    ? null
    : 'SKIPPED: no EventStoreDB, for ESDB_URL is not set and no engine for containers answers'

/** The server, started where it has to be. Ask for it only where `noServer` is `null`. */
export const realServer = async (): Promise<RealServer> =>
  given !== '' ? { address: given, stop: async () => {} } : startContainer()

/** The address with streams of one's own, so that tests share a server and not its data. */
export const onItsOwn = (address: string): string =>
  `${address}${address.includes('?') ? '&' : '?'}streamPrefix=test-${randomUUID()}.`

/** `describe` where there is a real server, else one test that says in so many words that it was skipped. */
export const describeOnRealServer = (title: string, body: () => void): void => {
  if (noServer === null) {
    describe(title, body)
    return
  }
  // Jest names what was skipped only where a file runs alone
  process.stderr.write(`${title}: ${noServer}\n`)
  describe(title, () => test.skip(noServer, () => {}))
}
