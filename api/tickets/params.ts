import { z } from 'zod'
import { ticketNoSchema } from '../../domain/ticket/events.ts'

/** The path of everything that is about one ticket. */
export const ticketParams = z.strictObject({ ticketNo: ticketNoSchema })

/** The path of what is about one warning of it. */
export const warningParams = ticketParams.extend({ warningId: z.string().min(1).max(60) })
