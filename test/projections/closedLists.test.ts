import { describe, expect, test } from '@jest/globals'
import Database from 'better-sqlite3'
import { stateSchema, warningCodeSchema } from '../../domain/codes.ts'
import { bitsOf, countsSql, warningBit, warningBits } from '../../projections/closedLists.ts'

describe('the bits of the warning codes', () => {
  test('are one for each code, and the ones that rows have always held', () => {
    expect(warningBits).toHaveLength(warningCodeSchema.options.length)
    expect(['W1', 'W2', 'W3', 'W4', 'W5', 'W6'].map(warningBit)).toEqual([1, 2, 4, 8, 16, 32])
    expect(warningCodeSchema.options.map(warningBit)).toEqual(warningBits)
  })

  test('are refused to a code that is not in the list', () => {
    expect(() => warningBit('W99')).toThrow('the warning code W99 is not in the list of codes')
  })

  test('are refused to a list that is longer than its column has bits', () => {
    const codes = Array.from({ length: 17 }, (_, index) => `W${index + 1}`)
    expect(() => bitsOf(codes)).toThrow('17 codes do not fit 16 bits')
    expect([...bitsOf(codes.slice(1)).values()].at(-1)).toBe(2 ** 15)
  })
})

test('in SQL the tickets that count are those of every state but rescinded and duplicate', () => {
  const db = new Database(':memory:').exec('CREATE TABLE tickets (state TEXT)')
  for (const state of stateSchema.options) db.prepare('INSERT INTO tickets VALUES (?)').run(state)
  const counting = db.prepare<[], string>(`SELECT state FROM tickets t WHERE ${countsSql('t.state')}`).pluck()
  expect(counting.all()).toEqual(['unhandled', 'in_progress', 'completed'])
})
