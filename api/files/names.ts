/** Words for the codes in files: closed lists by their tables, units and topics by the master data. */
import { z } from 'zod'
import { roles } from '../../domain/authority.ts'
import { codeLists, tiers } from '../../domain/codes.ts'
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
  weekday: { en: 'day of the week', zh: '星期' },
  hour: { en: 'hour', zh: '时段' },
  topic: { en: 'topic', zh: '咨询主题' },
  indicator: { en: 'indicator', zh: '指标' },
  holder: { en: 'holder', zh: '当前处理单位' },
  code: { en: 'warning code', zh: '预警代码' },
  sentTo: { en: 'sent to', zh: '预警接收单位' },
  kind: { en: 'kind of task', zh: '任务类型' },
}

/** What an assessment makes of a dealer (rulebook §9). */
export const outcomeWords: Record<string, Words> = {
  reward: { en: 'reward', zh: '奖励' },
  penalty: { en: 'penalty', zh: '处罚' },
  none: { en: 'neither', zh: '无奖惩' },
  unranked: { en: 'unranked', zh: '不参与排名' },
  tie_unresolved: { en: 'tie to be decided', zh: '并列待裁定' },
}

type Table = Readonly<Record<string, Words>>

/** The closed lists that a file's cells are of: all of `domain/codes.ts`, and those that are kept elsewhere. */
const tables: readonly Table[] = [
  ...Object.values(codeLists),
  Object.fromEntries(Object.entries(routes).map(([code, { label }]) => [code, label])),
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
  {
    holder: { en: 'holder', zh: '当前处理单位' },
    responsible_dealer: { en: 'responsible dealer', zh: '责任经销商' },
  },
]

/** The words of the codes of a column: of the list that has these codes and no others, else of one that has them all. @throws Error where there is none. */
export const wordsOfCodes = (schema: z.ZodEnum | z.ZodLiteral): Table => {
  const options = schema instanceof z.ZodEnum ? schema.options : [...schema.values]
  const having = tables.filter((table) => options.every((code) => String(code) in table))
  const found = having.find((table) => Object.keys(table).length === options.length) ?? having[0]
  if (found === undefined)
    throw new Error(
      `no closed list has ${options.join(', ')}: enter its words in domain/codes.ts or api/files/names.ts`,
    )
  return found
}

/** How a reader wants a file, whose it is, and what units and topics are called. */
export type NameLookup = {
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
): NameLookup => {
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
export type NameKind = 'dealer' | 'rbo' | 'unit' | 'topic' | 'cause'

/** A unit by its tier; the desks of the brand are named by what they are. */
const unitName = (code: string, { tier }: { tier?: string }, reading: NameLookup): string | null => {
  if (tier === 'dealer') return reading.dealer(code)
  if (tier === 'rbo') return reading.rbo(code)
  if (tier !== undefined && tier in tiers) return tiers[tier as keyof typeof tiers][reading.language]
  return reading.dealer(code) ?? reading.rbo(code)
}

/** The name of a code; `null` where it has none. `holder` is the object the code stands in. */
export const nameOf = (named: NameKind, code: string, holder: object, reading: NameLookup): string | null =>
  named === 'unit' ? unitName(code, holder, reading) : reading[named](code)
