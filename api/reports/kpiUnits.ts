/** The units of a period, a stretch of it at a time. */
import { DAY, type Instant, toEpoch, toInstant } from '../../domain/instant.ts'
import type { KpiQueries, KpiQuery, KpiUnit, UnitKeyset } from '../../projections/kpi/query.ts'
import type { FindPage } from '../files/pages.ts'

/**
 * Finds all units of a period for a file. A query looks through every unit of the period it is asked about, so it is
 * asked about a day; about more where nothing was found.
 */
export const unitsByDay = (
  kpi: Pick<KpiQueries, 'units'>,
  query: KpiQuery & { key?: string },
): FindPage<KpiUnit, UnitKeyset> => {
  // what is dispatched later is not known yet
  const last = toInstant(toEpoch(query.asOf) + 1)
  const end = query.to < last ? query.to : last
  let stretch = DAY
  return ({ after, limit }) => {
    const from: Instant = after?.dispatchedAt ?? query.from
    const stretchEnd = toInstant(toEpoch(from) + stretch)
    const to = stretchEnd < end ? stretchEnd : end
    const { items, next } = kpi.units({ ...query, from, to, after, limit })
    stretch = items.length > 0 ? DAY : stretch * 2
    // every number comes after none
    return { items, next: next ?? (to < end ? { dispatchedAt: to, ticketNo: '', unit: '' } : null) }
  }
}
