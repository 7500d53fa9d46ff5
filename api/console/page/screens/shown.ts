/** The screens that a role has at this service: none of a desk that policy has switched off. */
import type { Role } from '../../../../domain/authority.ts'
import { openDesks } from './open.ts'
import { type Screen, screensOf } from './registry.ts'

/** Its home first. */
export const shownScreensOf = (role: Role): readonly Screen[] =>
  screensOf(role).filter(({ ofDesk }) => ofDesk === undefined || openDesks.value.has(ofDesk))
