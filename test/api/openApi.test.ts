/** The OpenAPI document as those read it who make clients of it. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { operationIdOf } from '../../api/http/operationIds.ts'
import { problems } from '../../api/http/problemCodes.ts'
import type { Json } from '../support/service.ts'

const text = readFileSync(join(import.meta.dirname, '../../openapi/openapi.json'), 'utf8')
const document: Json = JSON.parse(text)
const operations: Json[] = Object.entries<Json>(document.paths).flatMap(([path, methods]) =>
  Object.entries<Json>(methods).map(([method, operation]) => ({ path, method, ...operation })),
)

describe('the OpenAPI document', () => {
  it('has a name of its own for every operation, and says who may call it', () => {
    const ids = operations.map(({ operationId }) => operationId)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids).toEqual(expect.arrayContaining(['registerComplaint', 'closeTicket', 'listTickets']))
    expect(document.paths['/v1/complaints'].post.operationId).toBe('registerComplaint')
    for (const { operationId, path, security, description } of operations) {
      expect(operationId).toMatch(/^[a-z]+[A-Za-z]+$/)
      expect(security).toEqual(path.startsWith('/v1/') ? [{ bearer: [] }] : [])
      if (path.startsWith('/v1/')) expect(description).toMatch(/Roles: \w+/)
    }
  })

  it('names every operation by what it does, and not by a thing', () => {
    const things = operations.flatMap(({ path }) =>
      path
        .split('/')
        .filter((part: string) => /[^s]s$/.test(part) || part === 'weight' || part === 'complaint'),
    )
    const first = (id: string): string => id.replace(/[A-Z].*/, '')
    const wrong = operations.filter(({ operationId }) => things.includes(first(operationId)))
    expect(wrong.map(({ operationId }) => operationId)).toEqual([])
  })

  it('describes every answer and its headers', () => {
    for (const { method, path, responses } of operations)
      for (const [status, answer] of Object.entries<Json>(responses)) {
        expect(answer.description).not.toBe('Default Response')
        expect(Object.keys(answer.headers)).toContain('X-Request-Id')
        if (method === 'get' || !path.startsWith('/v1/') || !status.startsWith('2')) continue
        expect(Object.keys(answer.headers)).toEqual(expect.arrayContaining(['ETag', 'X-Position']))
      }
  })

  it('has nothing that generators stumble over', () => {
    expect(text).not.toMatch(/9007199254740991|"default": null/)
    expect(document.components.schemas.Problem.properties.code.enum).toEqual(Object.keys(problems))
  })

  it('leaves answers open', () => {
    expect(document.components.schemas.Problem.additionalProperties).toBeUndefined()
  })
})

describe('the name of an operation without one of its own', () => {
  it.each([
    ['get', '/v1/dealers', 'listDealers'],
    ['put', '/v1/dealers/{code}', 'putDealer'],
    ['post', '/v1/webhooks', 'createWebhook'],
    ['post', '/v1/webhooks/{id}/pause', 'pauseWebhook'],
    ['post', '/v1/things/{id}/rotate-secret', 'rotateThingSecret'],
    ['post', '/v1/tickets/{ticketNo}/letters', 'addTicketLetter'],
    ['post', '/v1/tasks/{taskId}/dismiss', 'dismissTask'],
    ['post', '/v1/sheets/{id}/follow-ups', 'addSheetFollowUp'],
    ['post', '/v1/sheets/{id}/plans/{itemId}', 'changeSheetPlan'],
    ['post', '/v1/inquiries/{inquiryNo}/complaint', 'registerInquiryComplaint'],
    ['post', '/v1/privacy/subjects/search', 'searchPrivacySubjects'],
    ['delete', '/v1/webhooks/{id}', 'deleteWebhook'],
    ['post', '/v1/complaints', 'createComplaint'],
    ['get', '/v1/sheets/{id}/forms/minutes', 'getSheetMinutesForm'],
    ['get', '/v1/voice/sheets/{id}/forms/sheet', 'getVoiceSheetForm'],
    ['get', '/v1/tickets/{ticketNo}/letters/{number}/print', 'printTicketLetter'],
    ['get', '/v1/tickets/{ticketNo}/letters/{number}', 'getTicketLetter'],
    ['get', '/v1/dealers/{code}/sms-contacts', 'listDealerSmsContacts'],
    ['post', '/v1/dealers/{code}/sms-contacts', 'addDealerSmsContact'],
    ['post', '/v1/dealers/{code}/sms-contacts/requests/{requestId}/accept', 'acceptDealerSmsContactRequest'],
    ['post', '/v1/vehicles/search', 'searchVehicles'],
  ])('%s %s is %s', (method, path, name) => {
    expect(operationIdOf(method, path)).toBe(name)
  })
})
