/** `GET /v1/codes`: every closed list of the contract, with its labels. */
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { announcedEvents, removedName, removedWords, topics } from '../../domain/announcedNames.ts'
import { attachmentTypes } from '../../domain/attachments/attachments.ts'
import { roles } from '../../domain/authority.ts'
import { codeLists } from '../../domain/codes.ts'
import { defaultPolicy } from '../../domain/policy.ts'
import type { Words } from '../../domain/refusal.ts'
import { notCountedReasons } from '../../domain/ticket/dealerUnits.ts'
import { routes as categories } from '../../domain/ticket/routing.ts'
import { pauseReasons } from '../../domain/webhooks/webhook.ts'
import type { Routes } from '../http/deps.ts'
import { type ProblemCode, problems } from '../http/problemCodes.ts'
import { titleOf } from '../http/problemTitles.ts'
import { labelOf, wordsSchema } from '../http/schemas.ts'
import { timelineTypes } from '../tickets/timelineWords.ts'
import { deliveryFaults, deliveryStatuses } from '../webhooks/port.ts'

const labelled = z.strictObject({ code: z.string(), label: wordsSchema })

/** Something made of each list of `domain/codes.ts`, under its name. */
const mapped = <T>(made: (table: Record<string, Words>) => T) =>
  Object.fromEntries(Object.entries(codeLists).map(([name, table]) => [name, made(table)])) as {
    [Name in keyof typeof codeLists]: T
  }

const codesSchema = z
  .strictObject({
    categories: z.array(
      labelled.extend({
        level: z.string(),
        tiers: z.array(z.string()).nullable().meta({
          description:
            'Who gets the 1st, the 2nd, and the 3rd and later complaint; null: it stays with its holder.',
        }),
      }),
    ),
    ...mapped(() => z.array(labelled)),
    attachmentTypes: z.array(labelled),
    notCountedReasons: z.array(labelled),
    inquiryTopics: z
      .array(labelled)
      .meta({ description: 'Those of the rulebook; the policy has those in force.' }),
    roles: z.array(labelled),
    topics: z.array(labelled),
    events: z.array(labelled.extend({ topic: z.string() })),
    timelineEvents: z.array(labelled).meta({ description: 'The types of a ticket’s timeline.' }),
    webhookPauses: z.array(labelled),
    deliveryStatuses: z.array(labelled),
    deliveryFaults: z.array(labelled),
    problems: z.array(labelled.extend({ status: z.int(), title: z.string() })).meta({
      description: 'Every code a problem may have; {name} in a label stands for a parameter.',
    }),
  })
  .meta({ id: 'Codes' })

const list = (table: Record<string, Words>): z.infer<typeof labelled>[] =>
  Object.entries(table).map(([code, words]) => ({ code, label: labelOf(words) }))

const codes: z.infer<typeof codesSchema> = {
  categories: Object.entries(categories).map(([code, { level, label, tiers: route }]) => ({
    code,
    label: labelOf(label),
    level,
    tiers: route === null ? null : [...route],
  })),
  ...mapped(list),
  attachmentTypes: Object.entries(attachmentTypes).map(([code, { en, zh }]) => ({
    code,
    label: labelOf({ en, zh }),
  })),
  notCountedReasons: list(notCountedReasons),
  inquiryTopics: defaultPolicy.inquiry.topics.map(({ code, ...words }) => ({ code, label: labelOf(words) })),
  roles: list(roles),
  topics: list(topics),
  events: Object.entries({ ...announcedEvents, [removedName]: removedWords }).map(
    ([code, { topic, ...words }]) => ({
      code,
      topic,
      label: labelOf(words),
    }),
  ),
  timelineEvents: list(timelineTypes),
  webhookPauses: list(pauseReasons),
  deliveryStatuses: list(deliveryStatuses),
  deliveryFaults: list(deliveryFaults),
  problems: Object.entries(problems).map(([code, { status, ...words }]) => ({
    code,
    status,
    title: titleOf(code as ProblemCode).en,
    label: labelOf(words),
  })),
}

export const codeRoutes: Routes = () => async (plugin) => {
  plugin.withTypeProvider<ZodTypeProvider>().get(
    '/v1/codes',
    {
      config: { action: 'read', views: [], refusals: [], operationId: 'listCodes' },
      schema: { tags: ['reference'], summary: 'All codes with their labels', response: { 200: codesSchema } },
    },
    async () => codes,
  )
}
