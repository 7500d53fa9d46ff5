/** Which tier a complaint goes to: the table of rulebook §3, as data. */

import { z } from 'zod'
import { codesOf } from '../codeList.ts'
import type { HolderTier, Level } from '../codes.ts'
import type { Words } from '../refusal.ts'

type Route = {
  level: Level
  label: Words
  /** Tier of the 1st, the 2nd, and the 3rd and every later complaint; `null`: it stays with its holder. */
  tiers: readonly [HolderTier, HolderTier, HolderTier] | null
}

const A = (en: string, zh: string, ...tiers: [HolderTier, HolderTier, HolderTier]): Route => ({
  level: 'A',
  label: { en, zh },
  tiers,
})

export const routes = {
  A4a: A("dealer's sales service", '经销商销售服务', 'dealer', 'rbo', 'se'),
  A4b: A('HQ promotion policy change', '总部促销政策/活动变更', 'rbo', 'se', 'se'),
  A4c: A('vehicle supply', '资源', 'rbo', 'se', 'se'),
  A4d: A('price', '价格', 'dealer', 'rbo', 'se'),
  A4e: A('product flaw or configuration', '产品瑕疵或配置', 'dealer', 'rbo', 'se'),
  A4f: A('plate registration impossible', '无法上牌', 'dealer', 'rbo', 'se'),
  A4g: A('marketing and promotion', '市场活动及促销', 'dealer', 'rbo', 'se'),
  A4y: A('dealer or workshop complains', '经销商/维修站来电', 'se', 'se', 'se'),
  A4z: A('other', '其它', 'rbo', 'se', 'se'),
  B4: {
    level: 'B',
    label: {
      en: 'website, consumer association, media, authority, internal transfer',
      zh: '网站、消协、媒体、职能部门、内部转',
    },
    tiers: ['se_media', 'se_media', 'se_media'],
  },
  C4: { level: 'C', label: { en: 'B that could not be closed in time', zh: '升级至C类' }, tiers: null },
} as const satisfies Record<string, Route>

export type Category = keyof typeof routes
export const categorySchema = z.enum(codesOf(routes))

/** The level a category belongs to (rulebook §3). */
export const levelOf = (category: Category): Level => routes[category].level

/** The tier §3 names for the `ordinal`-th complaint of a category; `null` where the ticket stays with its holder. */
export const tierFor = (category: Category, ordinal: number): HolderTier | null => {
  const { tiers } = routes[category]
  return tiers === null ? null : (tiers[Math.min(ordinal, 3) - 1] as HolderTier)
}

/** C4 counts as B4 where problems are compared and where a repeat takes its category (rulebook §6). */
export const problemOf = (category: Category): Category => (category === 'C4' ? 'B4' : category)
