/** Rows of ticket lists as the bytes of their JSON, kept while they are right: most pages show what the last look showed. */
import type { Instant } from '../../domain/instant.ts'
import { measuresChangeAt } from '../../domain/ticket/measures.ts'
import type { TicketView } from '../../projections/tickets/ticketView.ts'
import type { KeepingReader } from '../commands/tickets/personal.ts'
import { jsonBytes } from '../http/jsonBytes.ts'
import { presentRow } from './present.ts'

/** An instant, and the same in epoch ms. */
export type Moment = { instant: Instant; epoch: number }

/** The bytes of one row, right from one instant on and before another, epoch ms. */
type KeptRow = { row: TicketView; from: number; until: number; masked?: Buffer; whole?: Buffer }

/**
 * The JSON of `presentRow` as bytes. They are kept beside the sealed text of the customer, and go with it: an
 * erased customer is in none. A row that has changed is another object.
 */
export const rowBytes = (row: TicketView, reader: KeepingReader, now: Moment): Buffer => {
  const form = reader.masks ? 'masked' : 'whole'
  const last = reader.kept(row.customer) as KeptRow | undefined
  const isRight = last !== undefined && last.row === row && last.from <= now.epoch && now.epoch < last.until
  const known = isRight ? last[form] : undefined
  if (known !== undefined) return known
  const bytes = jsonBytes(presentRow(row, reader, now.instant), Buffer.allocUnsafeSlow)
  const kept: KeptRow = isRight ? last : { row, from: now.epoch, until: measuresChangeAt(row, now.epoch) }
  kept[form] = bytes
  reader.keep(row.customer, kept)
  return bytes
}
