/** The dashboard and the alert rules name only metrics that a scrape has. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Scenario, startScenario } from '../support/scenario.ts'
import { textOf } from './files.ts'

let s: Scenario
let scraped: Set<string>
beforeAll(async () => {
  s = await startScenario({ now: '2026-03-02 09:00', variables: { METRICS_PORT: '9464' } })
  await s.register({ flags: ['agitated'] })
  await s.service.call(null, 'GET', '/v1/tickets')
  const { body } = await s.service.deps.metrics.scrape()
  scraped = new Set([...body.matchAll(/^# TYPE (\w+)/gm)].map(([, name]) => name as string))
})
afterAll(() => s.service.close())

/** What is no metric in an expression: functions, keywords, labels after `by` and `on`, strings. */
const metricsOf = (expr: string): string[] => {
  const bare = expr
    .replace(/"[^"]*"/g, '')
    .replace(/\{[^}]*\}/g, '')
    .replace(/\[[^\]]*\]/g, '')
    .replace(/\b(by|on|without|ignoring)\s*\([^)]*\)/g, '')
  const words = [...bare.matchAll(/\b([a-z_][a-z0-9_]*)\b(?!\s*\()/g)].map(([, word]) => word as string)
  return words.filter((word) => !['and', 'or', 'unless', 'up'].includes(word))
}
/** A histogram has three of each. */
const familyOf = (metric: string): string => metric.replace(/_(bucket|sum|count)$/, '')

type Panel = { title: string; targets: { expr: string }[] }
const panels = (): Panel[] =>
  (JSON.parse(textOf('docs/operations/grafana.json')) as { panels: Panel[] }).panels
const rules = (): string[] =>
  [...textOf('docs/operations/alerts.yml').matchAll(/^ +expr: (.+)$/gm)].map(([, expr]) => expr as string)

describe('what operators watch', () => {
  it('the dashboard names only metrics that there are', () => {
    const named = panels().flatMap(({ targets }) => targets.flatMap(({ expr }) => metricsOf(expr)))
    expect(named.length).toBeGreaterThan(20)
    expect(named.filter((name) => !scraped.has(familyOf(name)))).toEqual([])
  })

  it('the alert rules name only metrics that there are, and each has a name, a severity and a sentence', () => {
    const named = rules().flatMap(metricsOf)
    expect(named.length).toBeGreaterThan(12)
    expect(named.filter((name) => !scraped.has(familyOf(name)))).toEqual([])
    const text = textOf('docs/operations/alerts.yml')
    for (const part of [
      /^ +- alert: \w+$/gm,
      /^ +labels: \{ severity: (page|ticket|business) \}$/gm,
      /\bsummary:\s+["'].+\.["']/g,
    ])
      expect(text.match(part)).toHaveLength(rules().length)
  })

  it('the table of metrics names only those that there are', () => {
    const text = textOf('docs/operations/README.md')
    const table = text.slice(text.indexOf('## Metrics'), text.indexOf('## Upgrades'))
    const named = [...table.matchAll(/^\| (.+?) \|/gm)].flatMap(([, cell]) =>
      [...(cell as string).matchAll(/`(\w+)/g)].map(([, name]) => name as string),
    )
    expect(named.length).toBeGreaterThan(10)
    expect(named.filter((name) => !scraped.has(familyOf(name)))).toEqual([])
  })

  it('a scrape has complaints by outcome, what is open, refusals, refused logins, times and the version', async () => {
    const { body } = await s.service.deps.metrics.scrape()
    const value = (line: string): number | undefined => {
      const found = body.split('\n').find((each) => each.startsWith(`${line} `))
      return found === undefined ? undefined : Number(found.split(' ')[1])
    }
    expect(value('complaints_total{outcome="registered"}')).toBe(1)
    expect(value('complaints_total{outcome="escalated"}')).toBe(0)
    expect(value('complaints_unhandled')).toBe(1)
    expect(value('complaints_overdue')).toBe(0)
    expect(value('warnings_open')).toBe(1)
    expect(value('refusals_total{code="unauthenticated"}')).toBe(1)
    expect(value('auth_failures_total{code="unauthenticated"}')).toBe(1)
    expect(value('event_append_duration_seconds_count')).toBeGreaterThan(0)
    expect(body).toMatch(/^build_info\{version="\d+\.\d+\.\d+",node="v\d+/m)
    expect(body).toMatch(/^view_flush_duration_seconds_count \d+$/m)
  })
})
