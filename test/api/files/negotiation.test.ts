import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { preferred } from '../../../api/files/negotiation.ts'
import { problemOf, refused, type Scenario, sa, startScenario } from '../../support/scenario.ts'

const xlsx = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
const all = ['json', 'csv', 'xlsx'] as const

describe('of the forms there are, Accept', () => {
  it.each([
    [undefined, 'json'],
    ['', 'json'],
    ['*/*', 'json'],
    ['application/json', 'json'],
    ['application/*', 'json'],
    ['text/*', 'csv'],
    ['text/csv', 'csv'],
    ['TEXT/CSV; charset=utf-8', 'csv'],
    [xlsx, 'xlsx'],
    ['text/html,application/xhtml+xml,*/*;q=0.8', 'json'],
    ['text/csv;q=0.5, application/json;q=0.4', 'csv'],
    ['application/json;q=0.4, text/csv;q=0.5', 'csv'],
    ['text/csv, application/json', 'json'],
    [`${xlsx}, text/csv;q=0.9, */*;q=0.1`, 'xlsx'],
    ['application/json;q=0, */*', 'csv'],
    ['text/csv;q=0, text/*', null],
    ['text/html', null],
    ['text/csv;q=x', null],
    ['image/png;q=1', null],
  ])('%j asks for %s', (accept, format) => {
    expect(preferred(accept, all)).toBe(format)
  })
})

describe('a list or report', () => {
  let s: Scenario
  beforeAll(async () => {
    s = await startScenario()
    await s.register()
  })
  afterAll(() => s.service.close())
  const kpi = 'reports/kpi?quarter=2026Q1'

  it.each([
    ['dealers', {}, 'application/json; charset=utf-8'],
    ['dealers', { accept: 'text/csv' }, 'text/csv; charset=utf-8'],
    ['dealers?format=csv', {}, 'text/csv; charset=utf-8'],
    ['dealers?format=csv', { accept: 'application/json' }, 'text/csv; charset=utf-8'],
    ['dealers?format=json', { accept: 'text/csv' }, 'application/json; charset=utf-8'],
    [`${kpi}&format=xlsx`, {}, xlsx],
    [kpi, { accept: xlsx }, xlsx],
  ])('%s with %j is answered as %s', async (path, headers: Record<string, string>, type) => {
    const answer = await s.get(path, sa, headers)
    expect([answer.status, answer.headers['content-type']]).toEqual([200, type])
    expect(answer.headers.vary).toBe('Accept, Accept-Language')
    expect(answer.headers['cache-control']).toBe('no-store')
  })

  it('says under which name to keep a file, and in which language its headings are', async () => {
    const { headers } = await s.get('tickets?format=csv', sa, { 'accept-language': 'zh-CN' })
    expect(headers['content-disposition']).toBe('attachment; filename="tickets-2026-03-02-1000.csv"')
    expect(headers['content-language']).toBe('zh-CN')
    const named = async (path: string) => (await s.get(path)).headers['content-disposition']
    expect(await named(`reports/kpi/units?quarter=2026Q1&format=csv`)).toContain(
      '"kpi-units-2026-03-02-1000.csv"',
    )
    expect(await named(`${kpi}&format=xlsx`)).toContain('"kpi-2026Q1.xlsx"')
    expect(await named('assessments/2026Q1?format=xlsx')).toContain('"assessment-2026Q1.xlsx"')
  })

  it('is not acceptable in a form it has not', async () => {
    expect(problemOf(await s.get('tickets', sa, { accept: xlsx }))).toEqual(refused(406, 'not_acceptable'))
    expect(problemOf(await s.get(kpi, sa, { accept: 'text/html' }))).toEqual(refused(406, 'not_acceptable'))
    const { body } = await s.get('tickets', sa, { accept: 'text/html', 'accept-language': 'zh' })
    expect(body.detail).toBe('无法以 Accept 所要求的格式提供，支持的格式：application/json, text/csv。')
    expect(problemOf(await s.get('tickets?format=xlsx'))).toEqual(
      refused(400, 'invalid_request', ['query', 'format']),
    )
  })

  it('as a file takes no cursor and no limit, for it is whole', async () => {
    await s.register()
    const { nextCursor } = (await s.get('tickets?limit=1')).body
    for (const accept of ['application/json', 'text/csv']) {
      const answer = await s.get(`tickets?cursor=${nextCursor}`, sa, { accept })
      if (accept === 'application/json') expect(answer.status).toBe(200)
      else expect(problemOf(answer)).toEqual(refused(400, 'invalid_request', ['query', 'cursor']))
    }
    const searched = await s.post(sa, 'tickets/search?format=csv', { cursor: nextCursor })
    expect(problemOf(searched)).toEqual(refused(400, 'invalid_request', ['body', '#/cursor']))
    expect((await s.get('tickets?format=csv')).text.trim().split('\r\n')).toHaveLength(1 + 2)
  })

  it('gives a cursor that is good whether or not format=json was said', async () => {
    const { nextCursor } = (await s.get('tickets?limit=1&format=json')).body
    expect((await s.get(`tickets?limit=1&cursor=${nextCursor}`)).status).toBe(200)
  })

  it('as a file is refused like any answer: scope, filters, views and tokens come first', async () => {
    expect(problemOf(await s.get('tickets?format=csv&state=closed'))).toEqual(
      refused(400, 'invalid_request', ['query', 'state']),
    )
    expect((await s.service.call(null, 'GET', '/v1/tickets?format=csv')).status).toBe(401)
    expect(problemOf(await s.get('assessments/2027Q1?format=xlsx'))).toEqual(
      refused(422, 'quarter_in_future', ['path', 'quarter']),
    )
  })

  it('answers HEAD as it would GET, without reading the list', async () => {
    const { status, headers, bytes } = await s.service.call(sa, 'HEAD', '/v1/tickets?format=csv')
    expect([status, headers['content-type'], bytes.length]).toEqual([200, 'text/csv; charset=utf-8', 0])
  })
})
