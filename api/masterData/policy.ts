/** The numbers the rulebook leaves to policy, in versions. */
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Instant } from '../../domain/instant.ts'
import { defaultPolicy, optionalPolicyKeys, policySchema } from '../../domain/policy.ts'
import { policyAggregate, policyOf, policyStream } from '../../domain/policyVersions.ts'
import { Refusal } from '../../domain/refusal.ts'
import { instantInput, isStorable, unstorable } from '../commands/fields.ts'
import { writeAggregate } from '../http/aggregateWrites.ts'
import type { Deps, Routes } from '../http/deps.ts'
import { sendETag } from '../http/etag.ts'
import { ofPolicy } from '../http/operationCodes.ts'
import { instantOutput } from '../http/schemas.ts'
import { recordedAnswer, versionQuery } from './versions.ts'

/** Refuses texts that cannot be stored, at the field that has one. */
const storable = <T extends z.ZodType>(schema: T): T =>
  (schema instanceof z.ZodObject
    ? z.strictObject(
        Object.fromEntries(
          Object.entries(schema.shape).map(([key, field]) => [key, storable(field as z.ZodType)]),
        ),
      )
    : schema.refine((value) => textsOf(value).every(isStorable), unstorable)) as unknown as T

const textsOf = (value: unknown): string[] =>
  typeof value === 'string'
    ? [value]
    : typeof value === 'object' && value !== null
      ? Object.values(value).flatMap(textsOf)
      : []

/** May be left out: it keeps its value; `null` returns to the rulebook's. */
const mayBeLeftOut = <T extends z.ZodType>(schema: T) =>
  schema
    .nullable()
    .optional()
    .meta({ description: 'Left out: it keeps its value. null: the value of the rulebook.' })

type Shape = typeof policySchema.shape
type Optional = (typeof optionalPolicyKeys)[number]

/** What a version of the policy may lack. */
const optionalFields = Object.fromEntries(
  optionalPolicyKeys.map((key) => [key, mayBeLeftOut(storable(policySchema.shape[key] as z.ZodType))]),
) as { [K in Optional]: z.ZodOptional<z.ZodNullable<Shape[K]>> }

const policyBody = z
  .strictObject({
    effectiveFrom: instantInput.optional().meta({ description: 'Not in the past; without it, from now on.' }),
    ...policySchema.shape,
    rootCauses: storable(policySchema.shape.rootCauses),
    ...optionalFields,
  })
  .meta({ id: 'PolicyBody', examples: [defaultPolicy] })

const policyAnswer = z
  .strictObject({
    version: z.int().meta({ description: 'The version this is; the ETag is that of the newest.' }),
    effectiveFrom: instantOutput
      .nullable()
      .meta({ description: 'null: the default, as long as none was set.' }),
    ...policySchema.shape,
  })
  .meta({ id: 'Policy' })

const policyVersionsAnswer = z
  .strictObject({
    items: z.array(
      policyAnswer.extend({
        status: z.enum(['past', 'in_force', 'scheduled']),
        ...recordedAnswer,
      }),
    ),
  })
  .meta({ id: 'PolicyVersions' })

const statusOf = (effectiveFrom: Instant, now: Instant) =>
  effectiveFrom > now ? ('scheduled' as const) : ('past' as const)

/** A version as it was set; 0 is the default. @throws Refusal `version_not_found` */
const versionOf = ({ views }: Pick<Deps, 'views'>, version: number) => {
  const entry = views.master.policyVersions().find((each) => each.version === version)
  if (entry === undefined && version !== 0)
    throw new Refusal('version_not_found', { version, name: 'policy' })
  return {
    version,
    effectiveFrom: entry?.event.data.effectiveFrom ?? null,
    ...views.master.policyOfVersion(version),
  }
}

const tags = ['master data']

export const policyRoutes: Routes = (deps) => async (plugin) => {
  const app = plugin.withTypeProvider<ZodTypeProvider>()

  app.put(
    '/v1/policy',
    {
      config: { action: 'keep_master_data', refusals: ofPolicy },
      schema: {
        tags,
        summary: 'Set a new version of the policy',
        description: 'Moves no existing deadline (rulebook §5).',
        body: policyBody,
        response: { 200: policyAnswer, 201: policyAnswer },
      },
    },
    async (request, reply) => {
      const { effectiveFrom, ...policy } = request.body
      const { state, version } = await writeAggregate(deps, request, reply, {
        aggregate: policyAggregate,
        id: policyStream,
        exists: (known) => known !== null,
        command: (_, now) => ({
          type: 'SetPolicy' as const,
          now,
          effectiveFrom: effectiveFrom ?? now,
          policy,
        }),
      })
      return { version, effectiveFrom: state.effectiveFrom, ...policyOf(state) }
    },
  )

  app.get(
    '/v1/policy',
    {
      config: { action: 'read', refusals: ['version_not_found'] },
      schema: {
        tags,
        summary: 'The policy in force, or one of its versions',
        querystring: z.strictObject({ version: versionQuery.optional() }),
        response: { 200: policyAnswer },
      },
    },
    async (request, reply) => {
      const asked = request.query.version
      if (asked !== undefined) return versionOf(deps, asked)
      const { policyVersion, version, effectiveFrom, values } = deps.views.master.policy(deps.now())
      sendETag(reply, version)
      return { version: policyVersion, effectiveFrom, ...values }
    },
  )

  app.get(
    '/v1/policy/versions',
    {
      config: { action: 'read', refusals: [], operationId: 'listPolicyVersions' },
      schema: {
        tags,
        summary: 'All versions of the policy, the oldest first, the scheduled ones too',
        response: { 200: policyVersionsAnswer },
      },
    },
    async () => {
      const now = deps.now()
      const inForce = deps.views.master.policy(now).policyVersion
      const items = deps.views.master.policyVersions().map(({ event, version, recordedAt, actor }) => ({
        version,
        status: version === inForce ? ('in_force' as const) : statusOf(event.data.effectiveFrom, now),
        recordedAt,
        recordedBy: actor,
        effectiveFrom: event.data.effectiveFrom,
        ...policyOf(event.data),
      }))
      return { items }
    },
  )
}
