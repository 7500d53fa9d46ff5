import type { InquiryNo } from '../../../domain/inquiry/events.ts'
import { dayNumber, dayOf, dayStart, type Instant, toEpoch } from '../../../domain/instant.ts'
import type { TicketNo } from '../../../domain/ticket/events.ts'
import { commandIdOf } from '../commandId.ts'

/** Crockford's digits: none looks like another when read out on the phone. */
const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

const asDigits = (value: number): string => {
  let [text, rest] = ['', value]
  for (let place = 0; place < 8; place++) {
    text = (digits[rest % 32] as string) + text
    rest = Math.floor(rest / 32)
  }
  return text
}

/** `260302` of a day's number; one day is asked for again and again. */
let lastDay = { number: Number.NaN, text: '' }
const dayText = (number: number): string => {
  if (lastDay.number !== number) lastDay = { number, text: dayOf(number).replaceAll('-', '').slice(2) }
  return lastDay.text
}

/** As many numbers as there are to a second. */
const perSecond = 2 ** 23

/** Last 23 bits of a command id before its twelve zero bits. */
const lastBits = (commandId: string): number =>
  Number.parseInt(commandId.replaceAll('-', '').slice(21, 29), 16) % perSecond

/**
 * The number of the ticket a command registers, `T260302-9J0M3QX4`: the Shanghai day, then eight digits of the second
 * of that day and of the command. Tickets of one time lie together in the log's index, which would otherwise be
 * written all over. The same command at the same time asks for the same number; `attempt` tells apart the next try
 * where the number was another ticket's.
 */
export const ticketNoOf = (commandId: string, now: Instant, attempt = 1): TicketNo =>
  numberOf('T', commandId, now, attempt)

/** The number of an inquiry, made in the same way: `Q260302-9J0M3QX4`. */
export const inquiryNoOf = (commandId: string, now: Instant, attempt = 1): InquiryNo =>
  numberOf('Q', commandId, now, attempt)

const numberOf = (letter: 'T' | 'Q', commandId: string, now: Instant, attempt: number): string => {
  const epoch = toEpoch(now)
  const day = dayNumber(epoch)
  const second = Math.floor((epoch - dayStart(day)) / 1000)
  const bits = lastBits(attempt === 1 ? commandId : commandIdOf(commandId, String(attempt)))
  return `${letter}${dayText(day)}-${asDigits(second * perSecond + bits)}`
}
