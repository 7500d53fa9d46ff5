/** What `type` of a problem points at: each code explained, without a token. */
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Routes } from './deps.ts'
import { type ProblemCode, problems } from './problemCodes.ts'
import { Problem, titleOf } from './problems.ts'
import { labelOf, problemSchema, wordsSchema } from './schemas.ts'

const pageSchema = z
  .strictObject({
    type: z.string(),
    code: z.string(),
    title: z.string(),
    status: z.int(),
    detail: wordsSchema.meta({ description: 'What detail says; {name} stands for a parameter.' }),
  })
  .meta({ id: 'ProblemPage' })

const isCode = (code: string): code is ProblemCode => Object.hasOwn(problems, code)

export const problemRoutes: Routes = () => async (plugin) => {
  plugin.withTypeProvider<ZodTypeProvider>().get(
    '/problems/:code',
    {
      schema: {
        tags: ['reference'],
        summary: 'Explain a problem code',
        params: z.strictObject({ code: z.string() }),
        response: {
          200: pageSchema,
          404: {
            description: 'There is no such code.',
            content: { 'application/problem+json': { schema: problemSchema } },
          },
        },
      },
    },
    async ({ params: { code } }, reply) => {
      if (!isCode(code)) throw new Problem('not_found')
      const { status, ...words } = problems[code]
      return reply.send({
        type: `/problems/${code}`,
        code,
        title: titleOf(code),
        status,
        detail: labelOf(words),
      })
    },
  )
}
