/** The name of a row at the left of a drawing, as long as there is room for: letters are larger on a narrow page. */
import { asData } from '../core/words.ts'

type Props = {
  name: string
  x: number
  y: number
  /** Most characters on a wide and on a narrow page; tables have the whole name. */
  most: { wide: number; narrow: number }
}

const shortened = (name: string, most: number): string =>
  name.length > most ? `${name.slice(0, most - 1)}…` : name

export const ChartName = ({ name, x, y, most }: Props) => (
  <>
    {(['wide', 'narrow'] as const).map((size) => (
      <text key={size} class={`axis name name-${size}`} x={x} y={y} text-anchor="end" {...asData}>
        {shortened(name, most[size])}
        <title>{name}</title>
      </text>
    ))}
  </>
)
