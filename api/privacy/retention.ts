/** `POST /v1/privacy/retention`: customers whose last ticket or inquiry ended too long ago, listed or erased (rulebook §17). */
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { eraseIdle, type IdleSubject, idleBefore, idleSubjects } from '../commands/subjects/retention.ts'
import type { Routes } from '../http/deps.ts'
import { instantOutput } from '../http/schemas.ts'
import { subjectParams } from './subjects.ts'

/** Customers listed, or erased, by one call. */
const most = 200

const retentionBody = z
  .strictObject({
    dryRun: z.boolean().default(true).meta({ description: 'true: the customers are listed only.' }),
    after: subjectParams.shape.subjectId
      .nullable()
      .default(null)
      .meta({ description: '`next` of the call before, to go on after it.' }),
  })
  .meta({ id: 'RetentionRequest', examples: [{ dryRun: true }] })

const retentionAnswer = z
  .object({
    dryRun: z.boolean(),
    retentionYears: z.int(),
    endedBefore: instantOutput.meta({
      description: 'Of whom something is open or ended later is no customer to erase.',
    }),
    subjects: z
      .array(z.object({ subjectId: z.string(), records: z.int(), lastEndedAt: instantOutput }))
      .meta({ description: 'Whom the call found, or erased.' }),
    next: z
      .string()
      .nullable()
      .meta({ description: 'There may be more after it: call again with it as `after`. null: no more.' }),
  })
  .meta({ id: 'Retention' })

export const retentionRoutes: Routes = (deps) => async (plugin) => {
  plugin.withTypeProvider<ZodTypeProvider>().post(
    '/v1/privacy/retention',
    {
      config: { action: 'keep_personal_data', refusals: [] },
      schema: {
        tags: ['personal data'],
        summary:
          'List, or erase, customers whose last ticket or inquiry ended longer ago than the policy keeps them',
        description: `By default they are listed only; with \`dryRun: false\` they are erased, ${most} a call. Nothing is erased without this call. A call that was interrupted is repeated: whom it erased is erased.`,
        body: retentionBody,
        response: { 200: retentionAnswer },
      },
    },
    async (request) => {
      const { dryRun, after } = request.body
      const now = deps.now()
      const { retentionYears } = deps.views.master.at(now).policy.values
      const before = idleBefore(now, retentionYears)
      const { idle, next } = await idleSubjects(deps, { after: after ?? '', before, most })
      const answer = { dryRun, retentionYears, endedBefore: before, next }
      if (dryRun) return { ...answer, subjects: idle }
      const erased: IdleSubject[] = []
      for (const subject of idle) {
        const commandId = deps.newCommandId()
        const act = { actor: request.caller, now: deps.now(), commandId, correlationId: request.id }
        const reason = `retention: ${retentionYears} years`
        if (await eraseIdle(deps, subject.subjectId, { before, reason, act })) erased.push(subject)
      }
      return { ...answer, subjects: erased }
    },
  )
}
