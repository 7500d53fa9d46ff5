/** The versions of the policy: how one is set, and which is in force at an instant. */
import { z } from 'zod'
import { type Aggregate, authoriseBy } from './aggregate.ts'
import type { RecordedEvent } from './asKnown.ts'
import { type Instant, instantSchema } from './instant.ts'
import {
  defaultPolicy,
  type OptionalPolicy,
  optionalDefaults,
  optionalPolicyKeys,
  optionalSchema,
  type Policy,
  type PolicyDraft,
  requiredSchema,
} from './policy.ts'
import { Refusal } from './refusal.ts'
import { sameData } from './sameData.ts'

/** The events of stream `policy`. */
export const policyEventData = {
  PolicySet: z.strictObject({
    effectiveFrom: instantSchema,
    ...requiredSchema.shape,
    ...optionalSchema.partial().shape,
  }),
}

type Data = typeof policyEventData
export type PolicyEvent = { [T in keyof Data]: { type: T; data: z.infer<Data[T]> } }[keyof Data]

/** The version set last, whether it is in force yet or not. */
export type PolicyState = PolicyEvent['data'] | null

export type SetPolicy = { type: 'SetPolicy'; now: Instant; effectiveFrom: Instant; policy: PolicyDraft }

export const policyStream = 'policy'

/** The policy a version puts in force: what it lacks is the rulebook's. */
export const policyOf = ({ effectiveFrom: _, ...values }: PolicyEvent['data']): Policy =>
  ({ ...optionalDefaults, ...values }) as Policy

/** The optional keys of a version: as given, else as they were; `null` leaves a key out. */
const optionalOf = (draft: PolicyDraft, before: PolicyState): Partial<OptionalPolicy> =>
  Object.fromEntries(
    optionalPolicyKeys.flatMap((key) => {
      const value = draft[key] === undefined ? before?.[key] : draft[key]
      return value === undefined || value === null ? [] : [[key, value]]
    }),
  )

/** Folds one event into the policy; never throws. */
export const evolvePolicy = (_state: PolicyState, event: PolicyEvent): PolicyState => event.data

/** @throws Refusal where a code of the list comes a second time */
const requireOnce = (
  list: readonly { code: string }[],
  refusal: 'duplicate_root_cause' | 'duplicate_topic',
  place: string,
): void => {
  const codes = list.map(({ code }) => code)
  const second = codes.findIndex((code, index) => codes.indexOf(code) < index)
  if (second >= 0) throw new Refusal(refusal, { code: codes[second]! }, `${place}/${second}/code`)
}

/**
 * Sets a policy from an instant on, see `PolicyDraft` for what it may leave out; `[]` where it is the very version that was set last.
 * @throws Refusal `effective_in_past`, `weights_not_100`, `duplicate_root_cause`, `duplicate_topic`, `voice_amounts_crossed`.
 */
export const decidePolicy = (state: PolicyState, command: SetPolicy): PolicyEvent[] => {
  const { now, effectiveFrom, policy } = command
  const required = Object.fromEntries(
    Object.entries(policy).filter(([key]) => !(key in optionalSchema.shape)),
  ) as z.infer<typeof requiredSchema>
  const data = { effectiveFrom, ...required, ...optionalOf(policy, state) }
  // Before the checks, so that sending a version again later, when it has taken effect, is no mistake.
  if (sameData(data, state)) return []
  if (effectiveFrom < now) throw new Refusal('effective_in_past', {}, '#/effectiveFrom')
  const { response, close, firstTime } = policy.weights
  const sum = response + close + firstTime
  if (sum !== 100) throw new Refusal('weights_not_100', { sum }, '#/weights')
  requireOnce(policy.rootCauses, 'duplicate_root_cause', '#/rootCauses')
  const { publishedFrom: from = 0, publishedTo: to = 0 } = data.voice ?? {}
  if (from > to) throw new Refusal('voice_amounts_crossed', { from, to }, '#/voice/publishedFrom')
  requireOnce(data.inquiry?.topics ?? [], 'duplicate_topic', '#/inquiry/topics')
  return [{ type: 'PolicySet', data }]
}

/** The policy as an aggregate: the one stream `policy`. */
export const policyAggregate: Aggregate<PolicyEvent['data'], SetPolicy, PolicyEvent> = {
  stream: () => policyStream,
  evolve: evolvePolicy,
  decide: decidePolicy,
  authorise: authoriseBy({ SetPolicy: 'keep_master_data' }),
}

/**
 * The policy in force at `at`: of the versions recorded by then, the one that took effect last; of those that took
 * effect together, the one recorded later. The first version counts backwards to the beginning. Where none was ever
 * set it is `defaultPolicy`, as version 0. `history` is in the order of the stream.
 */
export const policyAt = (
  history: readonly RecordedEvent<PolicyEvent>[],
  at: Instant,
): { version: number; policy: Policy } => {
  const inForce = history
    .filter(({ event, recordedAt }) => recordedAt <= at && event.data.effectiveFrom <= at)
    .reduce<RecordedEvent<PolicyEvent> | undefined>(
      (best, entry) =>
        best && best.event.data.effectiveFrom > entry.event.data.effectiveFrom ? best : entry,
      undefined,
    )
  const entry = inForce ?? history[0]
  if (entry === undefined) return { version: 0, policy: defaultPolicy }
  return { version: entry.version, policy: policyOf(entry.event.data) }
}
