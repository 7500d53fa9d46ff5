import { describe, expect, test } from '@jest/globals'
import { commandIdOf, newCommandId } from '../../../api/commands/commandId.ts'
import { ticketNoOf } from '../../../api/commands/tickets/ticketNo.ts'

describe('the number of a new ticket', () => {
  const now = '2026-03-01T16:00:00.000Z'
  const commandId = commandIdOf('caller', 'POST', '/v1/complaints', 'key')

  test('carries the Shanghai day and eight digits that cannot be mistaken for each other', () => {
    expect(ticketNoOf(newCommandId(), now)).toMatch(/^T260302-[0-9A-HJKMNP-TV-Z]{8}$/)
    expect(ticketNoOf(newCommandId(), '2026-03-01T15:59:59.999Z')).toMatch(/^T260301-/)
  })

  test('comes of the command and its second, so that the same asks for the same ticket', () => {
    expect(ticketNoOf(commandId, '2026-03-01T16:00:00.999Z')).toBe(ticketNoOf(commandId, now))
    expect(ticketNoOf(commandId, now)).not.toBe(ticketNoOf(newCommandId(), now))
  })

  test('is another one at the next attempt', () => {
    expect(ticketNoOf(commandId, now, 2)).not.toBe(ticketNoOf(commandId, now, 1))
  })

  test('follows the time of the day, to its last second', () => {
    const times = ['16:00:00', '16:00:01', '20:30:00', '23:59:59'].map((time) => `2026-03-01T${time}.000Z`)
    const numbers = [...times, '2026-03-02T15:59:59.999Z'].map((time) => ticketNoOf(newCommandId(), time))
    expect(numbers.toSorted()).toEqual(numbers)
  })

  test('differs from command to command, but for one in millions', () => {
    const numbers = Array.from({ length: 2_000 }, () => ticketNoOf(newCommandId(), now))
    expect(new Set(numbers).size).toBeGreaterThan(1_990)
  })
})
