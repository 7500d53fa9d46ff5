import { expect, test } from '@jest/globals'
import { Registry } from 'prom-client'
import { createBusinessMetrics } from '../../api/http/businessMetrics.ts'

test('what is open now is counted once for all gauges of a scrape, and again for the next', async () => {
  const registry = new Registry()
  let counted = 0
  createBusinessMetrics(registry).watchNow(() => {
    counted += 1
    return { unhandled: counted, inProgress: 2, overdue: 3, dueSoon: 4, openWarnings: 5 }
  })
  const first = await registry.metrics()
  expect(counted).toBe(1)
  expect(first).toContain('complaints_unhandled 1\n')
  expect(first).toContain('warnings_open 5\n')
  expect(await registry.metrics()).toContain('complaints_unhandled 2\n')
  expect(counted).toBe(2)
})
