import { expect, test } from '@jest/globals'
import { createRecent } from '../../domain/recent.ts'

test('a cache of ten keeps the five used last, and never more than ten', () => {
  const recent = createRecent<number, string>(10)
  for (let key = 1; key <= 100; key++) {
    recent.put(key, `value ${key}`)
    const kept = Array.from({ length: key }, (_, index) => index + 1).slice(-5)
    expect(kept.map((each) => recent.get(each))).toEqual(kept.map((each) => `value ${each}`))
  }
  const found = Array.from({ length: 100 }, (_, index) => recent.get(index + 1)).filter(Boolean)
  expect(found.length).toBeGreaterThanOrEqual(5)
  expect(found.length).toBeLessThanOrEqual(10)
})

test('an entry that is used stays, one that is not is dropped', () => {
  const recent = createRecent<number, string>(4)
  recent.put(0, 'used')
  recent.put(1, 'unused')
  for (let key = 2; key < 20; key++) {
    recent.put(key, 'other')
    expect(recent.get(0)).toBe('used')
  }
  expect(recent.get(1)).toBeUndefined()
  recent.drop(0)
  expect(recent.get(0)).toBeUndefined()
})
