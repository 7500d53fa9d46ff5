import { describe, expect, test } from '@jest/globals'
import { type Actor, actingRole } from '../../../domain/authority.ts'
import { Refusal } from '../../../domain/refusal.ts'
import type { SealedText } from '../../../domain/sealed.ts'
import {
  decideWebhook,
  evolveWebhook,
  type Webhook,
  type WebhookCommand,
  type WebhookEvent,
  wantsEvent,
  webhookAggregate,
} from '../../../domain/webhooks/webhook.ts'

const settings = {
  ...{ url: 'https://example.com/a', events: ['*'], rbo: null, dealer: null },
  ...{ includeContacts: false, description: '' },
}
const at = '2026-03-02T02:00:00.000Z'
const secret = 'v1.a.one' as SealedText
const created: WebhookEvent = {
  type: 'WebhookCreated',
  data: { ...settings, subjectId: '00000000-0000-4000-8000-000000000001', secret },
}
const fold = (events: WebhookEvent[]): Webhook | null =>
  events.reduce<Webhook | null>(
    (state, event) => evolveWebhook(state, event, { recordedAt: at, actor: { id: 'a', role: 'admin' } }),
    null,
  )
const given = (...events: WebhookEvent[]) => ({
  when: (command: WebhookCommand) => decideWebhook(fold(events), command),
})
const paused: WebhookEvent = { type: 'WebhookPaused', data: { reason: 'gone' } }

describe('a webhook', () => {
  test('is changed only where something differs', () => {
    expect(given(created).when({ type: 'ChangeWebhook', settings: { ...settings } })).toEqual([])
    const other = { ...settings, dealer: 'D1' }
    expect(given(created).when({ type: 'ChangeWebhook', settings: other })).toEqual([
      { type: 'WebhookChanged', data: other },
    ])
  })

  test('is paused and resumed once, and keeps the first reason', () => {
    const pause: WebhookCommand = { type: 'PauseWebhook', reason: 'request' }
    expect(given(created).when(pause)).toEqual([{ type: 'WebhookPaused', data: { reason: 'request' } }])
    expect(given(created, paused).when(pause)).toEqual([])
    expect(given(created).when({ type: 'ResumeWebhook' })).toEqual([])
    expect(fold([created, paused])?.paused).toEqual({ reason: 'gone', at })
    expect(fold([created, paused, { type: 'WebhookResumed', data: {} }])?.paused).toBeNull()
  })

  test('keeps the former secret for 24 hours', () => {
    const next = 'v1.a.two' as SealedText
    const state = fold([created, { type: 'WebhookSecretRotated', data: { secret: next } }])
    expect(state).toMatchObject({
      secret: next,
      formerSecret: { secret, until: '2026-03-03T02:00:00.000Z' },
    })
  })

  test('that is deleted, or never was, takes nothing', () => {
    const commands: WebhookCommand[] = [
      { type: 'ChangeWebhook', settings },
      { type: 'PauseWebhook', reason: 'request' },
      { type: 'ResumeWebhook' },
      { type: 'RotateWebhookSecret', secret },
      { type: 'RequestOfWebhook', request: { type: 'WebhookTestRequested', data: {} } },
      { type: 'DeleteWebhook' },
    ]
    for (const command of commands)
      for (const events of [[], [created, { type: 'WebhookDeleted', data: {} } as WebhookEvent]])
        expect(() => given(...events).when(command)).toThrow(new Refusal('webhook_not_found'))
  })

  test('is for administrators only', () => {
    const actor = (role: Actor['roles'][number]): Actor => ({ id: 'x', roles: [role] })
    const command: WebhookCommand = { type: 'DeleteWebhook' }
    expect(webhookAggregate.authorise(fold([created]), command, actor('admin'))).toBe('admin')
    expect(() => webhookAggregate.authorise(fold([created]), command, actor('sa'))).toThrow(Refusal)
    expect(actingRole(actor('admin'), 'keep_webhooks')).toBe('admin')
  })

  test('gets the events it names, or all', () => {
    expect(wantsEvent({ events: ['ticket.closed'] }, 'ticket.closed')).toBe(true)
    expect(wantsEvent({ events: ['ticket.closed'] }, 'ticket.registered')).toBe(false)
    expect(wantsEvent({ events: ['*'] }, 'anything')).toBe(true)
  })
})
