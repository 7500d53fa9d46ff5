/**
 * What a caller sees and may do, ticket by ticket (rulebook §2, and §17 "Several roles"). Roles do not add up: what is
 * asked for must be allowed by one role that has the ticket in its own scope.
 */
import { type Action, type Actor, permissions, type Role } from './authority.ts'
import { currentAssignment, currentResponsibility, type Ticket } from './ticket/state.ts'

export type Scope = { kind: 'all' } | { kind: 'dealer'; code: string } | { kind: 'rbo'; code: string }

/** What any of them has in scope. No scope sees nothing. */
export type Scopes = readonly Scope[]

/** The units a ticket belongs to now: compared with the caller's scope. */
export type UnitsOfTicket = {
  holder: { tier: string; unit: string }
  dealer: string | null
  rbo: string | null
  responsibleDealer: string | null
}

export const placeOf = (ticket: Ticket): UnitsOfTicket => ({
  holder: currentAssignment(ticket),
  dealer: ticket.dealer,
  rbo: ticket.rbo,
  responsibleDealer: currentResponsibility(ticket)?.unit ?? null,
})

/** The scope of one role; `null`: a role of a unit without the unit sees nothing. */
const scopeOfRole = (role: Role, actor: Actor): Scope | null => {
  if (role !== 'dealer' && role !== 'rbo') return { kind: 'all' }
  const code = actor[role]
  return code === undefined ? null : { kind: role, code }
}

/**
 * On which tickets a role of the actor's takes the action: `read` for what it sees, `see_personal_data` for whose
 * customer it sees, `search_by_person` for what it may find by phone.
 */
export const scopesFor = (actor: Actor, action: Action): Scopes => {
  const allowed: readonly Role[] = permissions[action]
  const scopes = [...new Set(actor.roles)]
    .filter((role) => allowed.includes(role))
    .flatMap((role) => scopeOfRole(role, actor) ?? [])
  return scopes.find(({ kind }) => kind === 'all') === undefined ? scopes : [{ kind: 'all' }]
}

export const isWithin = (
  { holder, dealer, rbo, responsibleDealer }: UnitsOfTicket,
  scope: Scope,
): boolean => {
  if (scope.kind === 'all') return true
  if (holder.tier === scope.kind && holder.unit === scope.code) return true
  return scope.kind === 'rbo' ? rbo === scope.code : dealer === scope.code || responsibleDealer === scope.code
}

/** Whether one of the actor's roles both takes the action and has the ticket at `place` in its scope. */
export const mayAt = (actor: Actor, action: Action, place: UnitsOfTicket): boolean =>
  scopesFor(actor, action).some((scope) => isWithin(place, scope))

/** What is about one dealer and no ticket: its deliveries, row and rank, its contacts. */
export const placeOfDealer = (dealer: string, rbo: string | null): UnitsOfTicket => ({
  holder: { tier: 'dealer', unit: dealer },
  dealer,
  rbo,
  responsibleDealer: null,
})

/** Whether what is about one dealer is the actor's to see: its own deliveries, row and rank; an RBO's, those of its dealers. */
export const seesDealer = (actor: Actor, { dealer, rbo }: { dealer: string; rbo: string }): boolean =>
  scopesFor(actor, 'read').some(
    (scope) => scope.kind === 'all' || scope.code === (scope.kind === 'rbo' ? rbo : dealer),
  )
