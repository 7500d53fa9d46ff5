/** Desks that the policy may switch off (rulebook §15, §16): their routes are closed then, and nothing is scheduled. */
import type { Policy } from './policy.ts'
import { Refusal } from './refusal.ts'

/** Each is a key of the policy with a switch `enabled`. */
export type Desk = 'care' | 'voice'

export const isDeskOpen = (policy: Pick<Policy, Desk>, desk: Desk): boolean => policy[desk].enabled

/** @throws Refusal `desk_closed` */
export const requireDesk = (policy: Pick<Policy, Desk>, desk: Desk): void => {
  if (!isDeskOpen(policy, desk)) throw new Refusal('desk_closed')
}
