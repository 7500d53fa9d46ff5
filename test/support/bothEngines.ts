import { it } from '@jest/globals'
import { startStandIn } from './wire/standIn.ts'

/** A test on both engines: the embedded one, and EventStoreDB with a stand-in for its server. */
export const testOnBothEngines = (
  title: string,
  body: (eventStore: string | undefined) => Promise<void>,
): void => {
  it.each(['sqlite', 'esdb'])(title, async (engine) => {
    if (engine === 'sqlite') return body(undefined)
    const server = await startStandIn()
    try {
      await body(server.address)
    } finally {
      await server.stop()
    }
  })
}
