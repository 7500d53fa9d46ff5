/** Intake: complaints per second at 64 clients, against the same Fastify doing auth, validation and one append. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { request } from 'undici'
import { postFor, tokenFor, withServer } from './load.ts'
import { atLeast, type Row, said } from './table.ts'

const clients = 64
const seconds = 6

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

const measure = async (kind: 'service' | 'baseline', flushMs: number): Promise<number> => {
  const folder = mkdtempSync(join(tmpdir(), 'complaints-bench-'))
  try {
    return await withServer({ kind, folder, flushMs }, async ({ url }) => {
      if (kind === 'service') await prepare(url, folder)
      const token = await tokenFor(folder, ['csr'])
      const post = (during: number, from: number) =>
        postFor(url, '/v1/complaints', {
          clients,
          seconds: during,
          token,
          expected: 201,
          body: (nth) => complaint(from + nth),
        })
      await post(2, 10_000_000)
      return post(seconds, 0)
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const median = (values: number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number

/** The two take turns, so that a noisy machine is noisy to both. */
export const intakeRows = async (flushMs: number): Promise<Row[]> => {
  const rounds = 3
  const service: number[] = []
  const baseline: number[] = []
  for (let round = 0; round < rounds; round++) {
    baseline.push(await measure('baseline', flushMs))
    service.push(await measure('service', flushMs))
  }
  const disk = flushMs === 0 ? '' : `, +${flushMs} ms a flush`
  return [
    said(`intake${disk}: complaints`, median(service), '1/s'),
    said(`intake${disk}: baseline`, median(baseline), '1/s'),
    atLeast(
      `intake${disk} ÷ auth, validation and one durable append`,
      median(service) / median(baseline),
      0.2,
      'ratio',
    ),
  ]
}
