import { describe, expect, test } from '@jest/globals'
import { fill, Refusal, refusals } from '../../domain/refusal.ts'

const placesOf = (sentence: string) => [...sentence.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort()

describe('a refusal', () => {
  test('says why, in a sentence with its parameters filled in', () => {
    const refusal = new Refusal('same_category', { category: 'A4a' }, '#/category')
    expect(refusal).toBeInstanceOf(Error)
    expect([refusal.name, refusal.code, refusal.pointer]).toEqual(['Refusal', 'same_category', '#/category'])
    expect(refusal.params).toEqual({ category: 'A4a' })
    expect(refusal.message).toBe('The ticket has category A4a already.')
  })

  test('needs neither parameters nor a pointer', () => {
    const refusal = new Refusal('ticket_is_over')
    expect([refusal.params, refusal.pointer]).toEqual([{}, undefined])
    expect(refusal.message).toBe(refusals.ticket_is_over.en)
  })
})

describe('a sentence', () => {
  test('is filled wherever a name stands, numbers too', () => {
    expect(fill('{a} and {b} and {a}', { a: 1, b: 'two' })).toBe('1 and two and 1')
  })

  test('leaves out what is not given, and does not fill what was filled in', () => {
    expect(fill('a {b} c', {})).toBe('a  c')
    expect(fill('{a}{b}', { a: '{b}', b: 'x' })).toBe('{b}x')
  })
})

describe.each(Object.entries(refusals))('%s', (code, { en, zh }) => {
  test('has a sentence in both languages, with the same places', () => {
    expect(code).toMatch(/^[a-z]+(_[a-z0-9]+)*$/)
    expect(en).toMatch(/^[A-Za-z{].*\.$/)
    expect(zh).toMatch(/\p{Script=Han}.*。$/u)
    expect(placesOf(zh)).toEqual(placesOf(en))
  })
})
