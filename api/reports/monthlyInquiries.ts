/** The monthly report's section on inquiries (rulebook §12). */
import type { FastifyRequest } from 'fastify'
import { type InquiryDimension, inquiryDimensions, inquiryFigures } from '../../domain/inquiry/statistics.ts'
import { type Instant, monthBounds } from '../../domain/instant.ts'
import { scopesFor } from '../../domain/scope.ts'
import { byKeys } from '../../domain/statistics.ts'
import { type InquiryUnits, inquiryStatisticsOf } from '../../projections/inquiries/inquiryStatistics.ts'
import type { Deps } from '../http/deps.ts'
import type { Language } from '../http/problems.ts'
import { keyName } from './keyName.ts'

const nameOf = (
  deps: Deps,
  dimension: InquiryDimension,
  key: string | null,
  { asOf, language }: { asOf: Instant; language: Language },
): string => {
  if (dimension !== 'topic') return keyName(deps, dimension, key, language)
  // one the policy no longer has keeps its code
  const { topics } = deps.views.master.policy(asOf).values.inquiry
  return topics.find(({ code }) => code === key)?.[language] ?? (key as string)
}

/** Three months side by side, each key of any of them once. */
export const inquiriesOf = (
  deps: Deps,
  request: FastifyRequest,
  {
    months,
    units,
    asOf,
    language,
  }: { months: readonly string[]; units: InquiryUnits; asOf: Instant; language: Language },
  threeOf: <V>(values: readonly V[]) => Record<'month' | 'monthBefore' | 'yearBefore', V>,
) => {
  const scope = scopesFor(request.caller, 'read')
  const periods = months.map((month) =>
    inquiryStatisticsOf(deps.views, { ...units, ...monthBounds(month), asOf, scope }),
  )
  const rowsOf = (dimension: InquiryDimension) => {
    const keys = new Set(periods.flatMap(({ rows }) => rows[dimension].map(({ key }) => key)))
    return [...keys]
      .sort((a, b) => byKeys({ keys: [a] }, { keys: [b] }))
      .map((key) => ({
        dimension,
        key,
        name: nameOf(deps, dimension, key, { asOf, language }),
        figures: threeOf(
          periods.map(
            ({ rows }) => rows[dimension].find((row) => row.key === key)?.figures ?? inquiryFigures([]),
          ),
        ),
      }))
  }
  return {
    totals: threeOf(periods.map(({ totals }) => totals)),
    rows: inquiryDimensions.flatMap(rowsOf),
  }
}
