/** `GET /v1/codes`: every closed list of the contract, with its labels. */
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { announcedEvents, removedName, removedWords, topics } from '../../domain/announced.ts'
import { attachmentTypes } from '../../domain/attachments/attachments.ts'
import { roles } from '../../domain/authority.ts'
import {
  callbackOutcomes,
  channels,
  decisions,
  flags,
  goodwillKinds,
  inquiryStates,
  letterKinds,
  levels,
  measures,
  methods,
  objectionDecisions,
  objectionStatuses,
  recordKinds,
  remedies,
  severities,
  smsActions,
  smsDuties,
  smsRequestStatuses,
  sources,
  states,
  tiers,
  verdicts,
  warningCodes,
} from '../../domain/codes.ts'
import { defaultPolicy } from '../../domain/policy.ts'
import type { Words } from '../../domain/refusal.ts'
import { notCountedReasons } from '../../domain/ticket/dealerUnits.ts'
import { routes as categories } from '../../domain/ticket/routing.ts'
import { pauseReasons } from '../../domain/webhooks/webhook.ts'
import type { Routes } from '../http/deps.ts'
import { type ProblemCode, problems } from '../http/problemCodes.ts'
import { titleOf } from '../http/problemTitles.ts'
import { labelOf, wordsSchema } from '../http/schemas.ts'
import { timelineTypes } from '../tickets/timelineSchemas.ts'
import { deliveryFaults, deliveryStatuses } from '../webhooks/port.ts'

const labelled = z.strictObject({ code: z.string(), label: wordsSchema })

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
    levels: z.array(labelled),
    states: z.array(labelled),
    tiers: z.array(labelled),
    kinds: z.array(labelled),
    channels: z.array(labelled),
    sources: z.array(labelled),
    flags: z.array(labelled),
    warningCodes: z.array(labelled),
    methods: z.array(labelled),
    callbackOutcomes: z.array(labelled),
    severities: z.array(labelled),
    remedies: z.array(labelled),
    decisions: z.array(labelled),
    goodwillKinds: z.array(labelled),
    letterKinds: z.array(labelled),
    attachmentTypes: z.array(labelled),
    verdicts: z.array(labelled),
    notCountedReasons: z.array(labelled),
    inquiryStates: z.array(labelled),
    inquiryTopics: z
      .array(labelled)
      .meta({ description: 'Those of the rulebook; the policy has those in force.' }),
    measures: z.array(labelled),
    objectionStatuses: z.array(labelled),
    objectionDecisions: z.array(labelled),
    smsActions: z.array(labelled),
    smsDuties: z.array(labelled),
    smsRequestStatuses: z.array(labelled),
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
  levels: list(levels),
  states: list(states),
  tiers: list(tiers),
  kinds: list(recordKinds),
  channels: list(channels),
  sources: list(sources),
  flags: list(flags),
  warningCodes: list(warningCodes),
  methods: list(methods),
  callbackOutcomes: list(callbackOutcomes),
  severities: list(severities),
  remedies: list(remedies),
  decisions: list(decisions),
  goodwillKinds: list(goodwillKinds),
  letterKinds: list(letterKinds),
  attachmentTypes: Object.entries(attachmentTypes).map(([code, { en, zh }]) => ({
    code,
    label: labelOf({ en, zh }),
  })),
  verdicts: list(verdicts),
  notCountedReasons: list(notCountedReasons),
  inquiryStates: list(inquiryStates),
  inquiryTopics: defaultPolicy.inquiry.topics.map(({ code, ...words }) => ({ code, label: labelOf(words) })),
  measures: list(measures),
  objectionStatuses: list(objectionStatuses),
  objectionDecisions: list(objectionDecisions),
  smsActions: list(smsActions),
  smsDuties: list(smsDuties),
  smsRequestStatuses: list(smsRequestStatuses),
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
      config: { action: 'read', views: [] },
      schema: { tags: ['reference'], summary: 'All codes with their labels', response: { 200: codesSchema } },
    },
    async () => codes,
  )
}
