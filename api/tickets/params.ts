import { z } from 'zod'
import { ticketNoSchema } from '../../domain/ticket/events.ts'

/** The path of everything that is about one ticket. */
export const ticketParams = z.strictObject({ ticketNo: ticketNoSchema })
