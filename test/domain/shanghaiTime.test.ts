import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { DateTime } from 'luxon'
import { toInstant } from '../../domain/instant.ts'
import { shanghaiMinute, shanghaiTime } from '../../domain/shanghaiTime.ts'

describe('an instant in a file', () => {
  it.each([
    ['2026-03-02T02:00:00.000Z', '2026-03-02 10:00:00'],
    ['2026-03-02T15:59:59.999Z', '2026-03-02 23:59:59'],
    ['2026-02-28T16:00:00.007Z', '2026-03-01 00:00:00'],
    ['2025-12-31T23:59:59.999Z', '2026-01-01 07:59:59'],
  ])('%s is %s in Shanghai', (instant, text) => {
    expect(shanghaiTime(instant)).toBe(text)
    expect(shanghaiMinute(instant)).toBe(text.slice(0, 16).replace(' ', '-').replace(':', ''))
  })

  it('reads as the zone’s own table has it, since it has had one offset', () => {
    const since1992 = fc.integer({ min: Date.UTC(1992, 0), max: Date.UTC(2200, 0) })
    fc.assert(
      fc.property(since1992, (epoch) => {
        const shown = DateTime.fromMillis(epoch, { zone: 'Asia/Shanghai' }).toFormat('yyyy-MM-dd HH:mm:ss')
        expect(shanghaiTime(toInstant(epoch))).toBe(shown)
      }),
    )
  })
})
