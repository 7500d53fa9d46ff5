import { expect, test } from '@jest/globals'
import { presentHistory, presentQuarters } from '../../src/demo/present.ts'

const now = Date.parse('2026-11-18T07:30:00.000Z')

test('the history of the demo ends now, with work of today in it', () => {
  const lines = presentHistory(now, 600)
  const last = lines.at(-1)?.at as string
  expect(Date.parse(last)).toBeLessThan(now)
  expect(now - Date.parse(last)).toBeLessThan(3_600_000)
  expect(lines.some(({ at, command }) => at > '2026-11-18T00:00' && command === 'register')).toBe(true)
  // in Shanghai the 21st, 89 days before
  expect(lines[0]?.at.slice(0, 10)).toBe('2026-08-20')
})

test('its quarters are the present one and that of its beginning', () => {
  expect(presentQuarters(now)).toEqual(['2026Q4', '2026Q3'])
})
