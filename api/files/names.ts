/** Words for the codes in files: closed lists by their tables, units and topics by the master data. */
import { z } from 'zod'
import { roles } from '../../domain/authority.ts'
import {
  callbackOutcomes,
  channels,
  decisions,
  inquiryStates,
  levels,
  remedies,
  severities,
  sources,
  states,
  tiers,
  verdicts,
  warningCodes,
} from '../../domain/codes.ts'
import type { Instant } from '../../domain/instant.ts'
import type { Words } from '../../domain/refusal.ts'
import { notCountedReasons } from '../../domain/ticket/dealerUnits.ts'
import { routes } from '../../domain/ticket/routing.ts'
import type { MasterQueries } from '../../projections/master/masterQueries.ts'
import type { Language } from '../http/problems.ts'

/** What a report is counted by. */
export const dimensionWords: Record<string, Words> = {
  level: { en: 'level', zh: '投诉等级' },
  category: { en: 'category', zh: '细分类' },
  tier: { en: 'tier', zh: '层级' },
  rbo: { en: 'RBO', zh: '品牌营销大区' },
  dealer: { en: 'dealer', zh: '经销商' },
  channel: { en: 'channel', zh: '渠道' },
  source: { en: 'source', zh: '来源' },
  month: { en: 'month', zh: '月份' },
  week: { en: 'week', zh: '周' },
  topic: { en: 'topic', zh: '咨询主题' },
}

/** What an assessment makes of a dealer (rulebook §9). */
export const outcomeWords: Record<string, Words> = {
  reward: { en: 'reward', zh: '奖励' },
  penalty: { en: 'penalty', zh: '处罚' },
  none: { en: 'neither', zh: '无奖惩' },
  unranked: { en: 'unranked', zh: '不参与排名' },
  tie_unresolved: { en: 'tie to be decided', zh: '并列待裁定' },
}

/** The closed lists that a file's cells are of: the first that has all the codes of a column names them. */
const tables: readonly Record<string, Words>[] = [
  levels,
  states,
  Object.fromEntries(Object.entries(routes).map(([code, { label }]) => [code, label])),
  channels,
  sources,
  severities,
  remedies,
  tiers,
  decisions,
  verdicts,
  warningCodes,
  inquiryStates,
  callbackOutcomes,
  roles,
  notCountedReasons,
  dimensionWords,
  outcomeWords,
  { live: { en: 'live', zh: '实时' }, frozen: { en: 'frozen', zh: '已冻结' } },
  {
    frozen: { en: 'freeze', zh: '冻结' },
    revised: { en: 'revision', zh: '修订' },
    tie_decided: { en: 'decision on a tie', zh: '并列裁定' },
  },
  { csc: { en: 'call centre', zh: '客服中心' }, se: tiers.se },
]

/** The words of the codes of a column. @throws Error where no closed list has them all. */
export const wordsOfCodes = (codes: z.ZodEnum | z.ZodLiteral): Record<string, Words> => {
  const options = codes instanceof z.ZodEnum ? codes.options : [...codes.values]
  const found = tables.find((table) => options.every((code) => String(code) in table))
  if (found === undefined) throw new Error(`no closed list in api/files/names.ts has ${options.join(', ')}`)
  return found
}

/** How a reader wants a file, whose it is, and what units and topics are called. */
export type Reading = {
  language: Language
  /** The one unit the file is of, by its filters or its reader's scope; `null`: of several. */
  unit: { code: string; name: string } | null
  dealer(code: string): string | null
  rbo(code: string): string | null
  topic(code: string): string | null
  cause(code: string): string | null
}

/** Where names come from. */
export type Sources = {
  views: { master: Pick<MasterQueries, 'dealer' | 'rbo' | 'policy'> }
  now(): Instant
}

/** Names as they are today: who reads a file knows a dealer by the name it has. */
export const readingOf = (
  { views: { master }, now }: Sources,
  language: Language,
  unit: { tier: 'dealer' | 'rbo'; code: string } | null = null,
): Reading => {
  const known = <T>(find: (code: string) => T | null | undefined, name: (found: T) => string) => {
    const names = new Map<string, string | null>()
    return (code: string): string | null => {
      const before = names.get(code)
      if (before !== undefined) return before
      const found = find(code)
      const called = found === null || found === undefined ? null : name(found)
      names.set(code, called)
      return called
    }
  }
  const policy = () => master.policy(now()).values
  const units = {
    dealer: known(master.dealer, ({ name }) => name),
    rbo: known(master.rbo, ({ name }) => name),
  }
  return {
    language,
    unit: unit && { code: unit.code, name: units[unit.tier](unit.code) ?? unit.code },
    ...units,
    topic: known(
      (code) => policy().inquiry.topics.find((topic) => topic.code === code),
      (topic) => topic[language],
    ),
    cause: known(
      (code) => policy().rootCauses.find((cause) => cause.code === code),
      (cause) => cause[language],
    ),
  }
}

/** What a text column holds that is the code of something with a name. */
export type Named = 'dealer' | 'rbo' | 'unit' | 'topic' | 'cause'

/** A unit by its tier; the desks of the brand are named by what they are. */
const unitName = (code: string, { tier }: { tier?: string }, reading: Reading): string | null => {
  if (tier === 'dealer') return reading.dealer(code)
  if (tier === 'rbo') return reading.rbo(code)
  if (tier !== undefined && tier in tiers) return tiers[tier as keyof typeof tiers][reading.language]
  return reading.dealer(code) ?? reading.rbo(code)
}

/** The name of a code; `null` where it has none. `holder` is the object the code stands in. */
export const nameOf = (named: Named, code: string, holder: object, reading: Reading): string | null =>
  named === 'unit' ? unitName(code, holder, reading) : reading[named](code)
