import { describe, expect, test } from '@jest/globals'
import { customerIdKey, phoneKey, vinKey } from '../../domain/customerKeys.ts'

describe('what a customer is found by (rulebook §6)', () => {
  test.each([
    '13800000000',
    '+8613800000000',
    '008613800000000',
    '+86 138-0000-0000',
    '(+86) 138 0000 0000',
    '１３８00000000',
    '＋８６１３８００００００００',
  ])('phone %s compares by its digits without +86 or 0086', (phone) => {
    expect(phoneKey(phone)).toBe('13800000000')
  })

  test.each([
    ['8613800000000', '8613800000000'],
    ['021-6000 0000', '02160000000'],
    ['+49 30 1234', '49301234'],
  ])('phone %s keeps every other digit', (phone, key) => {
    expect(phoneKey(phone)).toBe(key)
  })

  test.each(['lsvaa49j132047371', ' LSVAA49J132047371 ', 'ＬＳＶＡＡ49j132047371'])(
    'VIN %j compares in upper case',
    (vin) => {
      expect(vinKey(vin)).toBe('LSVAA49J132047371')
    },
  )

  test('a customer number compares as given', () => {
    expect(customerIdKey(' c-1 ')).toBe('c-1')
    expect(customerIdKey('C-1')).toBe('C-1')
  })

  test.each([null, undefined, '', '   ', '\u3000'])('%j is no key', (blank) => {
    expect([phoneKey(blank), vinKey(blank), customerIdKey(blank)]).toEqual([null, null, null])
  })

  test.each(['+86', '0086', '无', '-'])('phone %j is no key', (blank) => {
    expect(phoneKey(blank)).toBeNull()
  })
})
