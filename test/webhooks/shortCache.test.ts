import { expect, test } from '@jest/globals'
import { createShortCache } from '../../src/webhooks/shortCache.ts'

test('a value is made once for a while, and made again afterwards', () => {
  let [elapsed, made] = [0, 0]
  const textOf = createShortCache(100, () => elapsed)
  const ask = (key: string) => textOf(key, () => `${key}${++made}`)
  expect([ask('a'), ask('a'), ask('b')]).toEqual(['a1', 'a1', 'b2'])
  elapsed = 99
  expect(ask('a')).toBe('a1')
  elapsed = 100
  expect([ask('a'), ask('b')]).toEqual(['a3', 'b4'])
})
