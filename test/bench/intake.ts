/** Intake: complaints per second at 64 clients, against the same Fastify doing auth, validation and one append. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { request } from 'undici'
import { postFor, tokenFor, withServer } from './load.ts'
import { atLeast, type Row, said } from './table.ts'

const clients = 64
const warmUpSeconds = 3
const seconds = 2
const rounds = 9

/** Every one another customer, so that every one is a ticket. */
const complaint = (nth: number): string =>
  JSON.stringify({
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

const prepare = async (url: string, folder: string): Promise<void> => {
  const headers = {
    authorization: `Bearer ${await tokenFor(folder, ['admin'])}`,
    'content-type': 'application/json',
  }
  const put = async (path: string, body: object) => {
    const { statusCode, body: answer } = await request(url + path, {
      method: 'PUT',
      headers,
      body: JSON.stringify(body),
    })
    if (statusCode >= 300) throw new Error(`${path}: ${statusCode} ${await answer.text()}`)
    await answer.dump()
  }
  await put('/v1/rbos/EAST', { name: '华东大区' })
  await put('/v1/dealers/D001', { name: '上海东昌', rbo: 'EAST' })
}

const median = (values: number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number

/** A server that is warm, as a function that says how many complaints a second it takes now. */
const withIntake = async <T>(
  kind: 'service' | 'baseline',
  flushMs: number,
  work: (perSecond: () => Promise<number>) => Promise<T>,
): Promise<T> => {
  const folder = mkdtempSync(join(tmpdir(), 'complaints-bench-'))
  try {
    return await withServer({ kind, folder, flushMs }, async ({ url }) => {
      if (kind === 'service') await prepare(url, folder)
      const token = await tokenFor(folder, ['csr'])
      let sent = 0
      const post = (seconds: number) => {
        const body = () => complaint(sent++)
        return postFor(url, '/v1/complaints', { clients, seconds, token, expected: 201, body })
      }
      await post(warmUpSeconds)
      return work(() => post(seconds))
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Both are up and take turns, so that a machine that is slow for a while is slow to both; the median of the pairs. */
export const intakeRows = (flushMs: number): Promise<Row[]> =>
  withIntake('baseline', flushMs, (baseline) =>
    withIntake('service', flushMs, async (service) => {
      const pairs: { service: number; baseline: number }[] = []
      for (let round = 0; round < rounds; round++)
        pairs.push({ baseline: await baseline(), service: await service() })
      const disk = flushMs === 0 ? '' : `, +${flushMs} ms a flush`
      const ratio = median(pairs.map((pair) => pair.service / pair.baseline))
      return [
        said(`intake${disk}: complaints`, median(pairs.map((pair) => pair.service)), '1/s'),
        said(`intake${disk}: baseline`, median(pairs.map((pair) => pair.baseline)), '1/s'),
        atLeast(`intake${disk} ÷ auth, validation and one durable append`, ratio, 0.2, 'ratio'),
      ]
    }),
  )
