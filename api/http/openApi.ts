/** The API's own description: OpenAPI 3.1 from the routes' schemas, and the page that shows it. */
import fastifySwagger from '@fastify/swagger'
import fastifySwaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance, FastifySchema, RouteOptions } from 'fastify'
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { type Action, permissions } from '../../domain/authority.ts'
import { type Files, mediaTypes } from '../files/negotiation.ts'
import { describedWebhooks } from '../live/schemas.ts'
import type { Deps } from './deps.ts'
import { docsDocument } from './docsDocument.ts'
import { finishDocument, type OpenApiDocument, ownWords, wordsOf } from './finishedDocument.ts'
import { withLiveExamples } from './liveExamples.ts'
import { problemSchema } from './schemas.ts'

const problemAnswer = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: problemSchema } },
})

const header = (description: string) => ({ type: 'string', description })

const requestHeaders = {
  'X-Request-Id': header('Echoed; the correlation id of what is written.'),
  'Accept-Language': header('Language of problem details, zh-CN or en.'),
}
const writeHeaders = {
  'Idempotency-Key': { ...header('1–255 visible ASCII characters.'), minLength: 1, maxLength: 255 },
  'If-Match': header('The ETag the write was decided on, or *.'),
  'X-On-Behalf-Of': header('csc_system only: the agent it writes for.'),
}
const readHeaders = { 'X-Min-Position': header('An X-Position the answer must include.') }

/** A `/v1` route as it is documented: who may call it needs a token, and any of them may end in a problem. */
export const documented = (route: RouteOptions): FastifySchema => ({
  // a parameter nobody knows is refused on every route
  querystring: z.strictObject({}),
  ...route.schema,
  security: [{ bearer: [] }],
  response: {
    ...(route.schema?.response as Record<string, unknown> | undefined),
    '4xx': problemAnswer('The request is refused; see code.'),
    '5xx': problemAnswer('It is not the request’s fault; try again.'),
  },
})

type Transform = typeof jsonSchemaTransform

const file = {
  schema: {
    type: 'string',
    description:
      'The same as a file; a list is whole. Headings are JSON paths, in Chinese under Accept-Language: zh-CN.',
  },
}

/** The answers of a route, where it gives files with every form of them. */
const withFiles = (answers: unknown, files: Files | undefined): unknown => {
  const { 200: answer, ...others } = (answers ?? {}) as Record<string, unknown>
  if (files === undefined || answer === undefined) return answers
  const { description = 'Default Response' } = answer as { description?: string }
  const forms = files.formats.map((format) => [mediaTypes[format], file])
  const content = { [mediaTypes.json]: { schema: answer }, ...Object.fromEntries(forms) }
  return { 200: { description, content }, ...others }
}

/** The roles that may call a route; whose data they see is said by the rulebook (§2). */
const rolesOf = (action: Action | readonly Action[] | undefined): string | undefined => {
  if (action === undefined) return undefined
  const roles = [action].flat().flatMap((each) => permissions[each as Action])
  return `Roles: ${[...new Set(roles)].join(', ')}.`
}

/** The example a body's schema has; zod leaves out that of one that changes what it is given, as a default does. */
const exampleOf = (body: unknown): unknown => {
  const examples = body instanceof z.ZodType ? body.meta()?.examples : undefined
  return Array.isArray(examples) ? examples[0] : undefined
}

/** Headers are described, not validated: what reads one checks it, and the others cost nothing. */
const transform: Transform = (input) => {
  const { method, config } = input.route
  // a body of lines or of parts is read as it comes, so its schema is no route's, but a caller has to know it all the same
  const described = config?.line ?? config?.form
  const body = described && { body: described }
  const { schema, url } = jsonSchemaTransform({ ...input, schema: { ...input.schema, ...body } })
  if (schema.hide) return { schema, url }
  const words = wordsOf(config, exampleOf(input.schema.body))
  const document = { schema: { ...schema, [ownWords]: words }, url }
  if (!url.startsWith('/v1/')) return document
  const own = method === 'GET' || method === 'HEAD' ? readHeaders : writeHeaders
  const headers = { type: 'object', properties: { ...requestHeaders, ...own } }
  const response = withFiles(document.schema.response, input.route.config?.files)
  const sentence = input.schema.description ?? `${input.schema.summary}.`
  const description = [sentence, rolesOf(config?.action)].filter(Boolean).join('\n\n')
  return { ...document, schema: { ...document.schema, description, headers, response } }
}

type Operation = { requestBody?: { required?: boolean; content: Record<string, { schema: Schema }> } }
type Schema = { anyOf?: { type?: string }[] }

/** The parts of the document that matter here. */
type ApiDocument = {
  paths?: Record<string, Record<string, Operation>>
  components?: { schemas?: Record<string, unknown> }
}

/** A body that may be `null` may be left out, which arrives as the same. */
const withOptionalBodies = ({ paths = {} }: ApiDocument): void => {
  for (const { requestBody } of Object.values(paths).flatMap((path) => Object.values(path))) {
    const schemas = Object.values(requestBody?.content ?? {}).map(({ schema }) => schema)
    const mayBeNull = schemas.some(({ anyOf }) => anyOf?.some(({ type }) => type === 'null'))
    if (requestBody !== undefined && mayBeNull) requestBody.required = false
  }
}

/** Zod describes every schema as it goes in and as it comes out; only what something refers to is kept. */
const withoutUnused =
  (tagWords: Readonly<Record<string, string>>): typeof jsonSchemaTransformObject =>
  (input) => {
    const document = jsonSchemaTransformObject(input) as ApiDocument
    withOptionalBodies(document)
    const { schemas = {}, ...components } = document.components ?? {}
    const used = new Set<string>()
    const follow = (part: unknown): void => {
      for (const [, name = ''] of JSON.stringify(part).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
        if (used.has(name)) continue
        used.add(name)
        follow(schemas[name] ?? null)
      }
    }
    const webhooks = describedWebhooks()
    follow(document.paths ?? null)
    follow(webhooks)
    const kept = Object.entries(schemas)
      .filter(([name]) => used.has(name))
      // by name: the order of imports must not show
      .sort(([a], [b]) => (a < b ? -1 : 1))
    const finished = {
      ...document,
      webhooks,
      components: { ...components, schemas: Object.fromEntries(kept) },
    }
    finishDocument(finished as OpenApiDocument, tagWords)
    return finished as ReturnType<typeof jsonSchemaTransformObject>
  }

/**
 * The content security policy of `/docs`: nothing from another host. It does not upgrade requests to HTTPS, for the
 * page must also work over plain HTTP. Swagger UI sets styles on its elements, so those are allowed inline.
 */
const docsPolicy = {
  'default-src': ["'none'"],
  'base-uri': ["'none'"],
  'connect-src': ["'self'"],
  'font-src': ["'self'", 'data:'],
  'form-action': ["'none'"],
  'frame-ancestors': ["'none'"],
  'img-src': ["'self'", 'data:'],
  'object-src': ["'none'"],
  'script-src': ["'self'"],
  'style-src': ["'self'", "'unsafe-inline'"],
}

/** With some hundred operations, what nobody has opened is not drawn: the page is there at once. */
const docsPage = { docExpansion: 'none', defaultModelsExpandDepth: -1, deepLinking: true } as const

/**
 * Registers `/openapi.json` and `/docs`; to be called before any route that is to be described. `tagWords`: what is found
 * under each tag. A route with another tag fails when it is registered.
 */
export const describeApi = (
  app: FastifyInstance,
  deps: Deps,
  tagWords: Readonly<Record<string, string>>,
): void => {
  app.addHook('onRoute', ({ method, url, schema }) => {
    for (const tag of schema?.tags ?? [])
      if (!(tag in tagWords))
        throw new Error(`${method} ${url} has the tag ${tag}, which tagWords of api/http/routes.ts lacks`)
  })
  app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Complaint tickets',
        version: '1',
        description:
          'Pre-sales complaints of a car brand: intake, clocks, escalation, early warnings, rates.',
        license: { name: 'MIT', identifier: 'MIT' },
        contact: { name: 'The operators of this service' },
      },
      servers: [{ url: '/' }],
      components: {
        securitySchemes: {
          bearer: {
            type: 'http',
            scheme: 'bearer',
            bearerFormat: 'JWT',
            description:
              'An access token of your identity provider. In development mode `npm run token -- --role csr` prints one; `--help` has the other roles.',
          },
        },
      },
    },
    transform,
    transformObject: withoutUnused(tagWords),
  })
  let docsText: string | undefined
  app.register(fastifySwaggerUi, {
    routePrefix: '/docs',
    staticCSP: docsPolicy,
    uiConfig: docsPage,
    transformSpecification: (document, _request, reply) => {
      docsText ??= JSON.stringify(docsDocument(document))
      reply.type('application/json; charset=utf-8')
      // a text is sent as it is; the type asks for an object, which would be made into a text again
      return withLiveExamples(deps, docsText) as unknown as Readonly<Record<string, unknown>>
    },
    transformSpecificationClone: false,
  })
  app.register(async (scope) => {
    // a browser that opens the address is led to the reference
    scope.get('/', { schema: { hide: true } }, (_request, reply) => reply.redirect('/docs', 302))
    let text: string | undefined
    scope.get('/openapi.json', { schema: { hide: true } }, (_request, reply) => {
      text ??= JSON.stringify(scope.swagger())
      return reply.type('application/json; charset=utf-8').send(withLiveExamples(deps, text))
    })
  })
}
