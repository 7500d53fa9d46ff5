/** Settled quarters as files: revisions as they were made, what a score comes from, and who decided what. */
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { cellOf, codesOnly, csvText, readCsv } from '../../support/readCsv.ts'
import { readXlsx, valuesOf } from '../../support/readXlsx.ts'
import { dealer, sa } from '../../support/scenario.ts'
import type { Json, Who } from '../../support/service.ts'
import { does, freezable, put, type Quarter, startUnsettled } from '../reports/settling.ts'

let s: Quarter
beforeAll(async () => {
  s = await startUnsettled()
  s.go(freezable)
  await does(s, 'freeze')
  s.go('2026-04-24 10:00')
  await put(s, 'dealers/D001/deliveries/2026Q1', { count: 1 })
  await s.does(s.ofD002, 'rescind', { reason: '误登记' }, sa)
  await does(s, 'revise', { reason: '=迟到的更正' })
  await does(s, 'decide-tie', { rbo: 'EAST', rewarded: ['D015'], reason: '客户满意度' })
}, 60_000)
afterAll(() => s.service.close())

const json = async (path: string, who: Who = sa): Promise<Json> =>
  (await s.get(`assessments/${path}`, who)).body
const csv = async (path: string, who: Who = sa) => {
  const { status, bytes, headers } = await s.get(`assessments/${path}`, who, { accept: 'text/csv' })
  expect(status).toBe(200)
  return { ...codesOnly(readCsv(bytes)), disposition: headers['content-disposition'] }
}
/** What a cell of JSON rows has under a heading: nothing below an object that is null. */
const at = (row: Json, path: string) =>
  csvText(cellOf(path.split('.').reduce((value, name) => value?.[name], row) ?? null))
const expectRows = ({ headings, rows }: { headings: string[]; rows: string[][] }, expected: Json[]) => {
  expect(rows).toEqual(expected.map((row) => headings.map((path) => at(row, path))))
}

it('each revision is its own file, and says which it is', async () => {
  const first = await csv('2026Q1?revision=1')
  const { rbos, ...head } = await json('2026Q1?revision=1')
  expectRows(
    first,
    rbos.flatMap(({ rbo, dealers }: Json) => dealers.map((row: Json) => ({ ...head, rbo, ...row }))),
  )
  expect(first.headings).toEqual([...Object.keys(head), 'rbo', ...Object.keys(rbos[0].dealers[0])])
  expect(first.disposition).toBe(
    `attachment; filename="assessment-2026Q1-r1.csv"; filename*=UTF-8''2026Q1%20dealer%20assessment%20revision%201.csv`,
  )
  const third = await csv('2026Q1')
  expect(third.disposition).toContain('filename="assessment-2026Q1-r3.csv"')
  expect(third.rows).not.toEqual(first.rows)
})

it('undecided ties are amber in the sheet, until they are decided', async () => {
  const amber = async (revision: number): Promise<unknown[]> => {
    const { bytes } = await s.get(`assessments/2026Q1?revision=${revision}&rbo=EAST&format=xlsx`)
    const [sheet] = readXlsx(bytes)
    const marked = sheet!.rows.filter(([first]) => first?.color === 'FFEB9C')
    expect(marked.every((row) => row.every(({ color }) => color === 'FFEB9C'))).toBe(true)
    return valuesOf(marked).map(([code]) => code)
  }
  const tied = async (revision: number): Promise<unknown[]> =>
    (await json(`2026Q1?revision=${revision}&rbo=EAST`)).rbos[0].dealers
      .filter(({ outcome }: Json) => outcome === 'tie_unresolved')
      .map((row: Json) => row.dealer)
  expect((await tied(2)).length).toBeGreaterThan(1)
  for (const revision of [1, 2, 3]) expect(await amber(revision)).toEqual(await tied(revision))
})

it.each(['D015', 'D002', 'D016'])(
  'what the score of %s comes from is its units, then what does not count',
  async (code) => {
    const { units, notCounted, ...head } = await json(`2026Q1/dealers/${code}`)
    const file = await csv(`2026Q1/dealers/${code}`)
    const rows = [...units, ...notCounted].map((row: Json) => ({ ...head, ...row }))
    expectRows(file, rows.length > 0 ? rows : [head])
    expect(file.headings).toEqual(
      expect.arrayContaining(['measures.response.pointsPerUnit', 'response.pointsLost', 'reason']),
    )
    expect(new Set(file.headings).size).toBe(file.headings.length)
    expect(file.disposition).toContain(`filename="assessment-2026Q1-${code}.csv"`)
  },
)

it.each<[string, Who]>([
  ['SA', sa],
  ['a dealer, who sees no decision of others', dealer('D004')],
])('the revisions are listed with their decisions, for %s', async (_, who) => {
  const { quarter, items } = await json('2026Q1/revisions', who)
  const file = await csv('2026Q1/revisions', who)
  expect(items).toHaveLength(3)
  expectRows(
    file,
    items.map((item: Json) => ({ quarter, ...item })),
  )
  expect(file.rows[1]?.[file.headings.indexOf('reason')]).toBe("'=迟到的更正")
})

it('of what is not the caller’s there is no file', async () => {
  expect((await s.get('assessments/2026Q1/dealers/D015?format=csv', dealer('D001'))).status).toBe(404)
})
