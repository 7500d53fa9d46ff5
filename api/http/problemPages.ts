/** What `type` of a problem points at: each code explained, to people as a page and to programs as JSON; without a token. */
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { prefersPage } from '../files/negotiation.ts'
import { type Html, html } from '../forms/html.ts'
import type { Routes } from './deps.ts'
import { adviceOf } from './problemAdvice.ts'
import { type ProblemCode, problems } from './problemCodes.ts'
import { type Language, languageOf, Problem } from './problems.ts'
import { titleOf } from './problemTitles.ts'
import { labelOf, problemSchema, wordsSchema } from './schemas.ts'

const operationSchema = z
  .strictObject({ operationId: z.string(), method: z.string(), path: z.string(), summary: z.string() })
  .meta({ id: 'ProblemOperation' })

const pageSchema = z
  .strictObject({
    type: z.string(),
    code: z.string(),
    title: z.string().meta({ description: 'In the language of Accept-Language, as in a problem.' }),
    status: z.int(),
    detail: wordsSchema.meta({ description: 'What detail says; {name} stands for a parameter.' }),
    advice: wordsSchema.meta({ description: 'What to do about it.' }),
    operations: z.array(operationSchema).meta({ description: 'The calls that can give it.' }),
  })
  .meta({ id: 'ProblemPage' })
type Page = z.infer<typeof pageSchema>

const isCode = (code: string): code is ProblemCode => Object.hasOwn(problems, code)

type DocumentedOperation = { operationId: string; summary: string; responses: Record<string, unknown> }

/** The calls that can give each code, by the API's own description. */
const operationsByCode = (app: FastifyInstance): Map<string, Page['operations']> => {
  const found = new Map<string, Page['operations']>()
  const { paths = {} } = app.swagger() as unknown as {
    paths?: Record<string, Record<string, DocumentedOperation>>
  }
  for (const [path, methods] of Object.entries(paths))
    for (const [method, { operationId, summary, responses }] of Object.entries(methods)) {
      const text = JSON.stringify(responses)
      const codes = [...text.matchAll(/"code":\{"type":"string","enum":(\[[^\]]*\])/g)]
      for (const code of codes.flatMap(([, list]) => JSON.parse(list as string) as string[])) {
        const known = found.get(code) ?? []
        found.set(code, [...known, { operationId, method: method.toUpperCase(), path, summary }])
      }
    }
  return found
}

const headings = {
  why: { en: 'Why', zh: '原因' },
  advice: { en: 'What to do', zh: '处理办法' },
  operations: { en: 'Calls that can give it', zh: '可能返回此错误的调用' },
} as const

/** A sentence without the names of what stands in it where a call has given it. */
const withoutNames = (sentence: string): string =>
  sentence.replace(/\s?[（(]\{\w+\}[）)]/g, '').replace(/\{\w+\}/g, '…')

const sectionOf = (page: Page, language: Language): Html => {
  const tag = language === 'zh' ? 'zh-CN' : 'en'
  return html`<section lang="${tag}">
<h1>${titleOf(page.code as ProblemCode)[language]}</h1>
<h2>${headings.why[language]}</h2>
<p>${withoutNames(page.detail[tag])}</p>
<h2>${headings.advice[language]}</h2>
<p>${page.advice[tag]}</p>
</section>
`
}

/** Nothing but text: the page has no script and no style. */
const policy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

const markupOf = (page: Page, language: Language): string => {
  const [first, second]: [Language, Language] = language === 'zh' ? ['zh', 'en'] : ['en', 'zh']
  return html`<!doctype html>
<html lang="${language === 'zh' ? 'zh-CN' : 'en'}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${page.code}</title>
</head>
<body>
<main>
<p><code>${page.code}</code> · HTTP ${page.status}</p>
${sectionOf(page, first)}<hr>
${sectionOf(page, second)}<hr>
<h2>${headings.operations[first]} · ${headings.operations[second]}</h2>
<ul>
${page.operations.map(
  ({ method, path, summary }) => html`<li><code>${method} ${path}</code> ${summary}</li>
`,
)}</ul>
<p><a href="/docs">/docs</a></p>
</main>
</body>
</html>
`.markup
}

export const problemRoutes: Routes = () => async (plugin) => {
  let operations: Map<string, Page['operations']> | undefined
  plugin.withTypeProvider<ZodTypeProvider>().get(
    '/problems/:code',
    {
      config: { operationId: 'explainProblem' },
      schema: {
        tags: ['reference'],
        summary: 'Explain a problem code',
        description:
          'Why a call is answered with this code, what to do about it and which calls can give it: a page for people, in both languages, where Accept prefers text/html, and JSON for programs.',
        params: z.strictObject({ code: z.string() }),
        response: {
          200: {
            description: 'The code explained.',
            content: {
              'application/json': { schema: pageSchema },
              'text/html': { schema: z.string() },
            },
          },
          404: {
            description: 'There is no such code.',
            content: { 'application/problem+json': { schema: problemSchema } },
          },
        },
      },
    },
    async (request, reply) => {
      const { code } = request.params
      if (!isCode(code)) throw new Problem('not_found')
      operations ??= operationsByCode(plugin)
      const { status, ...words } = problems[code]
      const language = languageOf(request.headers['accept-language'])
      const page = {
        type: `/problems/${code}`,
        code,
        title: titleOf(code)[language],
        status,
        detail: labelOf(words),
        advice: labelOf(adviceOf(code)),
        operations: operations.get(code) ?? [],
      }
      reply.header('vary', 'Accept, Accept-Language')
      if (!prefersPage(request.headers.accept))
        return reply.type('application/json; charset=utf-8').send(page)
      reply.header('content-security-policy', policy).type('text/html; charset=utf-8')
      return reply.send(markupOf(page, language) as never)
    },
  )
}
