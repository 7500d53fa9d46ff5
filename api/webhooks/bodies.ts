/** What the writes on webhooks take. */
import { z } from 'zod'
import { announcedNames } from '../../domain/announcedNames.ts'
import { unitCodeSchema } from '../../domain/unitCode.ts'
import { instantInput, text } from '../commands/fields.ts'

export const settingsBody = z
  .strictObject({
    url: text(2_000, 1).meta({
      description: 'https and public, unless WEBHOOK_ALLOW names the host.',
      examples: ['https://sms.example/hooks'],
    }),
    events: z
      .array(z.enum([...announcedNames, '*']))
      .min(1)
      .max(100)
      .default(['*'])
      .meta({ description: 'Names of events; * is all, also those of later versions.' }),
    rbo: unitCodeSchema.nullable().default(null).meta({ description: 'Only tickets of this RBO.' }),
    dealer: unitCodeSchema.nullable().default(null).meta({ description: 'Only tickets of this dealer.' }),
    includeContacts: z.boolean().default(false).meta({
      description: "With the names and numbers of the holding dealer's SMS contacts.",
    }),
    description: text(500).default(''),
  })
  .meta({
    id: 'WebhookSettings',
    examples: [{ url: 'https://sms.example.com/hooks', events: ['warning.raised'] }],
  })

export const replayBody = z
  .strictObject({
    since: instantInput.optional(),
    after: z.string().min(1).max(100).optional().meta({ description: 'A position, as X-Position gives it.' }),
  })
  .meta({ id: 'WebhookReplay', examples: [{ since: '2026-03-02T00:00:00+08:00' }] })
