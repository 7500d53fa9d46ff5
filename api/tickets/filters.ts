/** The filters of the ticket lists, as the query has them and as the view takes them. */
import { z } from 'zod'
import type { Actor } from '../../domain/authority.ts'
import {
  holderTierSchema,
  levelSchema,
  openStates,
  severitySchema,
  stateSchema,
  warningCodeSchema,
} from '../../domain/codes.ts'
import { categorySchema } from '../../domain/ticket/routing.ts'
import { unitCodeSchema } from '../../domain/unitCode.ts'
import type { TicketFilters } from '../../projections/tickets/ticketFilters.ts'
import { instantInQuery } from '../commands/fields.ts'
import { externalNoSchema } from '../commands/tickets/bodies.ts'
import { commaList, pageQuery } from '../http/schemas.ts'

const ordinal = z.string().regex(/^[1-9]\d{0,3}$/)

export const ticketFilters = {
  state: commaList(z.enum([...stateSchema.options, 'open'])).optional(),
  level: commaList(levelSchema).optional(),
  category: commaList(categorySchema).optional(),
  dealer: commaList(unitCodeSchema).optional(),
  rbo: commaList(unitCodeSchema).optional(),
  responsibleDealer: commaList(unitCodeSchema).optional(),
  tier: commaList(holderTierSchema).optional(),
  holder: commaList(unitCodeSchema).optional(),
  overdue: commaList(z.enum(['response', 'close'])).optional(),
  warning: commaList(warningCodeSchema).optional(),
  severity: commaList(severitySchema).optional(),
  safety: z.enum(['true', 'false']).optional(),
  assignee: commaList(z.string().min(1).max(200))
    .optional()
    .meta({ description: '`me`, `none`, or the `sub` of a person; several separated by commas.' }),
  ordinal: commaList(ordinal).optional(),
  from: instantInQuery.optional(),
  to: instantInQuery.optional(),
  // one number and no list: a comma may be part of it
  externalNo: externalNoSchema.optional(),
  sort: z.enum(['dueAt', '-registeredAt']).optional().meta({
    description: 'By default dueAt; a file, whose rows must not move while it is written, -registeredAt.',
  }),
}

/** `texts`: with content, result, measures and root cause, as far as the caller may read them. */
export const include = z.literal('texts').optional().meta({
  description:
    'texts: each ticket with its free text and its closing, as GET /v1/tickets/{ticketNo} has them.',
})

export const ticketListQuery = z.strictObject({ ...ticketFilters, include, ...pageQuery })
export type TicketListQuery = z.infer<typeof ticketListQuery>

/** The view's filters: `state=open` expanded, `assignee=me` the caller, what was not given left out. */
export const viewFilters = (
  query: Omit<TicketListQuery, 'limit' | 'cursor' | 'sort' | 'include'>,
  { id: me }: Pick<Actor, 'id'>,
): TicketFilters => {
  const { state, ordinal: ordinals, assignee: assignees, safety, ...rest } = query
  const person = (asked: string): string | null => (asked === 'none' ? null : asked === 'me' ? me : asked)
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined))
  return {
    ...given,
    ...(state && { state: [...new Set(state.flatMap((each) => (each === 'open' ? openStates : [each])))] }),
    ...(ordinals && { ordinal: ordinals.map(Number) }),
    ...(safety && { safety: safety === 'true' }),
    ...(assignees && { assignee: [...new Set(assignees.map(person))] }),
  }
}
