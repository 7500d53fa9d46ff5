/** The numbers the rulebook leaves to policy, in versions. */
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import {
  decidePolicy,
  evolvePolicy,
  type PolicyState,
  policyOf,
  policySchema,
  policyStream,
} from '../../domain/policy.ts'
import { instantInput, isStorable, unstorable } from '../commands/fields.ts'
import type { Routes } from '../http/deps.ts'
import { sendETag } from '../http/etag.ts'
import { writeMaster } from '../http/masterWrites.ts'
import { instantOutput } from '../http/schemas.ts'

const placeholders = policySchema.shape.placeholders.refine((words) => words.every(isStorable), unstorable)

/** May be left out: it keeps its value; `null` returns to the rulebook's. */
const mayBeLeftOut = <T extends z.ZodType>(schema: T) =>
  schema
    .nullable()
    .optional()
    .meta({ description: 'Left out: it keeps its value. null: the value of the rulebook.' })

const rootCauses = policySchema.shape.rootCauses.refine(
  (causes) => causes.every(({ zh, en }) => isStorable(zh) && isStorable(en)),
  unstorable,
)

const policyBody = z
  .strictObject({
    effectiveFrom: instantInput.optional().meta({ description: 'Not in the past; without it, from now on.' }),
    ...policySchema.shape,
    rootCauses,
    placeholders: mayBeLeftOut(placeholders),
  })
  .meta({ id: 'PolicyBody' })

const policyAnswer = z
  .strictObject({
    version: z.int().meta({ description: 'The version this is; the ETag is that of the newest.' }),
    effectiveFrom: instantOutput
      .nullable()
      .meta({ description: 'null: the default, as long as none was set.' }),
    ...policySchema.shape,
  })
  .meta({ id: 'Policy' })

const tags = ['master data']

export const policyRoutes: Routes = (deps) => async (plugin) => {
  const app = plugin.withTypeProvider<ZodTypeProvider>()

  app.put(
    '/v1/policy',
    {
      config: { action: 'keep_master_data' },
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
      const { state, version } = await writeMaster(deps, request, reply, {
        stream: policyStream,
        evolve: evolvePolicy,
        exists: (known: PolicyState) => known !== null,
        decide: (known, now) =>
          decidePolicy(known, { type: 'SetPolicy', now, effectiveFrom: effectiveFrom ?? now, policy }),
      })
      return { version, effectiveFrom: state!.effectiveFrom, ...policyOf(state!) }
    },
  )

  app.get(
    '/v1/policy',
    {
      config: { action: 'read' },
      schema: { tags, summary: 'The policy in force', response: { 200: policyAnswer } },
    },
    async (_request, reply) => {
      const { policyVersion, version, effectiveFrom, values } = deps.views.master.policy(deps.now())
      sendETag(reply, version)
      return { version: policyVersion, effectiveFrom, ...values }
    },
  )
}
