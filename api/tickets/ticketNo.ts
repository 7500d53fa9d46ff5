import { dayNumber, dayOf, type Instant, toEpoch } from '../../domain/instant.ts'
import type { TicketNo } from '../../domain/ticket/events.ts'
import { commandIdOf } from '../commandId.ts'

/** Crockford's digits: none looks like another when read out on the phone. */
const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** Last 40 bits of a command id before its twelve zero bits, as eight digits. */
const suffix = (commandId: string): string => {
  let bits = Number.parseInt(commandId.replaceAll('-', '').slice(19, 29), 16)
  let text = ''
  for (let place = 0; place < 8; place++) {
    text = (digits[bits % 32] as string) + text
    bits = Math.floor(bits / 32)
  }
  return text
}

/**
 * The number of the ticket a command registers: `T260302-K7M3QX4P`, the Shanghai day and eight digits that derive
 * from the command, so that a repeated command asks for the same ticket again. `attempt` tells apart the next try
 * where the number was another ticket's.
 */
export const ticketNoOf = (commandId: string, now: Instant, attempt = 1): TicketNo => {
  const day = dayOf(dayNumber(toEpoch(now)))
    .replaceAll('-', '')
    .slice(2)
  return `T${day}-${suffix(attempt === 1 ? commandId : commandIdOf(commandId, String(attempt)))}`
}
