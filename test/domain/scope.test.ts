import { describe, expect, test } from '@jest/globals'
import { type Action, type Actor, permissions, type Role, roles } from '../../domain/authority.ts'
import { isWithin, mayAt, scopesFor, seesDealer, type UnitsOfTicket } from '../../domain/scope.ts'

const roleNames = Object.keys(roles) as Role[]
const masked: Role[] = ['hq_sales', 'admin', 'auditor']

const place = (
  [tier, unit]: [string, string],
  dealer: string | null,
  rbo: string | null,
  more: Partial<UnitsOfTicket> = {},
): UnitsOfTicket => ({ holder: { tier, unit }, dealer, rbo, responsibleDealer: null, ...more })

const places: UnitsOfTicket[] = [
  place(['dealer', 'D001'], 'D001', 'EAST'),
  place(['rbo', 'EAST'], 'D001', 'EAST'),
  place(['rbo', 'EAST'], null, 'EAST'),
  place(['se', 'SE'], 'D003', 'NORTH'),
  place(['se', 'SE'], null, null),
  place(['se_media', 'SE_MEDIA'], null, null, { responsibleDealer: 'D001' }),
  place(['se_media', 'SE_MEDIA'], 'D003', 'NORTH', { responsibleDealer: 'D001' }),
  // a unit that holds it without being named beside
  place(['rbo', 'NORTH'], 'D001', 'EAST'),
  place(['dealer', 'D003'], 'D001', 'EAST'),
]

type Units = { dealer?: string; rbo?: string }
const units: Units[] = [
  { dealer: 'D001', rbo: 'EAST' },
  { dealer: 'D003', rbo: 'NORTH' },
  { dealer: 'D001', rbo: 'NORTH' },
  {},
]

/** The rulebook, word by word and one role at a time. */
const roleSees = (role: Role, { dealer, rbo }: Units, { holder, ...ticket }: UnitsOfTicket): boolean => {
  switch (role) {
    case 'dealer':
      if (dealer === undefined) return false
      if (holder.tier === 'dealer' && holder.unit === dealer) return true
      return ticket.dealer === dealer || ticket.responsibleDealer === dealer
    case 'rbo':
      if (rbo === undefined) return false
      return (holder.tier === 'rbo' && holder.unit === rbo) || ticket.rbo === rbo
    default:
      return true
  }
}

const pairs = roleNames.flatMap((a) => roleNames.map((b): Role[] => [a, b]))
const actorOf = (pair: Role[], unit: Units): Actor => ({ id: 'u', roles: pair, ...unit })

describe('several roles', () => {
  test('see what one of them sees, and of whom one of them that sees it may', () => {
    for (const pair of pairs)
      for (const unit of units)
        for (const at of places) {
          const actor = actorOf(pair, unit)
          const seeing = pair.filter((role) => roleSees(role, unit, at))
          const told = { pair, unit, at }
          expect({ ...told, sees: mayAt(actor, 'read', at) }).toEqual({ ...told, sees: seeing.length > 0 })
          const isOpen = seeing.some((role) => !masked.includes(role))
          expect({ ...told, open: mayAt(actor, 'see_personal_data', at) }).toEqual({ ...told, open: isOpen })
          expect({ ...told, finds: mayAt(actor, 'search_by_person', at) }).toEqual({ ...told, finds: isOpen })
        }
  })

  test('act where one that takes the action has the ticket in scope', () => {
    for (const action of Object.keys(permissions) as Action[])
      for (const pair of pairs)
        for (const unit of units)
          for (const at of places) {
            const may = pair.some(
              (role) => (permissions[action] as readonly Role[]).includes(role) && roleSees(role, unit, at),
            )
            const told = { action, pair, unit, at }
            expect({ ...told, may: mayAt(actorOf(pair, unit), action, at) }).toEqual({ ...told, may })
          }
  })

  test('of an RBO and an auditor: the brand is seen, the RBO alone with its customers', () => {
    const actor = actorOf(['rbo', 'auditor'], { rbo: 'NORTH' })
    const [east, north] = [places[0] as UnitsOfTicket, places[3] as UnitsOfTicket]
    expect([mayAt(actor, 'read', east), mayAt(actor, 'see_personal_data', east)]).toEqual([true, false])
    expect([mayAt(actor, 'read', north), mayAt(actor, 'see_personal_data', north)]).toEqual([true, true])
    expect(scopesFor(actor, 'search_by_person')).toEqual([{ kind: 'rbo', code: 'NORTH' }])
    expect(scopesFor(actor, 'read')).toEqual([{ kind: 'all' }])
  })

  test('without the unit they need see nothing by it', () => {
    expect(scopesFor(actorOf(['dealer', 'rbo'], {}), 'read')).toEqual([])
    expect(scopesFor(actorOf(['rbo', 'rbo'], { rbo: 'EAST' }), 'read')).toHaveLength(1)
    expect(scopesFor({ id: 'u', roles: [] }, 'read')).toEqual([])
    expect(isWithin(places[0] as UnitsOfTicket, { kind: 'rbo', code: 'D001' })).toBe(false)
  })
})

describe('what is about one dealer', () => {
  test('is for the dealer, its RBO and whoever is of no unit', () => {
    for (const pair of pairs)
      for (const unit of units) {
        const isTheirs = pair.some((role) =>
          role === 'dealer' ? unit.dealer === 'D001' : role === 'rbo' ? unit.rbo === 'EAST' : true,
        )
        const sees = seesDealer(actorOf(pair, unit), { dealer: 'D001', rbo: 'EAST' })
        expect({ pair, unit, sees }).toEqual({ pair, unit, sees: isTheirs })
      }
  })
})
