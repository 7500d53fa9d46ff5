/** A table of figures by one dimension: a row for each key, and the totals. */
import type { ComponentChildren } from 'preact'
import { say } from '../core/words.ts'
import { Scroll } from '../ui/Scroll.tsx'
import { reportWords } from './words.ts'

type Props<Counts> = {
  label: string
  /** The words of the dimension. */
  grouping: string
  /** Of the columns after the key. */
  heads: readonly string[]
  answer: { rows: readonly (Counts & { key: string | null; name: string })[]; totals: Counts }
  /** A cell for each head. */
  cells(counts: Counts): ComponentChildren
}

export const GroupTable = <Counts,>({ label, grouping, heads, answer, cells }: Props<Counts>) => (
  <Scroll label={label}>
    <table class="numbers">
      <thead>
        <tr>
          {[grouping, ...heads].map((head) => (
            <th key={head} scope="col">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {answer.rows.map((row) => (
          <tr key={row.key ?? ''}>
            <th scope="row" translate={false}>
              {row.name}
            </th>
            {cells(row)}
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">{say(reportWords.total)}</th>
          {cells(answer.totals)}
        </tr>
      </tfoot>
    </table>
  </Scroll>
)
