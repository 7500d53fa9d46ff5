import { describe, expect, test } from '@jest/globals'
import { commandIdOf, newCommandId } from '../../../api/commandId.ts'
import { ticketNoOf } from '../../../api/tickets/ticketNo.ts'

describe('the number of a new ticket', () => {
  const now = '2026-03-01T16:00:00.000Z'

  test('carries the Shanghai day and eight digits that cannot be mistaken for each other', () => {
    expect(ticketNoOf(newCommandId(), now)).toMatch(/^T260302-[0-9A-HJKMNP-TV-Z]{8}$/)
  })

  test('derives from the command, so that a repeated command asks for the same ticket', () => {
    const commandId = commandIdOf('caller', 'POST', '/v1/complaints', 'key')
    expect(ticketNoOf(commandId, now)).toBe(ticketNoOf(commandId, now))
  })

  test('is another one at the next attempt', () => {
    const commandId = newCommandId()
    expect(ticketNoOf(commandId, now, 2)).not.toBe(ticketNoOf(commandId, now, 1))
  })

  test('differs from command to command', () => {
    const numbers = Array.from({ length: 20_000 }, () => ticketNoOf(newCommandId(), now))
    expect(new Set(numbers).size).toBe(20_000)
  })
})
