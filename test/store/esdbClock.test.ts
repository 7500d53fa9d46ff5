import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from '@jest/globals'
import { readEsdbAddress } from '../../src/store/esdb/address.ts'
import { clockSentence, clocksApart, measureClock } from '../../src/store/esdb/clock.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

/** A server whose clock is ahead of ours, or says no time. */
const serverAhead = async (aheadMs: number | null): Promise<string> => {
  const server = createServer((_, answer) => {
    answer.sendDate = false
    if (aheadMs !== null) answer.setHeader('date', new Date(Date.now() + aheadMs).toUTCString())
    answer.writeHead(204).end()
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `esdb://127.0.0.1:${(server.address() as AddressInfo).port}?tls=false`
}

const measured = async (aheadMs: number | null) =>
  measureClock(readEsdbAddress(await serverAhead(aheadMs))) as Promise<number>

describe('the clock of EventStoreDB', () => {
  test.each([10_000, 0, -60_000])(
    'is measured to about half a second where it is %i ms ahead',
    async (ahead) => {
      expect(Math.abs((await measured(ahead)) - ahead)).toBeLessThanOrEqual(700)
    },
  )

  test('is unknown where no server says the time, or none answers', async () => {
    expect(await measured(null)).toBeNull()
    expect(await measureClock(readEsdbAddress('esdb://127.0.0.1:1?tls=false'))).toBeNull()
  })

  test('ahead by so much that appends come too late is named, with the seconds', async () => {
    expect(clockSentence(await measured(10_000))).toMatch(
      /^The clock of this machine is (9|10)\.\d s behind that of EventStoreDB/,
    )
    expect(clockSentence(await measured(-60_000))).toBeNull()
    expect(clockSentence(null)).toBeNull()
  })

  test('some seconds apart, either way, is worth a warning', () => {
    expect([clocksApart(2_500), clocksApart(-60_000), clocksApart(900), clocksApart(null)]).toEqual([
      '2.5',
      '60.0',
      null,
      null,
    ])
  })
})
