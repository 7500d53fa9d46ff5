import { type CustomerHashes, customerHashes, type IdentifyingFields } from '../../../domain/customerKeys.ts'
import type { CommandDeps } from '../deps.ts'

/** The lookup hashes of a person by the policy in force now: placeholders have none (rulebook §6). */
export const hashesOfPerson = (
  { sealing, views, now }: Pick<CommandDeps, 'sealing' | 'views' | 'now'>,
  person: IdentifyingFields,
): CustomerHashes => customerHashes(sealing, person, views.master.at(now()).policy.values.placeholders)
