/** A service that may send webhooks to this machine, with receivers. */
import { admin, type Scenario, startScenario } from '../support/scenario.ts'
import type { Answer, Json } from '../support/service.ts'
import { type Behaviour, type Receiver, startReceiver } from './receiver.ts'

const ending: (() => Promise<unknown>)[] = []

/** For `afterEach`: ends what the test has started. */
export const endAll = async (): Promise<void> => {
  for (const end of ending.splice(0).reverse()) await end()
}

/** Runs at the end of the test, the last one first. */
export const atTheEnd = (end: () => Promise<unknown>): void => void ending.push(end)

export const startSending = async (options: Parameters<typeof startScenario>[0] = {}): Promise<Scenario> => {
  const scenario = await startScenario({ variables: { WEBHOOK_ALLOW: '127.0.0.0/8' }, ...options })
  atTheEnd(() => scenario.service.close())
  return scenario
}

export const receiver = async (behave?: Behaviour): Promise<Receiver> => {
  const started = await startReceiver(behave)
  atTheEnd(() => started.stop())
  return started
}

/** What an administrator does to the webhooks of a service. */
export const hooksOf = ({ service }: Pick<Scenario, 'service'>) => {
  const ask = (method: string, path = '', body?: unknown, headers: Record<string, string> = {}) =>
    service.call(admin, method, `/v1/webhooks${path}`, { body, headers })
  const done = async (answer: Promise<Answer>): Promise<Json> => {
    const { status, text, body } = await answer
    if (status >= 300) throw new Error(text)
    return body
  }
  return {
    ask,
    create: (url: string, more: Json = {}): Promise<Json> => done(ask('POST', '', { url, ...more })),
    get: (id: string): Promise<Json> => done(ask('GET', `/${id}`)),
    act: (id: string, name: string, body?: Json): Promise<Json> => done(ask('POST', `/${id}/${name}`, body)),
    deliveries: async (id: string, query = ''): Promise<Json[]> =>
      (await done(ask('GET', `/${id}/deliveries${query}`))).items,
    look: () => service.webhooks.look(),
  }
}

/** What came, as `sequence type ticketNo`. */
export const came = ({ received }: Receiver): string[] =>
  received.map(({ body }) => `${body.sequence} ${body.type} ${body.data.ticketNo ?? ''}`.trim())
