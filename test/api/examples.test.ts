/** The examples of the OpenAPI document, sent unchanged. */
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { rbos } from '../../src/demo/data/dealers.ts'
import { createNetwork } from '../../src/demo/network.ts'
import { dealer, type Scenario, startScenario } from '../support/scenario.ts'
import type { Json, Who } from '../support/service.ts'

let s: Scenario
let document: Json
/** Somebody who may do anything at any unit the examples speak of. */
const anybody: Who = {
  sub: 'anybody',
  roles: ['admin', 'csr', 'csr_media', 'csc_supervisor', 'dealer', 'rbo', 'se', 'se_media', 'sa', 'hq_sales'],
  dealer: 'D001',
  rbo: 'EAST',
}

beforeAll(async () => {
  s = await startScenario({ now: '2026-06-02 09:00' })
  // as many as calls that change what they find
  const answered = await s.register({ dealerCode: 'D001', customer: { phone: '13600000001' } })
  await s.respond(answered)
  const done = await s.register({ dealerCode: 'D001', customer: { phone: '13600000002' } })
  await s.respond(done)
  await s.close(done)
  await s.register({ dealerCode: 'D001', customer: { phone: '13600000003' } })
})
afterAll(() => s.service.close())

const described = async (): Promise<Json> => (await s.service.call(null, 'GET', '/openapi.json')).body

const followed = (path: string, parameters: Json[]): string => {
  const given = parameters.filter((each) => each.example !== undefined)
  const query = given
    .filter((each) => each.in === 'query')
    .map(({ name, example }): [string, string] => [name, String(example)])
  const filled = given
    .filter((each) => each.in === 'path')
    .reduce((at, { name, example }) => at.replace(`{${name}}`, String(example)), path)
  return query.length === 0 ? filled : `${filled}?${new URLSearchParams(query)}`
}

it('are of units that the demo has', () => {
  expect(rbos.map(({ code }) => code)).toContain('EAST')
  const { dealers } = createNetwork('2026Q1')
  expect(dealers.find(({ code }) => code === 'D001')?.rbo.code).toBe('EAST')
})

it('of every body work unchanged', async () => {
  let tried = 0
  const failed: string[] = []
  document = (await described()).paths
  for (const [path, methods] of Object.entries<Json>(document))
    for (const [method, operation] of Object.entries<Json>(methods)) {
      const { content } = operation.requestBody ?? {}
      const body = content?.['application/json']?.example
      const needsBody = content !== undefined && operation.requestBody.required !== false
      if (body === undefined && (method !== 'get' || needsBody)) continue
      // the newest tickets of each state, as a reader of /docs would find them
      await s.register({ dealerCode: 'D001', customer: { phone: `1350000${1000 + tried}` } })
      const fresh = (await described()).paths[path][method]
      const url = followed(path, fresh.parameters ?? [])
      if (url.includes('{') || /\/stream|\/frozen/.test(url)) continue
      const answer = await s.service.call(
        anybody,
        method.toUpperCase(),
        url,
        body === undefined ? {} : { body },
      )
      if (answer.status >= 300) failed.push(`${method} ${url}: ${answer.text}`)
      tried += 1
    }
  expect(failed).toEqual([])
  expect(tried).toBeGreaterThan(40)
}, 120_000)

it('have a ticket of the service in development mode alone', async () => {
  const own = await described()
  const { example } = own.paths['/v1/tickets/{ticketNo}'].get.parameters.find(
    ({ name }: Json) => name === 'ticketNo',
  )
  expect((await s.get(`tickets/${example}`, dealer('D001'))).body).toMatchObject({ state: 'unhandled' })
})

it('an instant in a query is read where its `+` was not escaped, on every route that takes one', async () => {
  const { paths } = await described()
  const isInstant = ({ in: place, name }: Json): boolean =>
    place === 'query' && ['from', 'to', 'asOf'].includes(name)
  const refused: string[] = []
  let tried = 0
  for (const [path, methods] of Object.entries<Json>(paths))
    for (const [method, { parameters = [] }] of Object.entries<Json>(methods)) {
      const names = parameters.filter(isInstant).map(({ name }: Json) => name)
      if (names.length === 0) continue
      const query = names.map((name: string) => `${name}=2026-03-02T10:00:00+08:00`).join('&')
      const url = `${followed(path, parameters).split('?')[0]}?${query}`
      const { status, body } = await s.service.call(anybody, method.toUpperCase(), url)
      const wrong = status === 400 ? body.errors.filter((each: Json) => names.includes(each.pointer)) : []
      if (wrong.some(({ detail }: Json) => detail.includes('ISO-8601'))) refused.push(url)
      tried += names.length
    }
  expect(refused).toEqual([])
  expect(tried).toBeGreaterThan(25)
})
