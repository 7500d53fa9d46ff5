/** What reports are counted by, in words. */
import { channels, levelSchema, levels, sources, tiers } from '../../domain/codes.ts'
import type { Words } from '../../domain/refusal.ts'
import type { CountedBy } from '../../domain/statistics.ts'
import { type Category, routes } from '../../domain/ticket/routing.ts'
import { deskOf } from '../../domain/ticket/warnings.ts'
import type { Deps } from '../http/deps.ts'
import type { Language } from '../http/problems.ts'

const brandTiers = ['se', 'se_media', 'sa'] as const
/** From Monday, `1`. */
const weekdays: Record<string, Words> = {
  1: { en: 'Monday', zh: '星期一' },
  2: { en: 'Tuesday', zh: '星期二' },
  3: { en: 'Wednesday', zh: '星期三' },
  4: { en: 'Thursday', zh: '星期四' },
  5: { en: 'Friday', zh: '星期五' },
  6: { en: 'Saturday', zh: '星期六' },
  7: { en: 'Sunday', zh: '星期日' },
}

const labels: Partial<Record<CountedBy, Record<string, Words>>> = {
  tier: tiers,
  channel: channels,
  source: sources,
  weekday: weekdays,
}

/** A unit that warnings are sent to, as users read it: an RBO, or one of the desks of the brand. */
export const deskName = (deps: Deps, unit: string, language: Language): string => {
  const tier = brandTiers.find((each) => deskOf(each) === unit)
  return tier === undefined ? (deps.views.master.rbo(unit)?.name ?? unit) : tiers[tier][language]
}

/** A key as users read it; what has none is named so, and a month, week or hour is its own name. */
export const keyName = (deps: Deps, dimension: CountedBy, key: string | null, language: Language): string => {
  if (key === null) return { en: 'none', zh: '无' }[language]
  switch (dimension) {
    case 'dealer':
      return deps.views.master.dealer(key)?.name ?? key
    case 'rbo':
      return deps.views.master.rbo(key)?.name ?? key
    case 'category':
      return routes[key as Category].label[language]
    case 'level':
      return levels[levelSchema.parse(key)][language]
    default:
      return labels[dimension]?.[key]?.[language] ?? key
  }
}
