import { describe, expect, test } from '@jest/globals'
import { permissions, type Role, roles } from '../../domain/authority.ts'
import {
  channels,
  flags,
  type HolderTier,
  holderTierSchema,
  sources,
  states,
  tiers,
  warningCodes,
} from '../../domain/codes.ts'
import { defaultPolicy } from '../../domain/policy.ts'
import { routes } from '../../domain/ticket/routing.ts'
import { recipientOf, warningOfFlag } from '../../domain/ticket/warnings.ts'
import { citationsIn, hasPoint } from './citations.ts'
import { filesOf, textOf } from './files.ts'
import { sectionsOf, type TableRow, tableOf } from './markdown.ts'

const rulebook = textOf('docs/rulebook.md')
const sections = sectionsOf(rulebook)
const section = (number: number): string => sections.find((each) => each.number === number)?.text ?? ''
const column = (rows: TableRow[], heading: string): string[] => rows.map((row) => row[heading] ?? '')
const codesIn = (cell: string): string[] => cell.split(', ').filter((code) => code !== '')
const labels = (table: Record<string, { en: string; zh: string }>): string[][] =>
  Object.entries(table).map(([code, { en, zh }]) => [code, en, zh])
const cells = (rows: TableRow[], ...headings: string[]): string[][] =>
  rows.map((row) => headings.map((heading) => row[heading] ?? ''))

describe('the sections of the rulebook', () => {
  test('are numbered from 1 without holes', () => {
    expect(sections.map(({ number }) => number)).toEqual(sections.map((_, index) => index + 1))
  })

  test('hold what code, tests, documents and the OpenAPI document cite', () => {
    const cited = filesOf('.ts', '.md', '.json', '.yaml', '.http').flatMap((file) =>
      citationsIn(textOf(file)).map((citation) => ({ file, ...citation })),
    )
    const missing = cited.filter(
      (each) =>
        section(each.section) === '' || (each.point !== null && !hasPoint(section(each.section), each.point)),
    )
    expect(missing).toEqual([])
    expect(new Set(cited.map((each) => each.file)).size).toBeGreaterThan(30)
    expect(cited.some(({ file }) => file === 'openapi/openapi.json')).toBe(true)
  })
})

describe('a citation', () => {
  const mark = '\u00a7'
  test.each<[string, string, [number, string | null][]]>([
    ['of one section', `rulebook ${mark}5)`, [[5, null]]],
    [
      'of several',
      `${mark}4, ${mark}11)`,
      [
        [4, null],
        [11, null],
      ],
    ],
    [
      'of a range',
      `${mark}1–${mark}3`,
      [
        [1, null],
        [2, null],
        [3, null],
      ],
    ],
    [
      'of a range with one sign',
      `${mark}1-2`,
      [
        [1, null],
        [2, null],
      ],
    ],
    ['of a point', `(${mark}9, Freeze)`, [[9, 'Freeze']]],
    ['of a point over two lines', `(${mark}9, last\n * point)`, [[9, 'last point']]],
    ['of a point at the end of a comment', `/** ${mark}3, channels in */`, [[3, 'channels in']]],
    ['followed by plain words', `${mark}3, as data. */`, [[3, null]]],
    ['of another document is none', `RFC 9110 ${mark}12.5.1`, []],
  ])('%s', (_, text, expected) => {
    expect(citationsIn(text)).toEqual(expected.map(([number, point]) => ({ section: number, point })))
  })

  test('of a point or source that the section lacks is noticed', () => {
    expect(hasPoint(section(5), 'Seven days')).toBe(true)
    expect(hasPoint(section(5), 'L')).toBe(true)
    expect(hasPoint(section(5), 'Eight days')).toBe(false)
    expect(hasPoint(section(10), 'L')).toBe(false)
    expect(hasPoint(section(1), 'last point')).toBe(false)
  })
})

describe('the tables of the rulebook are those of the domain', () => {
  test('tiers (§1)', () => {
    expect(cells(tableOf(section(1), 'tier'), 'tier', 'who', '中文')).toEqual(labels(tiers))
  })

  test('roles (§2)', () => {
    expect(cells(tableOf(section(2), 'role'), 'role', 'who', '中文')).toEqual(labels(roles))
  })

  test('permissions (§2)', () => {
    const everyone = Object.keys(roles) as Role[]
    const rolesIn = (cell: string): string[] => {
      const [, excluded] = /^all(?: but (.+))?$/.exec(cell) ?? []
      if (!cell.startsWith('all')) return codesIn(cell)
      return everyone.filter((role) => !codesIn(excluded ?? '').includes(role))
    }
    const written = tableOf(section(2), 'action').map(({ action, roles: cell }) => [
      action,
      rolesIn(cell ?? '').sort(),
    ])
    expect(written).toEqual(
      Object.entries(permissions).map(([action, allowed]) => [action, [...allowed].sort()]),
    )
  })

  test('routing (§3)', () => {
    const expected = Object.entries(routes).map(([category, { level, label, tiers: by }]) => [
      category,
      label.en,
      label.zh,
      level,
      ...(by ?? ['stays with its holder', '', '']),
    ])
    const headings = ['category', 'what', '中文', 'level', '1st', '2nd', '3rd and later']
    expect(cells(tableOf(section(3), 'category'), ...headings)).toEqual(expected)
  })

  test('channels and B sources (§3)', () => {
    const listed = (point: string): string[] => {
      const line = section(3)
        .split('\n')
        .find((each) => each.startsWith(`- **${point}**`))
      return [...(line ?? '').matchAll(/`([a-z_]+)`/g)].map((match) => match[1]!)
    }
    expect(listed('Channels in')).toEqual(Object.keys(channels))
    expect(listed('B sources')).toEqual(Object.keys(sources))
  })

  test('states (§4)', () => {
    expect(cells(tableOf(section(4), 'state'), 'state', '中文')).toEqual(
      Object.entries(states).map(([state, { zh }]) => [state, zh]),
    )
  })

  test('warning codes (§7)', () => {
    const rows = tableOf(section(7), 'code')
    expect(cells(rows, 'code', 'when', '中文')).toEqual(labels(warningCodes))
    const flagOf = Object.fromEntries(Object.entries(warningOfFlag).map(([flag, code]) => [code, flag]))
    const { warnCalls } = defaultPolicy
    const calls: Record<string, number> = warnCalls
    const causes = rows.map(({ code }) => {
      if (flagOf[code!] !== undefined) return `flag ${flagOf[code!]} (S)`
      return calls[code!] === undefined ? 'by hand' : `${calls[code!]} calls (S, policy)`
    })
    expect(column(rows, 'raised by')).toEqual(causes)
    expect(Object.keys(warningOfFlag)).toEqual(Object.keys(flags))
  })

  test('recipients of warnings (§7)', () => {
    const sentTo = (code: 'W1' | 'W5', tier: HolderTier): string => recipientOf(code, { tier, rbo: 'R' }).tier
    expect(cells(tableOf(section(7), 'holder'), 'holder', 'W1–W4 go to', 'W5, W6 go to')).toEqual(
      holderTierSchema.options.map((tier) => [tier, sentTo('W1', tier), sentTo('W5', tier)]),
    )
  })

  test('policy defaults (§9)', () => {
    const numbersOf = (value: object, path: string): [string, number][] =>
      Object.entries(value).flatMap(([key, each]): [string, number][] => {
        if (typeof each === 'number') return [[path + key, each]]
        return typeof each === 'object' && !Array.isArray(each) ? numbersOf(each, `${path}${key}.`) : []
      })
    const written = tableOf(section(9), 'policy key').map((row) => [row['policy key'], Number(row.default)])
    expect(written).toEqual(numbersOf(defaultPolicy, ''))
  })
})
