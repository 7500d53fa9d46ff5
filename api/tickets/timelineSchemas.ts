/** The items of a ticket's timeline, each with the data of its event; `type` says which. */
import { z } from 'zod'
import { dueEventData } from '../../domain/dues.ts'
import { ticketEventData } from '../../domain/ticket/events.ts'
import { customerAnswer, timelineItem, vehicleAnswer } from './responseSchemas.ts'
import { timelineTypes } from './timelineWords.ts'

const factData = { DuePassed: dueEventData.DuePassed, DueNear: dueEventData.DueNear }

const texts = z.record(z.string(), z.string().nullable()).meta({
  description: 'Free text by the name of its field; empty for those who see no personal data.',
})

/** The data of an event as the timeline shows it: its sealed texts opened, see `openData`. Answers only grow. */
const shown = (data: z.ZodObject): z.ZodObject => {
  const { text, customer, registration: _, ...plain } = data.shape
  return z.looseObject({
    ...plain,
    ...(text !== undefined && { text: texts.optional() }),
    ...(customer !== undefined && {
      customer: customerAnswer.omit({ subjectId: true }).optional(),
      vehicle: vehicleAnswer.optional(),
    }),
  })
}

const all: Record<string, z.ZodObject> = { ...ticketEventData, ...factData }

const items = Object.keys(timelineTypes).map((type) =>
  timelineItem
    .extend({ type: z.literal(type), data: shown(all[type] as z.ZodObject).meta({ id: `${type}Data` }) })
    .meta({ id: `${type}Item` }),
)

export const ticketTimelineAnswer = z
  .object({ items: z.array(z.discriminatedUnion('type', items as [(typeof items)[0], ...typeof items])) })
  .meta({ id: 'TicketTimeline' })
