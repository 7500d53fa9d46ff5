/** From the body of a complaint to the complaint that the intake takes. */
import { type Actor, actingRole } from '../../../domain/authority.ts'
import { Refusal } from '../../../domain/refusal.ts'
import { noVehicle } from '../../../domain/ticket/person.ts'
import type { CommandDeps } from '../deps.ts'
import type { ComplaintBody } from './bodies.ts'
import type { IncomingComplaint } from './matchComplaint.ts'
import { toSeal } from './personal.ts'

/**
 * A complaint as its body has it.
 * @throws Refusal `role_not_allowed` (B4), `source_required`, `source_not_wanted`, `instant_not_allowed`, …
 */
export const complaintOf = (
  deps: Pick<CommandDeps, 'sealing'>,
  body: ComplaintBody,
  actor: Actor,
): IncomingComplaint => {
  const { customer, vehicle, content, initialCause, receivedAt, category, source, ...others } = body
  const { severity, safety, remedy, remedyText, ...rest } = others
  if (category === 'C4') throw new Refusal('category_not_for_intake', { category }, '#/category')
  if (category === 'B4') actingRole(actor, 'register_media')
  if (category === 'B4' && source === null) throw new Refusal('source_required', {}, '#/source')
  if (category !== 'B4' && source !== null) throw new Refusal('source_not_wanted', {}, '#/source')
  const maySayWhen =
    actor.anyUnit || actor.roles.some((role) => role === 'csc_system' || role === 'csr_media')
  if (receivedAt !== null && !maySayWhen)
    throw new Refusal('instant_not_allowed', { roles: 'csc_system, csr_media' }, '#/receivedAt')
  const person = { customer, vehicle: vehicle ?? noVehicle }
  return {
    ...rest,
    category,
    source,
    receivedAt,
    person,
    weight: {
      ...(severity && { severity }),
      ...(safety && { safety }),
      ...(remedy && { remedy }),
    },
    customer: (subject) => deps.sealing.seal(subject, toSeal(person)),
    text: (subject) =>
      deps.sealing.seal(subject, { content, initialCause, ...(remedyText && { remedyText }) }),
  }
}
