/** The rules of one handover as it keeps them: what differs from the rulebook's numbers, mostly nothing. */
import { type CareRules, careRulesSchema } from './policy.ts'

/** A handover's own numbers; a key that is left out has the rulebook's. */
export type KeptRules = Readonly<Record<string, unknown>>

/** The numbers of the rulebook. They never change, for stored handovers rest on them. */
const rulebook: CareRules = careRulesSchema.parse({})

const differing = (rules: object, from: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(rules).flatMap(([key, value]) => {
      const before = (from as Record<string, unknown>)[key]
      if (typeof value !== 'object' || value === null) return value === before ? [] : [[key, value]]
      const inner = differing(value, before as object)
      return Object.keys(inner).length === 0 ? [] : [[key, inner]]
    }),
  )

/** What a handover keeps of the rules it was made under. */
export const keptRules = (rules: CareRules): KeptRules => differing(rules, rulebook)

/** A handover is asked for its rules again and again. */
const known = new WeakMap<KeptRules, CareRules>()

/** The rules of a handover. */
export const rulesOf = (kept: KeptRules): CareRules => {
  if (Object.keys(kept).length === 0) return rulebook
  const found = known.get(kept) ?? careRulesSchema.parse(kept)
  known.set(kept, found)
  return found
}
