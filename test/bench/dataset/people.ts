/** Who acts on the tickets of the bench's log. */
import type { Actor } from '../../../domain/authority.ts'
import { currentAssignment } from '../../../domain/ticket/state.ts'
import type { Life, World } from './world.ts'

/** Some agent of the call centre. */
export const agent = ({ random }: World): Actor => ({ id: String(random.int(1001, 1036)), roles: ['csr'] })
/** Somebody of a unit. */
export const oneOf = (role: Actor['roles'][number], unit: string): Actor => ({
  id: `${unit}-1`,
  roles: [role],
  ...((role === 'dealer' || role === 'rbo') && { [role]: unit }),
})
export const supervisor: Actor = { id: 'KS1', roles: ['csc_supervisor'] }
export const head: Actor = { id: 'SA1', roles: ['sa'] }
/** Somebody of the unit that holds the ticket. */
export const holderOf = (life: Life): Actor => {
  const { tier, unit } = currentAssignment(life.ticket)
  return oneOf(tier, unit)
}
export const mediaAgent: Actor = { id: '1099', roles: ['csr_media'] }
