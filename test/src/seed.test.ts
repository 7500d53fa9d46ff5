import { describe, expect, it } from '@jest/globals'
import { seedMasterData } from '../../api/commands/masterData/seed.ts'
import { officialYears } from '../../domain/calendar/officialCalendar.ts'
import { memoryStore } from '../api/fakes.ts'

const now = '2026-01-01T00:00:00.000Z'

describe('the seed', () => {
  it('is what a new installation begins with', async () => {
    const store = memoryStore()
    await seedMasterData(store, now)
    const national = await store.readStream('calendar-CN')
    expect(national.map(({ type }) => type)).toEqual([
      'CalendarDefined',
      ...[...officialYears()].map(() => 'CalendarYearSet'),
    ])
    expect(await store.readStream('calendar-CN-XJ')).toMatchObject([
      { data: { opens: '10:00', daysOf: 'CN' } },
    ])
    expect(await store.readStream('policy')).toMatchObject([
      { data: { effectiveFrom: now }, metadata: { recordedAt: now } },
    ])
  })

  it('is sown once', async () => {
    const store = memoryStore()
    await seedMasterData(store, now)
    const head = await store.head()
    await seedMasterData(store, '2026-06-01T00:00:00.000Z')
    expect(await store.head()).toBe(head)
  })

  it('leaves alone what was entered, and adds the years that are missing', async () => {
    const store = memoryStore()
    const metadata = {
      commandId: 'c',
      actor: { id: 'u', role: 'admin' },
      correlationId: 'r',
      recordedAt: now,
    }
    const own = { year: 2026, off: [], work: [], source: 'own' }
    await store.append('calendar-CN', 0, [
      {
        id: 'e1',
        type: 'CalendarDefined',
        data: { opens: '08:00', closes: '17:00', daysOf: null },
        metadata,
      },
      { id: 'e2', type: 'CalendarYearSet', data: own, metadata },
    ])
    await seedMasterData(store, now)
    const events = await store.readStream('calendar-CN')
    expect(events.filter(({ type }) => type === 'CalendarDefined')).toHaveLength(1)
    const years = events
      .filter(({ type }) => type === 'CalendarYearSet')
      .map(({ data }) => data as typeof own)
    expect(years.filter(({ year }) => year === 2026)).toEqual([own])
    expect(years).toHaveLength(officialYears().size)
  })

  it('gives the same ids wherever it is sown', async () => {
    const stores = [memoryStore(), memoryStore()]
    for (const store of stores) await seedMasterData(store, now)
    const [a, b] = await Promise.all(stores.map((store) => store.readStream('calendar-CN')))
    expect(a?.map(({ id }) => id)).toEqual(b?.map(({ id }) => id))
  })
})
