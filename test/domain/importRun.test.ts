import { describe, expect, test } from '@jest/globals'
import { importRunAggregate, importRunEventData } from '../../domain/importRun.ts'
import { Refusal } from '../../domain/refusal.ts'

const { decide, evolve, authorise, stream } = importRunAggregate
const result = {
  lines: 2,
  applied: 1,
  unchanged: 0,
  rejectedCount: 1,
  rejected: [
    { line: 2, code: 'invalid_request', detail: 'The request is not of the form that is asked for.' },
  ],
}
const command = { type: 'CompleteImport', result } as const

describe('an import with a key', () => {
  test('keeps its first answer', () => {
    const [event, ...others] = decide(null, command, undefined)
    expect([event, others]).toEqual([{ type: 'ImportCompleted', data: result }, []])
    const state = evolve(null, event!, { recordedAt: '', actor: { id: 'a', role: 'admin' } })
    expect(state).toEqual(result)
    expect(decide(state, { ...command, result: { ...result, applied: 9 } }, undefined)).toEqual([])
  })

  test('is for administrators alone', () => {
    expect(authorise(null, command, { id: 'a', roles: ['admin'] })).toBe('admin')
    expect(() => authorise(null, command, { id: 'a', roles: ['csr'] })).toThrow(Refusal)
  })

  test('is stored in this form', () => {
    const json =
      '{"lines":1,"applied":0,"unchanged":0,"rejectedCount":1,"rejected":[{"line":1,"code":"malformed_json","detail":"x"}]}'
    expect(importRunEventData.ImportCompleted.parse(JSON.parse(json))).toEqual(JSON.parse(json))
    expect(stream('id')).toBe('import-id')
  })
})
