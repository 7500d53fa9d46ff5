/** The secrets that sign the requests of an endpoint. */
import { toEpoch } from '../../domain/instant.ts'
import type { Sealed } from '../../domain/sealed.ts'
import type { Sealing } from '../../domain/sealing.ts'
import type { Webhook } from '../../domain/webhooks/webhook.ts'

/** The current secret, and for 24 hours after a rotation the former one; none where their key is gone. */
export const secretsOf = (
  sealing: Pick<Sealing, 'open'>,
  { secret, formerSecret }: Pick<Webhook, 'secret' | 'formerSecret'>,
  now: number,
): string[] => {
  const isFormerGood = formerSecret !== null && toEpoch(formerSecret.until) > now
  const sealed: Sealed[] = isFormerGood ? [secret, formerSecret.secret] : [secret]
  return sealed.map((each) => sealing.open(each)).filter((each) => typeof each === 'string')
}
