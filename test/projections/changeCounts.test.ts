import { afterEach, describe, expect, test } from '@jest/globals'
import Database from 'better-sqlite3'
import type { StoredEvent } from '../../domain/eventStore.ts'
import { createChangeCounts, createChangeMemory } from '../../projections/columns/changeCounts.ts'
import { statisticsOf } from '../../projections/statistics/statistics.ts'
import type { Views } from '../../projections/views.ts'
import { fakeSealing } from '../support/fakeSealing.ts'
import { randomHistory } from '../support/history/randomHistory.ts'
import { batchesOf, newFile, open, removeFiles } from './support.ts'

afterEach(removeFiles)

const { sealing } = fakeSealing()
const everyone = [{ kind: 'all' }] as const
const year = { from: '2026-01-01T00:00:00.000Z', to: '2027-01-01T00:00:00.000Z', scope: everyone }

const { events } = randomHistory({ seed: 17, acts: 1_200, sealing, stepMs: 3 * 3_600_000 })
const asOf = (events.at(-1) as StoredEvent).metadata.recordedAt

const answers = async (views: Views) => ({
  statistics: await statisticsOf(
    { ...views, ticketAsOf: async () => null },
    { ...year, asOf, groupings: [['dealer'], ['channel', 'category']] },
  ),
  kpi: (['dealer', 'rbo'] as const).map((tier) => views.kpi.rates({ ...year, asOf, tier, by: tier })),
})

describe('a connection that only reads, with the memory of the one that writes', () => {
  test('answers as the one that writes after every commit', async () => {
    const changes = createChangeMemory()
    const file = newFile()
    const views = open(file, { changes })
    views.commit()
    const reader = open(file, { readonly: true, changes })
    for (const batch of batchesOf(events, 60)) {
      // what is written and not committed is in memory only: a reader must not take its count for that of the file
      views.apply(batch.slice(0, 30))
      await answers(reader)
      views.apply(batch.slice(30))
      views.commit()
      expect(await answers(reader)).toEqual(await answers(views))
    }
    reader.close()
    views.close()
  })

  test('keeps what did not change', async () => {
    const changes = createChangeMemory()
    const file = newFile()
    const views = open(file, { changes })
    for (const batch of batchesOf(events, 500)) views.apply(batch)
    views.commit()
    const [reader, without] = [open(file, { readonly: true, changes }), open(file, { readonly: true })]
    const before = await answers(reader)
    expect(await answers(without)).toEqual(before)
    // behind the back of the service, so that nobody counts it
    const other = new Database(file)
    other.exec("UPDATE tickets SET state = 'rescinded'; UPDATE kpiSpans SET knownFrom = NULL")
    other.close()
    expect(await answers(reader)).toEqual(before)
    expect((await answers(without)).statistics.totals.tickets).toBe(0)
    for (const each of [reader, without, views]) each.close()
  })
})

describe('the counts of changes', () => {
  test('move when what was noted is committed, once for each partition', () => {
    const memory = createChangeMemory()
    const [writer, reader] = [createChangeCounts(memory, 'kpi'), createChangeCounts(memory, 'kpi')]
    const other = createChangeCounts(memory, 'ticketMonths')
    writer.note(4_112)
    writer.note(4_112)
    expect(reader.of(4_112)).toBe(0)
    writer.committed()
    writer.committed()
    expect([reader.of(4_112), reader.of(4_113), other.of(4_112)]).toEqual([1, 0, 0])
  })

  test('are no numbers without memory, so that nothing is taken for unchanged', () => {
    const counts = createChangeCounts(undefined, 'kpi')
    counts.note(1)
    counts.committed()
    expect(counts.of(1)).toBeNaN()
  })
})
