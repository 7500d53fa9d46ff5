/** Requests nobody thought of, made from the OpenAPI document (`npm run fuzz -- --seed N` for others). */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { fuzz, kinds, type Report } from './run.ts'
import { startWatched, type WatchedService } from './watched.ts'

const seed = 20_260_302
const requests = 20_000

let watched: WatchedService
let report: Report
const warnings: string[] = []
const heed = ({ name, message }: Error): void => void warnings.push(`${name}: ${message}`)

beforeAll(async () => {
  process.on('warning', heed)
  watched = await startWatched()
  report = await fuzz(watched, { seed, requests })
}, 600_000)
afterAll(async () => {
  process.off('warning', heed)
  await watched.close()
})

describe(`${requests} requests made from the document's schemas, seed ${seed}`, () => {
  it('are each answered within a second, as documented, with no 5xx but a stated 503, a problem where refused', () => {
    expect(report.faults).toEqual([])
  })

  it('leave nothing of a person in any log line, and nothing there to complain of', () => {
    expect(report.logLines).toBeGreaterThan(requests * 0.8)
    expect(watched.badLines).toEqual([])
    expect(warnings).toEqual([])
  })

  it('are of every kind', () => {
    expect(Object.keys(report.byKind).sort()).toEqual([...kinds].sort())
    expect(Math.min(...Object.values(report.byKind))).toBeGreaterThan(50)
    expect(Object.values(report.byKind).reduce((sum, each) => sum + each, 0)).toBe(requests)
  })

  it('get past the door often enough to matter: every read is answered, and most writes are done', () => {
    expect(report.neverDone.filter((name) => name.startsWith('GET'))).toEqual([])
    // a tie, a freeze in time, a delivery that was given up, a meeting on all items of a sheet: chance seldom makes what
    // they need
    const seldom = report.operations / 10
    expect(report.neverDone.length).toBeLessThan(seldom)
    // a third of them tries what was not done yet
    expect(report.byStatus['200']).toBeGreaterThan(requests / 12)
  })
})
