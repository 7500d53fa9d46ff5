/** Letters of a ticket, read from its events and opened for the caller. */
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { letterKindSchema, tierSchema } from '../../domain/codes.ts'
import type { StoredEvent } from '../../domain/eventStore.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { DataOf, TicketEvent, TicketNo } from '../../domain/ticket/events.ts'
import type { Reader } from '../commands/tickets/personal.ts'
import type { Deps } from '../http/deps.ts'
import { instantOutput } from '../http/schemas.ts'
import { eventsFor } from '../tickets/requestContext.ts'

const letterRow = {
  ticketNo: z.string(),
  number: z.int().meta({ description: 'Counted per ticket, from 1.' }),
  kind: letterKindSchema,
  from: z.object({ tier: tierSchema, unit: z.string() }).meta({ description: 'The unit it is signed by.' }),
  addressee: z.string().nullable().meta({ description: 'null, as subject and body: masked, or erased.' }),
  subject: z.string().nullable(),
  writtenAt: instantOutput,
  writtenBy: z.string(),
}

export const letterRowAnswer = z.object(letterRow).meta({ id: 'LetterRow' })
export const letterAnswer = z.object({ ...letterRow, body: z.string().nullable() }).meta({ id: 'Letter' })
export type Letter = z.infer<typeof letterAnswer>

const isLetter = (
  event: StoredEvent<TicketEvent>,
): event is StoredEvent<TicketEvent & { type: 'LetterWritten'; data: DataOf<'LetterWritten'> }> =>
  event.type === 'LetterWritten'

type TicketLetters = { ticketNo: TicketNo; reader: Reader; letters: (() => Letter)[] }

/** The letters of a ticket, oldest first, each opened when it is asked for. @throws Refusal `ticket_not_found` */
export const lettersFor = async (
  deps: Deps,
  request: FastifyRequest,
  ticketNo: TicketNo,
): Promise<TicketLetters> => {
  const { events, reader } = await eventsFor(deps, request, ticketNo, undefined)
  const letters = events.filter(isLetter).map(({ data, metadata }) => () => {
    const { addressee = null, subject = null, body = null } = reader.text(data.text)
    const { number, kind, from } = data
    const writtenBy = metadata.actor.id
    return {
      ticketNo,
      number,
      kind,
      from,
      addressee,
      subject,
      body,
      writtenAt: metadata.recordedAt,
      writtenBy,
    }
  })
  return { ticketNo, reader, letters }
}

/** One of them by its number. @throws Refusal `letter_not_found` */
export const letterOf = ({ letters }: TicketLetters, number: number): Letter => {
  const letter = letters[number - 1]
  if (letter === undefined) throw new Refusal('letter_not_found', { number })
  return letter()
}
