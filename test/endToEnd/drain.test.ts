import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, test } from '@jest/globals'
import { request } from 'undici'
import { temporaryFolder } from '../store/folder.ts'
import { expectAcknowledged, expectReplays } from './account.ts'
import { eventually, type ServiceProcess, startProcess } from './serviceProcess.ts'
import { admin, enterMasterData, type Write, writeUntil } from './writers.ts'

const importLine = `${JSON.stringify({
  at: '2026-03-02T02:00:00.000Z',
  actor: { id: 'old', role: 'csr' },
  ref: 'L-1',
  command: 'register',
  data: {
    channel: 'phone',
    category: 'A4a',
    dealerCode: 'D001',
    customer: { name: '司徒', phone: '13800000001' },
    content: 'From the old system',
  },
})}\n`

const endWithinMs = 5_000
const tooLate = async (ms: number): Promise<never> => {
  await sleep(ms, undefined, { ref: false })
  throw new Error(`the service has not ended ${ms} ms after its last answer`)
}

/** An import whose body is half sent; `rest` sends what is missing. */
const beginImport = async ({ url, tokenOf }: ServiceProcess) => {
  const body = new Readable({ read: () => {} })
  body.push(importLine)
  const answer = request(`${url}/v1/imports`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${await tokenOf(admin)}`,
      'content-type': 'application/x-ndjson',
    },
    body,
  })
  return {
    answer,
    rest: (): void => {
      body.push('\n')
      body.push(null)
    },
  }
}

describe('a service told to stop', () => {
  let service: ServiceProcess | undefined
  let remove = async (): Promise<void> => {}
  afterEach(async () => {
    await service?.kill('SIGKILL')
    await remove()
  })

  test.each<NodeJS.Signals>(['SIGTERM', 'SIGINT'])(
    'answers what is in flight and ends with 0: %s',
    async (signal) => {
      const folder = await temporaryFolder()
      remove = folder.remove
      const account: Write[] = []
      service = await startProcess(folder.dir)
      await service.ready()
      await enterMasterData(service)
      const writing = writeUntil(service, account, { count: 8, enough: () => false })
      await eventually('the writers are at work', () => (account.length > 50 ? true : undefined))
      const { answer, rest } = await beginImport(service)
      const { call, url, output } = service
      await eventually('the half of the import is in', async () => {
        const { items } = (await call({ roles: ['sa'] }, 'GET', '/v1/tickets?externalNo=L-1')).body
        return items.length === 1 ? true : undefined
      })

      const ending = service.kill(signal)
      await eventually('it drains', () => (output().includes('draining') ? true : undefined))
      await eventually('nothing new is taken', () =>
        fetch(`${url}/livez`).then(
          ({ status }) => status === 503 || undefined,
          () => true,
        ),
      )
      rest()
      const { statusCode, body } = await answer
      expect(statusCode).toBe(200)
      expect(await body.json()).toMatchObject({ lines: 2, applied: 1, rejectedCount: 0 })
      // Whoever keeps a connection open must not hold it up.
      const { code, output: said } = await Promise.race([ending, tooLate(endWithinMs)])
      await writing
      expect({ code, said }).toEqual({ code: 0, said: expect.stringContaining('stopped') })

      service = await startProcess(folder.dir)
      await service.ready()
      await expectAcknowledged(service, account)
      await expectReplays(
        service,
        account.filter((write) => write.answer === undefined),
      )
    },
  )
})
