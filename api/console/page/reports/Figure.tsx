/** A picture drawn from the numbers of a table; one key, or the button, shows the table instead. */
import { signal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { say } from '../core/words.ts'
import { Scroll } from '../ui/Scroll.tsx'
import { reportWords as words } from './words.ts'

/** Whether pictures are shown as their numbers: all of them, for whoever reads one as a table reads the next so too. */
const areTables = signal(false)

export const switchTables = (): void => {
  areTables.value = !areTables.value
}

type Props = {
  title: string
  /** Heads of the columns; the first column names the row. */
  heads: readonly string[]
  rows: readonly { name: string; cells: readonly string[] }[]
  /** The picture. */
  children: ComponentChildren
}

export const Figure = ({ title, heads, rows, children }: Props) => (
  <figure class="chart" aria-label={title}>
    <figcaption>
      <strong>{title}</strong>
      <button type="button" class="quiet" aria-pressed={areTables.value} onClick={switchTables}>
        {say(words.showTable)}
      </button>
    </figcaption>
    {areTables.value ? (
      <Scroll label={title}>
        <table class="numbers">
          <thead>
            <tr>
              {heads.map((head) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ name, cells }) => (
              <tr key={name}>
                <th scope="row" translate={false}>
                  {name}
                </th>
                {cells.map((cell, index) => (
                  <td key={heads[index + 1]}>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    ) : (
      children
    )}
  </figure>
)
