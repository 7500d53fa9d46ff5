/** The document of the page `/docs`: the same API in OpenAPI 3.0. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { docsDocument } from '../../api/http/docsDocument.ts'
import type { Json } from '../support/service.ts'

const text = readFileSync(join(import.meta.dirname, '../../openapi/openapi.json'), 'utf8')
const original: Json = JSON.parse(text)
const page: Json = docsDocument(original)

const operationIds = ({ paths }: Json): string[] =>
  Object.values<Json>(paths).flatMap((path) =>
    Object.values<Json>(path).map(({ operationId }) => operationId),
  )

/** The field `field` of an answer, changed as the document of the page has it. */
const changed = (field: Json): Json => {
  const schemas = { Thing: { type: 'object', properties: { field } } }
  const made: Json = docsDocument({ info: {}, paths: {}, components: { schemas } })
  return made.components.schemas.Thing.properties.field
}

describe('the document of /docs', () => {
  it('has every operation, with its example, and leaves the other document as it is', () => {
    expect(page.openapi).toBe('3.0.3')
    expect(operationIds(page)).toEqual(operationIds(original))
    const example = (document: Json): Json =>
      document.paths['/v1/complaints'].post.requestBody.content['application/json'].example
    expect(example(page)).toEqual(example(original))
    expect(original).toEqual(JSON.parse(text))
  })

  it('has every event of webhooks, as a callback of the call that registers a receiver', () => {
    const { callbacks } = page.paths['/v1/webhooks'].post
    expect(Object.keys(callbacks)).toEqual(Object.keys(original.webhooks))
    expect(page.webhooks).toBeUndefined()
  })

  it('says nothing that 3.0 has no word for', () => {
    const found = new Set<string>()
    const look = (part: Json, isSchema: boolean): void => {
      if (Array.isArray(part)) for (const each of part) look(each, isSchema)
      if (typeof part !== 'object' || part === null || Array.isArray(part)) return
      if (isSchema && (Array.isArray(part.type) || part.type === 'null')) found.add(`type ${part.type}`)
      if (part.$ref !== undefined && Object.keys(part).length > 1) found.add('words beside $ref')
      for (const [key, value] of Object.entries<Json>(part)) {
        if (key === 'example' || key === 'enum' || key === 'default') continue
        if (isSchema && ['const', 'examples', 'propertyNames', 'contentMediaType'].includes(key))
          found.add(key)
        // the names of properties and of components are no keywords
        const names = key === 'properties' || key === 'schemas'
        if (names) for (const each of Object.values<Json>(value)) look(each, true)
        else look(value, isSchema || key === 'schema')
      }
    }
    look(page, false)
    expect([...found]).toEqual([])
  })

  it.each([
    ['a text or null', { type: ['string', 'null'] }, { type: 'string', nullable: true }],
    [
      'one of two types',
      { type: ['string', 'number'], description: 'Either.' },
      { anyOf: [{ type: 'string' }, { type: 'number' }], description: 'Either.' },
    ],
    [
      'a component or null',
      { anyOf: [{ $ref: '#/components/schemas/Unit' }, { type: 'null' }] },
      { allOf: [{ $ref: '#/components/schemas/Unit' }], nullable: true },
    ],
    [
      'one of two components or null',
      { anyOf: [{ $ref: '#/a' }, { $ref: '#/b' }, { type: 'null' }] },
      { anyOf: [{ $ref: '#/a' }, { $ref: '#/b' }], nullable: true },
    ],
    [
      'a component with words',
      { $ref: '#/a', description: 'Words.' },
      { allOf: [{ $ref: '#/a' }], description: 'Words.' },
    ],
    ['nothing but null', { type: 'null' }, { type: 'string', enum: [null], nullable: true }],
    ['one value', { type: 'string', const: 'yes' }, { type: 'string', enum: ['yes'] }],
    [
      'an instant',
      { type: 'string', format: 'date-time', pattern: '^2', examples: ['2026-03-02T02:00:00.000Z'] },
      { type: 'string', format: 'date-time', example: '2026-03-02T02:00:00.000Z' },
    ],
    ['a list', { type: 'array', items: { const: 1 } }, { type: 'array', items: { enum: [1] } }],
    [
      'a field that is called as a keyword is',
      { type: 'object', properties: { const: { type: ['string', 'null'] } } },
      { type: 'object', properties: { const: { type: 'string', nullable: true } } },
    ],
  ])('says in 3.0: %s', (_, before, after) => {
    expect(changed(before)).toEqual(after)
  })
})
