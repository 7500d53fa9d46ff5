/** The screens that a role has at this service: none of a desk that policy has switched off. */
import type { Role } from '../../../../domain/authority.ts'
import { isCareOpen } from '../care/open.ts'
import { type Screen, screensOf } from './registry.ts'

/** Its home first. */
export const shownScreensOf = (role: Role): readonly Screen[] =>
  screensOf(role).filter(({ ofDesk }) => ofDesk !== 'care' || isCareOpen.value)
