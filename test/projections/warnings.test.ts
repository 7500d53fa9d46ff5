import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { toEpoch } from '../../domain/instant.ts'
import type { Keyset } from '../../projections/keysetPage.ts'
import type { Scope } from '../../projections/scope.ts'
import type { Views } from '../../projections/views.ts'
import type { WarningStatus, WarningView } from '../../projections/warnings/warningQueries.ts'
import { fakeSealing } from '../support/fakeSealing.ts'
import { dealerCodes } from '../support/history/log.ts'
import { randomHistory } from '../support/history/randomHistory.ts'
import { removeFiles, viewsOf } from './support.ts'

const { sealing } = fakeSealing()
const { events, tickets } = randomHistory({ seed: 12, acts: 2500, sealing })
let views: Views

beforeAll(() => {
  views = viewsOf(events, { size: 1 }).views
})
afterAll(() => {
  views.close()
  removeFiles()
})

/** Text of the contact or registration that the same command recorded before the warning. */
const contentOf = (warningId: string): string | null => {
  const raised = events.find(({ data }) => (data as { warningId?: string }).warningId === warningId)!
  const cause = events.findLast(
    ({ type, metadata, position }) =>
      (type === 'ContactLogged' || type === 'TicketRegistered') &&
      metadata.commandId === raised.metadata.commandId &&
      Number(position) < Number(raised.position),
  )
  return (cause?.data as { text: string } | undefined)?.text ?? null
}

const raisedOrder = events.flatMap(({ type, data }) =>
  type === 'WarningRaised' ? [(data as { warningId: string }).warningId] : [],
)

const all = [...tickets.values()].flatMap((ticket) =>
  ticket.warnings.map((warning): WarningView => {
    const { assignment: _, byHand: __, ackDueSetAt: ___, ...rest } = warning
    const { state, level, category, dealer, rbo } = ticket
    const { tier, unit } = ticket.assignments.at(-1)!
    const responsible = ticket.responsibilities.at(-1)
    return {
      ...rest,
      id: raisedOrder.indexOf(warning.warningId) + 1,
      ticketNo: ticket.ticketNo,
      content: contentOf(warning.warningId) as WarningView['content'],
      level,
      category,
      state,
      dealer,
      dueAt: views?.tickets.byNo(ticket.ticketNo)?.dueAt ?? null,
      place: {
        holder: { tier, unit },
        dealer,
        rbo,
        responsibleDealer:
          responsible === undefined || responsible.endedAt !== null ? null : responsible.unit,
      },
    }
  }),
)

const statusOf = (warning: WarningView): WarningStatus =>
  warning.resolvedAt !== null ? 'resolved' : warning.acknowledgedAt !== null ? 'acknowledged' : 'open'

const isVisible = (warning: WarningView, scopes: readonly Scope[]): boolean => {
  const ticket = tickets.get(warning.ticketNo)!
  return scopes.some((scope) => {
    if (scope.kind === 'all') return true
    if (scope.kind === 'rbo')
      return (
        ticket.rbo === scope.code ||
        (warning.resolvedAt === null && warning.sentTo.tier === 'rbo' && warning.sentTo.unit === scope.code)
      )
    return ticket.dealer === scope.code || ticket.responsibilities.at(-1)?.unit === scope.code
  })
}

describe('an early warning', () => {
  test('says what was raised, who answered it, and what gave cause', () => {
    for (const warning of all) {
      const { dueAt: _, ...wanted } = warning
      const found = views.warnings.byId(warning.warningId)
      expect(found).toMatchObject(wanted)
      expect(found?.dueAt).toBe(views.tickets.byNo(warning.ticketNo)?.dueAt)
    }
    expect(all.some(({ content }) => content !== null)).toBe(true)
    expect(all.some(({ content }) => content === null)).toBe(true)
    expect(views.warnings.byId('nobody')).toBeNull()
  })
})

describe('the list of warnings', () => {
  test('has those of the statuses asked for in scope, but none of tickets that are over', () => {
    const scopes = fc.oneof(
      fc.constant<Scope[]>([{ kind: 'all' }]),
      fc.array(
        fc.oneof(
          fc.constantFrom(...dealerCodes).map((code): Scope => ({ kind: 'dealer', code })),
          fc.constantFrom('EAST', 'WEST', 'NOWHERE').map((code): Scope => ({ kind: 'rbo', code })),
        ),
        { maxLength: 2 },
      ),
    )
    const statuses = fc.subarray<WarningStatus>(['open', 'acknowledged', 'resolved'])
    fc.assert(
      fc.property(statuses, scopes, fc.constantFrom(3, 100), (status, scope, limit) => {
        const listed: string[] = []
        let after: Keyset | null = null
        do {
          const page: ReturnType<Views['warnings']['page']> = views.warnings.page({
            status,
            scope,
            limit,
            after,
          })
          listed.push(...page.items.map(({ warningId }) => warningId))
          after = page.next
        } while (after !== null)
        const wanted = all
          .filter(({ state }) => state !== 'rescinded' && state !== 'duplicate')
          .filter((warning) => status.includes(statusOf(warning)) && isVisible(warning, scope))
          .toSorted((a, b) => toEpoch(a.ackDueAt) - toEpoch(b.ackDueAt) || a.id - b.id)
        expect(listed).toEqual(wanted.map(({ warningId }) => warningId))
      }),
      { numRuns: 100 },
    )
  })
})
