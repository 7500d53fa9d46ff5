/** Why a dealer has its score, and a quarter's revisions, as tables. */
import { z } from 'zod'
import { columnsOf } from '../files/columns.ts'
import type { TableFile } from '../files/send.ts'
import { explanationAnswer } from './dealerExplanation.ts'
import { revisionsAnswer } from './revisions.ts'

type Explanation = z.infer<typeof explanationAnswer>
type Revisions = z.infer<typeof revisionsAnswer>

/**
 * Every row begins with the dealer's; the units come first, then what does not count, with its reason. Objections have a
 * list and a file of their own.
 */
export const explanationFile = (): TableFile<Explanation> => {
  const { units, notCounted, objections: _, ...dealer } = explanationAnswer.shape
  const { reason } = notCounted.element.shape
  const columns = [
    ...columnsOf(z.object(dealer)),
    ...columnsOf(units.element),
    ...columnsOf(z.object({ reason })),
  ]
  return {
    name: ({ quarter, dealer }) => `assessment-${quarter}-${dealer}`,
    table: ({ units, notCounted, objections: __, ...dealer }) => {
      const rows = [...units, ...notCounted]
      // also of a dealer that has none there is something to say
      return { columns, pages: [(rows.length > 0 ? rows : [{}]).map((row) => ({ ...dealer, ...row }))] }
    },
  }
}

export const revisionsFile = (): TableFile<Revisions> => {
  const { quarter, items } = revisionsAnswer.shape
  const columns = columnsOf(z.object({ quarter, ...items.element.shape }))
  return {
    name: ({ quarter }) => `revisions-${quarter}`,
    table: ({ quarter, items }) => ({ columns, pages: [items.map((row) => ({ quarter, ...row }))] }),
  }
}
