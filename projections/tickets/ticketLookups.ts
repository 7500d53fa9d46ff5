/** Questions about one ticket, by its number, an external number or its id. */
import { externalNoOf } from '../../domain/plainText.ts'
import type { TicketNo } from '../../domain/ticket/events.ts'
import type { Statements } from '../statements.ts'
import { attemptsInVain } from './callbacks.ts'
import { type TicketView, toTicketView, toWholeTicket, type WholeTicket } from './ticketView.ts'

export type TicketLookups = {
  byNo(ticketNo: TicketNo): TicketView | null
  /** The same with its texts. */
  wholeByNo(ticketNo: TicketNo): WholeTicket | null
  /** The ticket an external number registered, or joined as a contact; numbers compare by `externalNoOf`. */
  byExternalNo(externalNo: string): TicketView | null
  /** Only its number. */
  numberOf(externalNo: string): TicketNo | null
  /** The callbacks of a ticket, by its id, that reached nobody; epoch ms. */
  attemptsInVain(id: number): number[]
  /** The number of a ticket by its id. */
  ticketNoOf(id: number): TicketNo
}

const selectTicket = 'SELECT t.*, b.subjectId, b.customer FROM tickets t JOIN ticketTexts b ON b.id = t.id'
const selectWhole = `SELECT t.*, b.subjectId, b.customer, b.text, b.remedyText, c.text AS closingText, c.measuresDoneAt
  FROM tickets t JOIN ticketTexts b ON b.id = t.id LEFT JOIN closingTexts c ON c.id = t.id`

export const ticketLookups = (statements: Statements): TicketLookups => ({
  byNo: (ticketNo) => statements.find(`${selectTicket} WHERE t.ticketNo = ?`, [ticketNo], toTicketView),
  wholeByNo: (ticketNo) => statements.find(`${selectWhole} WHERE t.ticketNo = ?`, [ticketNo], toWholeTicket),
  byExternalNo: (externalNo) =>
    statements.find(
      `${selectTicket} WHERE t.ticketNo = (SELECT ticketNo FROM externalNos WHERE externalNo = ?)`,
      [externalNoOf(externalNo)],
      toTicketView,
    ),
  numberOf: (externalNo) =>
    statements.get<{ ticketNo: TicketNo }>('SELECT ticketNo FROM externalNos WHERE externalNo = ?', [
      externalNoOf(externalNo),
    ])?.ticketNo ?? null,
  attemptsInVain: (id) => {
    const sql = 'SELECT callbacks FROM tickets WHERE id = ?'
    return attemptsInVain(statements.get<{ callbacks: string | null }>(sql, [id])?.callbacks ?? '[]')
  },
  ticketNoOf: (id) => {
    const row = statements.get<{ ticketNo: TicketNo }>('SELECT ticketNo FROM tickets WHERE id = ?', [id])
    return (row as { ticketNo: TicketNo }).ticketNo
  },
})
